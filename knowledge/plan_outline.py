"""Finds the outline of a plan document: its headings, and the heading that each other block stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.models import Section
from knowledge.plan_readers import Block

PREFACE = "0"
"""Section of what stands before the first heading."""

_MARK = re.compile(
    r"^(?:(?P<roman>[IVX]+)\.|(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]?|(?P<letter>[a-zđ])\))\s+(?P<title>\S.*)$"
)
_BULLET = re.compile(r"^[-+*•–]")
_DUTY_LINE = re.compile(r"^[-+*•–\s]*(?:đơn vị|cơ quan|thời gian|thời hạn|tiến độ)[^:]{0,30}:", re.IGNORECASE)
_END = re.compile(r"^nơi nhận\s*:?", re.IGNORECASE)
_APPENDIX = re.compile(r"^phụ lục\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;,:]$")
_LONGEST = {"roman": 200, "number": 120, "letter": 80}
_LONGEST_STYLED = 220
_ROMAN_RANK, _NUMBER_RANK, _LETTER_RANK, _PLAIN_BOLD_RANK = 1.0, 2.0, 9.0, 10.0


@dataclass(frozen=True, slots=True)
class Line:
    """A block that is no heading, with its section and the headings above it, the nearest last."""

    text: str
    section: str
    path: tuple[str, ...]
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class Outline:
    """The sections of a document and its lines, both in its order."""

    sections: list[Section] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading that still holds what follows."""

    rank: float
    ident: str
    heading: str
    numbered: bool = False


def read_outline(blocks: Sequence[Block]) -> Outline:
    """Sections and lines of the body of a document."""
    outline = Outline([Section(id=PREFACE, heading="Phần mở đầu")])
    stack: list[_Open] = []
    ended = False
    for block in blocks:
        ended = bool(_END.match(block.text)) or (ended and not _APPENDIX.match(block.text))
        if ended:
            continue
        if heading := _heading(block):
            _open(outline, stack, *heading)
        else:
            section = stack[-1].ident if stack else PREFACE
            path = tuple(entry.heading for entry in stack)
            outline.lines.append(Line(block.text, section, path, block.cells))
    return outline


def is_heading(block: Block) -> bool:
    """Whether a block opens a section."""
    return _heading(block) is not None


def _heading(block: Block) -> tuple[float, str, str] | None:
    """Rank, mark and text of a heading; None for any other block."""
    if block.cells or _BULLET.match(block.text) or _DUTY_LINE.match(block.text):
        return None
    mark = _MARK.match(block.text)
    kind = mark.lastgroup and next(k for k in _LONGEST if mark[k]) if mark else None
    if block.rank and len(block.text) <= _LONGEST_STYLED:
        if mark and kind:
            return _rank(kind, mark[kind]), mark[kind], mark["title"].rstrip(":").strip()
        return _plain_rank(block.rank), "", block.text.rstrip(":").strip()
    if mark and kind and len(block.text) <= _LONGEST[kind] and not _SENTENCE.search(block.text):
        return _rank(kind, mark[kind]), mark[kind], mark["title"].strip()
    return None


def _rank(kind: str, mark: str) -> float:
    if kind == "roman":
        return _ROMAN_RANK
    return _LETTER_RANK if kind == "letter" else _NUMBER_RANK + mark.count(".")


def _plain_rank(rank: int) -> float:
    """Headings without a number stand above the numbered ones, lines in bold below them."""
    return rank / 10 if rank < 6 else _PLAIN_BOLD_RANK


def _open(outline: Outline, stack: list[_Open], rank: float, mark: str, heading: str) -> None:
    while stack and stack[-1].rank >= rank:
        stack.pop()
    taken = {section.id for section in outline.sections}
    ident = _ident(stack, rank, mark, len(outline.sections))
    count = 2
    unique = ident
    while unique in taken:
        unique, count = f"{ident}-{count}", count + 1
    stack.append(_Open(rank, unique, heading, numbered=_NUMBER_RANK <= rank < _LETTER_RANK))
    outline.sections.append(Section(id=unique, heading=heading))


def _ident(stack: Sequence[_Open], rank: float, mark: str, count: int) -> str:
    """The path of a section. "2.1" already holds its own parents' numbers, so these are not repeated."""
    numbered = _NUMBER_RANK <= rank < _LETTER_RANK
    above = [entry for entry in stack if not (numbered and entry.numbered)]
    label = mark or f"h{count}"
    return f"{above[-1].ident}.{label}" if above else label
