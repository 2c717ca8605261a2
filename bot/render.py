"""A reply as lines of text, for every channel: what a line is, and how lines fill messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.catalog import say
from bot.splitting import Measure, split
from bot.types import Block, Choice, Citation, Reply
from bot.wording import day


class Style(StrEnum):
    """What a line is; the channel decides how that looks."""

    TITLE = "title"
    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    NOTE = "note"
    SOURCE = "source"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a reply. `url` is where a source can be read, or what a link opens."""

    text: str
    style: Style = Style.TEXT
    url: str | None = None


Paragraph = tuple[Line, ...]
Show = Callable[[Line], str]
"""How a channel writes a line."""


def paragraphs(reply: Reply) -> list[Paragraph]:
    """The blocks of a reply, then its links and its sources; empty lines and empty paragraphs are left out."""
    links = tuple(Line(link.label, Style.LINK, link.url) for link in reply.links)
    drafts = [*map(_of_block, reply.blocks), links, tuple(map(_of_citation, reply.citations))]
    kept = (tuple(line for line in draft if line.text.strip()) for draft in drafts)
    return [paragraph for paragraph in kept if paragraph]


def _of_block(block: Block) -> Paragraph:
    if block.kind == "list":
        return (Line(block.text, Style.HEADING), *(Line(item, Style.ITEM) for item in block.items))
    return (Line(block.text, Style(block.kind)),)


def _of_citation(citation: Citation) -> Line:
    title = f"{citation.title} – {citation.section}" if citation.section else citation.title
    return Line(say("source_dated", title=title, date=day(citation.date)), Style.SOURCE, citation.url)


def numbered(choices: Iterable[Choice]) -> Paragraph:
    """The choices as numbered lines, for a reader who types the number; empty where nothing can be chosen."""
    lines = tuple(Line(f"{number}. {choice.label}") for number, choice in enumerate(choices, 1))
    return (Line(say("choose_number"), Style.HEADING), *lines) if lines else ()


def pack(parts: Iterable[Paragraph], limit: int, show: Show, measure: Measure = len) -> list[str]:
    """`parts` as messages that measure at most `limit`. Parts a paragraph only if it is too long."""
    messages: list[str] = []
    for part in parts:
        lines = [piece for line in part for piece in _pieces(line, limit, show, measure)]
        whole = "\n".join(lines)
        if messages and measure(f"{messages[-1]}\n\n{whole}") <= limit:
            messages[-1] += f"\n\n{whole}"
        else:
            messages += _fill(lines, limit, measure)
    return messages


def _pieces(line: Line, limit: int, show: Show, measure: Measure) -> Iterator[str]:
    """The line as the channel writes it, in several pieces when it is too long for one message."""

    def shown(text: str) -> int:
        return measure(show(replace(line, text=text)))

    for number, text in enumerate(split(line.text, limit, shown)):
        continued = number > 0 and line.style is Style.ITEM
        yield show(replace(line, text=text, style=Style.TEXT if continued else line.style))


def _fill(lines: Iterable[str], limit: int, measure: Measure) -> list[str]:
    messages: list[str] = []
    for line in lines:
        if messages and measure(f"{messages[-1]}\n{line}") <= limit:
            messages[-1] += f"\n{line}"
        else:
            messages.append(line)
    return messages


def plain(reply: Reply) -> str:
    """The whole reply as plain text: lists with dashes, sources with their links, choices numbered."""
    parts = (*paragraphs(reply), numbered(reply.choices))
    return "\n\n".join("\n".join(map(plain_line, part)) for part in parts if part)


def plain_messages(reply: Reply, limit: int, measure: Measure = len) -> list[str]:
    """`plain` as messages that measure at most `limit`."""
    return pack(filter(None, (*paragraphs(reply), numbered(reply.choices))), limit, plain_line, measure)


def plain_line(line: Line) -> str:
    """A line without any formatting."""
    text = f"- {line.text}" if line.style is Style.ITEM else line.text
    return f"{text}\n{line.url}" if line.url else text


def unaccented(reply: Reply) -> str:
    """`plain` in ASCII, so that an SMS holds 160 characters and not 70."""
    return without_accents(plain(reply))


_ASCII = str.maketrans({
    "đ": "d", "Đ": "D", "–": "-", "—": "-", "‑": "-", "−": "-", "•": "-", "…": "...", "“": '"', "”": '"',
    "‘": "'", "’": "'", "×": "x", "≤": "<=", "≥": ">=", "→": "->", "²": "2", "³": "3", "₫": "d", "⁄": "/",
})  # fmt: skip


def without_accents(text: str) -> str:
    """`text` in ASCII: marks go, typographic signs become plain ones, what has no plain form is left out."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return decomposed.translate(_ASCII).encode("ascii", "ignore").decode()
