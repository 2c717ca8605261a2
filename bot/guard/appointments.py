"""What the booking room told, as evidence: times, codes and links of appointments, each with its office and matter.

Written out by itself and not by the words of the dialogue, so that the two check each other. What belongs together
stands in one evidence: a line may not give one appointment's time with another's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from booking.types import Appointment, Slot, Waiting
from booking.wording import day_words, moment
from bot.appointments.requests import Booked, Cancelled, Held, Mine, Refused, Result, Times, Waits
from bot.appointments.services import services
from bot.guard.evidence import Evidence, evidence_of_text, evidence_of_texts
from knowledge.database import KnowledgeBase


def evidence_of_result(result: Result, knowledge: KnowledgeBase) -> Iterator[Evidence]:
    """What a result states."""
    match result:
        case Times():
            yield _of_times(result, knowledge)
        case Held(hold, keep_days):
            texts = [moment(hold.starts_at), _hour(hold.expires_at), f"{keep_days} ngày"]
            yield evidence_of_texts([*texts, _office(hold.office_id, knowledge)])
        case Booked(appointment=appointment):
            links = [url for url in (result.ticket_url, result.calendar_url) if url]
            yield _of_appointment(appointment, knowledge, links)
        case Mine(appointments, waiting):
            yield from (_of_appointment(view, knowledge) for view in appointments)
            yield from (_of_waiting(entry, knowledge) for entry in waiting)
        case Cancelled(appointment):
            yield _of_appointment(appointment, knowledge)
        case Waits(entry):
            yield _of_waiting(entry, knowledge)
        case Refused(text=text):
            yield evidence_of_text(text)


def evidence_of_service_names() -> Evidence:
    """What the counters are called; one of them is "Bảo hiểm xã hội", the name of a body, too."""
    return evidence_of_texts(service.name for service in services().values())


def _of_times(times: Times, knowledge: KnowledgeBase) -> Evidence:
    texts = [_office(times.office_id, knowledge), f"{times.horizon_days} ngày tới"]
    texts += [text for slot in times.slots for text in _of_slot(slot)]
    texts += [text for day in times.days for text in (day_words(day.day), day.reason) if text]
    return evidence_of_texts(texts)


def _of_slot(slot: Slot) -> Iterable[str]:
    return moment(slot.starts_at), _hour(slot.starts_at)


def _of_appointment(view: Appointment, knowledge: KnowledgeBase, links: Iterable[str] = ()) -> Evidence:
    texts = [moment(view.starts_at), _office(view.office_id, knowledge), view.reference]
    return evidence_of_texts([*texts, _matter(view, knowledge), *links])


def _of_waiting(entry: Waiting, knowledge: KnowledgeBase) -> Evidence:
    wish = entry.wish
    texts = [day_words(wish.first), day_words(wish.last), f"vị trí thứ {entry.place}"]
    return evidence_of_texts([*texts, _office(wish.office_id, knowledge)])


def _office(ident: str, knowledge: KnowledgeBase) -> str:
    office = knowledge.offices.get(ident)
    return office.name if office else ident


def _matter(view: Appointment, knowledge: KnowledgeBase) -> str:
    procedure = knowledge.procedure(view.procedure_code) if view.procedure_code else None
    service = services().get(view.group_id)
    return procedure.display_name if procedure else service.name if service else view.group_id


def _hour(at: datetime) -> str:
    """The time of a day that stands elsewhere."""
    return moment(at).partition(",")[0]
