"""What a question on plan documents asks: which thing about which matter, in which document, for which years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise

from bot.plan_cues import PlanCues, blank_words, find_plan_cues
from index.plan_names import Name, NameKind
from index.plan_periods import Period, periods_in
from index.plan_phrases import Hit, Phrases
from index.plan_words import canonical, lists
from index.plans import HOME, PlanIndex
from index.query import Query
from index.text import fold_all


class Wanted(StrEnum):
    """The thing asked for."""

    FIGURE = "figure"
    LEAD = "lead"
    COORDINATING = "coordinating"
    DEADLINE = "deadline"
    DUTIES = "duties"
    """The tasks of a unit."""
    SOURCE = "source"
    """Which document or section says so."""
    SIGNER = "signer"
    ISSUED = "issued"
    NUMBER = "number"
    """The last three are about the document itself."""
    ANYTHING = "anything"


ABOUT_DOCUMENT = (Wanted.SIGNER, Wanted.ISSUED, Wanted.NUMBER)
_ORDER = (
    Wanted.SIGNER, Wanted.ISSUED, Wanted.NUMBER, Wanted.COORDINATING, Wanted.SOURCE, Wanted.LEAD, Wanted.DEADLINE,
    Wanted.FIGURE,
)  # fmt: skip
"""The first of these that a question has is what it asks for; tasks of a unit go before leads and deadlines."""
_ASKING = (*(wanted.value for wanted in _ORDER), "duties", "compare")
_LEVELS = frozenset({"tinh", "xa"})
_UNIT_TYPES = frozenset({"sở", "phòng", "ban", "cục", "chi", "hội", "đoàn", "viện", "bộ"})
"""A unit that no document names is one as well: asked for its tasks, the answer is that there are none."""
_ON_UNITS = ("duties", "coordinating", "follow")
_EMPTY = (*_ASKING, "soft", "money", "follow", "more", "blank")


@dataclass(frozen=True, slots=True)
class PlanAsk:
    """A question on plans, read."""

    words: tuple[str, ...] = ()
    """The telling words in one wording, without what the other fields hold."""
    pairs: tuple[str, ...] = ()
    """Those of them that stand side by side (see `bigrams`)."""
    wanted: Wanted = Wanted.ANYTHING
    periods: tuple[Period, ...] = ()
    plans: frozenset[str] = frozenset()
    """Documents named, by name or place."""
    named: NameKind | None = None
    """How plainly they are named."""
    levels: tuple[str, ...] = ()
    """"tinh" and "xa", where it says so beside or instead of a place."""
    units: frozenset[str] = frozenset()
    """Keys of the unit named, more than one where its level is left out."""
    sides: tuple[frozenset[str], ...] = ()
    """What a comparison sets against each other, where that is documents."""
    compares: bool = False
    money: bool = False
    """Whether the figure asked for is a sum of money."""

    @property
    def has_matter(self) -> bool:
        """Whether it says by itself what it is about."""
        return bool(self.words or self.units)


def read_ask(query: Query, index: PlanIndex, cues: PlanCues | None = None) -> PlanAsk:
    """A message read as a question on plans, whether or not it is one."""
    cues = cues or find_plan_cues(query)
    words, places = canonical(query.typed)
    plain = fold_all(words)
    names, units = _names_and_units(plain, index, cues, accented=query.accented)
    taken = _covered([hit for hit in names if hit.meanings]) | _covered(units)
    free = [place for place, word in enumerate(plain) if place not in taken and not _is_year(word)]
    if "number" in cues and any(places[place] not in _empty(cues) for place in free):
        cues = cues.without("number")
    left = _left(free, places, cues, soft=not units)
    if not query.accented:
        left = [place for place in left if not _is_misread_blank(plain[place], query.words[places[place]], index)]
    typed = {query.words[places[place]] for place in left}
    asks_duties = "duties" in cues and (bool(units) or "assigns" in cues or not _UNIT_TYPES.isdisjoint(typed))
    told = _specific(plain, left) if asks_duties else _telling(plain, left)
    forms = words if query.accented else plain
    plans, kind = _documents(names)
    ask = PlanAsk(
        words=tuple(forms[place] for place in told),
        pairs=tuple(f"{forms[one]}_{forms[next_]}" for one, next_ in pairwise(told) if next_ == one + 1),
        levels=tuple(dict.fromkeys(plain[place] for place in left if plain[place] in _LEVELS)),
        wanted=Wanted.DUTIES if asks_duties else _wanted(cues),
        periods=tuple(periods_in(query.text)),
        plans=plans,
        named=kind,
        units=frozenset().union(*(hit.meanings for hit in units)),
        money="money" in cues,
    )
    return _compared(ask, _sides(names, ask.levels, index), cues)


def _compared(ask: PlanAsk, sides: tuple[frozenset[str], ...], cues: PlanCues) -> PlanAsk:
    """The question with what it sets against each other: it says so, or names two years or two documents."""
    figures = ask.wanted is Wanted.FIGURE or (ask.wanted is Wanted.ANYTHING and ask.named is NameKind.DOCUMENT)
    compares = "compare" in cues or len(ask.periods) > 1 or (len(sides) > 1 and figures)
    return replace(ask, sides=sides, compares=compares)


def _left(free: Sequence[int], places: Sequence[int], cues: PlanCues, *, soft: bool) -> list[int]:
    """The places of words that are not empty; with `soft` of those that are nearly so, if there are no others."""
    empty = _empty(cues)
    left = [place for place in free if places[place] not in empty]
    nearly = cues.covered(("soft",)) if soft else frozenset[int]()
    return left or [place for place in free if places[place] in nearly]


def _empty(cues: PlanCues) -> frozenset[int]:
    return cues.covered(_EMPTY) - cues.covered(("keep",))


def _is_misread_blank(plain: str, restored: str, index: PlanIndex) -> bool:
    """Whether an empty word was given diacritics that make a word which no plan holds: "lo" as lô, not lo."""
    return plain in blank_words() and not index.knows(restored)


def _names_and_units(
    words: Sequence[str], index: PlanIndex, cues: PlanCues, *, accented: bool
) -> tuple[list[Hit[Name]], list[Hit[str]]]:
    """Documents and units named. Only a question on a unit's tasks or helpers names units; in others they are words."""
    names = index.names.find(words)
    if not accented:  # "thong bao" may as well be part of "lien thong bao nhieu"
        names = [hit for hit in names if not any(name.kind is NameKind.KIND for name in hit.meanings)]
    if not cues.any_of(_ON_UNITS) or cues.any_of(ABOUT_DOCUMENT):
        return names, []
    units = index.units.find(words)
    by_unit = _covered(units)
    names = [hit for hit in names if not (_is_issuer(hit) and by_unit & set(_span(hit)))]
    by_name = _covered(names)
    return names, [hit for hit in units if not set(_span(hit)) <= by_name]


