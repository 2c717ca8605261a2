"""Answers about plan documents: is it asked, which statements, quoted with document and section."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalog import say
from bot.cues import Cues
from bot.types import Block, Citation, Reply
from index.library import Library
from index.plans import Found, PlanQuestion
from index.query import Query
from knowledge.models import Plan, Statement

MIN_SCORE = 0.45
"""Below this no statement is close enough to quote."""
_NEAR = 0.88
"""Statements within this share of the best score are quoted too."""
_DUTIES = 8
_SHOWN = 4


def asks_about_plans(library: Library, query: Query, cues: Cues) -> bool:
    """Whether the message reads like a question on a plan document."""
    strong = cues.count("plan_strong") > 0
    weak = sum(name in cues for name in ("plan_weak", "plan_figure", "plan_deadline", "plan_duties"))
    named = bool(library.plan_index.named(query))
    if strong:
        return weak > 0 or named or cues.count("plan_strong") > 2
    return (named and weak > 0) or (weak > 1 and _year(query))


def _year(query: Query) -> bool:
    return any(word.isdecimal() and len(word) == 4 and word.startswith("20") for word in query.typed)


def plan_question(cues: Cues) -> PlanQuestion:
    """What kind of thing is asked for."""
    return PlanQuestion(
        wants_figure="plan_figure" in cues,
        wants_lead="plan_lead" in cues,
        wants_deadline="plan_deadline" in cues,
        wants_duties="plan_duties" in cues,
    )


def find_statements(library: Library, query: Query, cues: Cues, plan_id: str | None) -> list[Found]:
    """The statements to quote, best first; empty when none is close."""
    question = plan_question(cues)
    if question.wants_duties:
        duties = library.plan_index.duties(query, plan_id)
        if duties:
            ranked = library.search_plans(query, question, plan_id)
            order = {(f.plan.id, f.statement.id): n for n, f in enumerate(ranked)}
            return sorted(duties, key=lambda f: order.get((f.plan.id, f.statement.id), len(order)))
    found = library.search_plans(query, question, plan_id)
    if not found or found[0].score < MIN_SCORE:
        return []
    return [item for item in found if item.score >= found[0].score * _NEAR][:_SHOWN]


def compose(found: Sequence[Found], duties: bool) -> Reply:
    """The reply that quotes the statements."""
    blocks = _duty_blocks(found) if duties else _quote_blocks(found)
    shown = found[: _DUTIES if duties else _SHOWN]
    citations = dict.fromkeys(citation(item.plan, item.statement) for item in shown)
    return Reply(blocks=tuple(blocks), citations=tuple(citations)[:_SHOWN])


def _quote_blocks(found: Sequence[Found]) -> list[Block]:
    first = found[0]
    blocks = [Block(kind="title", text=first.plan.short), Block(kind="text", text=sentence(first.statement))]
    others = [_line(item, first.plan) for item in found[1:_SHOWN]]
    if others:
        blocks.append(Block(kind="list", text=say("plan_more"), items=tuple(others)))
    return blocks


def _line(item: Found, cited: Plan) -> str:
    words = sentence(item.statement)
    return words if item.plan.id == cited.id else f"{item.plan.short}: {words}"


def _duty_blocks(found: Sequence[Found]) -> list[Block]:
    blocks = []
    for plan in dict.fromkeys(item.plan.id for item in found):
        own = [item for item in found if item.plan.id == plan]
        items = tuple(sentence(item.statement) for item in own[:_DUTIES])
        blocks.append(Block(kind="list", text=say("plan_duties", short=own[0].plan.short), items=items))
        if len(own) > _DUTIES:
            more = say("plan_duties_more", count=len(own) - _DUTIES)
            blocks.append(Block(kind="text", text=f"… {more}."))
        if len(blocks) >= 3:
            break
    return blocks


def sentence(statement: Statement) -> str:
    """The statement with who leads, who helps and by when, where its text does not say so already."""
    parts = [statement.text.rstrip(".") + "."]
    if statement.lead and not all(unit in statement.text for unit in statement.lead):
        parts.append(say("plan_lead", units=", ".join(statement.lead)))
    if statement.coordinating:
        parts.append(say("plan_coordinating", units=", ".join(statement.coordinating)))
    if statement.deadline and statement.deadline not in statement.text:
        parts.append(say("plan_deadline", deadline=statement.deadline.rstrip(".")))
    return " ".join(parts)


def citation(plan: Plan, statement: Statement) -> Citation:
    """Document and section of a statement."""
    heading = next((section.heading for section in plan.sections if section.id == statement.section), "")
    section = say("plan_section", section=statement.section)
    return Citation(
        title=plan.source.title or plan.title,
        section=f"{section} – {heading}" if heading else section,
        url=plan.source.url,
        date=plan.source.as_of,
    )
