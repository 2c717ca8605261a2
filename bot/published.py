"""Answers that officials have published, beside the build: what they say, and where they take the place of a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.catalog import say
from bot.guard.evidence import Evidence, evidence_of_texts
from bot.types import Block, Citation, Message, Outcome, RecordKind, RecordRef, Reply, State, Turn
from bot.wording import day
from index.aspects import find_aspects
from index.faq import FaqIndex, Hit, faq_index
from index.library import Library
from index.query import Query

PREFIX = "answer:"
"""How the ids of published answers begin as sources of a turn; those of the build's FAQ never do."""
UNKNOWN_FROM = 0.65
"""From this likeness on, an answer is given where the index has none."""
ASKED_BACK_FROM = 0.75
"""The same where the index would ask back."""
ANSWERED_FROM = 0.985
"""The same where the index has an answer of its own."""
FEWEST_WORDS = 2
"""Telling words that a message must have beside what it asks for: "phí bao nhiêu" is about what was talked about."""
_FROM = {
    Outcome.OUT_OF_SCOPE: UNKNOWN_FROM,
    Outcome.ASK_BACK: ASKED_BACK_FROM,
    Outcome.ANSWER: ANSWERED_FROM,
}


_AFTER = {
    "offered": (),
    "pending_aspects": (),
    "pending_text": "",
    "plan": None,
    "last_outcome": Outcome.ANSWER,
}
"""What the conversation remembers of such an answer."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published answer in force."""

    id: int
    code: str
    """Of its case."""
    question: str
    text: str
    agency: str
    given: date
    citations: tuple[Citation, ...] = ()
    url: str | None = None
    """Its public page."""
    expires_at: datetime | None = None
    wordings: tuple[str, ...] = ()
    """How it was asked, the public question aside; redacted."""

    @property
    def ref(self) -> RecordRef:
        """Names it as the source of a turn."""
        return RecordRef(kind=RecordKind.FAQ, id=f"{PREFIX}{self.id}")

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The answer itself, then what it rests on."""
        own = Citation(title=say("published_source", agency=self.agency, code=self.code), url=self.url, date=self.given)
        return (own, *self.citations)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All published answers in force, searchable. Immutable."""

    answers: Mapping[str, Published] = field(default_factory=dict)
    """By the id of their source."""
    index: FaqIndex | None = None

    def evidence(self, ref: RecordRef) -> Evidence | None:
        """What an answer states, for the guard; None where it is none of these."""
        answer = self.answers.get(ref.id)
        return _evidence(answer) if answer is not None else None

    def best(self, query: Query, at: datetime) -> tuple[Published, Hit] | None:
        """The likeliest answer that has not expired by `at`."""
        hit = self.index.best(query) if self.index is not None else None
        if hit is None:
            return None
        answer = self.answers[hit.id]
        return None if answer.expires_at is not None and answer.expires_at <= at else (answer, hit)

    def without(self, idents: frozenset[str]) -> Shelf:
        """The shelf without some answers."""
        kept = {ident: answer for ident, answer in self.answers.items() if ident not in idents}
        if len(kept) == len(self.answers):
            return self
        return shelf_of(self.index.library, list(kept.values()), self) if self.index is not None else Shelf(kept)


Shelves = Callable[[], Shelf]
"""Gives the answers in force now."""


def nothing() -> Shelf:
    """No answer is published."""
    return _EMPTY


def shelf_of(library: Library, answers: Sequence[Published], before: Shelf | None = None) -> Shelf:
    """A shelf of these answers; reads only wordings that `before` has not."""
    texts = {answer.ref.id: (answer.question, *answer.wordings) for answer in answers}
    index = faq_index(library, texts, before.index if before is not None else None)
    return Shelf({answer.ref.id: answer for answer in answers}, index)


def in_place_of(turn: Turn, shelf: Shelf, query: Query, state: State, message: Message) -> Turn:
    """The turn itself, or one that gives a published answer which asks the same more surely."""
    least = _FROM.get(turn.outcome) if _names_a_matter(query) else None
    found = shelf.best(query, message.at) if least is not None else None
    if least is None or found is None or found[1].probability < least:
        return turn
    answer, hit = found
    return Turn(
        state=state.model_copy(update=_AFTER | {"last_at": message.at}),
        reply=reply(answer),
        outcome=Outcome.ANSWER,
        sources=(answer.ref,),
        score=hit.probability,
        knowledge_version=turn.knowledge_version,
    )


def _names_a_matter(query: Query) -> bool:
    asked = find_aspects(query)
    return len(query.keeping(asked.keep).content) >= FEWEST_WORDS


def reply(answer: Published) -> Reply:
    """The answer as citizens read it: the question it answers, its text; its sources say who gave it and when."""
    blocks = (Block(kind="title", text=answer.question), Block(kind="text", text=answer.text))
    return Reply(blocks=blocks, citations=answer.sources)


def _evidence(answer: Published) -> Evidence:
    cited = [
        text for item in answer.sources for text in (item.title, item.section or "", item.url or "", day(item.date))
    ]
    return evidence_of_texts([answer.question, answer.text, answer.agency, answer.code, day(answer.given), *cited])


_EMPTY = Shelf()
