"""Which of a group's siblings a message hints at: "bị mất" among the variants of a certificate's renewal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.query import Query
from index.synonyms import canonical
from index.text import fold_all, tokens
from knowledge.models import Group

_RANGE = re.compile(r"tuổi (\d{1,3})(?:-(\d{1,3})|\+)")
_AGE = re.compile(r" (\d{1,3}) ?(?:tuoi|t)(?= )")
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Said:
    """A message as hints are sought in it: all its words and those that name the matter, folded, and ages told."""

    text: str
    content: str
    ages: tuple[int, ...]

    @classmethod
    def of(cls, query: Query) -> Said:
        """A message, dialect read as common words."""
        text = f" {' '.join(fold_all(canonical(query.words)))} "
        ages = tuple(int(age) for age in _AGE.findall(text))
        return cls(text, " ".join(fold_all(canonical(query.content))), ages)


@dataclass(frozen=True, slots=True)
class GroupHints:
    """A group's asks and, by variant, its hints, all folded."""

    asks: frozenset[str]
    hints: Mapping[str, Sequence[str]]
    """By code."""
    ages: Mapping[str, Sequence[tuple[int, int]]]
    """By code: from what age to what age it is for."""

    @classmethod
    def of(cls, group: Group) -> GroupHints:
        """The hints of a group."""
        ages = {v.code: tuple(range_ for hint in v.hints if (range_ := age_range(hint))) for v in group.variants}
        hints = {v.code: tuple(_folded(hint) for hint in v.hints if not age_range(hint)) for v in group.variants}
        return cls(frozenset(map(_folded, group.asks)), hints, ages)

    def named(self, said: Said) -> frozenset[str]:
        """Codes of the variants whose hints the message names.

        A hint that stands within another variant's longer one ("khóa" in "mở khóa") does not count; a message that is
        nothing but a name of the whole group hints at no variant, whatever words it shares with one.
        """
        if said.content in self.asks:
            return frozenset()
        aged = [code for code, ranges in self.ages.items() if any(_within(age, ranges) for age in said.ages)]
        found = {code: [hint for hint in hints if f" {hint} " in said.text] for code, hints in self.hints.items()}
        spoken = [code for code, hints in found.items() if any(not _within_others(hint, code, found) for hint in hints)]
        return frozenset((*spoken, *aged))


def age_range(hint: str) -> tuple[int, int] | None:
    """The ages that a hint such as "tuổi 0-13" or "tuổi 75+" stands for, in years."""
    found = _RANGE.fullmatch(hint.strip())
    return (int(found[1]), int(found[2] or _OLDEST)) if found else None


def _within(age: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(low <= age <= high for low, high in ranges)


def _within_others(hint: str, code: str, found: Mapping[str, Sequence[str]]) -> bool:
    return any(
        f" {hint} " in f" {other} " and hint != other for c, hints in found.items() if c != code for other in hints
    )


def _folded(text: str) -> str:
    return " ".join(fold_all(canonical(tokens(text))))
