"""Composes an answer from a procedure's fields, a block per aspect; what the record lacks is said to be unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from bot.appointments.venues import bookable
from bot.catalog import say
from bot.types import Block, Choice, Citation, Reply
from bot.wording import day, document, fee, law, time_limit
from index.aspects import Aspect
from knowledge.models import Channel, ChannelKind, Document, OnlineLevel, Procedure

FOLD_AT = 7
"""A dossier with more papers than this is folded behind a button."""
_LAWS = 3
_STEPS = 9


def answer(procedure: Procedure, aspects: Sequence[Aspect], *, unfold: bool = False) -> Reply:
    """The answer to the aspects asked for, or a summary when none was."""
    title = Block(kind="title", text=procedure.display_name)
    blocks = [block for aspect in aspects for block in _COMPOSERS[aspect](procedure, unfold)]
    if not aspects:
        blocks = _summary(procedure)
    return Reply(
        blocks=(title, *blocks, *_notes(procedure)),
        choices=_choices(procedure, aspects, unfold),
        citations=(citation(procedure),),
    )


def citation(procedure: Procedure) -> Citation:
    """The record an answer comes from."""
    source = procedure.source
    if source.decision:
        title = say("portal_decision", code=procedure.code, decision=source.decision)
    else:
        title = say("portal", code=procedure.code)
    return Citation(title=title, url=source.url, date=source.as_of)


def _summary(procedure: Procedure) -> list[Block]:
    blocks = [Block(kind="text", text=procedure.summary)] if procedure.summary else []
    blocks += _documents(procedure, False)
    blocks += _time(procedure, False) + _fee(procedure, False) + _place(procedure, False)
    return blocks


def _documents(procedure: Procedure, unfold: bool) -> list[Block]:
    if not procedure.dossier:
        return [Block(kind="text", text=say("documents_unknown"))]
    general = [paper for paper in procedure.dossier if paper.case is None]
    special = [paper for paper in procedure.dossier if paper.case is not None]
    if not unfold and len(procedure.dossier) > FOLD_AT:
        shown = (general or special)[:FOLD_AT]
        left = len(procedure.dossier) - len(shown)
        return _papers(say("documents_heading"), shown, say("documents_more", count=left) if left else None)
    blocks = _papers(say("documents_heading"), general) if general else []
    for case, papers in groupby(sorted(special, key=lambda paper: paper.case or ""), key=lambda paper: paper.case):
        blocks += _papers(say("documents_case", case=_case_name(procedure, case or "")), list(papers))
    return blocks


def _papers(heading: str, papers: Sequence[Document], more: str | None = None) -> list[Block]:
    submit = [document(paper) for paper in papers if paper.kind == "submit"]
    show = [document(paper) for paper in papers if paper.kind == "show"]
    blocks = [Block(kind="list", text=heading, items=tuple(submit))] if submit else []
    if show:
        blocks.append(Block(kind="list", text=say("documents_show"), items=tuple(show)))
    if more:
        blocks.append(Block(kind="text", text=f"… {more}."))
    return blocks


def _case_name(procedure: Procedure, ident: str) -> str:
    name = next((case.when for case in procedure.cases if case.id == ident), ident)
    name = re.sub(r"^trường hợp\s+", "", name, flags=re.IGNORECASE)
    return name[:1].lower() + name[1:].rstrip(":") if name else name


def _time(procedure: Procedure, _unfold: bool) -> list[Block]:
    lines = [time_limit(limit) for limit in procedure.time_limits]
    lines += _by_channel(procedure.channels, lambda channel: [time_limit(limit) for limit in channel.time_limits])
    return _list("time", lines)


def _fee(procedure: Procedure, _unfold: bool) -> list[Block]:
    lines = [_labelled(item.channel, fee(item)) for item in procedure.fees]
    lines += _by_channel(procedure.channels, lambda channel: [fee(item) for item in channel.fees])
    return _list("fee", lines)


def _by_channel(channels: Sequence[Channel], lines_of: Callable[[Channel], list[str]]) -> list[str]:
    """Lines of all channels; where all channels say the same, it is said once without naming them."""
    by_channel = [(channel.kind, lines_of(channel)) for channel in channels]
    told = [(kind, lines) for kind, lines in by_channel if lines]
    if len({tuple(lines) for _, lines in told}) == 1:
        return told[0][1]
    return [_labelled(kind, line) for kind, lines in told for line in lines]


def _labelled(channel: ChannelKind | None, text: str) -> str:
    return f"{say(channel.value)}: {text}" if channel else text


def _list(aspect: str, lines: Sequence[str]) -> list[Block]:
    unique = tuple(dict.fromkeys(line for line in lines if line))
    if not unique:
        return [Block(kind="text", text=say(f"{aspect}_unknown"))]
    return [Block(kind="list", text=say(f"{aspect}_heading"), items=unique)]


def _place(procedure: Procedure, _unfold: bool) -> list[Block]:
    lines = [procedure.place] if procedure.place else []
    if not procedure.place and procedure.level:
        levels = ", ".join(say(f"level_{level.value}") for level in procedure.level)
        lines.append(say("place_level", levels=levels))
    if procedure.agency:
        lines.append(say("place_agency", agency=procedure.agency.rstrip(".")))
    if procedure.non_territorial:
        lines.append(say("place_non_territorial"))
    return _list("place", lines)


def _conditions(procedure: Procedure, _unfold: bool) -> list[Block]:
    blocks = _list("conditions", procedure.conditions[:10])
    if procedure.subjects:
        blocks.append(Block(kind="text", text=say("subjects", subjects=", ".join(procedure.subjects))))
    if procedure.cases:
        items = tuple(f"{case.when}: {case.then}" for case in procedure.cases)
        blocks.append(Block(kind="list", text=say("cases_heading"), items=items))
    return blocks


def _steps(procedure: Procedure, unfold: bool) -> list[Block]:
    return _list("steps", procedure.steps if unfold else procedure.steps[:_STEPS])


def _legal_basis(procedure: Procedure, _unfold: bool) -> list[Block]:
    return _list("legal", [law(item) for item in procedure.legal_basis[:12]])


def _result(procedure: Procedure, _unfold: bool) -> list[Block]:
    return _list("result", procedure.result)


def _form(procedure: Procedure, _unfold: bool) -> list[Block]:
    return _list("form", [f"{paper.form}: {paper.name}" for paper in procedure.dossier if paper.form])


def _online(procedure: Procedure, _unfold: bool) -> list[Block]:
    kinds = {channel.kind for channel in procedure.channels}
    lines = []
    if procedure.online in (OnlineLevel.FULL, OnlineLevel.PARTIAL):
        lines.append(say(f"online_{procedure.online.value}"))
    else:
        lines.append(say("online_some" if ChannelKind.ONLINE in kinds else "online_none"))
    if ChannelKind.POST in kinds:
        lines.append(say("online_post"))
    return _list("online", lines)


_COMPOSERS: Mapping[Aspect, Callable[[Procedure, bool], list[Block]]] = {
    Aspect.DOCUMENTS: _documents,
    Aspect.TIME: _time,
    Aspect.FEE: _fee,
    Aspect.PLACE: _place,
    Aspect.CONDITIONS: _conditions,
    Aspect.STEPS: _steps,
    Aspect.LEGAL_BASIS: _legal_basis,
    Aspect.RESULT: _result,
    Aspect.FORM: _form,
    Aspect.ONLINE: _online,
}


def _notes(procedure: Procedure) -> list[Block]:
    notes = list(procedure.warnings)
    if procedure.legal_basis:
        notes.append(say("legal_short", laws="; ".join(law(item) for item in procedure.legal_basis[:_LAWS])))
    notes.append(say("as_of", date=day(procedure.source.as_of)))
    return [Block(kind="note", text=" ".join(notes))]


def _choices(procedure: Procedure, aspects: Sequence[Aspect], unfold: bool) -> tuple[Choice, ...]:
    choices = []
    folded = len(procedure.dossier) > FOLD_AT and not unfold
    if folded and (not aspects or Aspect.DOCUMENTS in aspects):
        choices.append(Choice(id=f"d:{procedure.code}", label=say("choice_documents_full"), code=procedure.code))
    wanted = (Aspect.DOCUMENTS, Aspect.TIME, Aspect.FEE, Aspect.PLACE, Aspect.STEPS, Aspect.CONDITIONS, Aspect.ONLINE)
    shown = set(aspects) or {Aspect.DOCUMENTS, Aspect.TIME, Aspect.FEE, Aspect.PLACE}
    choices += [
        Choice(id=f"a:{procedure.code}:{aspect.value}", label=say(f"choice_{aspect.value}"), code=procedure.code)
        for aspect in wanted
        if aspect not in shown
    ]
    if bookable(procedure):
        choices.append(Choice(id=f"b:{procedure.code}", label=say("choice_book"), code=procedure.code))
    return tuple(choices)
