"""Booking: offices' calendars, appointments and their seats, notices, the waiting list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Creates the tables."""
    _calendars()
    _appointments()
    _seats()
    _notices()
    _waits()


def downgrade() -> None:
    """Drops the tables, appointments with them."""
    for table in ("waits", "notices", "seats", "appointments", "booking_special_days", "booking_closures"):
        op.drop_table(table)
    op.drop_table("booking_capacities")
    op.drop_table("booking_calendars")


def _calendars() -> None:
    op.create_table(
        "booking_calendars",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("hours", JSON, nullable=True),
        sa.Column("slot_minutes", sa.Integer(), nullable=True),
        sa.Column("policy", JSON, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("office_id", name="pk_booking_calendars"),
    )
    op.create_table(
        "booking_capacities",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(64), nullable=False),
        sa.Column("online", sa.Integer(), nullable=False),
        sa.Column("walk_in", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "group_id", name="pk_booking_capacities"),
    )
    op.create_table(
        "booking_closures",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booking_closures"),
        sa.UniqueConstraint("public_id", name="uq_booking_closures_public_id"),
    )
    op.create_index("ix_booking_closures_office_id_ends_at", "booking_closures", ["office_id", "ends_at"])
    op.create_table(
        "booking_special_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booking_special_days"),
        sa.UniqueConstraint("office_id", "day", name="uq_booking_special_days_office_id_day"),
    )


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(12), nullable=False),
        sa.Column("nonce", sa.String(24), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(64), nullable=False),
        sa.Column("procedure_code", sa.String(40), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("share", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.String(120), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("phone_hash", sa.String(64), nullable=True),
        sa.Column("for_other", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("holder_hash", sa.String(64), nullable=True),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("counter", sa.String(40), nullable=True),
        sa.Column("checked_in_at", TIME, nullable=True),
        sa.Column("called_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_appointments_conversation_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.UniqueConstraint("reference", name="uq_appointments_reference"),
        sa.UniqueConstraint("secret_hash", name="uq_appointments_secret_hash"),
        sa.UniqueConstraint("office_id", "day", "number", name="uq_appointments_office_id_day_number"),
    )
    op.create_index("ix_appointments_conversation_id", "appointments", ["conversation_id"])
    op.create_index("ix_appointments_phone_hash_starts_at", "appointments", ["phone_hash", "starts_at"])
    _partial_index("ix_appointments_held", "appointments", ["expires_at"], "state = 'held'")
    _partial_index("ix_appointments_expired", "appointments", ["changed_at"], "state = 'expired'")
    _partial_index("ix_appointments_named", "appointments", ["ends_at"], "name IS NOT NULL")
    _partial_index("ix_appointments_phoned", "appointments", ["ends_at"], "phone_hash IS NOT NULL")


def _seats() -> None:
    op.create_table(
        "seats",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(64), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("share", sa.String(8), nullable=False),
        sa.Column("seat_no", sa.Integer(), nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("free_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_seats_appointment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint(
            "office_id",
            "group_id",
            "starts_at",
            "share",
            "seat_no",
            name="uq_seats_office_id_group_id_starts_at_share_seat_no",
        ),
    )
    op.create_index("ix_seats_appointment_id", "seats", ["appointment_id"])
    _partial_index("ix_seats_freed", "seats", ["free_at"], "free_at IS NOT NULL")


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(8), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name="fk_notices_appointment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "appointment_id", "kind", "sequence", name="uq_notices_appointment_id_kind_sequence"
        ),
    )
    _partial_index("ix_notices_open", "notices", ["due_at"], "sent_at IS NULL")


def _waits() -> None:
    op.create_table(
        "waits",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("procedure_code", sa.String(40), nullable=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_waits_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waits"),
    )
    op.create_index("ix_waits_conversation_id", "waits", ["conversation_id"])
    _partial_index("ix_waits_open", "waits", ["office_id", "group_id", "id"], "state = 'waiting'")


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
