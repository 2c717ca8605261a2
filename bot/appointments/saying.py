"""Words the dialogue's replies. Every fact in them comes from a result of the booking room or from a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from booking.types import ZONE, Appointment, Slot, State, Waiting
from bot.answers import answer
from bot.appointments import choices
from bot.appointments.proposing import Proposal, Trouble, Why
from bot.appointments.requests import Booked, Held, Mine, Times
from bot.appointments.services import services
from bot.catalog import say
from bot.types import Block, Choice, Link, Reply
from bot.when.telling import tell_day, tell_time
from index.aspects import Aspect
from knowledge.models import Office, Procedure


def text(key: str, **values: object) -> Block:
    """A sentence."""
    return Block(kind="text", text=say(f"book_{key}", **values))


def note(key: str, **values: object) -> Block:
    """A sentence in small type."""
    return Block(kind="note", text=say(f"book_{key}", **values))


def choice(ident: str, key: str, **values: object) -> Choice:
    """A button."""
    return Choice(id=ident, label=say(f"book_choice_{key}", **values))


def moment(at: datetime) -> str:
    """8 giờ 30, thứ hai, 23/11/2026."""
    local = at.astimezone(ZONE)
    return f"{tell_time(local.time())}, {tell_day(local.date())}"


def leave() -> Choice:
    """The button that ends the dialogue."""
    return choice(choices.LEAVE, "leave")


def ask_matter(*lead: Block) -> Reply:
    """What is it to be booked for?"""
    offered = (Choice(id=choices.group(service.id), label=service.name) for service in services().values())
    return Reply(blocks=lead or (text("which_matter"),), choices=(*offered, leave()))


def ask_which_matter(question: str, procedures: Iterable[tuple[str, str]]) -> Reply:
    """Which of these procedures, as code and label?"""
    offered = (Choice(id=f"b:{code}", label=label, code=code) for code, label in procedures)
    return Reply(blocks=(Block(kind="text", text=question),), choices=(*offered, leave()))


def ask_office(lead: Sequence[Block], reach_key: str | None, province: Choice | None) -> Reply:
    """At which centre?"""
    blocks = [*lead, *([text(reach_key)] if reach_key else []), text("which_office"), note("office_share")]
    return Reply(blocks=tuple(blocks), choices=(*((province,) if province else ()), leave()))


def ask_which_office(lead: Sequence[Block], offices: Sequence[Office], subject: str, key: str) -> Reply:
    """Which of these centres?"""
    offered = (Choice(id=choices.office(office.id, subject), label=short(office)) for office in offices)
    return Reply(blocks=(*lead, text(key)), choices=(*offered, leave()))


def short(office: Office) -> str:
    """What a button calls a centre: its commune."""
    return office.commune or say("book_choice_province")


def offer(
    lead: Sequence[Block],
    times: Times,
    found: Proposal,
    office: Office,
    subject: str,
    moving: str | None,
    near: Sequence[Office] = (),
) -> Reply:
    """Times to choose from, after saying why not those that were wished."""
    blocks = [*lead, *(_trouble(item, times) for item in found.troubles)]
    blocks += [_offered(found, office, said=bool(found.troubles))]
    blocks += [note("default_hours")] if times.hours_are_default else []
    offered = [_slot_choice(slot, office, subject, moving, with_day=found.day is None) for slot in found.slots]
    if found.slots and found.slots[-1].starts_at < times.slots[-1].starts_at and moving is None:
        offered.append(choice(choices.later(office.id, subject, found.slots[-1].starts_at), "later"))
    if found.full is not None and moving is None:
        offered.append(choice(choices.wait(office.id, subject, *found.full), "wait"))
    if near:
        blocks.append(text("neighbours"))
        offered += [Choice(id=choices.office(other.id, subject), label=short(other)) for other in near]
    return Reply(blocks=tuple(blocks), choices=(*offered, keep() if moving else leave()))


def keep() -> Choice:
    """The button that leaves an appointment as it is."""
    return choice(choices.LEAVE, "keep")


def _offered(found: Proposal, office: Office, *, said: bool) -> Block:
    if not found.slots:
        return text("offer_none", office=office.name)
    if found.day is not None:
        if said:
            return text("offer_near_day", day=tell_day(found.day), office=office.name)
        return text("offer_day", day=_begin(tell_day(found.day)), office=office.name)
    return text("offer_near") if said else text("offer_days", office=office.name)


def _trouble(trouble: Trouble, times: Times) -> Block:
    if trouble.why is Why.TOO_FAR:
        return text("too_far", days=times.horizon_days)
    if trouble.day is None:
        return text(trouble.why.value)
    day, reason = _begin(tell_day(trouble.day.day)), trouble.day.reason
    closed = trouble.why is Why.DAY_CLOSED and reason
    return text("day_closed_why" if closed else trouble.why.value, day=day, reason=reason)


def _slot_choice(slot: Slot, office: Office, subject: str, moving: str | None, *, with_day: bool) -> Choice:
    at = slot.starts_at
    label = moment(at) if with_day else tell_time(at.astimezone(ZONE).time())
    return Choice(id=choices.move_to(moving, at) if moving else choices.slot(office.id, subject, at), label=label)


def held(lead: Sequence[Block], seat: Held, office: Office, matter: str, missing: Block, *, first: bool) -> Reply:
    """The seat is kept; who comes?"""
    until = tell_time(seat.hold.expires_at.astimezone(ZONE).time())
    blocks = [*lead, text("held", at=moment(seat.hold.starts_at), office=office.name, until=until)]
    blocks += [text("for", matter=matter), missing, note("privacy", days=seat.keep_days)] if first else [missing]
    return Reply(blocks=tuple(blocks), choices=(leave(),))


def missing_person(given: frozenset[str], *, for_other: bool) -> Block:
    """Asks for what is not known of the one who comes."""
    if "name" in given:
        return text("give_phone")
    if "phone" in given:
        return text("give_name")
    return text("give_person_other" if for_other else "give_person")


def booked(
    found: Booked, office: Office, matter: str, procedure: Procedure | None, *, moved: bool, helper: bool
) -> Reply:
    """The appointment with everything one needs: when, where, code, what to bring."""
    view = found.appointment
    lines = [
        say("book_line_time", at=moment(view.starts_at)),
        say("book_line_place", office=office.name),
        say("book_line_matter", matter=matter),
        say("book_line_code", reference=view.reference),
        *([say("book_line_other")] if view.for_other else []),
    ]
    blocks = [
        Block(kind="title", text=say("book_moved" if moved else "book_booked")),
        Block(kind="list", items=tuple(lines)),
        text("at_door" if found.ticket_url else "at_door_plain"),
        *([note("default_hours")] if found.hours_are_default else []),
        *([text("helper")] if helper else []),
    ]
    papers = answer(procedure, (Aspect.DOCUMENTS, Aspect.PLACE)) if procedure and not moved else None
    if papers is not None:
        blocks += [text("bring"), *papers.blocks[1:]]
    elif not moved:
        blocks.append(text("bring_ask"))
    buttons = [choice(choices.MINE, "mine"), *_change(view.reference)]
    if helper:
        ident = choices.next_person(view.office_id, view.procedure_code or view.group_id)
        buttons.insert(0, choice(ident, "next_person"))
    citations = papers.citations if papers else ()
    return Reply(blocks=tuple(blocks), choices=tuple(buttons), citations=citations, links=_links(found))


def _links(found: Booked) -> tuple[Link, ...]:
    links = (("ticket", found.ticket_url), ("calendar", found.calendar_url))
    return tuple(Link(label=say(f"book_link_{name}"), url=url) for name, url in links if url)


def _change(reference: str) -> tuple[Choice, Choice]:
    return choice(choices.move(reference), "move"), choice(choices.cancel(reference), "cancel")


def mine(found: Mine, lines: Sequence[str], waiting: Sequence[str]) -> Reply:
    """Everything that is booked, held or waited for."""
    if not found.appointments and not found.waiting:
        return Reply(blocks=(text("none"),))
    booked_ = [view for view in found.appointments if view.state is State.CONFIRMED]
    if len(booked_) == 1:
        buttons = [*_change(booked_[0].reference)]
    else:
        buttons = [button for view in booked_ for button in _change_one(view.reference)]
    if any(view.state is State.HELD for view in found.appointments):
        buttons.append(choice(choices.ACCEPT, "accept"))
    if found.waiting:
        buttons.append(choice(choices.STOP_WAITING, "stop_waiting"))
    return Reply(blocks=(Block(kind="list", text=say("book_mine"), items=(*lines, *waiting)),), choices=tuple(buttons))


def _change_one(reference: str) -> tuple[Choice, Choice]:
    return (
        choice(choices.move(reference), "move_one", reference=reference),
        choice(choices.cancel(reference), "cancel_one", reference=reference),
    )


def line(view: Appointment, office: str, matter: str) -> str:
    """An appointment in a list."""
    key = "book_mine_held" if view.state is State.HELD else "book_mine_line"
    return say(key, at=moment(view.starts_at), office=office, matter=matter, reference=view.reference)


def waiting_line(entry: Waiting, office: str) -> str:
    """What is waited for, in a list."""
    return say("book_mine_waiting", office=office, days=days(entry))


def days(entry: Waiting) -> str:
    """The days waited for."""
    first, last = entry.wish.first, entry.wish.last
    return tell_day(first) if first == last else f"{tell_day(first)} – {tell_day(last)}"


def which(key: str, views: Sequence[Appointment], cancelling: bool) -> Reply:
    """Which of several appointments?"""
    ident = choices.cancel if cancelling else choices.move
    offered = [Choice(id=ident(view.reference), label=f"{view.reference}: {moment(view.starts_at)}") for view in views]
    return Reply(blocks=(text(key),), choices=(*offered, keep()))


def sure(view: Appointment, office: str) -> Reply:
    """Cancel it really?"""
    block = text("sure", reference=view.reference, at=moment(view.starts_at), office=office)
    return Reply(blocks=(block,), choices=(choice(choices.sure(view.reference), "sure"), keep()))




def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
