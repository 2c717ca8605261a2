"""Answers to an ask-back: a number, "cái thứ hai", or words that fit one of the offered choices."""

from __future__ import annotations

from bot.cues import Cues
from bot.types import Choice, Outcome, State
from index.aspects import Aspect
from index.query import Query
from index.text import fold_all, procedure_codes, tokens

_MIN_SHARE = 0.5


def code_of_choice(choice: str) -> str | None:
    """The procedure code in a choice id such as `p:1.001193` or `a:1.001193:fee`; None when the id is not ours."""
    kind, _, rest = choice.partition(":")
    code, _, aspect = rest.partition(":")
    if kind not in ("p", "a", "d", "b") or procedure_codes(code) != [code]:
        return None
    if (kind == "a") != bool(aspect) or (aspect and aspect not in {item.value for item in Aspect}):
        return None
    return code


def resolve_offered(state: State, query: Query, cues: Cues) -> str | None:
    """The id of the offered choice that a typed message picks, if it does."""
    offered = state.offered
    if not offered:
        return None
    if len(query.typed) == 1 and query.typed[0].isdecimal():
        return _at(offered, int(query.typed[0]) - 1)
    if state.last_outcome is not Outcome.ASK_BACK:
        return None
    if cues.ordinal is not None:
        return _at(offered, cues.ordinal)
    return _by_words(offered, query)


def _at(offered: tuple[Choice, ...], place: int) -> str | None:
    return offered[place].id if -1 <= place < len(offered) else None


def _by_words(offered: tuple[Choice, ...], query: Query) -> str | None:
    """The one choice whose label the message repeats, at least half of it, beyond what all labels share."""
    labels = [frozenset(fold_all(tokens(choice.label))) for choice in offered]
    common = frozenset.intersection(*labels) if len(labels) > 1 else frozenset()
    said = frozenset(query.folded)
    shares = [len((label - common) & said) / (len(label - common) or 1) for label in labels]
    best = max(shares)
    if best < _MIN_SHARE or shares.count(best) > 1:
        return None
    return offered[shares.index(best)].id
