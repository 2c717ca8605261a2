"""The tables of booking: the offices' calendars, appointments and their seats, notices, the waiting list.

An office and a service group are ids of the knowledge's, without foreign key. An office without row in
`booking_calendars` or `booking_capacities` follows the defaults.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from store.tables import Id, Json, UtcDateTime, metadata


def _partial(name: str, *columns: str, where: str) -> Index:
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


booking_calendars = Table(
    "booking_calendars",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("hours", Json),
    Column("slot_minutes", Integer),
    Column("policy", Json, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

booking_capacities = Table(
    "booking_capacities",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("group_id", String(64), primary_key=True),
    Column("online", Integer, nullable=False),
    Column("walk_in", Integer, nullable=False),
)

booking_closures = Table(
    "booking_closures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("office_id", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "office_id", "ends_at"),
)

booking_special_days = Table(
    "booking_special_days",
    metadata,
    Column("id", Id, primary_key=True),
    Column("office_id", String(64), nullable=False),  # "" for all offices
    Column("day", Date, nullable=False),
    Column("spans", Json, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("office_id", "day"),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("nonce", String(24), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("office_id", String(64), nullable=False),
    Column("group_id", String(64), nullable=False),
    Column("procedure_code", String(40)),
    Column("state", String(12), nullable=False),
    Column("share", String(8), nullable=False),
    Column("day", Date, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Column("name", String(120)),
    Column("phone", String(20)),
    Column("phone_hash", String(64)),
    Column("for_other", Boolean, nullable=False, server_default=false()),
    Column("channel", String(32), nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("holder_hash", String(64)),
    Column("expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("number", Integer),
    Column("counter", String(40)),
    Column("checked_in_at", UtcDateTime),
    Column("called_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("office_id", "day", "number"),
    Index(None, "conversation_id"),
    Index(None, "phone_hash", "starts_at"),
    _partial("ix_appointments_held", "expires_at", where="state = 'held'"),
    _partial("ix_appointments_expired", "changed_at", where="state = 'expired'"),
    _partial("ix_appointments_named", "ends_at", where="name IS NOT NULL"),
    _partial("ix_appointments_phoned", "ends_at", where="phone_hash IS NOT NULL"),
)

seats = Table(
    "seats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("group_id", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("share", String(8), nullable=False),
    Column("seat_no", Integer, nullable=False),
    Column("appointment_id", Id, ForeignKey("appointments.id"), nullable=False),
    Column("free_at", UtcDateTime),  # counts as free from then on; NULL: taken for good
    UniqueConstraint("office_id", "group_id", "starts_at", "share", "seat_no"),  # never sold twice
    Index(None, "appointment_id"),
    _partial("ix_seats_freed", "free_at", where="free_at IS NOT NULL"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointments.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("outcome", String(8)),
    UniqueConstraint("appointment_id", "kind", "sequence"),  # told once
    _partial("ix_notices_open", "due_at", where="sent_at IS NULL"),
)

waits = Table(
    "waits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("group_id", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("minutes", Integer),
    Column("procedure_code", String(40)),
    Column("channel", String(32), nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    _partial("ix_waits_open", "office_id", "group_id", "id", where="state = 'waiting'"),
    Index(None, "conversation_id"),
)

confided = Table(
    "confided",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("name", String(120)),
    Column("phone", String(40)),
    Column("until", UtcDateTime, nullable=False),
    Index(None, "until"),
)
