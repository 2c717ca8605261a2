"""The tables of the operational database, the same on SQLite and PostgreSQL.

Times are stored in UTC and read back with their time zone. Citizens' texts are redacted before they get here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in time. Refuses a naive datetime; gives UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turns any aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Gives SQLite's naive times their time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("public_id", String(40), nullable=False, unique=True),
    Column("channel", String(32), nullable=False),
    Column("chat_id", String(200), nullable=False),
    Column("state", Json, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "chat_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("choice", String(60)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_until", UtcDateTime),
    Column("handled_at", UtcDateTime),
    Column("error", String(100)),
    Column("labels", Json),
    UniqueConstraint("channel", "external_id"),
    Index("ix_inbox_open", "conversation_id", "id", sqlite_where=text("status = 'new'"),
          postgresql_where=text("status = 'new'")),
    Index(None, "conversation_id"),
)  # fmt: skip

questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, ForeignKey("inbox.id"), nullable=False, unique=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("choice", String(60)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("procedure_code", String(40)),
    Column("candidates", Json, nullable=False),
    Column("aspects", Json, nullable=False),
    Column("score", Float),
    Column("latency_ms", Float, nullable=False),
    Column("knowledge_version", String(80), nullable=False),
    Column("failed", Boolean, nullable=False, server_default=false()),
    Column("kind", String(12)),
    Column("kind_confidence", Float),
    Column("sentiment", String(8)),
    Column("sentiment_confidence", Float),
    Column("flags", Json),
    Column("labelled_by", String(40)),
    Column("field", String(200)),
    Column("commune_id", String(64)),
    Column("cluster_id", Id),
    Column("case_id", Id),
    Index(None, "asked_at"),
    Index(None, "cluster_id"),
    Index(None, "case_id"),
    Index(None, "outcome", "asked_at"),
    Index(None, "commune_id", "asked_at"),
    Index(None, "procedure_code"),
    Index(None, "conversation_id"),
)
"""`cluster_id` and `case_id` refer to tables of the feed without foreign key: SQLite cannot add one to a table that
others refer to, and no row of those is ever deleted."""

votes = Table(
    "votes",
    metadata,
    Column("question_id", Id, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("useful", Boolean, nullable=False),
    Column("voted_at", UtcDateTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, ForeignKey("inbox.id")),
    Column("seq", Integer, nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("payload", Json, nullable=False),
    Column("status", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("lease_owner", String(40)),
    Column("sent_at", UtcDateTime),
    Column("external_message_id", String(200)),
    Column("last_error", String(100)),
    UniqueConstraint("inbox_id", "seq"),
    Index("ix_outbox_open", "next_at", "id", sqlite_where=text("status IN ('pending', 'failed')"),
          postgresql_where=text("status IN ('pending', 'failed')")),
    Index("ix_outbox_order", "conversation_id", "id"),
)  # fmt: skip

channel_pauses = Table(
    "channel_pauses",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("detail", Json, nullable=False),
    Index(None, "at"),
    Index(None, "subject"),
)
