"""Whether an answer helped: one vote for each answer, by the chat that got it; it may be changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.rows import insert_into
from store.tables import questions, votes


async def cast(connection: AsyncConnection, inbox_id: int, conversation_id: int, *, useful: bool, at: datetime) -> bool:
    """Counts a vote on the answer to a message; a later vote takes its place.

    False, and nothing is counted, where the message got no answer or belongs to another conversation.
    """
    answered = select(questions.c.id).where(
        questions.c.inbox_id == inbox_id,
        questions.c.conversation_id == conversation_id,
        questions.c.outcome == "answer",
    )
    question_id = (await connection.execute(answered)).scalar_one_or_none()
    if question_id is None:
        return False
    vote = {"useful": useful, "voted_at": at}
    statement = insert_into(connection, votes).values(question_id=question_id, **vote)
    await connection.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=vote))
    return True


async def of_messages(connection: AsyncConnection, inbox_ids: Collection[int]) -> dict[int, bool]:
    """Whether the answers to these messages helped, as far as that was said, by message."""
    statement = (
        select(questions.c.inbox_id, votes.c.useful)
        .join(votes, votes.c.question_id == questions.c.id)
        .where(questions.c.inbox_id.in_(inbox_ids))
    )
    rows = await connection.execute(statement)
    return {row.inbox_id: row.useful for row in rows}
