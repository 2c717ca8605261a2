"""Answers about plan documents, put together from the fields of what was found, each with document and section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.catalog import say
from bot.plan_asking import PlanAsk, Wanted
from bot.plan_result import Quoted, Result, Shape
from bot.types import Block, Choice, Citation, Reply
from index.plan_duties import DutyList, pointer
from index.plan_periods import periods_in
from index.plan_words import plain_words
from index.plans import HOME, is_abroad
from knowledge.models import Plan, Statement

FOLD_AT = 8
"""Of a longer list of tasks so many are shown at a time."""
_MOST_CITED = 4
_LONGEST_CHOICE, _LONGEST_HEADING = 60, 60
_ON_NUMBER = re.compile(r"(?:để trống|không in|không ghi) (?:số|ngày)")
"""A note on a number or a date that the document lacks."""
_MERGERS = date(2025, 7, 1)
"""Since then there are two levels of government; documents from before name bodies that are gone."""


def compose(result: Result, ask: PlanAsk) -> Reply:
    """The reply that quotes what was found."""
    if result.shape is Shape.DUTIES:
        return _duties(result.duties, result.start)
    first, *others = result.quoted
    blocks = [Block(kind="title", text=first.plan.short)]
    if ask.wanted is Wanted.SOURCE:
        blocks.append(_text(_where(first)))
    blocks += [_text(text) for text in _missing(result)]
    family = [first, *(item for item in others if _same_indicator(first, item))]
    if result.shape is Shape.COMPARISON:
        blocks.append(_list("plan_compared", result.quoted))
    elif result.shape is Shape.DOCUMENT:
        blocks += _document(first, ask)
    elif len(family) > 1:
        blocks += [_list("plan_by_year", family), *_rest([item for item in others if item not in family])]
    else:
        blocks += [*map(_text, _texts(first.statement)), *_rest(others)]
    return _reply(blocks, result.quoted)


def unknown(plans: Sequence[Plan], everything: Sequence[Plan], *, duties: bool) -> Reply:
    """None of the documents says it; `plans` are those that were named."""
    if not plans:
        known = Block(kind="list", text=say("plan_known"), items=tuple(plan.short for plan in everything))
        return Reply(blocks=(_text(say("plan_unknown")), _text(say("forwarded")), known))
    short = ", ".join(plan.short for plan in plans)
    text = say("plan_no_duties", short=short) if duties else say("plan_unknown_in", short=short)
    cited = tuple(Citation(title=_title(plan), url=plan.source.url, date=plan.source.as_of) for plan in plans)
    return Reply(blocks=(_text(text), _text(say("forwarded"))), citations=cited[:_MOST_CITED])


# -- lists of tasks


def _duties(lists: Sequence[DutyList], start: int) -> Reply:
    """The tasks of units document by document, folded where there are many. `start` counts from 0."""
    blocks, choices, shown = list[Block](), list[Choice](), list[Quoted]()
    for own in lists:
        more = _more(own, start + FOLD_AT)
        end = start + FOLD_AT if more else None
        page = own.statements[start:end]
        blocks.append(Block(kind="list", text=_heading(own, start), items=tuple(_duty(own, item) for item in page)))
        choices += more
        shown += [Quoted(own.plan, item) for item in page]
    if len(lists) == 1 and choices and not start:
        left = len(lists[0].statements) - FOLD_AT
        blocks.append(_text(say("plan_duties_rest", count=left)))
    return _reply(blocks, shown, choices)


def _more(own: DutyList, start: int) -> list[Choice]:
    left = len(own.statements) - start
    ident = f"t:{pointer(own)}:{start}"
    if left <= 0 or len(ident) > _LONGEST_CHOICE:
        return []
    return [Choice(id=ident, label=say("plan_duties_more", unit=own.unit))]


def _heading(own: DutyList, start: int) -> str:
    return say("plan_duties_on" if start else "plan_duties", unit=own.unit, short=own.plan.short)


def _duty(own: DutyList, statement: Statement) -> str:
    alone = _without_lead(statement) if statement.lead == (own.unit,) else statement
    section = say("plan_section_of", section=_section(Quoted(own.plan, statement), _LONGEST_HEADING))
    return f"{sentence(alone)} {section}"


def _without_lead(statement: Statement) -> Statement:
    """The statement without its lead, where the list says it already."""
    return statement.model_copy(update={"lead": ()})


# -- single statements


def _texts(statement: Statement) -> list[str]:
    """A target as its fields say it, then the sentence where that says more; anything else as its sentence."""
    if statement.value is None:
        return [sentence(statement)]
    figure = _figure(statement)
    known, said = set(plain_words(figure)), set(plain_words(sentence(statement)))
    return [figure, sentence(statement)] if len(said - known) > 2 else [figure]


def _figure(statement: Statement) -> str:
    """ "DTI cấp tỉnh: ≥ 0,75 điểm (giai đoạn 2028-2030)": indicator, figure, years and scope from their fields."""
    value = statement.value or ""
    unit = statement.unit or ""
    if unit and unit not in value and unit.split()[0].casefold() not in value.casefold():
        value = f"{value} {unit}"
    terms = [_period(statement.period)] if statement.period else []
    if statement.scope and statement.scope.casefold() not in f"{statement.subject}".casefold():
        terms.append(statement.scope)
    if not terms:
        return say("plan_figure_bare", subject=statement.subject, value=value)
    return say("plan_figure", subject=statement.subject, value=value, terms="; ".join(terms))


def _period(period: str) -> str:
    spans = periods_in(period)
    if str(spans[0] if spans else "") != period:
        return period
    return say("plan_year" if spans[0].start == spans[0].end else "plan_span", period=period)


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


def _document(first: Quoted, ask: PlanAsk) -> list[Block]:
    """What is known of the document itself."""
    texts = [sentence(first.statement)]
    if ask.wanted is Wanted.NUMBER:
        number = first.plan.number
        texts.insert(0, say("plan_number", number=number) if number else say("plan_no_number"))
    blocks = list(map(_text, texts))
    if ask.wanted is not Wanted.SIGNER:
        notes = [note for note in first.plan.notes if _ON_NUMBER.search(note)]
        blocks += [Block(kind="note", text=note) for note in notes]
    return blocks


# -- pieces


def _text(text: str) -> Block:
    return Block(kind="text", text=text)


def _list(heading: str, quoted: Sequence[Quoted]) -> Block:
    return Block(kind="list", text=say(heading), items=tuple(map(_line, quoted)))


def _rest(quoted: Sequence[Quoted]) -> list[Block]:
    return [_list("plan_more", quoted)] if quoted else []


def _line(item: Quoted) -> str:
    statement = item.statement
    words = _figure(statement) if statement.value else sentence(statement)
    place = say("plan_place", short=item.plan.short, section=_section(item, _LONGEST_HEADING))
    return f"{words} {place}"


def _where(item: Quoted) -> str:
    return say("plan_where", short=item.plan.short, section=_section(item))


def _section(item: Quoted, longest: int | None = None) -> str:
    """A section with its heading, which is cut between words if it is long."""
    heading = next((part.heading for part in item.plan.sections if part.id == item.statement.section), "")
    if longest is not None and len(heading) > longest:
        heading = heading[:longest].rsplit(" ", 1)[0] + "…"
    number = say("plan_section", section=item.statement.section)
    return f"{number} – {heading}" if heading else number


def _missing(result: Result) -> list[str]:
    if result.lacks is None:
        return []
    return [say(f"plan_no_{result.lacks}")]


def _same_indicator(one: Quoted, other: Quoted) -> bool:
    same_plan = one.plan.id == other.plan.id
    return same_plan and one.statement.subject is not None and one.statement.subject == other.statement.subject


def _reply(blocks: Sequence[Block], quoted: Sequence[Quoted], choices: Sequence[Choice] = ()) -> Reply:
    plans = {item.plan.id: item.plan for item in quoted}
    notes = tuple(Block(kind="note", text=note) for plan in plans.values() for note in _warnings(plan))
    cited = dict.fromkeys(citation(item) for item in quoted)
    return Reply(blocks=(*blocks, *dict.fromkeys(notes)), choices=tuple(choices), citations=tuple(cited)[:_MOST_CITED])


def _warnings(plan: Plan) -> list[str]:
    warnings = [say("plan_abroad", place=plan.place, home=HOME)] if is_abroad(plan) else []
    if plan.source.as_of < _MERGERS:
        warnings.append(say("plan_old"))
    return warnings


def citation(item: Quoted) -> Citation:
    """Document and section of a statement."""
    return Citation(
        title=_title(item.plan),
        section=_section(item),
        url=item.plan.source.url,
        date=item.plan.source.as_of,
    )


def _title(plan: Plan) -> str:
    return plan.source.title or plan.title
