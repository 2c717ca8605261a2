"""Memory of this process."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path


def resident_mb() -> float:
    """Memory that this process holds now, in megabytes (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    resident = next(line for line in lines if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / 1000


def settled_mb() -> float:
    """The same after everything that is no longer used was handed back (glibc), for differences within one process."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return resident_mb()
