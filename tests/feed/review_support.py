"""Cases to work on: questions of citizens, officers, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import questions
from feed.answers import Draft, Source
from feed.change import Actor, Change
from feed.questions import Question
from store import accounts, conversations, inbox
from store.engine import read, write
from store.feed_tables import cases
from store.rows import insert
from store.tables import audit
from store.tables import questions as question_rows

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Vietnam."""
LATER = NOW + timedelta(days=30)
SOURCE = Source("Cổng Dịch vụ công quốc gia – thủ tục 1.001193", date(2026, 7, 18), url="https://dichvucong.gov.vn/1")


def draft(**changes: Any) -> Draft:
    """A complete answer."""
    values: dict[str, Any] = {
        "question": "Trạm bơm hỏng thì báo ai?",
        "text": "Bà con báo Ủy ban nhân dân xã; trong ngày sẽ có người đến xem.",
        "agency": "Ủy ban nhân dân xã Vĩnh Thủy",
        "sources": (SOURCE,),
        "public": True,
        "expires_at": LATER,
    }
    return Draft(**values | changes)


@dataclass
class Desk:
    """What officers work at. Every step is a transaction of its own."""

    engine: AsyncEngine
    now: datetime = NOW
    officers: dict[str, Actor] = field(default_factory=dict)
    asked: int = 0

    async def officer(self, name: str = "lan", role: str = "reviewer") -> Actor:
        """An officer, made on first mention."""
        if name not in self.officers:
            async with write(self.engine) as connection:
                values = {"full_name": f"Nguyễn Thị {name.title()}", "role": role, "office_id": None}
                account = await accounts.add(connection, self.now, name=name, **values)
            assert account is not None
            self.officers[name] = Actor(account, f"account:{account}", role, alone=role == "admin")
        return self.officers[name]

    @asynccontextmanager
    async def by(self, name: str = "lan", role: str = "reviewer") -> AsyncIterator[Change]:
        """A step of this officer."""
        actor = await self.officer(name, role)
        async with write(self.engine) as connection:
            yield Change(connection, self.now, actor)

    async def ask(self, text: str, chat: str = "c1", *, channel: str = "telegram", **labels: Any) -> int:
        """A citizen's question in the log."""
        self.asked += 1
        async with write(self.engine) as connection:
            conversation = await conversations.open_locked(connection, channel, chat, self.now)
            arrival = inbox.Arrival(channel, f"m{self.asked}", conversation.id, text, None, self.now)
            inbox_id, _ = await inbox.add(connection, arrival, None)
            entry = Question(
                inbox_id=inbox_id, conversation_id=conversation.id, channel=channel, text=text, asked_at=self.now,
                outcome="out_of_scope", knowledge_version="v1", latency_ms=1.0,
            )  # fmt: skip
            question_id = await questions.log(connection, entry)
            mine = question_rows.update().where(question_rows.c.id == question_id)
            await connection.execute(mine.values(**{"kind": "question", "sentiment": "neutral"} | labels))
        return question_id

    async def case(self, text: str = "Trạm bơm xã tui hư rồi báo ai", *askers: str, **values: Any) -> int:
        """A new case that one citizen asked, and `askers` after that one."""
        number, channel = self.asked + 1, values.get("channel", "telegram")
        asked = [await self.ask(text, f"chat-{number}", channel=channel)]
        asked += [await self.ask(text, chat, channel=channel) for chat in askers]
        row = {
            "code": f"HD-{number:06d}", "origin": "question", "lead_question_id": asked[0], "status": "new",
            "kind": "question", "sentiment": "neutral", "flags": [], "channel": channel, "askers": len(asked),
            "opened_at": self.now, "last_asked_at": self.now, "due_at": self.now + timedelta(days=7),
        }  # fmt: skip
        async with write(self.engine) as connection:
            case_id = await insert(connection, cases, row | values)
            mine = question_rows.update().where(question_rows.c.id.in_(asked))
            await connection.execute(mine.values(case_id=case_id))
        return case_id

    async def row(self, case_id: int) -> Any:
        """The case as it stands."""
        return next(row for row in await self.rows(cases) if row.id == case_id)

    async def rows(self, table: Table) -> list[Any]:
        """Everything in a table, in order."""
        async with read(self.engine) as connection:
            return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).all())

    async def audited(self, case_id: int) -> list[str]:
        """What was done to a case, in order."""
        return [row.action for row in await self.rows(audit) if row.subject == f"case:{case_id}"]
