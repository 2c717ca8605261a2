"""Negation and contrast: of "X chứ không phải Y" and "không phải Y mà X" only X is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from index.query import expand
from index.text import matches, tokens

_NOT = ("không", "phải")
_BUT = ("mà", "chứ")
_PARTS = re.compile(r"[,.;:!?\n]+")
_SAID = 3
"""So many words after a negated part say what is meant instead."""


def meant_words(typed: Sequence[str], raw: str) -> list[bool]:
    """For each word, whether it is meant and not negated by a contrast. `raw` is the message with its punctuation."""
    keep = [True] * len(typed)
    at = _find(typed, _NOT)
    if at is None:
        return keep
    before = typed[at - 1] if at else ""
    if at and any(matches(before, word) for word in _BUT):
        _drop(keep, at - 1, len(typed))
        return keep
    turn = next(
        (place for place in range(at + 2, len(typed)) if any(matches(typed[place], word) for word in _BUT)), None
    )
    if turn is not None and turn - at > 2:
        _drop(keep, at, turn + 1)
    elif at == 0 and _comma_after_not(raw):
        _drop(keep, 0, 2)
    else:
        _drop(keep, at, _end_of_part(typed, raw, at))
    return keep


def _end_of_part(typed: Sequence[str], raw: str, at: int) -> int:
    """Where the part of the sentence with the negation ends, if more follows ("không phải X đâu, Y"); else `at`."""
    ends = list(accumulate(len(expand(tokens(part))) for part in _PARTS.split(raw)))
    end = next((end for end in ends if end > at + 2), at)
    return end if ends[-1] == len(typed) and len(typed) - end >= _SAID else at


def _comma_after_not(raw: str) -> bool:
    head = raw.split(",", 1)[0].split()
    return len(head) <= 3


def _find(words: Sequence[str], phrase: Sequence[str]) -> int | None:
    for at in range(len(words) - len(phrase) + 1):
        if all(map(matches, words[at : at + len(phrase)], phrase)):
            return at
    return None


def _drop(keep: list[bool], start: int, end: int) -> None:
    keep[start:end] = [False] * (end - start)
