"""The audit log of a case in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.texts import review_text, review_words
from feed.case_view import Event

_ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    what: str
    more: str


def lines_of(events: Iterable[Event], names: Mapping[str, str]) -> list[Line]:
    """The entries in words; one that nobody has found words for stands as it is."""
    return [
        Line(event.at, _who(event.actor, names), _what(event.action), _more(event.detail, names)) for event in events
    ]


def _who(actor: str, names: Mapping[str, str]) -> str:
    number = actor.removeprefix(_ACCOUNT)
    if number != actor:
        return names.get(number) or review_text("actor_gone", number=number)
    return review_words(f"actor_{actor}") or actor


def _what(action: str) -> str:
    return review_words(f"action_{action}") or action


def _more(detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Reason, agency, officer, how many were told: what an entry says of them."""
    parts = [str(detail[key]) for key in ("agency", "why", "alone") if detail.get(key)]
    officer = detail.get("assignee_id")
    if officer is not None:
        parts.append(names.get(str(officer)) or review_text("actor_gone", number=officer))
    if detail.get("told") is not None:
        parts.append(review_text("told", count=detail["told"]))
    return " · ".join(parts)
