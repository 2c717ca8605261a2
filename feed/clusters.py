"""Near-same questions in groups, as they come in: each joins the group that it is most like, or begins one.

The groups of one vector space are held in memory and follow the table; what decides is read under a lock that all
replicas take, so that two of them never begin the same group, and no question is counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.feed_tables import clusters
from store.rows import insert
from store.tables import questions

SAME_FROM = 0.65
"""From this likeness on, a question belongs to a group."""
_NEAREST = 5
"""Groups compared in full, those with the nearest centres."""
_FAR = 0.3
"""Centres with a smaller cosine are not looked at."""
LOCK = "clusters"
"""Whoever begins a group or opens a case for one takes it first."""
_GROWTH = 1024
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Vectors = NDArray[np.float32]


class Told(Protocol):
    """The words of a question, as `Likeness` compares them."""

    @property
    def words(self) -> str: ...

    @property
    def asks(self) -> frozenset[str]: ...


class Voice(Told, Protocol):
    """A question with its vector of length 1."""

    @property
    def vector(self) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """How questions are understood; the feed itself knows no language model."""

    space: str
    """Names the vectors: only those of one space can be compared."""
    hear: Callable[[str], Voice]
    """CPU work of some milliseconds."""
    words: Callable[[str], Told]
    """The same without a vector."""
    likeness: Callable[[float, Told, Told], float]
    """The probability that two questions ask the same, from the cosine of their vectors and their words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A question of the log with its voice."""

    question_id: int
    text: str
    asked_at: datetime
    voice: Voice


@dataclass(slots=True)
class _Change:
    """What a batch adds to a group."""

    count: int
    last_at: datetime


@dataclass(slots=True)
class Groups:
    """All groups of one space, in rows of a matrix."""

    ear: Ear
    _ids: list[int] = field(default_factory=list)
    _rows: dict[int, int] = field(default_factory=dict)
    _sums: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    """Sums of the groups' vectors."""
    _centres: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    """The same at length 1."""
    _sizes: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    """The typical questions."""
    _told: dict[str, Told] = field(default_factory=dict)
    _since: datetime = _BEGINNING

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, cluster_id: int) -> bool:
        return cluster_id in self._rows

    async def follow(self, connection: AsyncConnection) -> None:
        """Takes over what is new in the table."""
        newest = max(self._ids, default=0)
        statement = (
            select(clusters.c.id, clusters.c.size, clusters.c.centre, clusters.c.last_at, questions.c.text)
            .outerjoin(questions, questions.c.id == clusters.c.typical_question_id)
            .where(clusters.c.embedder == self.ear.space)
            .where(or_(clusters.c.id > newest, clusters.c.last_at >= self._since))
            .order_by(clusters.c.id)
        )
        for row in await connection.execute(statement):
            centre = np.frombuffer(row.centre, dtype="<f4")
            self._put(row.id, centre * row.size, row.size, row.text or "")
            self._since = max(self._since, row.last_at)

    async def place(self, connection: AsyncConnection, batch: Sequence[Heard]) -> dict[int, int]:
        """Gives every question its group; returns the groups' ids by question.

        The caller has taken `LOCK`, and writes the questions' own rows in this transaction. When it fails, these
        groups have to be thrown away and read anew.
        """
        await self.follow(connection)
        cosines = self._cosines([heard.voice.vector for heard in batch])
        changes: dict[int, _Change] = {}
        fresh: list[int] = []
        placed: dict[int, int] = {}
        for heard, column in zip(batch, cosines, strict=True):
            row = self._nearest(heard.voice, column, fresh)
            if row is None:
                row = await self._begin(connection, heard)
            else:
                self._join(row, heard.voice.vector)
                change = changes.setdefault(row, _Change(0, heard.asked_at))
                change.count, change.last_at = change.count + 1, max(change.last_at, heard.asked_at)
            fresh.append(row)
            placed[heard.question_id] = self._ids[row]
        for row, change in changes.items():
            await self._save(connection, row, change)
        return placed

    def size(self, cluster_id: int) -> int:
        """How many questions a group has had."""
        return self._sizes[self._rows[cluster_id]]

    def centre(self, cluster_id: int) -> Vectors:
        """The middle of a group, of length 1."""
        centre: Vectors = self._centres[self._rows[cluster_id]]
        return centre

    def rename(self, cluster_id: int, text: str) -> None:
        """Notes another typical question."""
        self._texts[self._rows[cluster_id]] = text

    def _nearest(self, voice: Voice, cosines: Vectors, fresh: Sequence[int]) -> int | None:
        """The row of the group that the question belongs to. `fresh` rows have changed since `cosines` were taken."""
        near = [int(place) for place in _top(cosines, _NEAREST)]
        found, best = None, SAME_FROM
        for row in dict.fromkeys([*near, *fresh]):
            cosine = float(self._centres[row] @ voice.vector)
            if cosine < _FAR:
                continue
            probability = self.ear.likeness(cosine, voice, self._typical(row))
            if probability >= best:
                found, best = row, probability
        return found

    def _typical(self, row: int) -> Told:
        text = self._texts[row]
        if text not in self._told:
            self._told[text] = self.ear.words(text)
        return self._told[text]

    async def _begin(self, connection: AsyncConnection, heard: Heard) -> int:
        values = {
            "typical_question_id": heard.question_id,
            "size": 1,
            "centre": heard.voice.vector.astype("<f4").tobytes(),
            "embedder": self.ear.space,
            "first_at": heard.asked_at,
            "last_at": heard.asked_at,
        }
        cluster_id = await insert(connection, clusters, values)
        self._told[heard.text] = heard.voice
        return self._put(cluster_id, heard.voice.vector, 1, heard.text)

    async def _save(self, connection: AsyncConnection, row: int, change: _Change) -> None:
        centre = (self._sums[row] / self._sizes[row]).astype("<f4").tobytes()
        last_at = case((clusters.c.last_at < change.last_at, change.last_at), else_=clusters.c.last_at)
        mine = update(clusters).where(clusters.c.id == self._ids[row])
        await connection.execute(mine.values(size=clusters.c.size + change.count, centre=centre, last_at=last_at))

    def _put(self, cluster_id: int, total: Vectors, size: int, text: str) -> int:
        row = self._rows.get(cluster_id)
        if row is None:
            row = len(self._ids)
            self._make_room(row, len(total))
            self._rows[cluster_id] = row
            self._ids.append(cluster_id)
            self._sizes.append(0)
            self._texts.append("")
        self._sums[row] = total
        self._sizes[row], self._texts[row] = size, text
        self._point(row)
        return row

    def _join(self, row: int, vector: Vectors) -> None:
        self._sums[row] += vector
        self._sizes[row] += 1
        self._point(row)

    def _point(self, row: int) -> None:
        length = float(np.linalg.norm(self._sums[row]))
        self._centres[row] = self._sums[row] / max(length, 1e-6)

    def _make_room(self, row: int, width: int) -> None:
        if row < len(self._sums):
            return
        for name in ("_sums", "_centres"):
            old: Vectors = getattr(self, name)
            more = np.zeros((max(_GROWTH, 2 * len(old)), width), dtype=np.float32)
            if len(old):
                more[: len(old)] = old
            setattr(self, name, more)

    def _cosines(self, vectors: Sequence[Vectors]) -> Vectors:
        """One row for each vector, one column for each group."""
        if not self._ids or not vectors:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        return np.asarray(np.stack(vectors) @ self._centres[: len(self._ids)].T, dtype=np.float32)


def _top(values: Vectors, most: int) -> NDArray[Any]:
    places = np.argpartition(-values, most)[:most] if len(values) > most else np.arange(len(values))
    return np.asarray(places[values[places] >= _FAR])
