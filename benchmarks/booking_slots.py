"""How long "the free slots of an office for 14 days" takes, as the number of past appointments grows.

    python -m benchmarks.booking_slots [--url URL | --postgres] [--past 0 50000 500000] [--requests 300]

79 offices with four service groups, appointments over the past year, the coming weeks half full. A request asks, as a
page does, for one office and group in a transaction of its own. Prints p50, p95 and p99 for each size.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.booking_race import database
from booking.calendar import DEFAULT_HOURS, at, days_between, open_slots
from booking.codes import ALPHABET
from booking.service import BookingService
from booking.types import OfficeCalendar, Share, State
from store.booking_tables import appointments, seats
from store.engine import is_sqlite, open_engine, read, write_repeatable
from store.migrate import upgrade_engine

OFFICES = [f"office{number:02}" for number in range(79)]
GROUPS = ["ho_tich", "dat_dai", "chung_thuc", "bao_tro"]
TODAY = date(2026, 12, 2)
NOW = at(TODAY, DEFAULT_HOURS[0][0].opens)
LIMIT_MS = 30.0
_ONLINE, _AHEAD, _YEAR = 2, timedelta(days=30), timedelta(days=365)
_AT_ONCE = 2_000


@dataclass
class Filler:
    """Makes rows of visits that never meet on one seat."""

    calendar: OfficeCalendar = field(default_factory=lambda: OfficeCalendar("", DEFAULT_HOURS, 30, True))
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    made: int = 0

    def places(self, first: date, last: date) -> list[tuple[date, datetime, str, str, int]]:
        """Every online seat of these days."""
        return [
            (day, slot, office, group, seat_no)
            for day in days_between(first, last)
            for slot in open_slots(self.calendar, day)
            for office in OFFICES
            for group in GROUPS
            for seat_no in range(1, _ONLINE + 1)
        ]

    def rows(self, places: Iterable[tuple[date, datetime, str, str, int]], state: State) -> Iterator[tuple[Any, Any]]:
        """An appointment and its seat for each place."""
        for day, slot, office, group, seat_no in places:
            self.made += 1
            where = {"office_id": office, "group_id": group, "share": Share.ONLINE, "starts_at": slot}
            visit = where | {
                "id": self.made,
                "reference": self._reference(),
                "nonce": f"n{self.made}",
                "secret_hash": f"h{self.made}",
                "state": state,
                "day": day,
                "ends_at": slot + timedelta(minutes=30),
                "channel": "web",
                "created_at": slot,
                "changed_at": slot,
                "phone_hash": f"p{self.made % 90_000}",
            }
            yield visit, where | {"seat_no": seat_no, "appointment_id": self.made}

    def _reference(self) -> str:
        number, characters = self.made, []
        for _ in range(6):
            number, digit = divmod(number, len(ALPHABET))
            characters.append(ALPHABET[digit])
        return "".join(characters)


async def fill(engine: AsyncEngine, rows: Iterator[tuple[Any, Any]]) -> None:
    """Writes them, some thousand at once."""
    while part := list(islice(rows, _AT_ONCE)):
        async with write_repeatable(engine) as connection:
            await connection.execute(appointments.insert(), [visit for visit, _ in part])
            await connection.execute(seats.insert(), [seat for _, seat in part])
    async with read(engine) as connection:
        await connection.execute(text("ANALYZE" if not is_sqlite(connection) else "PRAGMA optimize"))


async def measure(engine: AsyncEngine, requests: int) -> list[float]:
    """Milliseconds of each request."""
    service, dice = BookingService(b"k" * 16, lambda: NOW), random.Random(2)
    took = []
    for number in range(requests + 20):
        office, group = dice.choice(OFFICES), dice.choice(GROUPS)
        began = perf_counter()
        async with read(engine) as connection:
            found = await service.free_slots(connection, office, group, TODAY, TODAY + timedelta(days=13))
        if number >= 20:  # the first ones open connections
            took.append((perf_counter() - began) * 1000)
        assert found
    return took


async def run(url: str, sizes: list[int], requests: int) -> bool:
    """Fills and measures size after size; whether every p95 is within the limit."""
    engine = open_engine(url)
    await upgrade_engine(engine)
    filler = Filler()
    ahead = filler.places(TODAY, TODAY + _AHEAD)
    filler.dice.shuffle(ahead)
    await fill(engine, filler.rows(ahead[: len(ahead) // 2], State.CONFIRMED))
    coming = filler.made
    past = filler.places(TODAY - _YEAR, TODAY - timedelta(days=1))
    filler.dice.shuffle(past)
    print(f"{len(OFFICES)} offices, {coming:,} appointments to come")
    print("| past appointments | p50 ms | p95 ms | p99 ms | requests |\n|--:|--:|--:|--:|--:|")
    sound = True
    for size in sorted(sizes):
        have = filler.made - coming
        await fill(engine, filler.rows(past[have:size], State.DONE))
        cuts = statistics.quantiles(await measure(engine, requests), n=100)
        print(f"| {size:,} | {cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f} | {requests} |", flush=True)
        sound = sound and cuts[94] <= LIMIT_MS
    await engine.dispose()
    return sound


def main() -> None:
    """Prints the table; exits with 1 when a p95 is above the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", help="an empty database; default: a SQLite file of its own")
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of its own")
    parser.add_argument("--past", type=int, nargs="+", default=[0, 50_000, 500_000])
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    with database(options.url, postgres=options.postgres) as url:
        sound = asyncio.run(run(url, options.past, options.requests))
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
