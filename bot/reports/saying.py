"""Words the replies of the report dialogue. What a report says is the citizen's; all else comes from results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.catalog import say
from bot.reports import choices
from bot.reports.memory import Report, Step
from bot.reports.requests import LikeReport, ReportState, Sent
from bot.types import Block, Choice, Reply

_LONGEST_SHOWN = 400
CommuneName = Callable[[str | None], str | None]
"""A commune's name by the id of its centre."""


def text(key: str, **values: object) -> Block:
    """One sentence of the catalogue."""
    return Block(kind="text", text=say(f"report_{key}", **values))


def note(key: str, **values: object) -> Block:
    """One sentence in small type."""
    return Block(kind="note", text=say(f"report_{key}", **values))


def choice(ident: str, key: str, **values: object) -> Choice:
    """A button."""
    return Choice(id=ident, label=say(f"report_choice_{key}", **values))


LEAVE = choice(choices.LEAVE, "leave")


def offer(lead: str = "offer") -> Reply:
    """Shall it be reported?"""
    return Reply(blocks=(text(lead),), choices=(choice(choices.NEW, "new"), LEAVE))


def ask_what(lead: Sequence[Block] = ()) -> Reply:
    """What is it about?"""
    return Reply(blocks=(*lead, text("ask_what")), choices=(LEAVE,))


def ask_place(lead: Sequence[Block], offices: Iterable[tuple[str, str]] = (), key: str = "ask_place") -> Reply:
    """Where is it? `offices`: ids and names of communes to choose from."""
    buttons = [Choice(id=choices.office(ident), label=name) for ident, name in offices]
    hint = (note("ask_place_note"),) if key == "ask_place" else ()
    buttons += [choice(choices.NO_PLACE, "no_place"), LEAVE]
    return Reply(blocks=(*lead, text(key), *hint), choices=tuple(buttons))


def ask_similar(found: Sequence[LikeReport], commune: CommuneName) -> Reply:
    """Is it one of these?"""
    items = tuple(_like(report, commune(report.commune)) for report in found)
    buttons = [choice(choices.join(report.code), "join", code=report.code) for report in found]
    buttons += [choice(choices.OWN, "own"), LEAVE]
    listed = Block(kind="list", text=say("report_similar"), items=items)
    return Reply(blocks=(listed, text("similar_ask")), choices=tuple(buttons))


def ask_contact(lead: Sequence[Block], *, known: bool, key: str | None = None) -> Reply:
    """May the citizen be called back?"""
    question = text(key or ("ask_contact_known" if known else "ask_contact"))
    buttons = [choice(choices.CALL, "call")] if known and key is None else []
    buttons += [choice(choices.NO_CALL, "no_call"), LEAVE]
    return Reply(blocks=(*lead, question, note("privacy")), choices=tuple(buttons))


def summary(report: Report, commune: str | None, photos: int, lead: Sequence[Block] = ()) -> Reply:
    """All that would be sent, to be confirmed."""
    lines = [say("report_line_what", what=shown(report.what))]
    if commune:
        lines.append(say("report_line_commune", commune=commune))
    if report.place:
        lines.append(say("report_line_place", place=report.place))
    if not commune and not report.place and report.latitude is None:
        lines.append(say("report_line_no_place"))
    if report.latitude is not None:
        lines.append(say("report_line_location"))
    if photos:
        lines.append(say("report_line_photos", count=photos))
    lines.append(say("report_line_call" if report.call_back else "report_line_no_call"))
    listed = Block(kind="list", text=say("report_summary"), items=tuple(lines))
    buttons = (
        choice(choices.SEND, "send"),
        choice(choices.EDIT_WHAT, "edit_what"),
        choice(choices.EDIT_PLACE, "edit_place"),
        choice(choices.EDIT_CONTACT, "edit_contact"),
        LEAVE,
    )
    return Reply(blocks=(*lead, listed, text("ask_sure")), choices=buttons)


def sent(result: Sent) -> Reply:
    """The code, and how to ask for its state."""
    code = result.state.code
    photos = (text("line_photos", count=result.photos),) if result.photos else ()
    due = text("sent_due", day=_day(result.state.due))
    blocks = (text("sent", code=code), *photos, due, text("sent_how", code=code))
    return Reply(blocks=blocks, choices=(choice(choices.look(code), "look", code=code),))


def joined(state: ReportState) -> Reply:
    """The citizen supports this report."""
    block = text("joined", code=state.code, count=state.askers)
    return Reply(blocks=(block,), choices=(choice(choices.look(state.code), "look", code=state.code),))


def state(report: ReportState, commune: str | None) -> Reply:
    """How far it is."""
    items = [say("report_state_status", status=report.status), say("report_state_opened", day=_day(report.opened))]
    if report.agency:
        items.append(say("report_state_agency", agency=report.agency))
    if commune:
        items.append(say("report_state_commune", commune=commune))
    if report.open:
        items.append(say("report_state_due", day=_day(report.due)))
    items.append(say("report_state_askers", count=report.askers))
    listed = Block(kind="list", text=say("report_state", code=report.code), items=tuple(items))
    return Reply(blocks=(listed, note("state_private")))


def mine(reports: Sequence[ReportState]) -> Reply:
    """The reports of this conversation."""
    if not reports:
        return Reply(blocks=(text("mine_none"),), choices=(choice(choices.NEW, "new"),))
    items = tuple(say("report_mine_line", code=r.code, day=_day(r.opened), status=r.status) for r in reports)
    buttons = tuple(choice(choices.look(report.code), "look", code=report.code) for report in reports[:4])
    return Reply(blocks=(Block(kind="list", text=say("report_mine"), items=items),), choices=buttons)


def formal(procedures: Sequence[tuple[str, str]], *, goes_on: bool) -> Reply:
    """Where a complaint or denunciation by law goes: to these procedures, by code and name."""
    blocks = [text("formal" if procedures else "formal_bare")]
    if goes_on:
        blocks.append(text("formal_goes_on"))
    buttons = tuple(Choice(id=f"p:{code}", label=name, code=code) for code, name in procedures)
    return Reply(blocks=tuple(blocks), choices=buttons)


def going_on(step: Step) -> Block | None:
    """What the report waits for, to be said after something else was answered."""
    return None if step is Step.OFFER else text(f"going_on_{step.value}")


def shown(what: str) -> str:
    """What a report says, cut where it is long."""
    return what if len(what) <= _LONGEST_SHOWN else what[:_LONGEST_SHOWN].rsplit(" ", 1)[0] + " …"


def _like(report: LikeReport, commune: str | None) -> str:
    values = {"code": report.code, "day": _day(report.opened), "count": report.askers}
    words = ", ".join(report.shared)
    if commune is None:
        return say("report_similar_one_bare", **values, words=words)
    return say("report_similar_one", **values, words=words, place=commune)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
