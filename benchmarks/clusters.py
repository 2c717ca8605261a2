"""Grouping of questions: how well, and how fast beside many groups.

Run: python -m benchmarks.clusters DATA_DIR [GROUPS]

How well: the needs of `index/training/needs.jsonl`, one question after the other in mixed order: of the pairs in one
group, how many say one need (precision); of the pairs of one need, how many are in one group (recall). The weights
of the likeness were fitted on the same needs; `index.training.likeness` prints what they do on needs held out.

How fast: messages through reading, grouping and writing on SQLite, in batches as the worker takes them. By the clock
and, in brackets, by seconds of the processor, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.incoming import BATCH, ear_of, terms_of
from feed import arrivals
from feed.clusters import Ear, Groups, Heard
from feed.opening import Asked
from index.artefact import current_build, open_library
from index.embed import open_embedder
from index.library import Library
from index.training.likeness import Need, read_needs
from store.engine import open_engine, write
from store.feed_tables import clusters
from store.migrate import upgrade_engine
from store.tables import conversations, inbox, questions

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MESSAGES = 640


async def log_of(connection: AsyncConnection, texts: Sequence[str], first: int = 1) -> list[Asked]:
    """Writes texts into the question log as unanswered questions of one conversation."""
    rows = list(enumerate(texts, first))
    if first == 1:
        chat = {"id": 1, "public_id": "b", "channel": "web", "chat_id": "b", "state": {}, "version": 0}
        await connection.execute(insert(conversations), [chat | {"created_at": NOW, "updated_at": NOW}])
    await connection.execute(
        insert(inbox),
        [
            {"id": n, "channel": "web", "external_id": str(n), "conversation_id": 1, "text": "", "received_at": NOW,
             "status": "done", "attempts": 1}
            for n, _ in rows
        ],
    )  # fmt: skip
    await connection.execute(
        insert(questions),
        [
            {"id": n, "inbox_id": n, "conversation_id": 1, "channel": "web", "text": text, "asked_at": NOW,
             "outcome": "out_of_scope", "candidates": [], "aspects": [], "latency_ms": 1.0, "knowledge_version": "v"}
            for n, text in rows
        ],
    )  # fmt: skip
    plain = {"failed": False, "kind": None, "sentiment": None, "flags": (), "field": None, "procedure_code": None}
    return [
        Asked(n, 1, "web", text, NOW, "out_of_scope", commune_id=None, **plain)  # type: ignore[arg-type]
        for n, text in rows
    ]


async def grouped(library: Library, needs: Sequence[Need]) -> tuple[float, float]:
    """Precision and recall of pairs in one group."""
    said = [(need, text) for need in needs for text in need.texts]
    random.Random(5).shuffle(said)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite+aiosqlite:///{folder}/b.db")
        await upgrade_engine(engine)
        groups, placed = Groups(ear_of(library)), {}
        async with write(engine) as connection:
            asked = await log_of(connection, [text for _, text in said])
            for one in asked:
                heard = Heard(one.id, one.text, NOW, groups.ear.hear(one.text))
                placed |= await groups.place(connection, [heard])
        await engine.dispose()
    keys = [(need.need, placed[number]) for number, (need, _) in enumerate(said, 1)]
    pairs = [(a[0] == b[0], a[1] == b[1]) for a, b in itertools.combinations(keys, 2)]
    both = sum(same and together for same, together in pairs)
    return both / sum(together for _, together in pairs), both / sum(same for same, _ in pairs)


async def speed(library: Library, count: int, texts: Sequence[str]) -> tuple[float, float]:
    """Messages a second, by the clock and by seconds of the processor, beside `count` groups."""
    ear = ear_of(library)
    terms = terms_of(library)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite+aiosqlite:///{folder}/b.db")
        await upgrade_engine(engine)
        async with write(engine) as connection:
            asked = await log_of(connection, texts)
            await _fill(connection, ear, count)
        groups = Groups(ear)
        async with write(engine) as connection:
            began = time.perf_counter()
            await groups.follow(connection)
            print(f"opening {len(groups)} groups: {time.perf_counter() - began:.2f} s")
        wall, busy = time.perf_counter(), time.process_time()
        for start in range(0, len(asked), BATCH):
            part = asked[start : start + BATCH]
            heard = [Heard(one.id, one.text, NOW + timedelta(seconds=one.id), ear.hear(one.text)) for one in part]
            async with write(engine) as connection:
                await arrivals.place(connection, groups, list(zip(part, heard, strict=True)), terms, NOW)
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        await engine.dispose()
    return len(asked) / wall, len(asked) / busy


async def _fill(connection: AsyncConnection, ear: Ear, count: int) -> None:
    """Groups with random centres, as far from each other as those of different questions."""
    size = len(ear.hear("chợ").vector)
    chance = np.random.default_rng(3)
    for start in range(0, count, 1000):
        vectors = chance.normal(size=(min(1000, count - start), size)).astype("<f4")
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [
            {"size": 1, "centre": vector.tobytes(), "embedder": ear.space, "first_at": at, "last_at": at}
            for vector, at in zip(vectors, (NOW - timedelta(minutes=start + n) for n in range(1000)), strict=False)
        ]
        await connection.execute(insert(clusters), rows)


def main() -> None:
    """Prints both."""
    data_dir = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    folder = current_build(data_dir)
    needs = read_needs()
    texts = [f"{text} {number}" for number in range(20) for need in needs for text in need.texts][:MESSAGES]
    for name, embedder in (("encoder", open_embedder("bundled", data_dir / "cache")), ("words alone", None)):
        library = open_library(folder, embedder)
        precision, recall = asyncio.run(grouped(library, needs))
        print(f"{name}: pairs grouped right: precision {precision:.3f}, recall {recall:.3f}")
        rate, busy = asyncio.run(speed(library, count, texts))
        print(f"{name}: {rate:.0f} messages/s ({busy:.0f} a second of the processor) beside {count} groups")


if __name__ == "__main__":
    main()
