"""Which of a group's siblings a message hints at: "bị mất" among the variants of a certificate's renewal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.query import Query
from index.text import fold_all, tokens
from knowledge.models import Group


@dataclass(frozen=True, slots=True)
class GroupHints:
    """A group's asks and, by variant, its hints, all folded."""

    asks: frozenset[str]
    hints: Mapping[str, Sequence[str]]
    """By code."""

    @classmethod
    def of(cls, group: Group) -> GroupHints:
        """The hints of a group."""
        hints = {variant.code: tuple(map(_folded, variant.hints)) for variant in group.variants}
        return cls(frozenset(map(_folded, group.asks)), hints)

    def named(self, query: Query) -> frozenset[str]:
        """Codes of the variants whose hints the message names.

        A hint that stands within another variant's longer one ("khóa" in "mở khóa") does not count; a message that is
        nothing but a name of the whole group hints at no variant, whatever words it shares with one.
        """
        if " ".join(query.folded) in self.asks:
            return frozenset()
        text = f" {' '.join(query.folded_all)} "
        found = {code: [hint for hint in hints if f" {hint} " in text] for code, hints in self.hints.items()}
        return frozenset(
            code for code, hints in found.items() if any(not _within_others(hint, code, found) for hint in hints)
        )


def _within_others(hint: str, code: str, found: Mapping[str, Sequence[str]]) -> bool:
    return any(
        f" {hint} " in f" {other} " and hint != other for c, hints in found.items() if c != code for other in hints
    )


def _folded(text: str) -> str:
    return " ".join(fold_all(tokens(text)))
