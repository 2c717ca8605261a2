"""What officers do with a case, apart from answering it. Every step writes one entry into the audit log.

Steps take the `version` of the case that the officer saw: where somebody else was faster nothing changes (`Stale`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import Step
from feed.change import Change, keep, optional, reason_of, required, status_after, take
from feed.corrections import Correction, correct
from feed.errors import BadDeadline, FeedError, Missing, NotFound, UnknownOfficer
from feed.labels.types import Flag, Kind, Sentiment
from store.feed_tables import case_notes, cases
from store.rows import insert
from store.staff_tables import accounts

LONGEST_AGENCY = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that was ticked in the list, as the officer saw it."""

    case_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Labels:
    """What an officer says that a case is, and which commune it is about."""

    kind: Kind
    sentiment: Sentiment
    flags: frozenset[Flag] = frozenset()
    """Any of them makes a case urgent."""
    commune_id: str | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of the cases that were ticked: how many were changed, and how many refused the step."""

    done: int
    refused: int


async def assign(change: Change, case_id: int, version: int, agency: str, assignee_id: int | None) -> None:
    """Gives a case to an agency, to an officer, or to both; what is not named stays.

    Raises `Missing` where neither is named, and `UnknownOfficer`.
    """
    row = await take(change, case_id, version, Step.ASSIGN)
    given: dict[str, Any] = {"agency": optional(agency, LONGEST_AGENCY) or None, "assignee_id": assignee_id}
    given = {column: value for column, value in given.items() if value is not None}
    if not given:
        raise Missing("agency")
    await _check_officer(change.connection, assignee_id)
    values = given | {"status": status_after(row, Step.ASSIGN)}
    await keep(change, row, "case_assigned", values, **given)


async def set_deadline(change: Change, case_id: int, version: int, due_at: datetime, reason: str) -> None:
    """Sets another deadline, for a reason. Raises `BadDeadline` for one that is over."""
    row = await take(change, case_id, version)
    reason = reason_of(reason)
    _check_future(due_at, change.at)
    detail = {"before": row.due_at.isoformat(), "after": due_at.isoformat(), "why": reason}
    await keep(change, row, "case_deadline_set", {"due_at": due_at}, **detail)


async def add_note(change: Change, case_id: int, text: str) -> int:
    """Keeps a note for colleagues. Nobody's form goes stale by it."""
    code = await _code_of(change.connection, case_id)
    text = required(text, "note")
    values = {"case_id": case_id, "author_id": change.actor.account_id, "text": text, "created_at": change.at}
    note_id = await insert(change.connection, case_notes, values)
    await change.record("case_note_added", f"case:{case_id}", code=code, note=note_id)
    return note_id


async def see_contact(change: Change, case_id: int) -> None:
    """Notes that an officer looked at whom to call back: who sees a citizen's telephone is on record."""
    code = await _code_of(change.connection, case_id)
    await change.record("report_contact_seen", f"case:{case_id}", code=code)


async def close(change: Change, case_id: int, version: int, reason: str) -> None:
    """Closes a case without an answer."""
    row = await take(change, case_id, version, Step.CLOSE)
    reason = reason_of(reason)
    values = {"status": status_after(row, Step.CLOSE), "closed_at": change.at}
    await keep(change, row, "case_closed", values, why=reason)


async def reopen(change: Change, case_id: int, version: int, due_at: datetime, reason: str) -> None:
    """Opens a case again that was answered or closed. What was answered stays in force until it is withdrawn."""
    row = await take(change, case_id, version, Step.REOPEN)
    reason = reason_of(reason)
    _check_future(due_at, change.at)
    values = {"status": status_after(row, Step.REOPEN), "closed_at": None, "answered_at": None, "due_at": due_at}
    await keep(change, row, "case_reopened", values, why=reason)


async def correct_labels(change: Change, case_id: int, version: int, labels: Labels) -> None:
    """Says what a case is, beside what the machine says; its question counts so from now on and in training."""
    row = await take(change, case_id, version)
    if row.lead_question_id is not None:
        said = Correction(labels.kind, labels.sentiment, labels.flags)
        await correct(change.connection, row.lead_question_id, said, change.actor.account_id, change.at)
    values: dict[str, Any] = {
        "kind": labels.kind.value,
        "sentiment": labels.sentiment.value,
        "flags": sorted(flag.value for flag in labels.flags),
        "urgent": bool(labels.flags),
        "commune_id": labels.commune_id,
    }
    await keep(change, row, "case_labels_corrected", values, **values)


async def assign_all(change: Change, chosen: Sequence[Chosen], agency: str, assignee_id: int | None) -> Bulk:
    """Gives all these cases to an agency or officer. Those that cannot be are left as they are."""
    done = 0
    for item in chosen:
        try:
            await assign(change, item.case_id, item.version, agency, assignee_id)
        except (Missing, UnknownOfficer):
            raise
        except FeedError:
            continue
        done += 1
    return Bulk(done, len(chosen) - done)


async def close_all(change: Change, chosen: Sequence[Chosen], reason: str) -> Bulk:
    """Closes all these cases for one reason. Those that cannot be are left as they are."""
    reason, done = reason_of(reason), 0
    for item in chosen:
        try:
            await close(change, item.case_id, item.version, reason)
        except FeedError:
            continue
        done += 1
    return Bulk(done, len(chosen) - done)


async def _code_of(connection: AsyncConnection, case_id: int) -> str:
    statement = select(cases.c.code).where(cases.c.id == case_id)
    code: str | None = (await connection.execute(statement)).scalar_one_or_none()
    if code is None:
        raise NotFound
    return code


def _check_future(moment: datetime, now: datetime) -> None:
    if moment <= now:
        raise BadDeadline


async def _check_officer(connection: AsyncConnection, account_id: int | None) -> None:
    if account_id is None:
        return
    known = select(accounts.c.id).where(accounts.c.id == account_id, accounts.c.locked.is_(False))
    if (await connection.execute(known)).first() is None:
        raise UnknownOfficer
