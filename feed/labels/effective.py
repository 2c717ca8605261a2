"""What a question counts as: what a person said of it, else what the machine said. For every list and figure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func

from store.feed_tables import label_corrections
from store.tables import questions

KIND: ColumnElement[Any] = func.coalesce(label_corrections.c.kind, questions.c.kind)
SENTIMENT: ColumnElement[Any] = func.coalesce(label_corrections.c.sentiment, questions.c.sentiment)
FLAGS: ColumnElement[Any] = func.coalesce(label_corrections.c.flags, questions.c.flags, type_=questions.c.flags.type)
CORRECTED: ColumnElement[bool] = label_corrections.c.question_id.is_not(None)
"""Whether a person said anything."""


def corrected(source: FromClause = questions) -> FromClause:
    """`questions`, or a join that holds them, with their corrections beside them: these expressions need both."""
    return source.outerjoin(label_corrections, label_corrections.c.question_id == questions.c.id)
