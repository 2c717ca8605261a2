"""Plays written conversations with the whole of the service behind them: pipeline, engine, booking room, real database.

A conversation is a mapping: `now` (at the office), `channel`, `before` (what the database holds), `turns`, `end` (what
it has to hold). See `tests/api/booking_talks/` for examples of every key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.appointments.from_chat import links_of
from api.booking_desk import BookingDesk
from api.data_desk import DataDesk
from api.intake import Incoming
from api.notices import notice_renderer
from api.pipeline import APOLOGY, Answered, Pipeline
from booking.service import BookingService
from booking.sweeper import Sweeper
from booking.types import ZONE, Closure, Origin, Person, Span, SpecialDay, Wish
from bot.appointments import choices
from bot.engine import Engine
from bot.guard import Guard
from bot.rights.requests import RetentionRules
from bot.types import Outcome, Reply, Turn
from index.library import Library
from index.text import fold
from store.booking_tables import appointments, confided, waits
from store.engine import read, write
from store.tables import conversations, inbox, outbox, questions

KEY = b"a key of the tests, not a secret"
FOLDER = Path(__file__).parent / "booking_talks"
_TEXTS = ((outbox, "payload"), (questions, "text"), (inbox, "text"), (conversations, "state"))


def load_talks() -> list[dict[str, Any]]:
    """All written conversations, those of each file in its order."""
    return [talk for file in sorted(FOLDER.glob("*.yaml")) for talk in yaml.safe_load(file.read_text("utf-8"))]


def middle(low: float, high: float) -> float:
    """Dice without chance."""
    return (low + high) / 2


@dataclass
class Talk:
    """One conversation under way."""

    engine: AsyncEngine
    library: Library
    now: datetime
    channel: str = "web"
    number: int = 0
    last: Answered | None = None
    said: list[tuple[str, str]] = field(default_factory=list)
    """The transcript: what came in and what went out."""

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A process of its own: nothing but the database outlives it."""
        self.service = BookingService(KEY, self.clock, None, middle)
        desk = BookingDesk(self.service, links_of)
        data = DataDesk(self.service, RetentionRules(90, 730))
        self.pipeline = Pipeline(self.engine, Engine(lambda: self.library), self.clock, booking=desk, data=data)
        self.sweeper = Sweeper(self.engine, self.service, notice_renderer(lambda: self.library.knowledge))
        self.guard = Guard()

    def clock(self) -> datetime:
        """Stands still but for half a minute a turn."""
        return self.now

    async def take(self, turn: Mapping[str, Any]) -> None:
        """One step of a written conversation."""
        if "wait" in turn:
            self.now += timedelta(minutes=turn["wait"])
            await self.sweeper.run_once()
            await self.sweeper.housekeep()
        elif "restart" in turn:
            self.start()
        elif "again" in turn:
            await self._same_message_again()
        else:
            await self._say(turn)

    async def _say(self, turn: Mapping[str, Any]) -> None:
        self.now += timedelta(seconds=30)
        self.number += 1
        text, choice = turn.get("say", ""), self._choice(turn["tap"]) if "tap" in turn else None
        answered = await self._ask(text, choice)
        reply = answered.turn.reply
        self.said.append((text or f"[{turn['tap']}]", _shown(reply)))
        self._check(answered.turn)
        shown = fold(_shown(reply)).lower()
        for wanted in turn.get("hears", ()):
            assert fold(wanted).lower() in shown, f"{text or choice!r}: no {wanted!r} in\n{_shown(reply)}"
        for unwanted in turn.get("not", ()):
            assert fold(unwanted).lower() not in shown, f"{text or choice!r}: {unwanted!r} in\n{_shown(reply)}"
        await self._offered_times_are_free(reply)

    async def _ask(self, text: str, choice: str | None) -> Answered:
        message = Incoming(self.channel, f"m{self.number}", "chat", self.now, text, choice)
        self.message = message
        self.last = await self.pipeline.ask(message)
        return self.last

    async def _same_message_again(self) -> None:
        assert self.last is not None
        again = await self.pipeline.ask(self.message)
        assert again.duplicate
        assert again.turn.reply == self.last.turn.reply

    def _choice(self, label: str) -> str:
        """The choice of the last reply whose label is or holds these words; an id stands for itself."""
        if label.startswith((choices.PREFIX, "b:", "p:", "r:")):
            return label
        assert self.last is not None
        offered = sorted(self.last.turn.reply.choices, key=lambda choice: choice.label != label)
        found = [choice.id for choice in offered if fold(label).lower() in fold(choice.label).lower()]
        assert found, f"no choice {label!r} among {[choice.label for choice in offered]}"
        return found[0]

    def _check(self, turn: Turn) -> None:
        """Nobody is told what no record and no result states, nor that something broke."""
        assert turn.request is None
        assert turn.reply != APOLOGY
        assert turn.outcome is not Outcome.BLOCKED, turn.unsupported
        assert self.guard.check(turn.reply, turn.sources, self.library.knowledge, turn.grounds) == ()
        assert len({choice.id for choice in turn.reply.choices}) == len(turn.reply.choices)

    async def _offered_times_are_free(self, reply: Reply) -> None:
        taps = [tap for choice in reply.choices if (tap := choices.read(choice.id)) and tap.kind == "s"]
        for tap in taps:
            assert tap.at is not None
            assert tap.office is not None
            async with read(self.engine) as connection:
                day = tap.at.date()
                group = await self._group(tap.subject or "")
                free = await self.service.free_slots(connection, tap.office, group, day, day)
            assert tap.at in [slot.starts_at for slot in free]

    async def _group(self, subject: str) -> str:
        from bot.appointments.services import service_of

        procedure = self.library.knowledge.procedure(subject)
        return service_of(procedure).id if procedure else subject

    # -- what was before

    async def prepare(self, before: Mapping[str, Any]) -> None:
        """Fills the database: full days, taken times, closures, hours that an office has set, special days."""
        for full in before.get("full", ()):
            await self._fill(full)
        for closure in before.get("closed", ()):
            begin, end = _moment(closure["from"]), _moment(closure["to"])
            await self._do("add_closure", closure["office"], Closure(begin, end, closure["why"]), "officer")
        for special in before.get("special", ()):
            spans = tuple(Span(time.fromisoformat(a), time.fromisoformat(b)) for a, b in special.get("spans", ()))
            day = SpecialDay(special["day"], spans, special["why"])
            await self._do("set_special_day", special.get("office"), day, "officer")
        for hours in before.get("hours", ()):
            week = {day: (Span(time(7, 30), time(11, 30)), Span(time(13), time(17))) for day in range(5)}
            await self._do("set_hours", hours["office"], week, "officer")
        for limits in before.get("capacity", ()):
            await self._do("set_capacity", limits["office"], limits["group"], *limits["seats"], "officer")

    async def _fill(self, full: Mapping[str, Any]) -> None:
        """Books every seat of a day, or of one time."""
        day: date = full["day"]
        slots = await self._do("free_slots", full["office"], full["group"], day, day)
        for slot in slots:
            if "at" in full and f"{slot.starts_at:%H:%M}" != full["at"]:
                continue
            for _ in range(slot.free):
                self.strangers = getattr(self, "strangers", 0) + 1
                held = await self._do("hold", Wish(full["office"], full["group"], slot.starts_at), Origin("web"))
                phone = f"03{self.strangers:08d}"
                await self._do("confirm", held.secret, Person("Người Khác", phone))

    async def _do(self, step: str, *arguments: Any) -> Any:
        async with write(self.engine) as connection:
            return await getattr(self.service, step)(connection, *arguments)

    # -- what is in the end

    async def check_end(self, end: Mapping[str, Any], people: list[Mapping[str, str]]) -> None:
        """The appointments of the conversation, those who wait, and that nobody's name or phone stands elsewhere."""
        rows = await self._mine()
        live = [row for row in rows if row["state"] != "expired"]
        wanted = [_row(entry) for entry in end.get("appointments", ())]
        found = [{key: row[key] for key in want} for row, want in zip(live, wanted, strict=False)]
        assert [len(live), *found] == [len(wanted), *wanted], f"{self.transcript()}\n{live}"
        async with read(self.engine) as connection:
            waiting = (await connection.execute(select(waits.c.state).order_by(waits.c.id))).scalars().all()
            kept = (await connection.execute(select(confided.c.conversation_id))).all()
        assert list(waiting) == end.get("waits", [])
        assert len(kept) == end.get("confided", 0), "name or phone is kept though nothing is under way"
        await self._nobody_is_told(people)

    async def _mine(self) -> list[dict[str, Any]]:
        async with read(self.engine) as connection:
            mine = select(appointments).where(appointments.c.conversation_id.is_not(None)).order_by(appointments.c.id)
            rows = [dict(row._mapping) for row in await connection.execute(mine)]
        for row in rows:
            row["at"] = f"{row['starts_at'].astimezone(ZONE):%Y-%m-%d %H:%M}"
            row["office"], row["group"], row["code"] = row["office_id"], row["group_id"], row["procedure_code"]
        return rows

    async def _nobody_is_told(self, people: list[Mapping[str, str]]) -> None:
        async with read(self.engine) as connection:
            stored = [
                json.dumps(value, ensure_ascii=False)
                for table, column in _TEXTS
                for value in (await connection.execute(select(table.c[column]))).scalars()
            ]
        for person in people:
            for value in stored:
                assert person.get("name", "\0") not in value, f"the name {person['name']} stands in {value[:200]}"
                digits = re.sub(r"\D", "", value)
                assert re.sub(r"\D", "", person.get("phone", "")) not in digits or not person.get("phone")

    def transcript(self) -> str:
        """For whoever reads a failure."""
        return "\n".join(f"> {said}\n{reply}\n" for said, reply in self.said)


def _shown(reply: Reply) -> str:
    labels = [f"[{choice.label}]" for choice in reply.choices]
    return "\n".join([reply.text, *labels, *(link.url for link in reply.links)])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": "confirmed", **entry}


async def play(engine: AsyncEngine, library: Library, talk: Mapping[str, Any]) -> Talk:
    """Plays a written conversation and checks its end."""
    played = Talk(engine, library, _moment(talk.get("now", "2026-11-23T09:00")), talk.get("channel", "web"))
    await played.prepare(talk.get("before", {}))
    for turn in talk["turns"]:
        await played.take(turn)
    await played.check_end(talk.get("end", {}), talk.get("people", []))
    return played
