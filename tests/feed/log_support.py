"""A question log of random entries with labels and corrections, and the plain Python that counts it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from feed.counting import Dimension, Tally
from store.engine import write
from store.feed_tables import label_corrections
from store.tables import conversations, inbox, questions

Key = TypeVar("Key")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
DAYS = 12
COMMUNES = [None, "phuong_dong_hoi", "xa_vinh_thuy"]


@dataclass(frozen=True)
class Entry:
    """One row of the log, with what a person said of it."""

    id: int
    chat: int
    at: datetime
    channel: str
    outcome: str
    failed: bool
    kind: str | None
    sentiment: str | None
    field: str | None
    commune: str | None
    procedure: str | None
    cluster: int | None
    corrected: tuple[str | None, str | None] | None = None
    """Kind and sentiment by a person."""

    @property
    def day(self) -> date:
        """In Vietnam."""
        return (self.at + timedelta(hours=7)).date()


def some_entries(seed: int, number: int = 150) -> list[Entry]:
    """Entries of the last days, more of them at midnight than chance would have it."""
    dice = random.Random(seed)
    return [_entry(dice, row_id) for row_id in range(1, number + 1)]


def _entry(dice: random.Random, row_id: int) -> Entry:
    at = NOW - timedelta(days=dice.randrange(DAYS), seconds=dice.randrange(86_400))
    if dice.random() < 0.2:
        midnight = at.replace(hour=17, minute=0, second=0, microsecond=0) - timedelta(days=1)
        at = midnight - timedelta(microseconds=dice.randrange(2))
    feeling = dice.choice([None, "negative", "neutral", "neutral", "positive"])
    return Entry(
        id=row_id,
        chat=dice.randrange(1, 9),
        at=at,
        channel=dice.choice(["telegram", "web", "zalo_oa", "terminal"]),
        outcome=dice.choice(["answer", "answer", "ask_back", "out_of_scope", "blocked", "vote", "erased", "booking"]),
        failed=dice.random() < 0.1,
        kind=dice.choice([None, "question", "complaint"]),
        sentiment=feeling,
        field=dice.choice([None, "Hộ tịch", "Đất đai"]),
        commune=dice.choice(COMMUNES),
        procedure=dice.choice([None, "1.001193", "2.000635"]),
        cluster=dice.choice([None, 3, 17]),
        corrected=dice.choice([None, None, ("praise", None), (None, "negative"), ("proposal", "positive")]),
    )


async def write_log(engine: AsyncEngine, entries: Iterable[Entry]) -> None:
    """Stores them."""
    async with write(engine) as connection:
        chats = [
            {
                "id": number, "public_id": f"p{number}", "channel": "web", "chat_id": f"c{number}", "state": {},
                "created_at": NOW, "updated_at": NOW,
            }
            for number in range(1, 9)
        ]  # fmt: skip
        await connection.execute(conversations.insert(), chats)
        for entry in entries:
            await connection.execute(inbox.insert().values(
                id=entry.id, channel=entry.channel, external_id=f"m{entry.id}", conversation_id=entry.chat,
                text="hỏi", received_at=entry.at, status="done",
            ))  # fmt: skip
            await connection.execute(questions.insert().values(
                id=entry.id, inbox_id=entry.id, conversation_id=entry.chat, channel=entry.channel, text="hỏi",
                asked_at=entry.at, outcome=entry.outcome, candidates=[], aspects=[], latency_ms=1.0,
                knowledge_version="v1", failed=entry.failed, kind=entry.kind, sentiment=entry.sentiment,
                field=entry.field, commune_id=entry.commune, procedure_code=entry.procedure,
                cluster_id=entry.cluster,
            ))  # fmt: skip
            if entry.corrected:
                await connection.execute(label_corrections.insert().values(
                    question_id=entry.id, kind=entry.corrected[0], sentiment=entry.corrected[1], corrected_at=NOW,
                ))  # fmt: skip


async def disturb(engine: AsyncEngine, entries: list[Entry], seed: int) -> list[Entry]:
    """Deletes, labels anew, corrects and takes back corrections; what the log holds afterwards."""
    dice, left = random.Random(seed), []
    async with write(engine) as connection:
        for entry in entries:
            what = dice.choice(["delete", "label", "correct", "take_back", *["nothing"] * 6])
            of_it = label_corrections.c.question_id == entry.id
            if what == "delete":
                await connection.execute(delete(questions).where(questions.c.id == entry.id))
                continue
            if what == "label":
                entry = replace(entry, sentiment="negative", commune="xa_vinh_thuy")
                labels = {"sentiment": "negative", "commune_id": "xa_vinh_thuy"}
                await connection.execute(update(questions).where(questions.c.id == entry.id).values(**labels))
            if what in ("correct", "take_back") and entry.corrected:
                await connection.execute(delete(label_corrections).where(of_it))
                entry = replace(entry, corrected=None)
            if what == "correct":
                values = {"question_id": entry.id, "kind": "praise", "sentiment": "positive", "corrected_at": NOW}
                await connection.execute(label_corrections.insert().values(**values))
                entry = replace(entry, corrected=("praise", "positive"))
            left.append(entry)
    return left


def naive(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, Tally]:
    """The counts, one entry after the other. People are told apart by day."""
    found: dict[Key, Tally] = defaultdict(Tally)
    people: set[tuple[Key, date, int]] = set()
    for entry in entries:
        if entry.outcome in ("vote", "erased") or entry.channel == "terminal":
            continue
        feeling = (entry.corrected and entry.corrected[1]) or entry.sentiment
        new = (key(entry), entry.day, entry.chat) not in people
        people.add((key(entry), entry.day, entry.chat))
        found[key(entry)] += Tally(
            asked=1,
            askers=int(new),
            answered=int(entry.outcome == "answer" and not entry.failed),
            refused=int(entry.failed or entry.outcome in ("out_of_scope", "blocked")),
            negative=int(feeling == "negative"),
            neutral=int(feeling == "neutral"),
            positive=int(feeling == "positive"),
        )
    return dict(found)


def value_of(dimension: Dimension) -> Callable[[Entry], str]:
    """What each dimension tells entries apart by."""
    found: dict[Dimension, Callable[[Entry], str]] = {
        Dimension.DAY: lambda entry: entry.day.isoformat(),
        Dimension.OUTCOME: lambda entry: "failed" if entry.failed else entry.outcome,
        Dimension.HOUR: lambda entry: f"{entry.day.isoweekday() % 7}-{(entry.at + timedelta(hours=7)).hour:02}",
        Dimension.CHANNEL: lambda entry: entry.channel,
        Dimension.KIND: lambda entry: (entry.corrected and entry.corrected[0]) or entry.kind or "",
        Dimension.FIELD: lambda entry: entry.field or "",
        Dimension.COMMUNE: lambda entry: entry.commune or "",
        Dimension.TOPIC: lambda entry: (
            f"p:{entry.procedure}" if entry.procedure else f"c:{entry.cluster}" if entry.cluster else ""
        ),
    }
    return found[dimension]
