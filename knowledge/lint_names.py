"""Checks the names people use across records: nobody can tell two procedures apart by one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.compare_text import fold
from knowledge.content import Content
from knowledge.findings import Finding

_LIGHT = frozenset({"làm", "mần", "xin", "giấy", "tờ", "đơn", "hồ", "sơ"})
"""Words that people put before any matter: with or without them a name says the same."""

Words = Callable[[str], Sequence[str]]
"""The words of a text as search compares them: accented, lower case, abbreviations written out, filler off."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name and the record it leads to."""

    kind: str
    ident: str
    field: str
    text: str


def name_faults(content: Content, words: Words) -> Iterator[Finding]:
    """Names that lead to two records, and aliases that say no more than the vague request of their group."""
    for name, message in (*_collisions(content, words), *_vague(content, words)):
        yield Finding(content.files[name.kind, name.ident], name.ident, name.field, message)


def _names(content: Content) -> Iterator[_Name]:
    for card in content.procedures.values():
        yield from (_Name("procedures", card.code, "aliases", alias) for alias in card.aliases)
    for group in content.groups.values():
        yield from (_Name("groups", group.id, "asks", ask) for ask in group.asks)
    for entry in content.elsewhere.values():
        yield from (_Name("elsewhere", entry.id, "asks", ask) for ask in entry.asks)
    for faq in content.faqs.values():
        yield from (_Name("faqs", faq.id, "questions", question) for question in faq.questions)


def _collisions(content: Content, words: Words) -> Iterator[tuple[_Name, str]]:
    """Names of two records that are the same to search, at each but the first; doubled ones of one group too."""
    same = defaultdict[tuple[str, ...], list[_Name]](list)
    for name in _names(content):
        same[tuple(map(fold, words(name.text)))].append(name)
    for first, *others in same.values():
        for name in others:
            if (name.kind, name.ident) != (first.kind, first.ident):
                yield name, f"“{name.text}” trùng với “{first.text}” của {first.ident}"
            elif name.kind != "procedures" and list(words(name.text)) == list(words(first.text)):
                yield name, f"nêu hai lần cùng một điều: “{first.text}” = “{name.text}”"


def _vague(content: Content, words: Words) -> Iterator[tuple[_Name, str]]:
    for group in content.groups.values():
        asks = {_substance(ask, words): ask for ask in group.asks}
        for variant in group.variants:
            card = content.procedures.get(variant.code)
            for alias in card.aliases if card else ():
                if ask := asks.get(_substance(alias, words)):
                    name = _Name("procedures", variant.code, "aliases", alias)
                    yield name, f"“{alias}” mơ hồ như “{ask}” của nhóm {group.id}"


def _substance(text: str, words: Words) -> frozenset[str]:
    found = frozenset(words(text))
    return found - _LIGHT or found
