"""What the knowledge would answer to a case: composed from the fields of its records, each with its source.

An officer may put one into the draft, and answers for it then; nothing of this is sent by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import citation
from bot.composer import FieldComposer
from bot.plan_turn import PlanTurn
from bot.render import paragraphs, plain_line
from bot.types import Citation, Outcome, Reply
from index.aspects import find_aspects, matter
from index.library import Library
from index.units import TargetKind, target_kind
from knowledge.models import Procedure

MOST = 3
_LIKELY = 0.1
"""A procedure that is less likely is no help."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft answer."""

    title: str
    text: str
    sources: tuple[Citation, ...]
    agency: str | None
    """Who is in charge, where the record says so."""


def suggest(library: Library, text: str, code: str | None = None) -> list[Suggestion]:
    """Drafts for a question, the procedure that it was about (`code`) first, then what is likely, then plans.

    CPU work of some milliseconds; never more than `MOST` procedures and one quotation of plan documents.
    """
    query = library.analyse(text)
    composer, aspects = FieldComposer(), find_aspects(query).aspects
    found: dict[str, Procedure] = {}
    named = library.knowledge.procedure(code) if code else None
    if named is not None:
        found[named.code] = named
    if query.words:
        for item in library.rank(matter(query), MOST * 2).candidates:
            procedure = library.knowledge.procedure(item.target)
            likely = item.probability >= _LIKELY and target_kind(item.target) is TargetKind.PROCEDURE
            if procedure is not None and likely:
                found.setdefault(procedure.code, procedure)
    drafts = [_of_procedure(composer.answer(one, aspects), one) for one in list(found.values())[:MOST]]
    plans = PlanTurn(library, composer)
    planned = (plans.answer(query, None) or plans.last_resort(query)) if query.words else None
    if planned is not None and planned.outcome is Outcome.ANSWER:
        drafts.append(Suggestion(_title(planned.reply), _words(planned.reply), planned.reply.citations, None))
    return drafts


def agency_of(library: Library, code: str | None) -> str | None:
    """The agency that a procedure names."""
    procedure = library.knowledge.procedure(code) if code else None
    return procedure.agency if procedure else None


def _of_procedure(reply: Reply, procedure: Procedure) -> Suggestion:
    return Suggestion(procedure.display_name, _words(reply), (citation(procedure),), procedure.agency)


def _title(reply: Reply) -> str:
    return next((block.text for block in reply.blocks if block.kind == "title"), reply.text[:80])


def _words(reply: Reply) -> str:
    """The reply as text, without its title and its sources: they are kept apart."""
    blocks = tuple(block for block in reply.blocks if block.kind != "title")
    without = Reply(blocks=blocks)
    return "\n\n".join("\n".join(map(plain_line, part)) for part in paragraphs(without) if part)
