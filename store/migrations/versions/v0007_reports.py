"""Reports of problems with supporters and photos; ratings of answers and appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Creates the tables."""
    _reports()
    _supporters()
    _photos()
    _ratings()


def downgrade() -> None:
    """Drops them."""
    for table in ("ratings", "report_photos", "report_supporters", "reports"):
        op.drop_table(table)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("commune_id", sa.String(64)),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("call_back", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("contact_name", sa.String(120)),
        sa.Column("contact_phone", sa.String(40)),
        sa.Column("told_status", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _foreign("reports", "case_id", "cases.id"),
        _foreign("reports", "conversation_id", "conversations.id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_reports"),
    )
    _indexes("reports", "conversation_id")
    op.create_index("ix_reports_commune_id_created_at", "reports", ["commune_id", "created_at"])


def _supporters() -> None:
    op.create_table(
        "report_supporters",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        _foreign("report_supporters", "case_id", "reports.case_id"),
        _foreign("report_supporters", "conversation_id", "conversations.id"),
        sa.PrimaryKeyConstraint("case_id", "conversation_id", name="pk_report_supporters"),
    )
    _indexes("report_supporters", "conversation_id")


def _photos() -> None:
    op.create_table(
        "report_photos",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("case_id", ID),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        _foreign("report_photos", "conversation_id", "conversations.id"),
        _foreign("report_photos", "case_id", "reports.case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_photos"),
    )
    _indexes("report_photos", "conversation_id", "case_id")


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("question_id", ID),
        sa.Column("appointment_id", ID),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("comment", sa.Text()),
        sa.Column("rated_at", TIME, nullable=False),
        _foreign("ratings", "conversation_id", "conversations.id"),
        _foreign("ratings", "question_id", "questions.id"),
        _foreign("ratings", "appointment_id", "appointments.id"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint("question_id", name="uq_ratings_question_id"),
        sa.UniqueConstraint("appointment_id", name="uq_ratings_appointment_id"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="ck_ratings_stars"),
        sa.CheckConstraint("(question_id IS NULL) <> (appointment_id IS NULL)", name="ck_ratings_subject"),
    )
    _indexes("ratings", "conversation_id", "rated_at")
