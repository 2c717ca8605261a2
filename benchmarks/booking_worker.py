"""One process of `benchmarks.booking_race`: some citizens who book, move, cancel and give up, and the background.

Time runs faster than in life, the same in all processes, so that holds expire and seats return while the race is on.
"""

from __future__ import annotations

import asyncio
import random
import time as timer
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from multiprocessing.queues import Queue
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from booking import codes, records
from booking.calendar import at
from booking.errors import BookingError, SlotFull
from booking.holds import appointment_values
from booking.policy import BookingPolicy
from booking.seats import Place
from booking.service import BookingService
from booking.sweeper import Sweeper
from booking.types import Closure, Hold, Move, OfficeCalendar, Origin, Person, Share, State, Ticket, Wish
from store.booking_tables import seats
from store.engine import open_engine, read, write
from store.errors import StoreUnavailable
from store.rows import insert

KEY = b"a key of the race, not a secret"
GROUP, OFFICER = "ho_tich", "race"
POLICY = BookingPolicy(most_open=9, most_per_day=9)
"""Our own rules, but for the limits of one phone: every booking here is on another one anyway."""
SPEED = 60
"""A minute of the service is a second of ours."""
_LOOK_EVERY = 0.5
"""Seconds between two looks at what is left, in each process."""


@dataclass(frozen=True, slots=True)
class Race:
    """What all processes know."""

    url: str
    day: date
    offices: tuple[str, ...]
    workers: int
    """Citizens in each process."""
    seconds: float
    """How long everything goes on; then the seats that are left are sold."""
    unguarded: bool
    seed: int
    began: float = 0.0
    """`time.time()` of the start."""

    def now(self) -> datetime:
        """The time of the race: it begins at eight in the morning, three days before."""
        return at(self.day - timedelta(days=3), time(8)) + timedelta(seconds=(timer.time() - self.began) * SPEED)

    def over(self) -> bool:
        """Whether only the seats that are left are sold now."""
        return timer.time() - self.began > self.seconds


@dataclass(slots=True)
class Seen:
    """What the citizens of a process were told."""

    booked: dict[str, datetime] = field(default_factory=dict)
    """Secret and time of every appointment that was confirmed and not cancelled since."""
    steps: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    """Holds, confirmations, moves, cancellations while everything went on."""


def run(race: Race, number: int, start: Barrier, answers: Queue[Seen]) -> None:
    """The process's life: all start together."""
    start.wait(60)
    answers.put(asyncio.run(_run(replace(race, began=timer.time()), number)))


async def _run(race: Race, number: int) -> Seen:
    engine = open_engine(race.url, pool_size=race.workers + 2)
    service = BookingService(KEY, race.now, POLICY)
    seen = Seen()
    sweeper = Sweeper(engine, service, lambda _: {}, seconds=0.5)
    background = [asyncio.create_task(sweeper.run()), asyncio.create_task(_close(race, number, engine, service, seen))]
    left = Left(race, engine, service)
    citizens = [Citizen(race, number * race.workers + n, engine, service, seen, left) for n in range(race.workers)]
    await asyncio.gather(*(citizen.live() for citizen in citizens))
    sweeper.stop()
    await asyncio.gather(*background)
    await engine.dispose()
    return seen


class Left:
    """What can still be had, looked up for all citizens of a process together."""

    def __init__(self, race: Race, engine: AsyncEngine, service: BookingService) -> None:
        self._race = race
        self._engine = engine
        self._service = service
        self._lock = asyncio.Lock()
        self._looked_at = 0.0
        self.free: list[tuple[str, datetime]] = []
        self._returning = True

    async def anything(self) -> bool:
        """Whether a seat is free or may become free: holds expire, cancelled seats return."""
        async with self._lock:
            if timer.time() - self._looked_at > _LOOK_EVERY:
                await self._look()
                self._looked_at = timer.time()
        return bool(self.free) or self._returning

    async def _look(self) -> None:
        day = self._race.day
        async with read(self._engine) as connection:
            late = (await connection.execute(select(func.max(seats.c.free_at)))).scalar_one()
            slots = {
                office: await self._service.free_slots(connection, office, GROUP, day, day)
                for office in self._race.offices
            }
        self.free = [(office, slot.starts_at) for office, found in slots.items() for slot in found]
        self._returning = late is not None and late > self._race.now()


