"""The feed: labels of questions and their corrections, groups, matters that officials answer, answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
LABELS: dict[str, TypeEngine[Any]] = {
    "kind": sa.String(12),
    "kind_confidence": sa.Float(),
    "sentiment": sa.String(8),
    "sentiment_confidence": sa.Float(),
    "flags": JSON,
    "labelled_by": sa.String(40),
    "field": sa.String(200),
    "commune_id": sa.String(64),
}
GROUPS = ("cluster_id", "case_id")


def upgrade() -> None:
    """Creates the tables and the labels' columns."""
    _clusters()
    _cases()
    _answers()
    _receipts()
    _notes()
    _templates()
    _corrections()
    op.add_column("inbox", sa.Column("labels", JSON))
    for column, type_ in LABELS.items():
        op.add_column("questions", sa.Column(column, type_))
    for column in GROUPS:
        op.add_column("questions", sa.Column(column, ID))
    _indexes("questions", *GROUPS)


def downgrade() -> None:
    """Drops them."""
    for column in GROUPS:
        op.drop_index(f"ix_questions_{column}", "questions")
    for column in (*GROUPS, *LABELS):
        op.drop_column("questions", column)
    op.drop_column("inbox", "labels")
    for table in ("label_corrections", "answer_templates", "case_notes", "answer_receipts", "answers"):
        op.drop_table(table)
    op.drop_table("cases")
    op.drop_table("clusters")


def _foreign(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", ID, nullable=False),
        sa.Column("typical_question_id", ID),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("embedder", sa.String(80), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        _foreign("clusters", "typical_question_id", "questions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
    )
    _indexes("clusters", "last_at", "typical_question_id")


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("lead_question_id", ID),
        sa.Column("cluster_id", ID),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12)),
        sa.Column("sentiment", sa.String(8)),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("field", sa.String(200)),
        sa.Column("procedure_code", sa.String(40)),
        sa.Column("commune_id", sa.String(64)),
        sa.Column("agency", sa.String(200)),
        sa.Column("assignee_id", ID),
        sa.Column("askers", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("last_asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("answered_at", TIME),
        sa.Column("closed_at", TIME),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _foreign("cases", "lead_question_id", "questions", "SET NULL"),
        _foreign("cases", "cluster_id", "clusters", "SET NULL"),
        _foreign("cases", "assignee_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
    )
    op.create_index("ix_cases_status_due_at", "cases", ["status", "due_at"])
    op.create_index("ix_cases_status_opened_at", "cases", ["status", "opened_at"])
    _indexes("cases", "cluster_id", "assignee_id", "lead_question_id")


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("author_id", ID),
        sa.Column("approver_id", ID),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("submitted_at", TIME),
        sa.Column("approved_at", TIME),
        sa.Column("published_at", TIME),
        sa.Column("expires_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sa.Column("withdrawn_reason", sa.Text()),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _foreign("answers", "case_id", "cases", "CASCADE"),
        _foreign("answers", "author_id", "accounts", "SET NULL"),
        _foreign("answers", "approver_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_status_published_at", "answers", ["status", "published_at"])
    _indexes("answers", "case_id", "author_id", "approver_id")


def _receipts() -> None:
    op.create_table(
        "answer_receipts",
        sa.Column("answer_id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("told_withdrawn_at", TIME),
        _foreign("answer_receipts", "answer_id", "answers", "CASCADE"),
        _foreign("answer_receipts", "conversation_id", "conversations", "CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "conversation_id", name="pk_answer_receipts"),
    )
    _indexes("answer_receipts", "conversation_id")


def _notes() -> None:
    op.create_table(
        "case_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("author_id", ID),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _foreign("case_notes", "case_id", "cases", "CASCADE"),
        _foreign("case_notes", "author_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_case_notes"),
    )
    _indexes("case_notes", "case_id", "author_id")


def _templates() -> None:
    op.create_table(
        "answer_templates",
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_templates"),
        sa.UniqueConstraint("title", name="uq_answer_templates_title"),
    )


def _corrections() -> None:
    op.create_table(
        "label_corrections",
        sa.Column("question_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(12)),
        sa.Column("sentiment", sa.String(8)),
        sa.Column("flags", JSON),
        sa.Column("author_id", ID),
        sa.Column("corrected_at", TIME, nullable=False),
        _foreign("label_corrections", "question_id", "questions", "CASCADE"),
        _foreign("label_corrections", "author_id", "accounts", "SET NULL"),
        sa.PrimaryKeyConstraint("question_id", name="pk_label_corrections"),
    )
    _indexes("label_corrections", "author_id")
