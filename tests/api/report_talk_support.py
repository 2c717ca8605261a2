"""Plays written conversations about reports with the whole of the service behind them.

As `booking_dialogue_support`, with `before.reports` (what others have reported), `{code}` for the code that was given
last, `photo` and `place` as turns, `set` for what officers do to the case, and `end.reports`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.booking_desk import BookingDesk
from api.data_desk import DataDesk
from api.intake import Incoming
from api.pipeline import Pipeline
from api.report_desk import ReportDesk
from bot.engine import Engine
from bot.rights.requests import RetentionRules
from feed import report_telling, reports
from index.library import Library
from store import conversations
from store.engine import read, write
from store.feed_tables import cases
from store.report_tables import ratings, report_photos, report_supporters
from store.report_tables import reports as reports_table
from store.tables import outbox, questions
from tests.api.booking_dialogue_support import Talk, _moment

FOLDER = Path(__file__).parent / "report_talks"
_CODE = re.compile(r"PA-[2-9A-Z]{6}")
_OWN_ENDS = frozenset({"reports", "joined", "stars", "flags", "loose_photos"})
_TAPS = ("f:", "k:", "s:", "b:", "p:", "r:", "v:")


def load_talks() -> list[dict[str, Any]]:
    """All written conversations, those of each file in its order."""
    return [talk for file in sorted(FOLDER.glob("*.yaml")) for talk in yaml.safe_load(file.read_text("utf-8"))]


class ReportTalk(Talk):
    """One conversation under way."""

    code = "PA-2222222"
    photos = 0

    def start(self) -> None:
        super().start()
        self.pipeline = Pipeline(
            self.engine,
            Engine(lambda: self.library),
            self.clock,
            booking=BookingDesk(self.service),
            data=DataDesk(self.service, RetentionRules(90, 730)),
            reports=ReportDesk(self.clock),
        )

    async def take(self, turn: Mapping[str, Any]) -> None:
        if "photo" in turn:
            self.photos += 1
            await self._say({**turn, "tap": "f:photo"} if "say" not in turn else turn, photo=f"photo-{self.photos}")
        elif "place" in turn:
            await self._say({**turn, "tap": f"k:p:{turn['place']}"})
        elif "set" in turn:
            await self._set(turn)
        else:
            await super().take(_filled(turn, self.code))
        if self.last is not None and (found := _CODE.search(self.last.turn.reply.text)):
            self.code = found[0]

    async def _say(self, turn: Mapping[str, Any], photo: str | None = None) -> None:
        self.photo = photo
        await super()._say(turn)

    async def _ask(self, text: str, choice: str | None) -> Any:
        message = Incoming(self.channel, f"m{self.number}", "chat", self.now, text, choice, self.photo)
        self.message = message
        self.last = await self.pipeline.ask(message)
        return self.last

    def _choice(self, label: str) -> str:
        return label if label.startswith(_TAPS) else super()._choice(label)

    async def _set(self, turn: Mapping[str, Any]) -> None:
        """What an officer does to the case; `tells`: what the citizen gets for it."""
        self.now += timedelta(minutes=1)
        async with write(self.engine) as connection:
            mine = (await connection.execute(select(cases.c.id).where(cases.c.code == self.code))).scalar_one()
            await connection.execute(update(cases).where(cases.c.id == mine).values(**turn["set"]))
            await report_telling.tell_reporter(connection, mine, self.now)
        async with read(self.engine) as connection:
            unasked = select(outbox.c.payload).where(outbox.c.inbox_id.is_(None)).order_by(outbox.c.id)
            payloads = list((await connection.execute(unasked)).scalars())
        told = "\n".join(block["text"] for payload in payloads for block in payload["blocks"])
        for wanted in turn.get("tells", ()):
            assert wanted in told, told
        if turn.get("tells") == []:
            assert told == ""

    async def prepare(self, before: Mapping[str, Any]) -> None:
        await super().prepare(before)
        for number, other in enumerate(before.get("reports", ())):
            at = self.now - timedelta(days=other.get("days_ago", 1))
            async with write(self.engine) as connection:
                chat = await conversations.open_locked(connection, "web", f"stranger-{number}", at)
                draft = reports.Draft(
                    chat.id, "web", other["what"], other.get("place", ""), at + timedelta(days=20),
                    commune_id=other.get("commune"),
                )  # fmt: skip
                sent = await reports.send(connection, draft, at)
                if "status" in other:
                    mine = update(cases).where(cases.c.code == sent.code)
                    await connection.execute(mine.values(status=other["status"]))
            self.code = sent.code

    async def check_end(self, end: Mapping[str, Any], people: list[Mapping[str, str]]) -> None:
        await super().check_end({key: end[key] for key in end if key not in _OWN_ENDS}, people)
        async with read(self.engine) as connection:
            mine = (
                select(reports_table, cases.c.status, cases.c.lead_question_id, cases.c.code)
                .join(cases, cases.c.id == reports_table.c.case_id)
                .join(conversations.conversations, conversations.conversations.c.id == reports_table.c.conversation_id)
                .where(conversations.conversations.c.chat_id == "chat")
                .order_by(cases.c.id)
            )
            rows = [dict(row._mapping) for row in await connection.execute(mine)]
            joined = (await connection.execute(select(report_supporters.c.case_id))).all()
            stars = list((await connection.execute(select(ratings).order_by(ratings.c.id))).mappings())
            for row in rows:
                photos = select(report_photos.c.reference).where(report_photos.c.case_id == row["case_id"])
                row["photos"] = list((await connection.execute(photos)).scalars())
            flagged = (await connection.execute(select(questions.c.flags).order_by(questions.c.id))).scalars().all()
            loose = (await connection.execute(select(report_photos).where(report_photos.c.case_id.is_(None)))).all()
        assert [flag for flags in flagged for flag in flags or ()] == end.get("flags", [])
        wanted = end.get("reports", [])
        found = [{key: row[key] for key in want} for row, want in zip(rows, wanted, strict=False)]
        assert [len(rows), *found] == [len(wanted), *wanted], f"{self.transcript()}\n{rows}"
        assert all(row["lead_question_id"] for row in rows)
        assert len(joined) == end.get("joined", 0), self.transcript()
        assert len(loose) == end.get("loose_photos", 0)
        given = [{key: row[key] for key in want} for row, want in zip(stars, end.get("stars", []), strict=False)]
        assert [len(stars), *given] == [len(end.get("stars", [])), *end.get("stars", [])], self.transcript()


def _filled(turn: Mapping[str, Any], code: str) -> dict[str, Any]:
    """With the code in place of `{code}`, however it is to be typed."""
    ways = {"{code}": code, "{bare}": code.replace("-", ""), "{low}": code.lower().replace("-", " ")}
    said = str(turn.get("say", ""))
    for mark, written in ways.items():
        said = said.replace(mark, written)
    return {**turn, "say": said} if "say" in turn else dict(turn)


async def play(engine: AsyncEngine, library: Library, talk: Mapping[str, Any]) -> ReportTalk:
    """Plays a written conversation and checks its end."""
    now, channel = _moment(talk.get("now", "2026-11-23T09:00")), talk.get("channel", "web")
    played = ReportTalk(engine, library, now, channel)
    await played.prepare(talk.get("before", {}))
    for turn in talk["turns"]:
        await played.take(turn)
    await played.check_end(talk.get("end", {}), talk.get("people", []))
    return played
