"""What kind of thing a question on plan documents asks for, by the phrases it uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import index.query
from index.query import Query, load_phrases
from index.text import fold_word, matches, tokens

_FILE = Path(__file__).parent / "data" / "plan_cues.yaml"
_POLITE = Path(index.query.__file__).parent / "data" / "filler.txt"
BLANK = "blank"
"""The cue of words that tell nothing of the matter."""

_Phrase = tuple[str, ...]
_Table = Mapping[str, Sequence[tuple[_Phrase, frozenset[str]]]]
"""By first word, folded: (phrase, the cues it belongs to), the longest phrase first."""
_WEAK = ("procedural", "personal", "number")
"""Cues that do not count inside words for the matter: "thủ tục" in thủ tục hành chính, "số mấy" in chuyển đổi số mấy,
"tôi" in "toi nam 2030"."""
_LINK = "follow"
"""A link to what was said before, which at the beginning of a message needs no diacritics: "con nam 2030?"."""
_WHO = "ai"
_NOT_BEFORE_WHO = frozenset({"dụng", "cụ", "dùng", "bằng", "án", "về", "năng", "có", "là"})
"""Words after which "ai" is artificial intelligence (ứng dụng, công cụ, đề án …), or asks who somebody is."""


@dataclass(frozen=True, slots=True)
class PlanCues:
    """Names of the cues found, with the places of the words that each covers."""

    places: Mapping[str, frozenset[int]]

    def __contains__(self, name: object) -> bool:
        return name in self.places

    def any_of(self, names: Collection[str]) -> bool:
        """Whether one of the cues was found."""
        return any(name in self.places for name in names)

    def without(self, name: str) -> PlanCues:
        """The cues without one of them."""
        return PlanCues({other: places for other, places in self.places.items() if other != name})

    def covered(self, names: Collection[str]) -> frozenset[int]:
        """The places that the named cues cover."""
        return frozenset().union(*(self.places.get(name, frozenset()) for name in names))


def find_plan_cues(query: Query) -> PlanCues:
    """All cues of a message. A short word typed without diacritics counts as what the restorer made of it."""
    places: dict[str, set[int]] = {}
    table = _table()
    for at, word in enumerate(query.typed):
        for phrase, cues in table.get(fold_word(word), ()):
            span = range(at, at + len(phrase))
            free = [cue for cue in cues if at not in places.get(cue, ())]
            if free and (_stands(query, phrase, at) or (_links(cues, phrase, word) and _is_first(at, places))):
                for cue in free:
                    places.setdefault(cue, set()).update(span)
        if word == _WHO and _is_who(query, at):
            places.setdefault("lead", set()).add(at)
    if "%" in query.text:
        places.setdefault("figure", set())
    for name in _WEAK:
        places[name] = places.get(name, set()) - places.get("matter", set()) - places.get("plan_word", set())
    return PlanCues({name: frozenset(found) for name, found in places.items() if found or name == "figure"})


def _stands(query: Query, phrase: _Phrase, at: int) -> bool:
    end = at + len(phrase)
    if query.words[at:end] == phrase:
        return True
    return len(phrase) > 1 and end <= len(query.typed) and all(map(matches, query.typed[at:end], phrase))


def _links(cues: Collection[str], phrase: _Phrase, word: str) -> bool:
    return _LINK in cues and len(phrase) == 1 and matches(word, phrase[0])


def _is_first(at: int, places: Mapping[str, set[int]]) -> bool:
    """Whether only politeness stands before it."""
    return set(range(at)) <= places.get(BLANK, set())


def _is_who(query: Query, at: int) -> bool:
    """Whether "ai" asks who, and is not short for artificial intelligence."""
    if "AI" in query.text and not query.text.isupper():
        return False
    return at == 0 or query.words[at - 1] not in _NOT_BEFORE_WHO


@cache
def blank_words() -> frozenset[str]:
    """Single words that tell nothing of the matter, without diacritics."""
    return frozenset(
        fold_word(phrase[0]) for row in _table().values() for phrase, cues in row if len(phrase) == 1 and BLANK in cues
    )


@cache
def _table() -> _Table:
    loaded: Mapping[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    cues: dict[_Phrase, set[str]] = {phrase: {BLANK} for phrase in load_phrases(_POLITE)}
    for name, phrases in loaded.items():
        for text in phrases:
            cues.setdefault(tuple(tokens(str(text))), set()).add(name)
    table: dict[str, list[tuple[_Phrase, frozenset[str]]]] = {}
    for phrase in sorted(cues, key=len, reverse=True):
        table.setdefault(fold_word(phrase[0]), []).append((phrase, frozenset(cues[phrase])))
    return table
