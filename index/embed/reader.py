"""Bounds-checked little-endian reading: a cut file gives a clear error instead of rubbish."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


class WeightFileError(ValueError):
    """The weight file is cut, or is not of the layout we know."""


class Reader:
    """A cursor over bytes that refuses to read past their end."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> NDArray[np.uint8]:
        """The next `count` bytes."""
        taken = self.slice(self._at, count)
        self._at += count
        return taken

    def slice(self, offset: int, count: int) -> NDArray[np.uint8]:
        """`count` bytes from `offset` of the file, leaving the cursor alone."""
        if count < 0 or offset < 0 or offset + count > self._data.size:
            raise WeightFileError(
                f"the weight file is cut: {count} bytes wanted at {offset}, it has {self._data.size}"
            )
        return self._data[offset : offset + count]

    def numbers(self, layout: str) -> tuple[Any, ...]:
        """The next numbers, `layout` in the letters of the struct module."""
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")).tobytes())

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        """The next `count` items of `dtype`, copied."""
        return np.frombuffer(self.take(count * np.dtype(dtype).itemsize).tobytes(), dtype=dtype)
