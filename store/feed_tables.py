"""The tables of the feed: groups of near-same questions, matters that officials answer, answers, corrected labels.

A case is one matter for officials: a group's questions, which one answer serves, or one citizen's report. Texts of
citizens are not copied into it: `lead_question_id` lets go of what its citizen deletes. The wording of an answer is an
officer's and stays.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
    text,
)

from store.tables import Id, Json, UtcDateTime, metadata

clusters = Table(
    "clusters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("typical_question_id", Id, ForeignKey("questions.id", ondelete="SET NULL")),
    Column("size", Integer, nullable=False),
    Column("centre", LargeBinary, nullable=False),
    Column("embedder", String(80), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index(None, "last_at"),
    Index(None, "typical_question_id"),
)
"""`centre`: mean of its questions' unit vectors, little-endian float32; only comparable under the same `embedder`."""

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("origin", String(10), nullable=False),
    Column("lead_question_id", Id, ForeignKey("questions.id", ondelete="SET NULL")),
    Column("cluster_id", Id, ForeignKey("clusters.id", ondelete="SET NULL")),
    Column("status", String(12), nullable=False),
    Column("kind", String(12)),
    Column("sentiment", String(8)),
    Column("flags", Json, nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("channel", String(32), nullable=False),
    Column("field", String(200)),
    Column("procedure_code", String(40)),
    Column("commune_id", String(64)),
    Column("agency", String(200)),
    Column("assignee_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("askers", Integer, nullable=False, server_default=text("1")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Index(None, "status", "due_at"),
    Index(None, "status", "opened_at"),
    Index(None, "opened_at"),
    Index(None, "answered_at"),
    Index(None, "due_at"),
    Index(None, "cluster_id"),
    Index(None, "assignee_id"),
    Index(None, "lead_question_id"),
)
"""`origin`: "question" or "report". `version` rises with every change by an officer: a stale form changes nothing."""

answers = Table(
    "answers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("question", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("agency", String(200), nullable=False),
    Column("status", String(12), nullable=False),
    Column("public", Boolean, nullable=False, server_default=false()),
    Column("author_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("approver_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_reason", Text),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Index(None, "case_id"),
    Index(None, "status", "published_at"),
    Index(None, "author_id"),
    Index(None, "approver_id"),
)
"""`question`: the public wording, without personal data. `status`: "draft", "submitted", "approved" (sent to its
askers) or "withdrawn". The bot answers with what is approved, `public`, and neither expired nor withdrawn."""

answer_receipts = Table(
    "answer_receipts",
    metadata,
    Column("answer_id", Id, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("received_at", UtcDateTime, nullable=False),
    Column("told_withdrawn_at", UtcDateTime),
    Index(None, "conversation_id"),
)
"""Who got an answer, as its asker or from the bot: they are told when it is withdrawn."""

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "case_id"),
    Index(None, "author_id"),
)

answer_templates = Table(
    "answer_templates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(120), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

label_corrections = Table(
    "label_corrections",
    metadata,
    Column("question_id", Id, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("kind", String(12)),
    Column("sentiment", String(8)),
    Column("flags", Json),
    Column("author_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("corrected_at", UtcDateTime, nullable=False),
    Index(None, "author_id"),
)
"""What a person says a question is, beside the machine's labels in `questions`, never over them."""
