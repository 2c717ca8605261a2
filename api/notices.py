"""Words the messages that nobody asked for: reminders, moves, cancellations, seats that became free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from booking.notices import Renderer
from booking.types import Notice, NoticeKind
from booking.wording import notice_text
from bot.appointments import choices, saying
from bot.ratings.turn import star_choices
from bot.types import Block, Choice, Reply
from index.artefact import ArtefactUnusable
from knowledge.database import KnowledgeBase

_log = structlog.get_logger("api.notices")


def notice_renderer(knowledge: Callable[[], KnowledgeBase]) -> Renderer:
    """Makes the payload of a notice, in the form of replies. `knowledge` may raise `ArtefactUnusable`."""

    def render(notice: Notice) -> dict[str, Any]:
        return notice_reply(notice, _office(notice, knowledge)).model_dump(mode="json")

    return render


def notice_reply(notice: Notice, office: str) -> Reply:
    """The message with what can be done about it, by the same choices as in the dialogue."""
    view = notice.ticket.appointment
    text = Block(kind="text", text=notice_text(notice, office))
    if notice.kind is NoticeKind.SEAT_FREE:
        return Reply(blocks=(text,), choices=(_choice(choices.ACCEPT, "accept"), _choice(choices.LEAVE, "refuse")))
    if notice.kind is NoticeKind.RATE:
        return Reply(blocks=(text,), choices=star_choices(view.reference))
    if notice.kind is NoticeKind.CANCELLED:
        return Reply(blocks=(text,))
    reference = view.reference
    buttons = [_choice(choices.move(reference), "move"), _choice(choices.cancel(reference), "cancel")]
    if view.procedure_code:
        buttons.insert(0, _choice(f"d:{view.procedure_code}", "papers"))
    return Reply(blocks=(text,), choices=tuple(buttons))


def _choice(ident: str, key: str) -> Choice:
    return saying.choice(ident, key)


def _office(notice: Notice, knowledge: Callable[[], KnowledgeBase]) -> str:
    ident = notice.ticket.appointment.office_id
    try:
        office = knowledge().offices.get(ident)
    except ArtefactUnusable:
        office = None
    if office is None:
        _log.warning("notice_without_office", office=ident)
        return saying.text("your_office").text
    return office.name
