"""Runs question sets through the conversation engine, turn by turn, as a citizen would."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.replay import replayed
from bot.engine import Engine
from bot.types import Message, Outcome, State, Turn, Unsupported
from index.evaluation.score import Judgement, Observed, run
from index.evaluation.sets import known_only, read_set
from index.library import Library
from knowledge.models import Level

_START = datetime(2026, 11, 22, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Withheld:
    """An answer that the guard blocked, to a judged turn or not."""

    question: str
    sources: tuple[str, ...]
    unsupported: tuple[Unsupported, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run over a question set gave."""

    judgements: list[Judgement]
    withheld: list[Withheld]

    @property
    def unsupported(self) -> int:
        """How many claims no record bears out, over all answers."""
        return sum(len(answer.unsupported) for answer in self.withheld)


class EngineConversation:
    """One conversation with the engine; a minute passes between turns."""

    def __init__(self, engine: Engine, library: Library, withheld: list[Withheld], *, replay: bool) -> None:
        self._replay = replay
        self._engine = engine
        self._library = library
        self._withheld = withheld
        self._state = State()
        self._at = _START

    def ask(self, text: str, before: str = "") -> Observed:
        """The next turn, after what a recorded assistant had said `before` it."""
        self._at += timedelta(minutes=1)
        if before and self._replay:
            self._state = replayed(self._state, before, self._library, self._at)
        begun = time.perf_counter()
        turn = self._engine.respond(self._state, Message(text=text, at=self._at))
        elapsed = (time.perf_counter() - begun) * 1000
        self._state = turn.state
        if turn.unsupported:
            sources = tuple(f"{ref.kind}:{ref.id}" for ref in turn.sources)
            self._withheld.append(Withheld(text, sources, turn.unsupported))
        return Observed(
            outcome=turn.outcome.value,
            codes=tuple(candidate.code for candidate in turn.procedures),
            aspects=frozenset(aspect.value for aspect in turn.aspects),
            text=_everything(turn),
            links=tuple(citation.url for citation in turn.reply.citations if citation.url),
            latency_ms=elapsed,
            pointer=self._points_elsewhere(turn),
        )

    def _points_elsewhere(self, turn: Turn) -> bool:
        """Whether the answer is about a procedure that no commune settles: it then says who does."""
        if turn.outcome is not Outcome.ANSWER or not turn.procedures:
            return False
        procedure = self._library.knowledge.procedure(turn.procedures[0].code)
        return procedure is not None and Level.COMMUNE not in procedure.level


def _everything(turn: Turn) -> str:
    """All that a citizen reads: the reply, its choices and its sources."""
    parts = [turn.reply.text, *(choice.label for choice in turn.reply.choices)]
    for citation in turn.reply.citations:
        parts += [citation.title, citation.section or "", citation.url or "", f"{citation.date:%d/%m/%Y}"]
    return "\n".join(parts)


def evaluate(library: Library, path: Path, *, replay: bool = True) -> Evaluation:
    """Judge every turn of a set; the right procedure only where the knowledge holds it.

    With `replay`, a recorded conversation goes on from what its own assistant had said, not from what ours said.
    """
    engine = Engine(lambda: library)
    withheld: list[Withheld] = []
    served = frozenset(library.knowledge.codes())
    cases = known_only(read_set(path), served)
    judgements = run(cases, lambda: EngineConversation(engine, library, withheld, replay=replay), lambda: None)
    return Evaluation(judgements, withheld)
