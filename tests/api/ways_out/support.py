"""Keys as their commands make them, and a log to read with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from api.staff.admin import Change
from api.ways_out import admin
from api.ways_out.access import Scope
from store.clock import utc_now
from store.engine import write
from store.rows import insert
from store.tables import conversations, inbox, questions
from tests.api.site_support import Site


async def key_for(site: Site, *scopes: Scope, name: str = "ioc", days: int | None = None) -> dict[str, str]:
    """The header of a new key."""
    async with write(site.services.database) as connection:
        key = await admin.add_key(Change(connection, utc_now(), "cli:test"), name, scopes, days)
    return {"Authorization": f"Bearer {key}"}


async def ask(site: Site, *texts: str, at: datetime | None = None) -> None:
    """Questions in the log, a second apart."""
    moment = at or utc_now() - timedelta(hours=1)
    async with write(site.services.database) as connection:
        chat = {"public_id": f"p{moment}", "channel": "web", "chat_id": f"c{moment}", "state": {}}
        conversation = await insert(connection, conversations, chat | {"created_at": moment, "updated_at": moment})
        for number, text in enumerate(texts):
            asked = moment + timedelta(seconds=number)
            arrived = {"channel": "web", "external_id": f"{moment}-{number}", "conversation_id": conversation}
            arrived |= {"text": text, "received_at": asked, "status": "done"}
            entry = {"inbox_id": await insert(connection, inbox, arrived), "conversation_id": conversation}
            entry |= {"channel": "web", "text": text, "asked_at": asked, "outcome": "answer", "candidates": []}
            entry |= {"aspects": [], "latency_ms": 1.0, "knowledge_version": "v1", "kind": "question", "flags": []}
            await insert(connection, questions, entry)
