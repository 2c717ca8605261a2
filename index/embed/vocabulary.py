"""The committed list of the word pieces we keep: of 250,002 in 100 languages, those that Vietnamese needs.

`vocabulary.txt` holds ids of the pieces of XLM-RoBERTa, ascending, as ranges ("17-25" or "17"), many on a
line. Text with a piece that we dropped falls into shorter pieces. `make_vocabulary.py` wrote the list.
"""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator
from importlib import resources

FILE_NAME = "vocabulary.txt"


def load_vocabulary() -> list[int]:
    """The ids we keep, ascending; the four special pieces 0 to 3 are among them and keep their ids."""
    return list(parse_ranges(_text()))


def vocabulary_digest() -> str:
    """A short fingerprint of the list: another list means other vectors."""
    return hashlib.sha256(_text().encode()).hexdigest()[:8]


def parse_ranges(text: str) -> Iterator[int]:
    """The numbers of ranges like "17-25" or "17" between spaces; lines that begin with # are comments."""
    for line in text.splitlines():
        if not line.startswith("#"):
            for part in line.split():
                first, _, last = part.partition("-")
                yield from range(int(first), int(last or first) + 1)


def format_ranges(numbers: Iterable[int]) -> str:
    """Lines that parse_ranges reads."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    parts = (str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return textwrap.fill(" ".join(parts), width=110, break_on_hyphens=False) + "\n"


def _text() -> str:
    return (resources.files("index.embed") / FILE_NAME).read_text(encoding="utf-8")
