"""What goes into the conversation engine and what comes out: messages, replies, choices, state.

Nothing here knows a channel. A reply is blocks of text plus typed choices; each adapter renders it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.appointments.memory import Booking
from bot.appointments.requests import Request, Result
from bot.ratings.memory import RatingMemory
from bot.reports.memory import Report
from bot.reports.requests import ReportRequest, ReportResult
from bot.rights.requests import DataRequest, DataResult
from index.aspects import Aspect


class Value(BaseModel):
    """Base of the values here: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outcome(StrEnum):
    """How a turn ended: a closed list, so that officials can filter by it."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    OUT_OF_SCOPE = "out_of_scope"
    SMALL_TALK = "small_talk"
    BOOKING = "booking"
    REPORT = "report"
    """A complaint, a proposal, or a word of danger: a person has to see it."""
    BLOCKED = "blocked"
    """The reply stated something that its records do not; it was withheld (docs/adr/0007)."""
    RIGHTS = "rights"
    """The citizen asked what is kept of the conversation, or for its deletion."""
    ERASED = "erased"
    """What was kept of the conversation was deleted; only this turn is left of it."""
    VOTE = "vote"
    """The citizen said whether an answer helped, or how satisfied they are: no question, and the talk stays."""


class Message(Value):
    """One message of a citizen, personal data already redacted."""

    text: str = ""
    choice: str | None = None
    """Id of the choice that was tapped, when the message is a tap and not text."""
    at: datetime
    """When it was received, with time zone."""
    id: int | None = None
    """Names the message, so that its answer may be voted on; without it no votes are offered."""
    given: frozenset[str] = frozenset()
    """What of "name" and "phone" the citizen has confided for a booking; the engine never sees them themselves."""
    told: frozenset[str] = frozenset()
    """What of it this message told; a phone that is none is told and not given."""
    photos: int = 0
    """How many photos wait for the report under way; the engine never sees them themselves."""
    kind: str | None = None
    """What the message was labelled as: question, complaint and so on."""
    flags: frozenset[str] = frozenset()
    """What it warns of, surely enough to be answered by."""


VOTE_PREFIX = "v:"
"""How the ids of choices begin that vote on an answer."""


class Choice(Value):
    """A button, a list entry or a numbered line. `id` says all there is to know, so an old button still works."""

    id: str = Field(min_length=1, max_length=60, pattern=r"^[\x21-\x7e]+$")
    """ASCII, at most 60 bytes (Telegram's limit for callback data is 64)."""
    label: str = Field(min_length=1)
    code: str | None = None
    """The procedure it leads to, if it leads to one."""

    @property
    def is_vote(self) -> bool:
        """Whether it votes on the answer and leads nowhere: channels with buttons show it small."""
        return self.id.startswith(VOTE_PREFIX)


class Vote(Value):
    """What a citizen thinks of an answer."""

    message: int
    """Id of the message that was answered."""
    useful: bool


class Rating(Value):
    """How satisfied a citizen is with an answer or with an appointment, or why."""

    message: int | None = None
    """Id of the message that was answered."""
    reference: str | None = None
    """The appointment."""
    stars: int | None = Field(default=None, ge=1, le=5)
    reason: str | None = None
    comment: str | None = None


class Block(Value):
    """A piece of a reply: a title, a paragraph, a list or a note in small type."""

    kind: Literal["title", "text", "list", "note"]
    text: str = ""
    """The paragraph; for a list its heading, which may be empty."""
    items: tuple[str, ...] = ()


class Link(Value):
    """Something to open, such as the ticket of an appointment."""

    label: str = Field(min_length=1)
    url: str
    """Absolute, or from the root of the site that shows the reply."""


class Citation(Value):
    """The source of an answer."""

    title: str
    section: str | None = None
    url: str | None = None
    date: date


class Reply(Value):
    """What the citizen gets: text in blocks, where it comes from, and what may be tapped next."""

    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """The reply as plain text, without its choices; lists as lines that start with "- "."""
        return "\n\n".join(_plain(block) for block in self.blocks)


def _plain(block: Block) -> str:
    lines = [block.text] if block.text else []
    return "\n".join(lines + [f"- {item}" for item in block.items])


class Candidate(Value):
    """A procedure that was considered, with the probability that it is the one meant."""

    code: str
    name: str
    probability: float = Field(ge=0, le=1)


class Topic(Value):
    """A procedure or a plan that the conversation was about."""

    kind: Literal["procedure", "plan"]
    id: str
    at: datetime


class PlanMemory(Value):
    """The last question on plan documents as it was read (see `PlanAsk`), and what it was answered with."""

    words: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    wanted: str
    periods: tuple[tuple[int, int], ...] = ()
    plans: tuple[str, ...] = ()
    named: str | None = None
    levels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    quoted: tuple[tuple[str, str], ...] = ()
    """Plan and statement, the first is the one answered with."""
    more: str | None = None
    """The choice that shows the rest of a folded list."""


class State(Value):
    """What the engine remembers of a conversation. The empty state starts one."""

    topics: tuple[Topic, ...] = ()
    """What was talked about, oldest first, each once at its latest place."""
    offered: tuple[Choice, ...] = ()
    """The choices of the last reply, for "cái thứ hai" and for a number typed in."""
    pending_aspects: tuple[Aspect, ...] = ()
    """Aspects asked for before an ask-back, answered once the procedure is known."""
    pending_text: str = ""
    """The question that was asked back about."""
    last_outcome: Outcome | None = None
    last_aspects: tuple[Aspect, ...] = ()
    last_at: datetime | None = None
    plan: PlanMemory | None = None
    """Set while the conversation is about plan documents."""
    booking: Booking | None = None
    """The booking under way."""
    report: Report | None = None
    """The report under way."""
    rating: RatingMemory = RatingMemory()
    """When the citizen was asked for stars, and for what."""


class RecordKind(StrEnum):
    """What a reply may be composed from."""

    PROCEDURE = "procedure"
    GROUP = "group"
    ELSEWHERE = "elsewhere"
    FAQ = "faq"
    OFFICE = "office"
    STATEMENT = "statement"
    """One statement of a plan; its id is "plan/statement"."""
    GONE = "gone"
    """A procedure that the knowledge does not hold (any more): its code may be named, no more."""


class RecordRef(Value):
    """A record of the knowledge by its id."""

    kind: RecordKind
    id: str


class Unsupported(Value):
    """Something that a reply stated and its records do not."""

    kind: str
    """What was stated: money, date, office and so on; a closed list."""
    text: str
    """As the reply said it."""


class Turn(Value):
    """The engine's answer to one message: new state, replies, and what the question log records."""

    state: State
    reply: Reply
    outcome: Outcome
    sources: tuple[RecordRef, ...] = ()
    """The records that the reply was composed from: whatever else it states is an error."""
    unsupported: tuple[Unsupported, ...] = ()
    """What the guard found; not empty exactly with outcome `blocked`."""
    procedures: tuple[Candidate, ...] = ()
    """Best first. With outcome `answer` the first is the one answered about; empty for a plan."""
    aspects: tuple[Aspect, ...] = ()
    score: float | None = None
    """Probability of the first candidate or strength of the plan match, 0 to 1."""
    vote: Vote | None = None
    """Set only with outcome `vote`."""
    rating: Rating | None = None
    """Set only with outcome `vote`."""
    request: Request | DataRequest | ReportRequest | None = None
    """What the caller has to do before the turn can end: carry it out and call `resume` with its result."""
    grounds: tuple[Result | DataResult | ReportResult, ...] = ()
    """What the caller told during the turn; the reply may state that, too."""
    knowledge_version: str


class Assistant(Protocol):
    """The conversation engine as the rest of the house sees it. Pure: no I/O, no clock, no memory of its own."""

    @property
    def knowledge_version(self) -> str:
        """Version of the knowledge that the next turn will answer from."""
        ...

    def respond(self, state: State, message: Message) -> Turn:
        """One turn. Never raises for anything a citizen can type; takes milliseconds of CPU."""
        ...

    def resume(self, turn: Turn, message: Message, result: Result | DataResult | ReportResult) -> Turn:
        """Goes on with a turn that has a request, now that the caller has told its result.

        Quick enough to be called within a transaction. The turn may have a request again.
        """
        ...


def history(topics: Sequence[Topic], new: Topic) -> tuple[Topic, ...]:
    """`topics` with `new` at the end, each id once, the twelve latest."""
    kept = [topic for topic in topics if (topic.kind, topic.id) != (new.kind, new.id)]
    return (*kept, new)[-12:]
