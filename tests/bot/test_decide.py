"""What is done about a message: an answer, a question back, or the word that it is none of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import Situation
from bot.cues import find_cues
from bot.decide import MAX_CHOICES, Decision, Kind, _excluding, decide
from index.aspects import matter
from index.library import Library
from index.search import Ranked, Ranking
from index.units import OUTSIDE, outside_units

BIRTH, MARRIAGE, FIRST = "1.001193", "1.000894", "1.014061"
ALONE = Situation(None)
MOST = 0.93
"""Share that any good weights reach where a message says one of our own names word for word."""

Decide = Callable[..., Decision]


@pytest.fixture(scope="session")
def decided(library: Library) -> Decide:
    """Decides about a text."""

    def run(
        text: str, situation: Situation = ALONE, *, correcting: bool = False, may_ask: bool = True
    ) -> Decision:
        query = matter(library.analyse(text))
        return decide(library, query, find_cues(query), situation, correcting=correcting, may_ask=may_ask)

    return run


def assert_most(results: Iterable[tuple[str, bool]]) -> None:
    every = list(results)
    missed = [text for text, right in every if not right]
    assert len(missed) <= (1 - MOST) * len(every), missed


class TestOwnNames:
    """Who uses our own names is understood."""

    def test_the_name_of_a_group_is_asked_about(self, library: Library, decided: Decide) -> None:
        groups = library.knowledge.groups.items()
        assert_most((g.asks[0], decided(g.asks[0]).target == f"g:{name}") for name, g in groups)

    def test_where_nothing_may_be_asked_one_of_them_is_answered(self, library: Library, decided: Decide) -> None:
        for name, group in list(library.knowledge.groups.items())[::4]:
            decision = decided(group.asks[0], may_ask=False)
            assert decision.kind not in (Kind.GROUP, Kind.CHOOSE), name

    def test_the_name_of_a_procedure_leads_to_it(self, library: Library, decided: Decide) -> None:
        def right(code: str, decision: Decision) -> bool:
            if decision.kind is Kind.GROUP and decision.target is not None:
                return code in library.families.codes[decision.target[2:]]
            offered = [item.target for item in decision.candidates] if decision.kind is Kind.CHOOSE else []
            return decision.target == code or code in offered

        cards = [card for card in map(library.knowledge.procedure, library.knowledge.codes()) if card and card.aliases]
        assert_most((card.aliases[0], right(card.code, decided(card.aliases[0]))) for card in cards[::2])

    def test_what_is_handled_elsewhere_is_pointed_to(self, library: Library, decided: Decide) -> None:
        entries = library.knowledge.elsewhere.values()
        assert_most((entry.asks[0], decided(entry.asks[0]).target == f"e:{entry.id}") for entry in entries)

    def test_what_is_none_of_ours_is_said_to_be_so(self, decided: Decide) -> None:
        texts = [unit.text for unit in outside_units()][::4]
        assert_most((text, decided(text).kind in (Kind.UNKNOWN, Kind.ELSEWHERE)) for text in texts)


def test_the_groups_own_names_are_not_each_others(library: Library) -> None:
    """A message in just these words is asked about by one question only."""
    features = library.searcher.features
    named = {
        ask: (features.group_named(library.analyse(ask)), f"g:{name}")
        for name, group in library.knowledge.groups.items()
        for ask in group.asks
    }
    others = {ask: names for ask, names in named.items() if names[0] is not None and names[0] != names[1]}
    assert len(others) <= len(named) * 0.02, others


def test_a_question_offers_only_what_may_be_meant(decided: Decide) -> None:
    texts = ["giấy tờ nhà đất", "làm lại giấy", "đăng ký lại", "giấy phép", "xin xác nhận", "đổi thẻ", "hộ khẩu"]
    for text in texts:
        decision = decided(text)
        if decision.kind is Kind.CHOOSE:
            shares = [item.probability for item in decision.candidates]
            assert 2 <= len(shares) <= MAX_CHOICES
            assert shares == sorted(shares, reverse=True)
            assert decision.target is None


@pytest.mark.parametrize("may_ask", [True, False])
def test_a_correction_never_comes_back_to_what_was_wrong(decided: Decide, may_ask: bool) -> None:
    for text in ("đăng ký khai sinh", "khai sinh", "giấy khai sinh cho con", "làm khai sinh lại"):
        decision = decided(text, Situation(BIRTH), correcting=True, may_ask=may_ask)
        assert decision.target != BIRTH, text


@pytest.mark.parametrize("topic", [None, MARRIAGE, FIRST])
def test_what_is_far_from_everything_is_none_of_ours(decided: Decide, topic: str | None) -> None:
    decision = decided("kết quả bóng đá tối qua đội nào thắng", Situation(topic))
    assert decision.kind in (Kind.UNKNOWN, Kind.ELSEWHERE)


@settings(max_examples=60)
@given(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.none() | st.sampled_from([BIRTH, MARRIAGE, "9.999999"]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_said_something_is_done(
    decided: Decide, text: str, topic: str | None, correcting: bool, may_ask: bool
) -> None:
    decision = decided(text, Situation(topic), correcting=correcting, may_ask=may_ask)
    assert (decision.target is None) == (decision.kind in (Kind.CHOOSE, Kind.UNKNOWN))
    assert decision.target != OUTSIDE
    assert 0.0 <= decision.score <= 1.0 + 1e-9
    assert may_ask or decision.kind not in (Kind.GROUP, Kind.CHOOSE)


class TestExcluding:
    """A ranking without what was wrong."""

    RANKING = Ranking((Ranked("a", 0.5, 0.9, 0.8), Ranked("b", 0.2, 0.7, 0.6)), 0.3)

    def test_the_rest_makes_one_and_fits_as_before(self) -> None:
        left = _excluding(self.RANKING, {"a"})
        assert left.none == pytest.approx(0.6)
        (rest,) = left.candidates
        assert (rest.target, rest.probability) == ("b", pytest.approx(0.4))
        assert (rest.named, rest.covered) == (0.7, 0.6)

    def test_where_nothing_else_is_known_all_stays(self) -> None:
        assert _excluding(self.RANKING, {"a", "b"}) == self.RANKING

    def test_what_is_not_among_them_changes_nothing_but_the_scale(self) -> None:
        left = _excluding(self.RANKING, {"c", None})
        assert [item.probability for item in left.candidates] == pytest.approx([0.5, 0.2])
