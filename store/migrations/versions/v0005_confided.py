"""Name and phone of somebody who is booking in a conversation, kept apart and for minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "confided",
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("phone", sa.String(40)),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_confided_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_confided"),
    )
    op.create_index("ix_confided_until", "confided", ["until"])


def downgrade() -> None:
    """Drops the table."""
    op.drop_table("confided")
