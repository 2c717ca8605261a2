"""Reads and writes what belongs to one turn: conversation, inbox row, question, reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.labelling import Labelling
from bot.reports.requests import Joined, Sent
from bot.safety.turn import alarm
from bot.types import Candidate, Message, Outcome, Rating, Reply, State, Turn
from feed import report_photos, reports
from feed.questions import Question, log, of_message
from feed.satisfaction import Rated, explain, rate
from feed.votes import cast
from index.aspects import Aspect
from store import confided, conversations, inbox, outbox

_log = structlog.get_logger("api.ledger")
_MOST_CANDIDATES = 10
_MATCHED = frozenset({Outcome.ANSWER, Outcome.BOOKING, Outcome.REPORT})


@dataclass(frozen=True, slots=True)
class Work:
    """A message to be answered next, with the conversation as it stood when it was read."""

    message: inbox.Received
    conversation: conversations.Conversation
    state: State
    given: frozenset[str] = frozenset()
    """What the conversation has confided for a booking or a report: of "name" and "phone"."""
    photos: int = 0
    """How many photos wait for a report."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A turn put together again from what was stored. Its state is the conversation's present one."""

    turn: Turn
    public_id: str
    latency_ms: float


async def load_work(connection: AsyncConnection, inbox_id: int, now: datetime) -> Work | None:
    """What has to be answered so that `inbox_id` gets its turn; None when it has had it or is gone."""
    message = await inbox.load(connection, inbox_id)
    if message is None or message.status != inbox.NEW or message.conversation_id is None:
        return None
    oldest = await inbox.oldest_open(connection, message.conversation_id)
    if oldest is not None and oldest != inbox_id:
        message = await inbox.load(connection, oldest)
    if message is None or message.conversation_id is None:
        return None
    conversation = await conversations.load(connection, message.conversation_id)
    if conversation is None:
        return None
    given = (await confided.of(connection, conversation.id, now)).given
    photos = await report_photos.pending(connection, conversation.id)
    return Work(message, conversation, _state(conversation), given, photos)


async def load_answer(connection: AsyncConnection, inbox_id: int) -> StoredAnswer | None:
    """The answer to a message that was handled before."""
    logged = await of_message(connection, inbox_id)
    payload = await outbox.payload_of(connection, inbox_id)
    if logged is None or payload is None:
        return None
    question = logged.question
    conversation = await conversations.load(connection, question.conversation_id)
    if conversation is None:
        return None
    turn = Turn(
        state=_state(conversation),
        reply=Reply.model_validate(payload),
        outcome=Outcome(question.outcome),
        procedures=tuple(Candidate.model_validate(candidate) for candidate in question.candidates),
        aspects=tuple(Aspect(aspect) for aspect in question.aspects),
        score=question.score,
        knowledge_version=question.knowledge_version,
    )
    return StoredAnswer(turn, conversation.public_id, question.latency_ms)


async def record_turn(
    connection: AsyncConnection,
    work: Work,
    turn: Turn,
    *,
    now: datetime,
    latency_ms: float,
    error: str | None,
    delivered: bool,
    labelling: Labelling | None = None,
) -> None:
    """Writes everything about a turn. The caller holds the conversation's lock and commits."""
    message, conversation = work.message, work.conversation
    await conversations.save_state(connection, conversation, turn.state.model_dump(mode="json"), now)
    if work.given and turn.state.booking is None and turn.state.report is None:
        await confided.forget(connection, conversation.id)
    question = _question(work, turn, latency_ms, failed=error is not None)
    if labelling is not None:
        question = replace(question, **labelling.of_turn(message.labels, turn, question.procedure_code))
    question_id = await log(connection, _flagged(question))
    for result in turn.grounds:
        if isinstance(result, Sent | Joined):
            await reports.link(connection, result.state.code, question_id)
    if turn.rating is not None:
        await _rate(connection, conversation.id, turn.rating, message.received_at)
    if turn.vote is not None:
        vote = turn.vote
        await cast(connection, vote.message, conversation.id, useful=vote.useful, at=message.received_at)
    draft = outbox.Draft(
        conversation_id=conversation.id,
        channel=message.channel,
        payload=turn.reply.model_dump(mode="json"),
        inbox_id=message.id,
    )
    await outbox.add(connection, draft, now, delivered=delivered)
    await inbox.close(connection, message.id, now, error)


async def _rate(connection: AsyncConnection, conversation_id: int, rating: Rating, at: datetime) -> None:
    rated = Rated(rating.message, rating.reference)
    if rating.stars is not None:
        await rate(connection, conversation_id, rated, rating.stars, at)
    else:
        await explain(connection, conversation_id, rated, reason=rating.reason, comment=rating.comment)


def _flagged(question: Question) -> Question:
    """With the alarm that the bot has raised by itself: it has promised that a person will see the message."""
    raised = alarm(Message(text=question.text, at=question.asked_at)) if question.choice is None else None
    flags = question.flags or ()
    return question if raised is None or raised in flags else replace(question, flags=(*flags, raised))


def _question(work: Work, turn: Turn, latency_ms: float, *, failed: bool) -> Question:
    message = work.message
    matched = turn.procedures[0].code if turn.procedures and turn.outcome in _MATCHED else None
    return Question(
        inbox_id=message.id,
        conversation_id=work.conversation.id,
        channel=message.channel,
        text=message.text or _label(work),
        choice=message.choice,
        asked_at=message.received_at,
        outcome=turn.outcome.value,
        procedure_code=matched,
        candidates=tuple(c.model_dump(mode="json") for c in turn.procedures[:_MOST_CANDIDATES]),
        aspects=tuple(aspect.value for aspect in turn.aspects),
        score=turn.score,
        latency_ms=latency_ms,
        knowledge_version=turn.knowledge_version,
        failed=failed,
    )


def _label(work: Work) -> str:
    """What the tapped button said, as far as it is still known."""
    labels = {choice.id: choice.label for choice in work.state.offered}
    return labels.get(work.message.choice or "", "")


def _state(conversation: conversations.Conversation) -> State:
    """The engine's state; a conversation from before a change of its form starts afresh."""
    try:
        return State.model_validate(conversation.state)
    except ValidationError:
        _log.warning("state_unreadable", conversation_id=conversation.id)
        return State()
