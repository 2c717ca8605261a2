"""Reads question sets; the format of a file is recognised by its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

ASPECTS = frozenset(
    {"documents", "time", "fee", "place", "conditions", "steps", "legal_basis", "result", "form", "online"}
)
_SAME_ASPECT = {"agency": "place", "authority": "place", "fees": "fee", "dossier": "documents"}


class SetUnreadable(Exception):
    """The file is no question set that we know; the message names the line."""


@dataclass(frozen=True, slots=True)
class Question:
    """One turn of a citizen, and what is expected of the answer. Empty expectations are not judged."""

    text: str
    judged: bool = True
    codes: frozenset[str] = frozenset()
    """Any of these codes is right."""
    in_data: bool = True
    """Whether the data holds any of them: only then is "first" judged."""
    behaviour: str | None = None
    """answer, ask_back or out_of_scope."""
    aspects: frozenset[str] | None = None
    must_mention: tuple[tuple[str, ...], ...] = ()
    """Of each inner list one string has to stand in the answer."""
    must_cite: tuple[str, ...] = ()
    """One of these has to stand in the answer or its sources."""
    must_link: bool = False
    before: str = ""
    """What the assistant of the recorded conversation had said before it, where the set tells."""


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation: its turns are asked one after the other."""

    id: str
    questions: tuple[Question, ...]


def read_set(path: Path) -> list[Case]:
    """All cases of a JSON Lines file.

    Raises `SetUnreadable` naming the line at fault.
    """
    turns = [_turn(path, number, row) for number, row in _rows(path)]
    if not turns:
        raise SetUnreadable(f"{path}: no questions")
    return [
        Case(case, tuple(turn.question for turn in sorted(group, key=lambda turn: turn.place)))
        for case, group in groupby(turns, key=lambda turn: turn.case)
    ]


def known_only(cases: Sequence[Case], served: frozenset[str]) -> list[Case]:
    """The cases with `in_data` false wherever none of the right codes is served."""
    return [
        replace(case, questions=tuple(replace(q, in_data=q.in_data and bool(q.codes & served)) for q in case.questions))
        for case in cases
    ]


@dataclass(frozen=True, slots=True)
class _Turn:
    case: str
    place: int
    question: Question


def _turn(path: Path, number: int, row: Mapping[str, Any]) -> _Turn:
    try:
        return _Turn(str(row.get("case", f"#{number}")), int(row.get("turn", 1)), _question(row))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SetUnreadable(f"{path}:{number}: {error}") from error


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetUnreadable(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SetUnreadable(f"{path}:{number}: not JSON ({error})") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise SetUnreadable(f"{path}:{number}: no object with a question")
        yield number, row


def _question(row: Mapping[str, Any]) -> Question:
    if "must_mention" in row:
        return Question(row["question"], must_mention=_options(row["must_mention"]))
    if "procedure_codes" in row:
        return _golden(row)
    if "expect_codes" in row:
        return _labelled(row)
    return Question(row["question"])


def _labelled(row: Mapping[str, Any]) -> Question:
    codes = frozenset(_strings(row["expect_codes"])) | frozenset(_strings(row.get("accept_also", ())))
    behaviour = row.get("behaviour") if "behaviour" in row else ("answer" if codes else None)
    return Question(
        row["question"],
        judged=bool(row.get("judged", True)),
        codes=codes,
        in_data=bool(row.get("codes_in_corpus", codes)),
        behaviour=behaviour,
        aspects=_aspects(_strings(row.get("fields", ()))),
        before=str(row.get("prev_assistant") or ""),
    )


def _aspects(fields: Sequence[str]) -> frozenset[str] | None:
    named = frozenset(_SAME_ASPECT.get(field, field) for field in fields)
    return named if named and named <= ASPECTS else None


def _golden(row: Mapping[str, Any]) -> Question:
    note = json.loads(row.get("note") or "{}")
    return Question(
        row["question"],
        codes=frozenset(_strings(row["procedure_codes"])),
        in_data=bool(row.get("codes_in_procedures", row["procedure_codes"])),
        must_mention=_options(note.get("must_mention_any", ())),
        must_cite=_strings(note.get("must_cite_any", ())),
        must_link=bool(note.get("must_include_source_url", False)),
    )


def _options(groups: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(_strings(group) for group in groups)


def _strings(values: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"no list of texts: {values!r}")
    return tuple(values)
