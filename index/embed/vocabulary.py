"""The committed list of the word pieces we keep: of 250,002 in 100 languages, those that Vietnamese needs.

`vocabulary.txt` holds ids of the pieces of XLM-RoBERTa, ascending, as ranges ("17-25" or "17"). Text with a piece
that we dropped falls into shorter pieces. `make_vocabulary.py` wrote the list.
"""

import hashlib
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
    """The numbers of lines like "17-25" or "17"; lines that begin with # are comments."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            first, _, last = line.partition("-")
            yield from range(int(first), int(last or first) + 1)


def format_ranges(numbers: Iterable[int]) -> str:
    """The lines that parse_ranges reads."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"{first}\n" if first == last else f"{first}-{last}\n" for first, last in ranges)


def _text() -> str:
    return (resources.files("index.embed") / FILE_NAME).read_text(encoding="utf-8")
