"""The tables behind the ways out: keys of partner systems, webhooks, and what webhooks have yet to be told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from store.tables import Id, Json, UtcDateTime, metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("used_at", UtcDateTime),
)
"""The key itself is shown once and not kept. `used_at` is right to some minutes."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("url", String(500), nullable=False),
    Column("secret", String(300), nullable=False),
    Column("events", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
)
"""`secret` signs what is sent; it has to be known here, so it stands as it is and is shown once."""

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", Id, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", String(40), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("payload", Json, nullable=False),
    Column("status", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("last_error", String(100)),
    UniqueConstraint("webhook_id", "event", "subject_id"),
    Index("ix_webhook_deliveries_open", "next_at", "id", sqlite_where=text("status = 'pending'"),
          postgresql_where=text("status = 'pending'")),
)  # fmt: skip
"""One row an event and webhook, however often it is looked for. `status`: "pending", "sent" or "dead"."""
