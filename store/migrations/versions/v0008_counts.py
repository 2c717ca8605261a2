"""Daily counts of the question log, kept right by triggers; indexes for what figures ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES: dict[str, list[tuple[str, ...]]] = {
    "questions": [("commune_id", "asked_at")],
    "cases": [("opened_at",), ("answered_at",), ("due_at",)],
}
COUNTED = "asked_at, channel, outcome, failed, procedure_code, kind, sentiment, field, commune_id, cluster_id"
"""Columns of `questions` whose change makes its day's counts wrong."""
_DAY = "date(substr({}, 1, 19), '+7 hours')"
"""On SQLite, which would round half a millisecond up, into the next day."""
EVENTS = {"insert": "INSERT", "update": f"UPDATE OF {COUNTED}", "delete": "DELETE"}


def upgrade() -> None:
    """Creates tables, triggers and indexes."""
    op.create_table(
        "counted_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_counted_days"),
    )
    numbers = ("asked", "askers", "answered", "refused", "negative", "neutral", "positive")
    op.create_table(
        "question_counts",
        sa.Column("dimension", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(210), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("dimension", "day", "value", name="pk_question_counts"),
    )
    op.create_index("ix_question_counts_day", "question_counts", ["day"])
    for table, found in INDEXES.items():
        for columns in found:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    if op.get_bind().dialect.name == "sqlite":
        _triggers_sqlite()
    else:
        _triggers_postgres()


def downgrade() -> None:
    """Drops them."""
    if op.get_bind().dialect.name == "sqlite":
        for event in EVENTS:
            op.execute(f"DROP TRIGGER questions_stale_{event}")
            op.execute(f"DROP TRIGGER label_corrections_stale_{event}")
    else:
        op.execute("DROP TRIGGER questions_stale ON questions")
        op.execute("DROP TRIGGER label_corrections_stale ON label_corrections")
        for function in ("question_is_stale()", "correction_is_stale()", "day_is_stale(timestamptz)"):
            op.execute(f"DROP FUNCTION {function}")
    for table, found in INDEXES.items():
        for columns in found:
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    op.drop_table("question_counts")
    op.drop_table("counted_days")


def _triggers_sqlite() -> None:
    touch = "UPDATE counted_days SET stale = 1 WHERE day = "
    for event, when in EVENTS.items():
        row = "OLD" if event == "delete" else "NEW"
        asked = f"(SELECT {_DAY.format('asked_at')} FROM questions WHERE id = {row}.question_id)"  # noqa: S608
        for table, event_of, day in (
            ("questions", when, _DAY.format(f"{row}.asked_at")),
            ("label_corrections", event.upper(), asked),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_stale_{event} AFTER {event_of} ON {table} BEGIN {touch}{day}; END"
            )


def _triggers_postgres() -> None:
    """A transaction that changes a counted day's log shares a lock on its row, which counting waits for."""
    op.execute(
        "CREATE FUNCTION day_is_stale(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$ "
        "DECLARE touched date := (moment AT TIME ZONE 'UTC' + interval '7 hours')::date; BEGIN "
        "UPDATE counted_days SET stale = true WHERE day = touched AND NOT stale; "
        "IF NOT FOUND THEN PERFORM 1 FROM counted_days WHERE day = touched FOR SHARE; END IF; END $$"
    )
    op.execute(
        "CREATE FUNCTION question_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM day_is_stale(CASE WHEN TG_OP = 'DELETE' THEN OLD.asked_at ELSE NEW.asked_at END); "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION correction_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM day_is_stale(asked_at) FROM questions "
        "WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.question_id ELSE NEW.question_id END; "
        "RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER questions_stale AFTER INSERT OR DELETE OR UPDATE OF {COUNTED} ON questions "
        "FOR EACH ROW EXECUTE FUNCTION question_is_stale()"
    )
    op.execute(
        "CREATE TRIGGER label_corrections_stale AFTER INSERT OR UPDATE OR DELETE ON label_corrections "
        "FOR EACH ROW EXECUTE FUNCTION correction_is_stale()"
    )
