"""Changes one thing in a finished answer, as a fault in composing could: a digit, a link, a date, an office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from bot.guard.claims import tidy
from bot.guard.offices import Name, offices
from bot.types import Reply

Mutation = tuple[str, Reply, str]
"""What was changed, the reply with the change, and the words around it."""
Path = tuple[str | int, ...]
_LEVELS = ("tỉnh", "cấp tỉnh", "xã", "phường", "huyện")
_FIELDS = ("Nội vụ", "Tư pháp", "Y tế", "Xây dựng", "Quốc phòng", "Thống kê")


def mutations(reply: Reply, random: Random) -> Iterator[Mutation]:
    """Some changed copies of the reply; the same for the same random state."""
    for change in (_digits, _links, _dates, _codes, _offices):
        yield from change(reply, random)


def _digits(reply: Reply, random: Random) -> Iterator[Mutation]:
    """One digit of what is shown for another."""
    spots = [
        (path, text, match.start())
        for path, text in _texts(reply)
        if path[-1] in ("text", "title", "section", "label") or path[-2] == "items"
        for match in re.finditer(r"\d", text)
    ]
    for path, text, place in random.sample(spots, min(4, len(spots))):
        yield "digit", _put(reply, path, _other_digit(text, place, random)), text[max(0, place - 30) : place + 20]


def _links(reply: Reply, random: Random) -> Iterator[Mutation]:
    for path, text in _texts(reply):
        if path[-1] == "url":
            place = random.randrange(len("https://"), len(text))
            letter = random.choice([sign for sign in "abcxyz0189" if sign != text[place]])
            yield "link", _put(reply, path, text[:place] + letter + text[place + 1 :]), text


def _dates(reply: Reply, random: Random) -> Iterator[Mutation]:
    for place, citation in enumerate(reply.citations):
        later = citation.date + timedelta(days=random.choice([-30, -1, 1, 7, 365]))
        cited = (*reply.citations[:place], citation.model_copy(update={"date": later}), *reply.citations[place + 1 :])
        yield "date", reply.model_copy(update={"citations": cited}), citation.date.isoformat()


def _codes(reply: Reply, random: Random) -> Iterator[Mutation]:
    spots = [
        (path, text, [place for place in range(*code.span()) if text[place] != "."])
        for path, text in _texts(reply)
        if path[-1] in ("id", "code") and (code := re.search(r"\d{1,2}\.\d{6,7}", text))
    ]
    for path, text, places in random.sample(spots, min(2, len(spots))):
        yield "code", _put(reply, path, _other_digit(text, random.choice(places), random)), text


def _offices(reply: Reply, random: Random) -> Iterator[Mutation]:
    """One office for another of its kind: the next level, or another field."""
    spots = [
        (path, text, name)
        for path, text in _texts(reply)
        for name in offices(tidy(text))
        if name.words and name.text in text
    ]
    for path, text, name in random.sample(spots, min(2, len(spots))):
        if (other := _other_office(name, random)) is not None:
            yield "office", _put(reply, path, text.replace(name.text, other, 1)), f"{name.text} → {other}"


def _other_office(name: Name, random: Random) -> str | None:
    others = _LEVELS if name.words[0].islower() else _FIELDS
    chosen = random.choice(others)
    named = " ".join(name.words)
    return None if named.startswith(chosen) else f"{name.text.removesuffix(named)}{chosen}"


def _other_digit(text: str, place: int, random: Random) -> str:
    digit = random.choice([digit for digit in "0123456789" if digit != text[place]])
    return text[:place] + digit + text[place + 1 :]


def _texts(reply: Reply) -> Iterator[tuple[Path, str]]:
    """Every text in the reply with the way to it."""
    yield from _walk(reply.model_dump(mode="json"), ())


def _walk(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _walk(inner, (*path, place))


def _put(reply: Reply, path: Path, text: str) -> Reply:
    """The reply with another text at the end of the way."""
    dumped = reply.model_dump(mode="json")
    inner: Any = dumped
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = text
    return Reply.model_validate(dumped)
