"""Asks every message that was answered rightly once more as others would type it, and counts what stays the same.

    BANHOI_DATA_DIR=… python -m benchmarks.invariance SET.jsonl… [--misses] [--seed 1]

Of a conversation only the judged message is changed. "Kept": the same outcome and, where it is about procedures, the
same first one. Prints Markdown; `--misses` lists every message that was not kept.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.evaluate import EngineConversation
from benchmarks.opening import describe, open_build, percent, read_cases
from benchmarks.perturb import PERTURBATIONS, perturbed
from bot.engine import Engine
from index.evaluation.score import Conversation, Judgement, Observed, judge
from index.evaluation.sets import Case

BARE = "diacritics off"
_ABOUT_PROCEDURES = ("answer", "ask_back")

Start = Callable[[], Conversation]


@dataclass(frozen=True, slots=True)
class Turn:
    """A judged message of a case, with how it went as typed."""

    case: Case
    place: int
    typed: Judgement


@dataclass(frozen=True, slots=True)
class Trial:
    """The same message typed in another way."""

    change: str
    turn: Turn
    text: str
    changed: Judgement

    @property
    def kept(self) -> bool:
        """Whether the outcome and the first procedure are the same."""
        return _essence(self.turn.typed.observed) == _essence(self.changed.observed)


def _essence(observed: Observed) -> tuple[str, tuple[str, ...]]:
    return observed.outcome, observed.codes[:1] if observed.outcome in _ABOUT_PROCEDURES else ()


def right(judgement: Judgement) -> bool | None:
    """Whether all that the set says of procedure, behaviour and contents came true; None where it says nothing."""
    found, asked = judgement.mentions
    said = [judgement.first, judgement.behaviour, found == asked if asked else None]
    judged = [value for value in said if value is not None]
    return all(judged) if judged else None


def turns(cases: Sequence[Case], start: Start) -> list[Turn]:
    """Every message that is judged, asked as typed."""
    return [
        Turn(case, place, _ask(case, place, question.text, start))
        for case in cases
        for place, question in enumerate(case.questions)
        if question.judged
    ]


def trials(asked: Sequence[Turn], start: Start, seed: int) -> Iterator[Trial]:
    """Every message in every other way that differs from how it was typed."""
    for turn in asked:
        typed = turn.case.questions[turn.place].text
        for change in PERTURBATIONS:
            text = perturbed(change, typed, seed)
            if text != typed:
                yield Trial(change, turn, text, _ask(turn.case, turn.place, text, start))


def _ask(case: Case, place: int, text: str, start: Start) -> Judgement:
    """A message put in a conversation that went as the case says."""
    conversation = start()
    for earlier in case.questions[:place]:
        conversation.ask(earlier.text, earlier.before)
    question = case.questions[place]
    return judge(case.id, question, place, conversation.ask(text, question.before))


def kept_table(tried: Sequence[Trial]) -> str:
    """By change: of the messages that were right as typed, how many are kept and how many are right still."""
    head = "| change | messages | kept | kept % | still right % |\n|---|--:|--:|--:|--:|\n"
    rows = [_row(change, [t for t in tried if t.change == change]) for change in PERTURBATIONS]
    return head + "\n".join([*rows, _row("**all**", tried)])


def _row(change: str, tried: Sequence[Trial]) -> str:
    kept, count = sum(trial.kept for trial in tried), len(tried)
    still = sum(bool(right(trial.changed)) for trial in tried)
    return f"| {change} | {count} | {kept} | {percent(kept, count)} | {percent(still, count)} |"


def accents_table(tried: Sequence[Trial]) -> str:
    """All messages typed with diacritics, right or wrong: figures as typed and without."""
    pairs = [(t.turn.typed, t.changed) for t in tried if t.change == BARE and "accented" in t.turn.typed.kinds]
    first = [(a.first, b.first) for a, b in pairs if a.first is not None]
    whole = [(right(a), right(b)) for a, b in pairs if right(a) is not None]
    head = "| | messages | with diacritics % | without % | difference, points |\n|---|--:|--:|--:|--:|\n"
    return head + "\n".join([_difference("right procedure first", first), _difference("all right", whole)])


def _difference(name: str, pairs: Sequence[tuple[bool | None, bool | None]]) -> str:
    with_, without, count = sum(bool(a) for a, _ in pairs), sum(bool(b) for _, b in pairs), len(pairs)
    points = f"{100 * (with_ - without) / count:.1f}" if count else "–"
    return f"| {name} | {count} | {percent(with_, count)} | {percent(without, count)} | {points} |"


def misses(tried: Sequence[Trial]) -> Iterator[str]:
    """What was not kept, a line each."""
    for trial in tried:
        if not trial.kept:
            before, after = (_shown(j.observed) for j in (trial.turn.typed, trial.changed))
            yield f"{trial.change}: {before} -> {after}: {trial.text}"


def _shown(observed: Observed) -> str:
    return " ".join((observed.outcome, *observed.codes[:1]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET")
    parser.add_argument("--misses", action="store_true", help="list the messages that were not kept")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    opened = open_build()
    engine = Engine(lambda: opened.library)
    print(describe(opened.folder))
    for path in options.sets:
        start = lambda: EngineConversation(engine, opened.library, [], replay=True)  # noqa: E731
        asked = turns(read_cases(path, opened.library), start)
        tried = list(trials(asked, start, options.seed))
        sound = [trial for trial in tried if right(trial.turn.typed)]
        count = sum(bool(right(turn.typed)) for turn in asked)
        print(f"\n{path.name}: {count} of {len(asked)} messages right as typed\n\n{kept_table(sound)}")
        print(f"\n{accents_table(tried)}")
        print(*(misses(sound) if options.misses else ()), sep="\n")


if __name__ == "__main__":
    main()
