"""Puts an engine where a recorded conversation stood: what its assistant had offered or talked about."""

from __future__ import annotations

import re
from datetime import datetime

from bot.types import Choice, Outcome, State, Topic, history
from index.library import Library
from index.units import TargetKind, target_kind

_OPTION = re.compile(r"(?:^|\s)\d{1,2}\)\s*(.+?)(?=\s+\d{1,2}\)\s|\s*$)", re.MULTILINE)
_NAMED = re.compile(r"«([^»]+)»")


def replayed(state: State, before: str, library: Library, at: datetime) -> State:
    """`state` as it would be had the assistant said `before`: a numbered list is offered, a «name» talked about."""
    options = [code for name in _OPTION.findall(before) if (code := _code(name, library))]
    if len(options) > 1:
        offered = tuple(Choice(id=f"p:{code}", label=_label(code, library), code=code) for code in options)
        return state.model_copy(update={"offered": offered, "last_outcome": Outcome.ASK_BACK})
    named = _NAMED.search(before)
    code = _code(named[1], library) if named else None
    if code is None:
        return state
    topics = history(state.topics, Topic(kind="procedure", id=code, at=at))
    return state.model_copy(update={"topics": topics, "offered": (), "last_outcome": Outcome.ANSWER})


def _code(name: str, library: Library) -> str | None:
    ranking = library.rank(library.analyse(name))
    return next((c.target for c in ranking.candidates if target_kind(c.target) is TargetKind.PROCEDURE), None)


def _label(code: str, library: Library) -> str:
    procedure = library.knowledge.procedure(code)
    return procedure.display_name if procedure else code
