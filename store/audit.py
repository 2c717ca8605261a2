"""Who did what to what, for ever: the database refuses to change or delete these rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert
from store.tables import audit


async def record(
    connection: AsyncConnection, at: datetime, actor: str, action: str, subject: str, **detail: Any
) -> int:
    """Writes one entry, in the transaction of the change that it describes. No personal data in `detail`.

    `actor` is "system" or an account, `action` a verb in the past ("conversation_deleted"), `subject` is
    "kind:id".
    """
    values = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": detail}
    return await insert(connection, audit, values)
