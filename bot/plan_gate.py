"""Tells questions on plan documents from all others, cheaply where it is plain and by what is found where not."""

from __future__ import annotations

from enum import Enum, auto

from bot.plan_asking import PlanAsk, Wanted
from bot.plan_cues import PlanCues
from bot.plan_result import Result, Shape
from index.plan_names import NameKind
from index.plans import HOME, PlanIndex

_KNOWN = 0.6
"""Of a question that names no document, this share of the telling words has to stand in the documents."""
_SURE, _LIKELY, _CLOSE = 0.55, 0.65, 0.75
"""The coverage that a statement needs, the more the less sure it is that the message is on plans."""
_CLOSE_PAIRS, _CLOSE_TOLD = 0.4, 0.45
"""What it needs besides where nothing but the statement speaks for it: words side by side, and in its own text."""
_LAST_COVERAGE, _LAST_PAIRS, _LAST_TOLD = 0.8, 0.3, 0.5
"""The same where nothing else answered the message."""
_FEWEST_WORDS = 2


class Certainty(Enum):
    """Whether a message is on plans, before anything is looked up."""

    NO = auto()
    MAYBE = auto()
    """Only if a statement fits it closely."""
    LIKELY = auto()
    SURE = auto()
    """It is, whether the documents say it or not."""


def certainty(index: PlanIndex, ask: PlanAsk, cues: PlanCues) -> Certainty:
    """What the message alone tells."""
    placed = _is_placed(index, ask)
    asks = ask.wanted is not Wanted.ANYTHING or ask.compares or "explain" in cues or (placed and "ask_word" in cues)
    doubtful = cues.any_of(("procedural", "personal"))
    if ask.named is NameKind.DOCUMENT:
        return Certainty.LIKELY if "personal" in cues else Certainty.SURE
    known = index.known_share(ask.words) >= _KNOWN
    if "matter" in cues and (asks or placed or ask.periods or cues.any_of(("plan_word", "ask_word"))):
        if not doubtful:
            return Certainty.SURE
        return Certainty.LIKELY if known else Certainty.NO
    if "personal" in cues or not known or not (ask.has_matter or placed):
        return Certainty.NO
    if not asks and ("procedural" in cues or not (placed or ask.periods)):
        return Certainty.NO
    if placed:
        return Certainty.LIKELY if asks or "plan_word" in cues else Certainty.MAYBE
    hinted = bool(ask.periods) or "plan_word" in cues
    if "procedural" in cues:
        return Certainty.MAYBE if hinted else Certainty.NO
    explains_only = ask.wanted is Wanted.ANYTHING and not ask.compares and not ask.periods
    return Certainty.LIKELY if (hinted or ask.wanted is Wanted.DUTIES) and not explains_only else Certainty.MAYBE


def _is_placed(index: PlanIndex, ask: PlanAsk) -> bool:
    """Whether a place or an issuer is named that says something: everybody here may name the province served."""
    if ask.named is NameKind.ISSUER:
        return True
    return ask.named is NameKind.PLACE and any(index.plans[plan].place != HOME for plan in ask.plans)


def is_near(index: PlanIndex, ask: PlanAsk, result: Result, cues: PlanCues) -> bool:
    """Whether what was found may answer a message that nothing else answers."""
    if result.shape is Shape.NOTHING or result.lacks:
        return False
    if ask.named is NameKind.DOCUMENT or _is_placed(index, ask):
        return result.coverage >= _LIKELY and result.told >= _LAST_TOLD
    hinted = ask.wanted is not Wanted.ANYTHING or cues.any_of(("matter", "plan_word"))
    covered = result.coverage >= (_LIKELY if hinted else _LAST_COVERAGE) and result.told >= _LAST_TOLD
    return covered and (result.pairs >= _LAST_PAIRS or not ask.pairs) and len(ask.words) >= _FEWEST_WORDS


def is_answered(index: PlanIndex, ask: PlanAsk, result: Result, sure: Certainty) -> bool:
    """Whether what was found is close enough, given how surely the message is on plans."""
    if result.shape is Shape.NOTHING:
        return False
    close = result.coverage >= _CLOSE and result.pairs >= _CLOSE_PAIRS and result.told >= _CLOSE_TOLD
    if result.lacks and sure is not Certainty.SURE:
        return close and result.lacks == "period"
    if sure is Certainty.SURE:
        return result.coverage >= _SURE or not ask.words
    if sure is Certainty.LIKELY:
        return result.coverage >= (_SURE if _is_placed(index, ask) else _LIKELY)
    explained = _is_placed(index, ask) or ask.wanted is not Wanted.ANYTHING or result.shape is not Shape.FIGURES
    return close and explained and len(ask.words) >= _FEWEST_WORDS
