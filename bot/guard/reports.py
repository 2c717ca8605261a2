"""What was told about reports, as evidence, and the emergency numbers: the only ones that any reply may name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.guard.evidence import Evidence, evidence_of_text, evidence_of_texts
from bot.reports.requests import Joined, Known, LikeReport, Quoted, ReportResult, ReportState, Sent, Similar, Unknown
from bot.safety.turn import emergency_numbers
from knowledge.database import KnowledgeBase


def evidence_of_report(result: ReportResult, knowledge: KnowledgeBase) -> Iterator[Evidence]:
    """What a result states."""
    match result:
        case Similar(reports):
            yield from (_of_like(report, knowledge) for report in reports)
        case Sent(state=state):
            yield evidence_of_texts(_texts(state, knowledge))
            yield evidence_of_text(str(result.photos))
        case Joined(state):
            yield evidence_of_texts(_texts(state, knowledge))
        case Known(reports):
            yield from (evidence_of_texts(_texts(report, knowledge)) for report in reports)
        case Unknown(code):
            yield evidence_of_text(code)
        case Quoted(texts):
            yield from map(evidence_of_text, texts)


def evidence_of_numbers() -> Iterable[Evidence]:
    """The emergency numbers, each with whose it is."""
    return [evidence_of_text(number.line) for number in emergency_numbers()]


def _of_like(report: LikeReport, knowledge: KnowledgeBase) -> Evidence:
    place = _commune(report.commune, knowledge)
    words = ", ".join(report.shared)
    return evidence_of_texts([report.code, _day(report.opened), place, f"{report.askers} người cùng phản ánh", words])


def _texts(state: ReportState, knowledge: KnowledgeBase) -> list[str]:
    days = [_day(state.opened), _day(state.due)]
    counted = [f"{state.askers} người cùng phản ánh", f"cùng phản ánh: {state.askers}"]
    return [state.code, state.status, *days, *counted, state.agency or "", _commune(state.commune, knowledge)]


def _commune(ident: str | None, knowledge: KnowledgeBase) -> str:
    office = knowledge.offices.get(ident) if ident else None
    return (office.commune or office.name) if office else ""


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
