"""A reply as Telegram shows it: HTML messages within its limits and a keyboard under the last one.

Limits: https://core.telegram.org/bots/api#sendmessage (4096 characters, counted in UTF-16 code units) and
#inlinekeyboardbutton (64 bytes of callback data, which our choice ids keep by their type).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.render import Line, Style, numbered, pack, paragraphs
from bot.splitting import split, utf16
from bot.types import Choice, Reply

LIMIT = 4096
LONG_LABEL = 40
"""Characters of a label that a phone shows on a button of full width; the rest would be hidden."""
SHORT_LABEL = 18
"""Characters of a label that fit when two buttons share a row."""
_LONGEST_URL = 1000
_MOST_BUTTONS = 98
"""Telegram takes a hundred; two are kept for the votes."""
_TAGS = {Style.TITLE: "b", Style.HEADING: "b", Style.NOTE: "i"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """Messages in HTML, to be sent in their order, and the keyboard of the last."""

    messages: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | None


def render(reply: Reply) -> Rendered:
    """The reply for Telegram. Labels too long for a button stand in full, numbered, above the buttons."""
    parts = paragraphs(reply)
    choices = [choice for choice in reply.choices if not choice.is_vote]
    votes = [choice for choice in reply.choices if choice.is_vote]
    long = any(len(choice.label) > LONG_LABEL for choice in choices)
    if long:
        parts.append(numbered(choices))
    messages = pack(parts, LIMIT, _html, utf16)
    rows = [*_rows(_labels(choices, number=long), choices), *_rows(_labels(votes, number=False), votes)]
    return Rendered(tuple(messages), InlineKeyboardMarkup(inline_keyboard=rows) if rows else None)


def _html(line: Line) -> str:
    text = escape(_encodable(line.text), quote=False)
    if line.style is Style.ITEM:
        return f"• {text}"
    if line.url is not None and _linkable(line.url):
        return f'<a href="{escape(_encodable(line.url))}">{text}</a>'
    tag = _TAGS.get(line.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _encodable(text: str) -> str:
    """`text` without halves of surrogate pairs, which no request can carry."""
    return text.encode("utf-8", "replace").decode()


def _linkable(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= _LONGEST_URL


def _labels(choices: Sequence[Choice], *, number: bool) -> list[str]:
    labels = [f"{place}. {choice.label}" for place, choice in enumerate(choices, 1)] if number else None
    return [_cut(label) for label in labels or [choice.label for choice in choices]]


def _cut(label: str) -> str:
    return label if len(label) <= LONG_LABEL else f"{split(label, LONG_LABEL - 1)[0]}…"


def _rows(labels: Sequence[str], choices: Sequence[Choice]) -> list[list[InlineKeyboardButton]]:
    """Short labels two to a row, long ones alone."""
    rows: list[list[InlineKeyboardButton]] = []
    waiting = False
    for label, choice in list(zip(labels, choices, strict=True))[:_MOST_BUTTONS]:
        button = InlineKeyboardButton(text=_encodable(label), callback_data=choice.id)
        short = len(label) <= SHORT_LABEL
        if short and waiting:
            rows[-1].append(button)
        else:
            rows.append([button])
        waiting = short and not waiting
    return rows
