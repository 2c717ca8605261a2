"""What was told about a citizen's data, as evidence: figures, dates, appointments, the citizen's own words."""

from __future__ import annotations

from collections.abc import Iterator

from booking.types import Appointment
from booking.wording import day_words, moment
from bot.guard.evidence import Evidence, evidence_of_text, evidence_of_texts
from bot.rights.requests import DataDeleted, DataKept, DataResult, KeptAppointment
from knowledge.database import KnowledgeBase


def evidence_of_data(result: DataResult, knowledge: KnowledgeBase) -> Iterator[Evidence]:
    """What a result states."""
    match result:
        case DataKept(rules=rules):
            days = [f"{rules.messages} ngày", f"{rules.questions} ngày", day_words(result.since)]
            counts = [str(result.messages), str(result.votes), str(result.waiting)]
            yield evidence_of_texts([*days, *counts])
            yield from map(evidence_of_text, (*result.recent, ", ".join(result.reports)))
            yield from (_of_kept(entry, knowledge) for entry in result.appointments)
        case DataDeleted():
            yield evidence_of_text(str(result.messages))
            yield from (evidence_of_texts(_texts(view, knowledge)) for view in result.cancelled)
            yield from (_of_kept(entry, knowledge) for entry in result.remaining)


def _of_kept(entry: KeptAppointment, knowledge: KnowledgeBase) -> Evidence:
    return evidence_of_texts([*_texts(entry.appointment, knowledge), day_words(entry.until)])


def _texts(view: Appointment, knowledge: KnowledgeBase) -> list[str]:
    office = knowledge.offices.get(view.office_id)
    return [moment(view.starts_at), office.name if office else view.office_id, view.reference]
