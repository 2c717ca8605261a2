"""One message's way: received once, answered by the engine, everything about it written in one transaction.

`receive` stores a message so that it can be acknowledged; a worker answers it. `ask` does both at once for
channels that answer in their response. Whatever happens in between (a crash, a second replica, the same
update twice), each message ends as one question in the log and one reply: see docs/adr/0002.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.booking_desk import MOST_ROUNDS, BookingDesk, Caller
from api.confiding import KEPT, take, told_in
from api.data_desk import Asking, DataDesk
from api.intake import Incoming, admitted, key_of
from api.labelling import SURE, Labelling
from api.ledger import Work, load_answer, load_work, record_turn
from api.metrics import Metrics
from api.published import PublishedDesk
from api.report_desk import ReportDesk, Reporter
from bot.appointments.requests import Reason, Refused, Request, Result
from bot.catalog import say
from bot.reports.requests import ReportRequest, ReportResult, ReportsOff
from bot.rights.requests import DataRefused, DataRequest, DataResult
from bot.types import Assistant, Block, Message, Outcome, Reply, Turn
from bot.votes import vote_of
from feed import report_photos
from store import confided, conversations, inbox
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import read, write, write_repeatable
from store.errors import StoreUnavailable

_log = structlog.get_logger("api.pipeline")

SYNCHRONOUS = frozenset({"web", "api", "terminal"})
"""Channels whose reply goes out with the response; the others are sent by `api.delivery`."""
THANKED = frozenset({"telegram"})
"""Channels that say thanks for a tapped vote when they acknowledge the tap: no message is sent for it."""
MOST_ATTEMPTS = 5
"""A message that was taken up so often and never finished kills its process: it gets the apology instead."""
APOLOGY = Reply(
    blocks=(
        Block(
            kind="text",
            text="Xin lỗi, hệ thống đang gặp trục trặc nên chưa trả lời được câu hỏi này. "
            "Câu hỏi của bạn đã được ghi lại để cán bộ xem. Bạn vui lòng thử lại sau ít phút.",
        ),
    )
)


class MessageGone(LookupError):
    """The message does not exist, or its conversation was deleted."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A stored message; with `duplicate` it had been stored before."""

    inbox_id: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The outcome of one message. `latency_ms` is what the engine took."""

    turn: Turn
    conversation_id: str
    """The conversation's public, unguessable id."""
    inbox_id: int
    latency_ms: float
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How the worker works."""

    lease: timedelta = timedelta(seconds=15)
    """How long a taken message is left alone by other workers; being wrong costs work, never correctness."""
    poll_seconds: float = 2.0
    concurrency: int = 4


class Pipeline:
    """Joins the channels, the conversation engine and the store."""

    def __init__(
        self,
        engine: AsyncEngine,
        assistant: Assistant,
        clock: Clock = utc_now,
        *,
        booking: BookingDesk | None = None,
        data: DataDesk | None = None,
        reports: ReportDesk | None = None,
        labelling: Labelling | None = None,
        published: PublishedDesk | None = None,
        metrics: Metrics | None = None,
        wait: Waiter = wait_for,
        pace: Pace | None = None,
    ) -> None:
        self._engine = engine
        self._assistant = assistant
        self._clock = clock
        self._booking = booking
        self._data = data
        self._reports = reports
        self._labelling = labelling
        self._published = published
        self._metrics = metrics or Metrics()
        self._wait = wait
        self._pace = pace or Pace()
        self._stopping = False
        self.arrived = asyncio.Event()
        """Set when the worker has something to do."""
        self.outgoing = asyncio.Event()
        """Set when a reply was put in the outbox: the delivery's wake."""
        self.logged = asyncio.Event()
        """Set when a turn was written into the question log: the wake of who works on it."""

    async def receive(self, incoming: Incoming) -> Receipt:
        """Stores a message, redacted; once this returns it is not lost, and the platform may be told so."""
        receipt = await self._store(incoming, lease=None)
        self.arrived.set()
        return receipt

    async def ask(self, incoming: Incoming) -> Answered:
        """Receives and answers. The same `external_id` in the same chat gets the stored answer again."""
        receipt = await self._store(incoming, lease=self._pace.lease)
        return replace(await self.handle(receipt.inbox_id), duplicate=receipt.duplicate)

    async def chat_of(self, channel: str, conversation_id: str) -> str | None:
        """The chat behind a public conversation id, or None where there is no such conversation."""
        async with read(self._engine) as connection:
            found = await conversations.find(connection, conversation_id)
        return found.chat_id if found is not None and found.channel == channel else None

    async def handle(self, inbox_id: int) -> Answered:
        """Answers a message, older ones of its chat first. Calling it again gives the stored answer.

        Raises `MessageGone` when the message or its conversation does not exist (any more), and
        `StoreUnavailable` when the database cannot be used; then nothing was written.
        """
        while True:
            async with read(self._engine) as connection:
                work = await load_work(connection, inbox_id, self._clock())
            if work is None:
                return await self._stored(inbox_id)
            turn = await self._finish(work)
            if turn is not None and work.message.id == inbox_id:
                return Answered(turn.turn, work.conversation.public_id, inbox_id, turn.latency_ms)

    async def work_once(self) -> int:
        """Answers the oldest open message of some chats; returns how many were taken."""
        now = self._clock()
        async with write_repeatable(self._engine) as connection:
            taken = await inbox.claim(connection, now, now + self._pace.lease, self._pace.concurrency)
        await asyncio.gather(*(self._handle_logged(inbox_id) for inbox_id in taken))
        return len(taken)

    async def run_worker(self) -> None:
        """Answers what `receive` stored and what a crash left behind, until `stop`."""
        while not self._stopping:
            try:
                taken = await self.work_once()
            except StoreUnavailable as error:
                _log.error("inbox_unavailable", cause=error.cause)
                taken = 0
            if not taken and not self._stopping:
                await self._wait(self.arrived, self._pace.poll_seconds)

    def stop(self) -> None:
        """Lets `run_worker` end after the messages in hand."""
        self._stopping = True
        self.arrived.set()

    async def _store(self, incoming: Incoming, lease: timedelta | None) -> Receipt:
        now = self._clock()
        text, choice = await admitted(incoming)
        labels = None if self._labelling is None else await self._labelling.of_message(incoming.text, choice)
        async with write(self._engine) as connection:
            chat = await conversations.open_locked(connection, incoming.channel, incoming.chat_id, now)
            taken = take(incoming.text, chat.state) if choice is None else None
            arrival = inbox.Arrival(
                channel=incoming.channel,
                external_id=key_of(incoming, scoped=incoming.channel in SYNCHRONOUS),
                conversation_id=chat.id,
                text=taken.text if taken else text,
                choice=choice,
                received_at=incoming.received_at,
                labels=None if taken else labels,
            )
            inbox_id, known = await inbox.add(connection, arrival, None if lease is None else now + lease)
            if taken is not None and not known:
                await confided.keep(connection, chat.id, taken.told, now + KEPT)
            if incoming.photo is not None and not known:
                await report_photos.keep(connection, chat.id, incoming.channel, incoming.photo, now)
        if known:
            self._metrics.duplicates.labels(channel=incoming.channel).inc()
        return Receipt(inbox_id, known)

    async def _finish(self, work: Work) -> _Timed | None:
        """One attempt; None when somebody else was faster and it has to be looked at again."""
        timed = await self._respond(work)
        try:
            written = await self._write(work, timed)
        except StoreUnavailable:
            raise
        except Exception as error:  # a turn that cannot be ended or stored: nothing of it was written
            _log.exception("turn_broke", inbox_id=work.message.id, channel=work.message.channel)
            written = await self._write(work, self._apologise(work, type(error).__name__, timed.latency_ms))
        if written is None:
            return None
        timed = written
        self.logged.set()
        channel = work.message.channel
        self._metrics.turns.labels(channel=channel, outcome=timed.turn.outcome.value).inc()
        self._metrics.turn_seconds.labels(channel=channel).observe(timed.latency_ms / 1000)
        if timed.turn.unsupported:
            self._report_blocked(work, timed.turn)
        if channel not in SYNCHRONOUS:
            self.outgoing.set()
        return timed

    async def _respond(self, work: Work) -> _Timed:
        message = work.message
        if message.attempts > MOST_ATTEMPTS:
            return self._apologise(work, "given_up", 0.0)
        began = perf_counter()
        try:
            turn = await asyncio.to_thread(self._assistant.respond, work.state, _said(work))
        except Exception as error:
            _log.exception("engine_failed", inbox_id=message.id, channel=message.channel)
            return self._apologise(work, type(error).__name__, _since(began))
        return _Timed(turn, _since(began), None)

    def _apologise(self, work: Work, error: str, latency_ms: float) -> _Timed:
        self._metrics.failed.labels(channel=work.message.channel).inc()
        _log.error("turn_failed", inbox_id=work.message.id, channel=work.message.channel, error=error)
        turn = Turn(
            state=work.state,
            reply=APOLOGY,
            outcome=Outcome.OUT_OF_SCOPE,
            knowledge_version=self._assistant.knowledge_version,
        )
        return _Timed(turn, latency_ms, error)

    def _report_blocked(self, work: Work, turn: Turn) -> None:
        """A defect of ours, for us to find: the records and kinds, but nothing that anybody said."""
        kinds = [claim.kind for claim in turn.unsupported]
        for kind in kinds:
            self._metrics.unsupported.labels(kind=kind).inc()
        _log.error(
            "turn_blocked",
            inbox_id=work.message.id,
            channel=work.message.channel,
            records=[f"{ref.kind}:{ref.id}" for ref in turn.sources],
            aspects=[aspect.value for aspect in turn.aspects],
            kinds=kinds,
            knowledge_version=turn.knowledge_version,
        )

    async def _write(self, work: Work, timed: _Timed) -> _Timed | None:
        """The turn as it was written; None if it has to be looked at again. One with requests survives a power cut."""
        transaction = write_repeatable if timed.turn.request is None else write
        async with transaction(self._engine) as connection:
            if self._published is not None and not await self._published.still_true(connection, timed.turn):
                return None
            if not await self._still_next(connection, work):
                return None
            timed = replace(timed, turn=await self._ended(connection, work, timed.turn))
            await record_turn(
                connection,
                work,
                timed.turn,
                now=self._clock(),
                latency_ms=timed.latency_ms,
                error=timed.error,
                delivered=work.message.channel in SYNCHRONOUS or _thanked(work),
                labelling=self._labelling,
            )
            if self._published is not None:
                await self._published.received(connection, timed.turn, work.conversation.id, self._clock())
        return timed

    async def _ended(self, connection: AsyncConnection, work: Work, turn: Turn) -> Turn:
        """The turn after everything that it asks for was done, in this transaction."""
        for _ in range(MOST_ROUNDS):
            if turn.request is None:
                return turn
            turn = self._assistant.resume(turn, _said(work), await self._done(connection, work, turn.request))
        raise RuntimeError("the dialogue goes round in circles")

    async def _done(
        self, connection: AsyncConnection, work: Work, request: Request | DataRequest | ReportRequest
    ) -> Result | DataResult | ReportResult:
        if isinstance(request, DataRequest):
            asking = Asking(work.conversation.id, work.message.id)
            return DataRefused() if self._data is None else await self._data.fulfil(connection, asking, request)
        if isinstance(request, ReportRequest):
            who = Reporter(work.conversation.id, work.message.channel, booking=work.state.booking is not None)
            return ReportsOff() if self._reports is None else await self._reports.fulfil(connection, who, request)
        if self._booking is None:
            return Refused(Reason.OFF, say("book_off"))
        return await self._booking.fulfil(connection, Caller(work.conversation.id, work.message.channel), request)

    async def _still_next(self, connection: AsyncConnection, work: Work) -> bool:
        """Whether the turn was computed from what is still true; locks the conversation first."""
        current = await conversations.load_locked(connection, work.conversation.id)
        if current is None or current.version != work.conversation.version:
            return False
        return await inbox.oldest_open(connection, current.id) == work.message.id

    async def _stored(self, inbox_id: int) -> Answered:
        async with read(self._engine) as connection:
            stored = await load_answer(connection, inbox_id)
        if stored is None:
            raise MessageGone(f"inbox row {inbox_id}")
        return Answered(stored.turn, stored.public_id, inbox_id, stored.latency_ms, duplicate=True)

    async def _handle_logged(self, inbox_id: int) -> None:
        """Answers one claimed message; an error leaves it to be taken up again when its lease is over."""
        try:
            await self.handle(inbox_id)
        except MessageGone:
            _log.info("message_gone", inbox_id=inbox_id)
        except StoreUnavailable as error:
            _log.error("turn_not_stored", inbox_id=inbox_id, cause=error.cause)
        except Exception:
            _log.exception("turn_not_handled", inbox_id=inbox_id)


@dataclass(frozen=True, slots=True)
class _Timed:
    """A turn, what it took, and why it is an apology if it is one."""

    turn: Turn
    latency_ms: float
    error: str | None


def _said(work: Work) -> Message:
    message = work.message
    return Message(
        text=message.text,
        choice=message.choice,
        at=message.received_at,
        id=message.id,
        given=work.given,
        told=told_in(message.text),
        photos=work.photos,
        kind=(message.labels or {}).get("kind"),
        flags=frozenset((message.labels or {}).get(SURE) or ()),
    )


def _thanked(work: Work) -> bool:
    return work.message.channel in THANKED and vote_of(work.message.choice or "") is not None


def _since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 2)
