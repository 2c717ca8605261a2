"""A citizen's way through booking, killed with SIGKILL before its n-th statement or commit, then started again.

python -m tests.booking.crash_child URL FOLDER EVERY OFFSET

Each point gets an office, a conversation and a phone of its own in one database. The citizen's browser (a file)
remembers what it was told; after the kill it simply goes on and asks again. Prints what is wrong, or "points N".
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from booking.calendar import at
from booking.sweeper import Sweeper
from booking.types import Origin, Person, Share
from store.booking_tables import appointments, seats
from store.engine import open_engine, read
from store.tables import outbox
from tests.booking.support import (
    DAY,
    GROUP,
    HOUR,
    MONDAY,
    OFFICER,
    WEDNESDAY,
    Desk,
    StandingClock,
    faults,
    phone,
    render,
)

TEN, TWO = at(WEDNESDAY, time(10)), at(WEDNESDAY, time(14))


@dataclass
class Killer:
    """Ends the process before its n-th step; 0: never."""

    at: int
    step: int = 0

    def count(self, *_: Any) -> None:
        """One more step."""
        self.step += 1
        if self.step == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


async def live(url: str, folder: Path, number: int, kill_at: int) -> list[str]:
    """The whole way, from wherever the last life ended; returns what is wrong at its end."""
    engine = open_engine(url, pool_size=2)
    clock = StandingClock(at(MONDAY, time(8)))
    desk = Desk(engine, clock)
    chat = await desk.conversation(f"c{number}")
    killer = Killer(kill_at)
    event.listen(engine.sync_engine, "before_cursor_execute", killer.count)
    event.listen(engine.sync_engine, "commit", killer.count)
    first = await _booked(desk, folder, number, chat, "first")
    await desk.do("reschedule", first, TWO)
    second = await _booked(desk, folder, number, chat, "second")
    await desk.do("cancel", second)
    for moment in (TWO - DAY, TWO - 2 * HOUR, TWO - HOUR):
        clock.now = moment
        await Sweeper(engine, desk.service, render).run_once()
    wrong = await _wrong(engine, clock, number, chat, first, second)
    await engine.dispose()
    return wrong


async def _booked(desk: Desk, folder: Path, number: int, chat: int, name: str) -> str:
    """Holds (unless the browser knows a secret) and confirms."""
    office, told = f"office{number}", folder / f"{number}-{name}"
    if not told.exists():
        starts_at = TEN if name == "first" else TEN + DAY
        held = await desk.hold(starts_at, office=office, origin=Origin("telegram", chat, f"{number}-{name}"))
        told.write_text(json.dumps(held.secret))
    secret: str = json.loads(told.read_text())
    found = (await desk.do("find_by_secret", secret)).appointment
    if found.state in ("held", "confirmed"):
        await desk.do("confirm", secret, Person("Lê Lợi", phone(number)))
    return secret


async def _wrong(
    engine: AsyncEngine, clock: StandingClock, number: int, chat: int, first: str, second: str
) -> list[str]:
    async with read(engine) as connection:
        wrong = await faults(connection, clock.now, lambda group, share: 2 if share == Share.ONLINE else 1)
        mine = appointments.c.office_id == f"office{number}"
        rows = (await connection.execute(select(appointments).where(mine))).all()
        sent = (await connection.execute(select(outbox.c.payload).where(outbox.c.conversation_id == chat))).scalars()
        kinds = Counter(payload["kind"] for payload in sent)
        kept = (await connection.execute(select(seats.c.starts_at).where(seats.c.office_id == f"office{number}"))).all()
    states = Counter((row.state, row.sequence) for row in rows if row.state != "expired")
    if states != Counter({("confirmed", 1): 1, ("cancelled", 1): 1}):
        wrong.append(f"{number}: appointments are {dict(states)}")
    if kinds != Counter({"remind_day": 1, "remind_hours": 1}):
        wrong.append(f"{number}: reminders are {dict(kinds)}")
    if TWO not in {row.starts_at for row in kept}:
        wrong.append(f"{number}: no seat for {GROUP}, {OFFICER}")
    return wrong


def in_child(url: str, folder: Path, number: int, kill_at: int) -> int:
    """Runs `live` in a forked process; its wait status."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    status = 1
    try:
        wrong = asyncio.run(live(url, folder, number, kill_at))
        if kill_at == 0 and wrong:
            sys.stdout.write("\n".join([*wrong, ""]))
            sys.stdout.flush()
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Every EVERY-th point, beginning with OFFSET, until the way ends without a kill."""
    url, folder, every, offset = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    point, killed = offset, 0
    while os.WIFSIGNALED(in_child(url, folder, point, point)):
        killed += 1
        if in_child(url, folder, point, 0) != 0:
            sys.stdout.write(f"{point}: could not go on after the kill\n")
            sys.stdout.flush()  # or the next fork writes it again
        point += every
    sys.stdout.write(f"points {killed}\n")


if __name__ == "__main__":
    main()
