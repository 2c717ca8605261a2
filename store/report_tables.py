"""Reports of problems with who supports them and their photos, and what citizens think of answers and visits.

A report is one citizen's: what it says goes with the conversation, and its case stays behind without words.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text, false

from store.tables import Id, UtcDateTime, metadata

reports = Table(
    "reports",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("what", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("commune_id", String(64)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("call_back", Boolean, nullable=False, server_default=false()),
    Column("contact_name", String(120)),
    Column("contact_phone", String(40)),
    Column("told_status", String(12), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "commune_id", "created_at"),
)
"""`latitude`, `longitude`: rounded. `contact_…`: only with `call_back`, the citizen's consent, and for a time.
`told_status`: the case's status that the citizen was told last."""

report_supporters = Table(
    "report_supporters",
    metadata,
    Column("case_id", Id, ForeignKey("reports.case_id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("joined_at", UtcDateTime, nullable=False),
    Index(None, "conversation_id"),
)
"""Who said "this is my problem, too"; not the reporter."""

report_photos = Table(
    "report_photos",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("case_id", Id, ForeignKey("reports.case_id", ondelete="CASCADE")),
    Column("channel", String(32), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "case_id"),
)
"""Photos stay with the platform; `reference` is its name for one. Without case: of a report that is not sent yet."""

ratings = Table(
    "ratings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("question_id", Id, ForeignKey("questions.id", ondelete="CASCADE"), unique=True),
    Column("appointment_id", Id, ForeignKey("appointments.id", ondelete="CASCADE"), unique=True),
    Column("channel", String(32), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("reason", String(20)),
    Column("comment", Text),
    Column("rated_at", UtcDateTime, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="ck_ratings_stars"),
    CheckConstraint("(question_id IS NULL) <> (appointment_id IS NULL)", name="ck_ratings_subject"),
    Index(None, "conversation_id"),
    Index(None, "rated_at"),
)
"""One to five stars for an answer or for an appointment; `comment` is redacted."""