def _is_issuer(hit: Hit[Name]) -> bool:
    return any(name.kind is NameKind.ISSUER for name in hit.meanings)


def _telling(plain: Sequence[str], left: Sequence[int]) -> list[int]:
    """The places of the words that tell the matter; what all the documents are on only where nothing else is left."""
    return _specific(plain, left) or [place for place in left if plain[place] not in _LEVELS]


def _specific(plain: Sequence[str], left: Sequence[int]) -> list[int]:
    common = {place for hit in _everywhere().find(plain) for place in _span(hit)}
    return [place for place in left if plain[place] not in _LEVELS and place not in common]


@cache
def _everywhere() -> Phrases[str]:
    return Phrases({words: frozenset({"everywhere"}) for words in lists("everywhere")})


def _sides(names: Sequence[Hit[Name]], levels: Sequence[str], index: PlanIndex) -> tuple[frozenset[str], ...]:
    """The documents of each name; "tỉnh" beside a commune stands for the documents of the province."""
    sides = [frozenset(name.plan_id for name in hit.meanings) for hit in names if hit.meanings]
    home = frozenset(plan.id for plan in index.plans.values() if plan.place == HOME)
    if "tinh" in levels and home and not any(side & home for side in sides):
        sides.insert(0, home)
    return tuple(dict.fromkeys(sides))


def follow(ask: PlanAsk, before: PlanAsk) -> PlanAsk:
    """A question that leaves out what the one before it said, completed."""
    if ask.has_matter:
        kept = before.wanted if ask.wanted is Wanted.ANYTHING else ask.wanted
        return replace(ask, wanted=kept, plans=ask.plans or before.plans, named=ask.named or before.named)
    return replace(
        ask,
        words=before.words,
        pairs=before.pairs,
        levels=ask.levels or before.levels,
        units=before.units,
        wanted=before.wanted if ask.wanted is Wanted.ANYTHING else ask.wanted,
        periods=_periods(ask, before),
        plans=ask.plans or before.plans,
        named=ask.named or before.named,
    )


def go_on(ask: PlanAsk, before: PlanAsk) -> PlanAsk:
    """The second question of a message, on the same matter as the first."""
    return replace(
        ask,
        words=(*ask.words, *before.words),
        pairs=(*ask.pairs, *before.pairs),
        levels=ask.levels or before.levels,
        periods=ask.periods or before.periods,
        plans=ask.plans or before.plans,
        named=ask.named or before.named,
    )


def _periods(ask: PlanAsk, before: PlanAsk) -> tuple[Period, ...]:
    if ask.compares and ask.periods:
        return tuple(dict.fromkeys((*before.periods, *ask.periods)))
    return ask.periods or before.periods


def _wanted(cues: PlanCues) -> Wanted:
    otherwise = Wanted.FIGURE if "measure" in cues else Wanted.ANYTHING
    return next((wanted for wanted in _ORDER if wanted.value in cues), otherwise)


def _documents(names: Sequence[Hit[Name]]) -> tuple[frozenset[str], NameKind | None]:
    """The documents named the most plainly; places count only where no document is named."""
    for kind in NameKind:
        plans = frozenset(name.plan_id for hit in names for name in hit.meanings if name.kind is kind)
        if plans:
            return plans, kind
    return frozenset(), None


def _span(hit: Hit[object] | Hit[Name] | Hit[str]) -> range:
    return range(hit.start, hit.start + hit.length)


def _covered(hits: Sequence[Hit[Name]] | Sequence[Hit[str]]) -> set[int]:
    return {place for hit in hits for place in _span(hit)}


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word.startswith("20")


