"""Puts the question log and the knowledge together for `banhoi learn`: what use taught, for an officer to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine

from api.texts import operator_text
from bot.catalog import say
from bot.contrast import meant_words
from bot.cues import find_cues
from bot.matter import naming
from feed.evidence import Evidence, Reader, Wording
from feed.proposals import Kind, Known, Proposal, propose
from feed.trails import trails
from index.aspects import find_aspects
from index.library import Library
from index.text import fold_all
from knowledge.database import KnowledgeBase
from knowledge.suggestions import Suggestion
from store.engine import read

_REMEMBERED = 10_000


def reader(library: Library) -> Reader:
    """Reads a message as the engine does: what names the matter, what merely asks or refers."""

    @lru_cache(maxsize=_REMEMBERED)
    def wording(text: str) -> Wording:
        query = library.analyse(text)
        cues = find_cues(query)
        marks = naming(query, cues, meant_words(query.typed, query.text), find_aspects(query).keep)
        content = query.keeping(marks).content
        return Wording(
            name=_name([word for word, mark in zip(query.words, marks, strict=True) if mark], content),
            key=tuple(fold_all(content)),
            accented=query.accented,
            corrects="correction" in cues,
            goes_on=cues.starts.get("anaphora") == 0,
        )

    return wording


def _name(words: Sequence[str], content: Sequence[str]) -> str:
    """The words from the first to the last telling one: filler within a name reads better than its lack."""
    if not content:
        return ""
    last = len(words) - list(reversed(words)).index(content[-1])
    return " ".join(words[words.index(content[0]) : last])


async def gather(engine: AsyncEngine, library: Library, since: datetime | None) -> Evidence:
    """What all conversations from `since` on tell. Raises `StoreUnavailable`."""
    evidence, wording = Evidence(), reader(library)
    async with read(engine) as connection:
        async for trail in trails(connection, since):
            evidence.add(trail, wording)
    return evidence


def suggestions(evidence: Evidence, library: Library, least: int) -> list[Suggestion]:
    """What an officer may decide about, best supported first."""
    knowledge = library.knowledge
    return [_suggestion(proposal, knowledge) for proposal in propose(evidence, known(library), least)]


def known(library: Library) -> Known:
    """What the knowledge holds already, its names read as messages are."""
    knowledge, wording = library.knowledge, reader(library)
    return Known(
        names=frozenset(wording(name).key for name in _names(knowledge)),
        popularity={procedure.code: procedure.popularity for procedure in knowledge.procedures()},
        groups={
            ident: frozenset(variant.code for variant in group.variants) for ident, group in knowledge.groups.items()
        },
    )


def _names(knowledge: KnowledgeBase) -> Iterator[str]:
    for procedure in knowledge.procedures():
        yield from (procedure.name, procedure.display_name, *procedure.aliases)
    for group in knowledge.groups.values():
        yield from group.asks
    for entry in knowledge.elsewhere.values():
        yield from entry.asks
    for faq in knowledge.faqs.values():
        yield from faq.questions


def _suggestion(proposal: Proposal, knowledge: KnowledgeBase) -> Suggestion:
    group = knowledge.groups.get(proposal.code)
    return Suggestion(
        kind=proposal.kind.value,
        code=proposal.code,
        name=group.question if group else knowledge.titles()[proposal.code],
        text=_text(proposal),
        value=proposal.value,
        evidence=proposal.evidence,
    )


def _text(proposal: Proposal) -> str:
    if proposal.kind is Kind.POPULARITY:
        return operator_text("learn_popularity", now=proposal.evidence["now"], value=proposal.value)
    if proposal.kind is Kind.REVIEW:
        return ", ".join(say(f"choice_{aspect}") for aspect in proposal.aspects)
    return proposal.text
