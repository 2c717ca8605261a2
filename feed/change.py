"""One officer's step on a case: its transaction, its time, who takes it, and the rules that all steps keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feed.case_states import Status, Step, after
from feed.door import clean
from feed.errors import Missing, NotFound, Stale, TooLong, WrongStatus
from feed.report_telling import tell_reporter
from store import audit
from store.feed_tables import cases

LONGEST_REASON = 500
LONGEST_TEXT = 8000
"""Characters of an answer, a note or a template."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The officer who acts."""

    account_id: int
    name: str
    """How the audit log names the officer: "account:7"."""
    role: str
    alone: bool = False
    """Whether this officer may approve an own answer, with a reason: an admin, where nobody else is there."""


@dataclass(frozen=True, slots=True)
class Change:
    """What every step needs. The entry in the audit log is written in the same transaction."""

    connection: AsyncConnection
    at: datetime
    actor: Actor

    async def record(self, action: str, subject: str, **detail: Any) -> None:
        """Writes what was done into the audit log. No personal data of citizens in `detail`."""
        await audit.record(
            self.connection, self.at, self.actor.name, action, subject, role=self.actor.role, **detail
        )


async def take(change: Change, case_id: int, version: int, step: Step | None = None) -> Row[Any]:
    """The case, held until the transaction ends.

    `version` is what the officer's form was made from. Raises `NotFound`, `Stale`, and `WrongStatus` where `step` is
    not open.
    """
    statement = select(cases).where(cases.c.id == case_id).with_for_update()
    row = (await change.connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    if row.version != version:
        raise Stale
    if step is not None and after(Status(row.status), step) is None:
        raise WrongStatus(Status(row.status))
    return row


async def keep(change: Change, row: Row[Any], action: str, values: dict[str, Any], **detail: Any) -> None:
    """Changes a case that was taken, with its entry in the audit log; its version rises.

    Who reported the matter is told of its new state.
    """
    statement = update(cases).where(cases.c.id == row.id).values(version=row.version + 1, **values)
    await change.connection.execute(statement)
    await change.record(action, f"case:{row.id}", code=row.code, **detail)
    if "status" in values:
        await tell_reporter(change.connection, row.id, change.at)


def status_after(row: Row[Any], step: Step) -> str:
    """The status of a case after a step that `take` found open."""
    found = after(Status(row.status), step)
    if found is None:
        raise WrongStatus(Status(row.status))
    return found.value


def required(text: str, field: str, most: int = LONGEST_TEXT) -> str:
    """The text as it is kept. Raises `Missing` where nothing is left of it, `TooLong` beyond `most` characters."""
    kept = optional(text, most)
    if not kept:
        raise Missing(field)
    return kept


def optional(text: str, most: int = LONGEST_TEXT) -> str:
    """The text as it is kept, which may be empty. Raises `TooLong`."""
    kept = clean(text).strip()
    if len(kept) > most:
        raise TooLong(most)
    return kept


def reason_of(text: str) -> str:
    """The reason that a step needs. Raises `Missing` or `TooLong`."""
    return required(text, "reason", LONGEST_REASON)
