"""Words the replies about a citizen's data. Every figure and date in them comes from a result."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from booking.types import Appointment
from booking.wording import day_words, moment
from bot.catalog import say
from bot.rights import choices
from bot.rights.requests import DataDeleted, DataKept, KeptAppointment
from bot.types import Block, Choice, Reply

OfficeName = Callable[[str], str]
"""An office's name by its id."""


def wait() -> Reply:
    """Until the result is there; nobody gets to see it."""
    return Reply(blocks=(_text("wait"),))


def shown(kept: DataKept, office: OfficeName) -> Reply:
    """All that is kept, and for how long."""
    blocks = [Block(kind="title", text=say("data_title"))]
    blocks += _contents(kept, office) or [_text("none")]
    rules = (
        say("data_rule_messages", days=kept.rules.messages),
        say("data_rule_questions", days=kept.rules.questions),
    )
    blocks += [_list("rules", rules), _note("only_here"), _note("law")]
    return Reply(blocks=tuple(blocks), choices=(_choice(choices.ASK, "ask"),))


def asked(kept: DataKept, office: OfficeName) -> Reply:
    """Shall it be deleted? Names the appointments that would be cancelled."""
    blocks = [_text("ask"), _text("would_go")]
    to_come = [entry.appointment for entry in kept.appointments if entry.to_come]
    if to_come:
        blocks.append(_list("would_cancel", _named(to_come, office)))
    buttons = (_choice(choices.DELETE, "delete"), _choice(choices.KEEP, "keep"), _choice(choices.SHOW, "show"))
    return Reply(blocks=(*blocks, _note("law")), choices=buttons)


def deleted(done: DataDeleted, office: OfficeName) -> Reply:
    """What was deleted, what is kept and why."""
    blocks = [_text("deleted"), _text("deleted_what", count=done.messages)]
    if done.cancelled:
        blocks.append(_list("deleted_cancelled", _named(done.cancelled, office)))
    remaining = [_kept_on("data_remains_appointment", entry, office) for entry in done.remaining]
    remains = (*remaining, say("data_remains_reply"), say("data_remains_figures"))
    return Reply(blocks=(*blocks, _list("remains", remains), _note("your_screen")))


def left_alone() -> Reply:
    """Nothing is deleted."""
    return Reply(blocks=(_text("kept"),))


def refused() -> Reply:
    """There is no such service here."""
    return Reply(blocks=(_text("off"),))


def _contents(kept: DataKept, office: OfficeName) -> list[Block]:
    blocks = []
    if kept.messages:
        blocks += [_text("since", day=day_words(kept.since)), _text("messages", count=kept.messages)]
    if kept.recent:
        blocks.append(_list("recent", kept.recent))
    if kept.votes:
        blocks.append(_text("votes", count=kept.votes))
    if kept.appointments:
        entries = [_kept_on("data_appointment", entry, office) for entry in kept.appointments]
        blocks.append(_list("appointments", entries))
    if kept.reports:
        blocks.append(_text("reports", codes=", ".join(kept.reports)))
    if kept.waiting:
        blocks.append(_text("waiting", count=kept.waiting))
    if kept.confided:
        blocks.append(_text("confided"))
    return blocks


def _kept_on(key: str, entry: KeptAppointment, office: OfficeName) -> str:
    view = entry.appointment
    at, name = moment(view.starts_at), office(view.office_id)
    return say(key, moment=at, office=name, reference=view.reference, day=day_words(entry.until))


def _named(appointments: Iterable[Appointment], office: OfficeName) -> list[str]:
    return [
        say("data_one", moment=moment(view.starts_at), office=office(view.office_id), reference=view.reference)
        for view in appointments
    ]


def _text(key: str, **values: object) -> Block:
    return Block(kind="text", text=say(f"data_{key}", **values))


def _note(key: str) -> Block:
    return Block(kind="note", text=say(f"data_{key}"))


def _list(key: str, items: Iterable[str]) -> Block:
    return Block(kind="list", text=say(f"data_{key}"), items=tuple(items))


def _choice(ident: str, key: str) -> Choice:
    return Choice(id=ident, label=say(f"data_choice_{key}"))
