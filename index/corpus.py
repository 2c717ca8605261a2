"""The accented sentences that teach the restorer: the knowledge itself, and everyday speech that it lacks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from index.query import load_phrases
from index.text import is_accented, tokens
from knowledge.assemble import Knowledge
from knowledge.models import Procedure

_EVERYDAY = Path(__file__).parent / "data" / "everyday.txt"
_EVERYDAY_WEIGHT = 20
"""How often each everyday sentence counts beside one sentence of the records."""
_SPOKEN_WEIGHT = 3
_ACCENTED_SHARE = 0.45
_BREAK = re.compile(r"[\n.;:?!]")


def sentences(knowledge: Knowledge) -> Iterator[list[str]]:
    """Tokenised sentences, repeated by their weight."""
    for phrase in load_phrases(_EVERYDAY):
        yield from [list(phrase)] * _EVERYDAY_WEIGHT
    for text in _spoken(knowledge):
        yield from [tokens(text)] * _SPOKEN_WEIGHT
    for text in _written(knowledge):
        for sentence in _BREAK.split(text):
            words = tokens(sentence)
            if words:
                yield words


def corpus_hash(knowledge: Knowledge) -> str:
    """The same for the same sentences."""
    digest = hashlib.sha256(_EVERYDAY.read_bytes())
    for text in (*_spoken(knowledge), *_written(knowledge)):
        digest.update(text.encode("utf-8"))
    return digest.hexdigest()[:16]


def _spoken(knowledge: Knowledge) -> Iterator[str]:
    for procedure in knowledge.procedures.values():
        yield from (*procedure.aliases, *procedure.situations, *filter(_well_accented, procedure.examples))
    for group in knowledge.groups.values():
        yield from (*group.asks, group.question, *(variant.label for variant in group.variants))
        yield from filter(_well_accented, group.examples)
    for entry in knowledge.elsewhere.values():
        yield from entry.asks
    for faq in knowledge.faqs.values():
        yield from filter(_well_accented, faq.questions)


def _well_accented(text: str) -> bool:
    """Whether a message was typed with diacritics throughout: others would teach the restorer to leave them off."""
    words = tokens(text)
    return sum(map(is_accented, words)) >= _ACCENTED_SHARE * len(words)


def _written(knowledge: Knowledge) -> Iterator[str]:
    for procedure in knowledge.procedures.values():
        yield from _record(procedure)
    for plan in knowledge.plans.values():
        yield from (plan.title, *(section.heading for section in plan.sections))
        for statement in plan.statements:
            yield from (statement.text, *statement.keywords, *statement.lead, *statement.coordinating)
    for office in knowledge.offices.values():
        yield from (office.name, *office.former_names)


def _record(procedure: Procedure) -> Iterator[str]:
    yield from (procedure.name, procedure.summary or "", procedure.agency or "")
    yield from (*procedure.steps, *procedure.conditions, *procedure.result)
    yield from (document.name for document in procedure.dossier)
