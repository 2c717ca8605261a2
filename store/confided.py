"""What a citizen confides for a booking: name and phone, apart from everything else, until the booking has them.

One row for each conversation, and only while a booking is under way. Nothing else in the database holds them before an
appointment does: not the inbox, not the state, not the question log.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.booking_tables import confided
from store.rows import insert_into


@dataclass(frozen=True, slots=True)
class Confided:
    """Who comes, as far as it was said."""

    name: str | None = None
    phone: str | None = None

    @property
    def given(self) -> frozenset[str]:
        """Which of "name" and "phone" are there."""
        return frozenset(field for field in ("name", "phone") if getattr(self, field))


async def keep(connection: AsyncConnection, conversation_id: int, new: Confided, until: datetime) -> None:
    """Keeps what was said, over what was said of the same before, until a time or until it is forgotten."""
    values = {field: getattr(new, field) for field in new.given}
    if not values:
        return
    statement = insert_into(connection, confided).values(conversation_id=conversation_id, until=until, **values)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["conversation_id"], set_={"until": until, **values})
    )


async def of(connection: AsyncConnection, conversation_id: int, now: datetime) -> Confided:
    """What a conversation has confided."""
    mine = (confided.c.conversation_id == conversation_id) & (confided.c.until > now)
    row = (await connection.execute(select(confided.c.name, confided.c.phone).where(mine))).one_or_none()
    return Confided() if row is None else Confided(row.name, row.phone)


async def forget(connection: AsyncConnection, conversation_id: int, fields: Collection[str] = ()) -> None:
    """Deletes it all, or only these fields."""
    mine = confided.c.conversation_id == conversation_id
    if fields:
        await connection.execute(update(confided).where(mine).values(dict.fromkeys(fields)))
    else:
        await connection.execute(delete(confided).where(mine))


async def delete_overdue(connection: AsyncConnection, now: datetime) -> int:
    """Deletes what no booking took; returns of how many conversations."""
    return int((await connection.execute(delete(confided).where(confided.c.until <= now))).rowcount)
