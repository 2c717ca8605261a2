"""Small helpers that hide the differences between the two databases from the queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from store.engine import is_sqlite


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT."""
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)


async def insert_new(
    connection: AsyncConnection, table: Table, values: dict[str, Any], unique: list[str]
) -> int | None:
    """Inserts a row and returns its id, or None where a row with the same `unique` columns exists already."""
    statement = insert_into(connection, table).values(**values).on_conflict_do_nothing(index_elements=unique)
    row_id: int | None = (await connection.execute(statement.returning(table.c.id))).scalar_one_or_none()
    return row_id


async def insert(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> int:
    """Inserts a row and returns its id."""
    row_id: int = (await connection.execute(table.insert().values(**values).returning(table.c.id))).scalar_one()
    return row_id
