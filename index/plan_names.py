"""What plan documents are called: by number, by kind and place, by alias, or only by their place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.plan_phrases import Hit, Phrases
from index.plan_words import lists, plain_words
from knowledge.models import Plan

_PLACE_TYPE = re.compile(r"^(tỉnh|thành phố|xã|phường|đặc khu)\s+", re.IGNORECASE)


class NameKind(StrEnum):
    """How plainly a name points to a document."""

    DOCUMENT = "document"
    """Its number, its kind with its place, an alias."""
    KIND = "kind"
    """Only its kind, such as "nghị quyết", where no other document is of that kind."""
    PLACE = "place"
    """Only the place it is for."""
    ISSUER = "issuer"
    """Only who issued it, which may as well be meant as a unit."""


@dataclass(frozen=True, slots=True)
class Name:
    """One reading of a name."""

    kind: NameKind
    plan_id: str


class PlanNames:
    """Finds names of documents in words without diacritics (see `canonical`)."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        plans = list(plans)
        phrases = defaultdict[tuple[str, ...], set[Name]](set)
        for words in lists("no_place"):
            phrases[words] = set()
        for plan in plans:
            for words in _documents(plan):
                phrases[words].add(Name(NameKind.DOCUMENT, plan.id))
            for words in _places(plan):
                phrases[words].add(Name(NameKind.PLACE, plan.id))
            phrases[_issuer(plan)].add(Name(NameKind.ISSUER, plan.id))
            if [other.kind for other in plans].count(plan.kind) == 1:
                for words in lists("kinds", plan.kind):
                    phrases[words].add(Name(NameKind.KIND, plan.id))
        self._phrases = Phrases({words: frozenset(_plainest(names)) for words, names in phrases.items()})

    def find(self, words: Sequence[str]) -> list[Hit[Name]]:
        """All names, left to right."""
        return self._phrases.find(words)


def _plainest(names: set[Name]) -> set[Name]:
    documents = {name for name in names if name.kind is NameKind.DOCUMENT}
    return documents or names


def _places(plan: Plan) -> list[tuple[str, ...]]:
    return [tuple(plain_words(text)) for text in (plan.place, _PLACE_TYPE.sub("", plan.place))]


def _documents(plan: Plan) -> Iterator[tuple[str, ...]]:
    for text in (plan.number or "", plan.short, *plan.aliases):
        yield tuple(plain_words(text))
    for kind in lists("kinds", plan.kind):
        for place in _places(plan):
            yield (*kind, *place)
            yield (*kind, "cua", *place)
        digits = re.match(r"\d+", plan.number or "")
        if digits:
            numbers = {digits[0], digits[0].lstrip("0")}
            yield from ((*kind, *so, number) for so in ((), ("so",)) for number in numbers)
            yield from ((f"{''.join(word[0] for word in kind)}{number}",) for number in numbers)
    if plan.issuer:
        yield ("theo", *_issuer(plan))


def _issuer(plan: Plan) -> tuple[str, ...]:
    return tuple(plain_words((plan.issuer or "").removesuffix(plan.place)))