class Citizen:
    """Books at random until nothing is left."""

    def __init__(
        self, race: Race, number: int, engine: AsyncEngine, service: BookingService, seen: Seen, left: Left
    ) -> None:
        self._race = race
        self._number = number
        self._engine = engine
        self._service = service
        self._seen = seen
        self._left = left
        self._dice = random.Random(race.seed * 1000 + number)
        self._times = [at(race.day, time(8)) + timedelta(minutes=30) * n for n in range(10)]
        self._booked = 0

    async def live(self) -> None:
        """Until the seats are sold."""
        while not self._race.over():
            await self._visit(self._dice.choice(self._race.offices), self._dice.choice(self._times))
        while await self._left.anything():
            if self._left.free:
                await self._visit(*self._dice.choice(self._left.free))
            await asyncio.sleep(_LOOK_EVERY / 2)

    async def _visit(self, office: str, starts_at: datetime) -> None:
        """One wish, from the hold to whatever becomes of it."""
        wish = Wish(office, GROUP, starts_at)
        try:
            held = await self._hold(wish)
        except (BookingError, StoreUnavailable) as refused:
            self._count(f"hold: {type(refused).__name__}", changed=False)
            return
        self._count("held")
        chance = 0.0 if self._race.over() else self._dice.random()
        if chance > 0.9:
            return  # walks away: the hold has to expire
        if chance > 0.8:
            await self._step("release", held.secret)
        else:
            await self._confirm(held, chance)

    async def _confirm(self, held: Hold, chance: float) -> None:
        self._booked += 1
        who = Person(f"Người số {self._number}", f"09{self._number:04d}{self._booked:04d}")
        ticket = await self._step("confirm", held.secret, who)
        if not isinstance(ticket, Ticket):
            return
        self._seen.booked[held.secret] = held.starts_at
        if chance > 0.65 and await self._step("cancel", held.secret) is not None:
            del self._seen.booked[held.secret]
        elif 0 < chance < 0.15 and not self._race.unguarded:  # moving has its guard built in
            moved = await self._step("reschedule", held.secret, self._dice.choice(self._times))
            if isinstance(moved, Ticket):
                self._seen.booked[held.secret] = moved.appointment.starts_at

    async def _step(self, step: str, *arguments: object) -> object:
        """One call of the service; None where it was refused."""
        try:
            async with write(self._engine) as connection:
                result: object = await getattr(self._service, step)(connection, *arguments)
        except (BookingError, StoreUnavailable) as refused:
            self._count(f"{step}: {type(refused).__name__}", changed=False)
            return None
        self._count(step)
        return result

    async def _hold(self, wish: Wish) -> Hold:
        if self._race.unguarded:
            return await hold_unguarded(self._engine, self._service, wish)
        async with write(self._engine) as connection:
            return await self._service.hold(connection, wish, Origin("web"))

    def _count(self, step: str, *, changed: bool = True) -> None:
        self._seen.steps[step] += 1
        self._seen.changes += changed and not self._race.over()


async def hold_unguarded(engine: AsyncEngine, service: BookingService, wish: Wish) -> Hold:
    """What holding would be with care alone: look for a free seat, then take it. No lock, no constraint."""
    context, place = service.context, Place(wish.office_id, wish.group_id, Share.ONLINE)
    async with read(engine) as connection:
        calendar = await service.calendar(connection, wish.office_id, wish.starts_at.date(), wish.starts_at.date())
        where = (seats.c.office_id == wish.office_id) & (seats.c.starts_at == wish.starts_at)
        rows = (await connection.execute(select(seats.c.seat_no, seats.c.free_at).where(where))).all()
    taken = {row.seat_no for row in rows if row.free_at is None or row.free_at > context.now()}
    free = [number for number in range(1, place.capacity(calendar) + 1) if number not in taken]
    if not free:
        raise SlotFull
    await asyncio.sleep(0)
    async with write(engine) as connection:
        return await _insert_unguarded(connection, service, wish, place, calendar, free[0])


async def _insert_unguarded(
    connection: object, service: BookingService, wish: Wish, place: Place, calendar: OfficeCalendar, seat_no: int
) -> Hold:
    context = service.context
    expires_at = context.now() + timedelta(minutes=POLICY.hold_minutes)
    values = appointment_values(wish, Origin("web"), place, calendar, [wish.starts_at])
    values |= {"state": State.HELD, "expires_at": expires_at}
    record = await records.create(connection, context, "citizen", wish.starts_at.date(), **values)  # type: ignore[arg-type]
    seat = {"office_id": wish.office_id, "group_id": wish.group_id, "starts_at": wish.starts_at, "share": place.share}
    seat |= {"seat_no": seat_no, "appointment_id": record.id, "free_at": expires_at}
    await insert(connection, seats, seat)  # type: ignore[arg-type]
    view = record.view
    secret = codes.secret_of(context.key, record.nonce)
    return Hold(secret, view.office_id, view.group_id, view.starts_at, view.ends_at, expires_at)


async def _close(race: Race, number: int, engine: AsyncEngine, service: BookingService, seen: Seen) -> None:
    """An officer who closes an hour, moves whom it hits where there is room, and opens again."""
    dice = random.Random(race.seed * 77 + number)
    while not race.over():
        with suppress(StoreUnavailable):
            await _close_once(race, dice, engine, service, seen)
        await asyncio.sleep(dice.uniform(0.1, 0.5))


async def _close_once(
    race: Race, dice: random.Random, engine: AsyncEngine, service: BookingService, seen: Seen
) -> None:
    office = dice.choice(race.offices)
    begin = at(race.day, time(8)) + timedelta(minutes=30 * dice.randrange(9))
    async with write(engine) as connection:
        closure = Closure(begin, begin + timedelta(hours=1), "Họp")
        stored, hit = await service.add_closure(connection, office, closure, OFFICER)
    moves = [Move(c.appointment.reference, c.proposal.starts_at) for c in hit[:3] if c.proposal is not None]
    with suppress(StoreUnavailable):  # SQLite is not fair among processes: some wait too long
        async with write(engine) as connection:
            moved = await service.move_conflicts(connection, office, [] if race.unguarded else moves, OFFICER)
        seen.steps["moved by the office"] += sum(result.refused is None for result in moved)
    await asyncio.sleep(dice.uniform(0.05, 0.3))
    while not await _open_again(engine, service, office, stored.id):
        seen.steps["closure: StoreUnavailable"] += 1
    seen.steps["closures"] += 1


async def _open_again(engine: AsyncEngine, service: BookingService, office: str, closure: str) -> bool:
    try:
        async with write(engine) as connection:
            await service.remove_closure(connection, office, closure, OFFICER)
    except StoreUnavailable:
        return False
    return True
