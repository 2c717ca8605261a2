"""What else a message asks besides the matter it is answered about: a second matter, a commune that was merged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalog import say
from bot.types import Block, Choice, Reply
from index.aspects import matter
from index.library import Library
from index.query import Query
from index.verdict import procedures

_JOINTS = re.compile(
    r"[;\n]|[.?!](?=\s)"
    r"|,?\s+(?:và|với lại|rồi|đồng thời|sẵn tiện|tiện thể|luôn tiện|ngoài ra|va|roi|dong thoi|ngoai ra)\s+",
    re.IGNORECASE,
)
_CERTAIN = 0.6
_TELLING = 2
_MOST_PARTS = 5


def further_matters(library: Library, query: Query, answered: str) -> list[str]:
    """Codes of procedures that other parts of the message name beyond doubt, in their order."""
    parts = _JOINTS.split(query.text)
    if not 1 < len(parts) <= _MOST_PARTS:
        return []
    return list(dict.fromkeys(code for code in _certain(library, parts) if code != answered))


def _certain(library: Library, parts: list[str]) -> Iterator[str]:
    for part in parts:
        words = matter(library.analyse(part))
        if len(words.content) < _TELLING:
            continue
        leaders = procedures(library.rank(words, by_words=True))
        if leaders and leaders[0].probability >= _CERTAIN:
            yield leaders[0].target


def with_matters(reply: Reply, named: list[tuple[str, str]]) -> Reply:
    """The reply with a choice for each further matter: (code, name)."""
    if not named:
        return reply
    choices = tuple(Choice(id=f"p:{code}", label=name, code=code) for code, name in named)
    note = Block(kind="note", text=say("further_matters"))
    return reply.model_copy(update={"blocks": (*reply.blocks, note), "choices": (*choices, *reply.choices)})


def with_merged(reply: Reply, merged: list[tuple[str, str]]) -> Reply:
    """The reply with a note on communes of old: (former name, name today)."""
    notes = tuple(Block(kind="note", text=say("merged_commune", former=former, now=now)) for former, now in merged)
    return reply.model_copy(update={"blocks": (*reply.blocks, *notes)})
