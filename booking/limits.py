"""How much one person may book: counted by the keyed hash of the phone, over all offices, under the phone's lock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from booking import codes, records
from booking.errors import Barred, DayLimitReached, LimitReached
from booking.policy import BookingPolicy
from booking.records import Record
from booking.types import State
from store.booking_tables import appointments

_TO_COME = (State.CONFIRMED, State.CHECKED_IN, State.SERVING)


async def check_person(
    connection: AsyncConnection,
    policy: BookingPolicy,
    record: Record,
    phone_hash: str,
    name: str,
    now: datetime,
    *,
    helper: bool,
) -> None:
    """Raises `Barred`, `LimitReached` or `DayLimitReached`; nothing if the phone may take this appointment too."""
    await _check_no_shows(connection, policy, phone_hash, now)
    others = await _others(connection, record, phone_hash, now)
    most = policy.most_open_helper if helper else policy.most_open
    if len(others) >= most:
        raise LimitReached(most)
    same_day = [other for other in others if _same_day(other, record)]
    if helper:
        same_day = [other for other in same_day if codes.fold(other.view.name or "") == codes.fold(name)]
    if len(same_day) >= policy.most_per_day:
        raise DayLimitReached(policy.most_per_day)


async def check_other_day(connection: AsyncConnection, policy: BookingPolicy, moved: Record, now: datetime) -> None:
    """Raises `DayLimitReached` when an appointment was moved to a day on which the same person comes already.

    A day's limit is one of the office, so the office's lock is enough.
    """
    if moved.phone_hash is None:
        return
    others = await _others(connection, moved, moved.phone_hash, now)
    name = codes.fold(moved.view.name or "")
    same = [other for other in others if _same_day(other, moved) and codes.fold(other.view.name or "") == name]
    if len(same) >= policy.most_per_day:
        raise DayLimitReached(policy.most_per_day)


async def _others(connection: AsyncConnection, record: Record, phone_hash: str, now: datetime) -> list[Record]:
    return await records.several(
        connection,
        appointments.c.phone_hash == phone_hash,
        appointments.c.ends_at > now,
        appointments.c.state.in_(_TO_COME),
        appointments.c.id != record.id,
    )


def _same_day(other: Record, record: Record) -> bool:
    return (other.view.office_id, other.view.day) == (record.view.office_id, record.view.day)


async def _check_no_shows(
    connection: AsyncConnection, policy: BookingPolicy, phone_hash: str, now: datetime
) -> None:
    missed = (
        select(appointments.c.starts_at)
        .where(
            appointments.c.phone_hash == phone_hash,
            appointments.c.state == State.NO_SHOW,
            appointments.c.starts_at > now - timedelta(days=policy.no_show_days),
        )
        .order_by(appointments.c.starts_at.desc())
    )
    times = list((await connection.execute(missed)).scalars())
    if len(times) >= policy.no_shows and (until := times[0] + timedelta(days=policy.barred_days)) > now:
        raise Barred(until)
