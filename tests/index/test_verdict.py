"""What a ranking asks for: an answer, a question back, or the word that it is none of ours."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.query import Query
from index.ranker import RankerUnusable
from index.search import Ranked, Ranking
from index.verdict import VERDICT_FEATURES, Families, Verdict, VerdictModel, load_verdict, procedures, verdict_row
from knowledge.models import Group
from tests.index.support import any_message
from tests.index.support import query as asked

A, B, C, LONELY = "1.000001", "1.000002", "1.000003", "1.000009"


def group(ident: str, *codes: str) -> Group:
    variants = [{"code": code, "label": code} for code in codes]
    return Group.model_validate({"id": ident, "asks": ["giấy"], "question": "Nào?", "variants": variants})


FAMILIES = Families({"ab": group("ab", A, B), "bc": group("bc", B, C)})
QUERY = asked("làm giấy khai sinh cho con")
targets = st.sampled_from([A, B, C, LONELY, "g:ab", "g:bc", "g:mất", "e:x", "f:x"])


def ranking(none: float = 0.0, **shares: float) -> Ranking:
    """Targets written with two underscores: `p1` is A, `g_ab` a group, `e_x` elsewhere."""
    names = {"a": A, "b": B, "c": C, "lonely": LONELY}
    items = [Ranked(names.get(name, name.replace("_", ":")), share, 1.0, 1.0) for name, share in shares.items()]
    return Ranking(tuple(sorted(items, key=lambda item: -item.probability)), none)


@st.composite
def rankings(draw: st.DrawFn) -> Ranking:
    """Any ranking whose probabilities make at most one."""
    names = draw(st.lists(targets, unique=True, max_size=9))
    parts = np.array(draw(st.lists(st.floats(0, 1), min_size=len(names) + 1, max_size=len(names) + 1)))
    total = max(float(parts.sum()), 1.0)
    fits = draw(st.floats(0, 1))
    items = [Ranked(name, float(p) / total, fits, fits) for name, p in zip(names, parts[:-1], strict=True)]
    return Ranking(tuple(sorted(items, key=lambda item: -item.probability)), float(parts[-1]) / total)


def feature(name: str, of: Ranking, query: Query = QUERY, *, hinted: bool = False) -> float:
    return float(verdict_row(of, FAMILIES, query, hinted)[VERDICT_FEATURES.index(name)])


@given(rankings(), any_message, st.booleans())
def test_any_ranking_of_any_message_has_a_finite_shape(of: Ranking, text: str, hinted: bool) -> None:
    row = verdict_row(of, FAMILIES, asked(text), hinted)
    assert row.shape == (len(VERDICT_FEATURES),)
    assert np.isfinite(row).all()


@given(rankings(), any_message, st.booleans())
def test_the_three_probabilities_make_one(of: Ranking, text: str, hinted: bool) -> None:
    verdict = load_verdict()(verdict_row(of, FAMILIES, asked(text), hinted))
    assert sum(astuple(verdict)) == pytest.approx(1.0)
    assert all(0.0 <= share <= 1.0 for share in astuple(verdict))


def test_the_highest_score_has_the_highest_probability() -> None:
    size = len(VERDICT_FEATURES)
    model = VerdictModel(np.zeros(size), np.ones(size), np.zeros((3, size)), np.array([0.0, 1.0, -1.0]))
    verdict = model(np.zeros(size))
    assert verdict.ask > verdict.answer > verdict.outside
    assert np.log(verdict.ask / verdict.answer) == pytest.approx(1.0)
    huge = replace(model, weights=np.full((3, size), 1e3))(np.full(size, 1e3))
    assert sum(astuple(huge)) == pytest.approx(1.0)


class TestShippedWeights:
    """What any good weights show, whatever their figures."""

    def judged(self, of: Ranking, *, hinted: bool = False) -> Verdict:
        return load_verdict()(verdict_row(of, FAMILIES, QUERY, hinted))

    def test_they_fit_this_version(self) -> None:
        model = load_verdict()
        assert model.mean.shape == model.scale.shape == (len(VERDICT_FEATURES),)
        assert model.weights.shape == (3, len(VERDICT_FEATURES))
        assert model.bias.shape == (3,)
        assert (model.scale > 0).all()
        assert np.isfinite(model.weights).all()

    def test_a_sure_procedure_is_answered(self) -> None:
        verdict = self.judged(ranking(a=0.98, b=0.01))
        assert verdict.answer > max(verdict.ask, verdict.outside)

    def test_nothing_that_fits_is_outside(self) -> None:
        verdict = self.judged(ranking(none=0.97, a=0.01))
        assert verdict.outside > max(verdict.answer, verdict.ask)

    def test_a_group_that_is_named_is_asked_about(self) -> None:
        verdict = self.judged(ranking(g_ab=0.97, a=0.01, b=0.01))
        assert verdict.ask > max(verdict.answer, verdict.outside)

    def test_the_surer_of_a_procedure_the_likelier_an_answer(self) -> None:
        sure = [self.judged(ranking(none=(1 - share) / 2, a=share, g_ab=(1 - share) / 2)) for share in (0.3, 0.6, 0.95)]
        assert [verdict.answer for verdict in sure] == sorted(verdict.answer for verdict in sure)

    def test_the_likelier_none_of_ours_the_likelier_outside(self) -> None:
        none = [self.judged(ranking(none=share, a=1 - share)) for share in (0.05, 0.4, 0.7, 0.95)]
        assert [verdict.outside for verdict in none] == sorted(verdict.outside for verdict in none)

    def test_the_likelier_the_group_the_likelier_a_question(self) -> None:
        grouped = [self.judged(ranking(g_ab=share, a=0.99 - share)) for share in (0.05, 0.4, 0.7, 0.95)]
        assert [verdict.ask for verdict in grouped] == sorted(verdict.ask for verdict in grouped)

    def test_a_siblings_own_word_makes_a_question_less_likely(self) -> None:
        of = ranking(g_ab=0.4, a=0.4, b=0.2)
        assert self.judged(of, hinted=True).ask < self.judged(of).ask


class TestShape:
    """The features one by one."""

    def test_leader_runner_up_and_their_lead(self) -> None:
        of = ranking(a=0.6, b=0.2, e_x=0.1, none=0.1)
        values = [feature(name, of) for name in ("first", "second", "lead", "elsewhere", "none")]
        assert values == pytest.approx([0.6, 0.2, 0.75, 0.1, 0.1])

    def test_only_procedures_lead(self) -> None:
        assert feature("first", ranking(g_ab=0.9, f_x=0.05, a=0.03)) == pytest.approx(0.03)
        assert [item.target for item in procedures(ranking(g_ab=0.9, a=0.03, b=0.05))] == [B, A]

    def test_rivals_are_procedures_that_might_be_meant(self) -> None:
        assert feature("rivals", ranking(a=0.4, b=0.3, c=0.05, g_ab=0.2)) == 2

    def test_spread_is_highest_when_all_are_alike(self) -> None:
        alike, sure = ranking(a=0.3, b=0.3, c=0.3), ranking(a=0.9, b=0.01, c=0.01)
        assert feature("spread", alike) == pytest.approx(np.log(3))
        assert feature("spread", sure) < feature("spread", alike)

    def test_a_group_counts_more_for_a_short_message(self) -> None:
        of = ranking(g_ab=0.5, a=0.4)
        assert feature("short_group", of, asked("khai sinh")) == pytest.approx(0.5)
        assert feature("short_group", of) == 0.0

    def test_of_a_family_that_nobody_else_shares_the_leader_is_all(self) -> None:
        assert feature("family_lead", ranking(lonely=0.9)) == 1.0
        assert feature("family_lead", ranking(a=0.3, b=0.6)) == pytest.approx(0.6 / 0.9)

    def test_without_candidates_it_is_empty(self) -> None:
        empty = Ranking((), 1.0)
        assert [feature(name, empty) for name in ("first", "second", "group", "rivals", "first_named")] == [0.0] * 5
        assert feature("none", empty) == 1.0

    def test_how_well_leader_and_group_fit(self) -> None:
        of = Ranking((Ranked("g:ab", 0.5, 0.7, 0.6), Ranked(A, 0.4, 0.9, 0.8), Ranked(B, 0.1, 0.3, 0.2)), 0.0)
        names = ("first_named", "first_covered", "second_named", "group_named", "group_covered")
        assert [feature(name, of) for name in names] == pytest.approx([0.9, 0.8, 0.3, 0.7, 0.6])


class TestFamilies:
    """Which group of siblings a ranking speaks for."""

    def test_the_one_with_the_most_probability(self) -> None:
        assert FAMILIES.best(ranking(b=0.4, c=0.3, a=0.1)) == ("bc", 0.0, pytest.approx(0.7))
        assert FAMILIES.best(ranking(b=0.4, c=0.3, a=0.1, g_ab=0.3)) == ("ab", 0.3, pytest.approx(0.5))

    def test_none_for_a_procedure_without_siblings(self) -> None:
        assert FAMILIES.best(ranking(lonely=0.9, e_x=0.1)) == (None, 0.0, 0.0)
        assert FAMILIES.best(Ranking((), 1.0)) == (None, 0.0, 0.0)

    def test_a_group_that_leads_speaks_for_itself(self) -> None:
        assert FAMILIES.best(ranking(g_bc=0.8, lonely=0.1)) == ("bc", 0.8, 0.0)

    def test_a_group_that_is_no_more_is_passed_over(self) -> None:
        assert FAMILIES.best(Ranking((Ranked("g:mất", 0.9), Ranked(LONELY, 0.1)), 0.0)) == (None, 0.0, 0.0)

    @given(rankings())
    def test_its_probabilities_are_those_of_the_ranking(self, of: Ranking) -> None:
        name, own, variants = FAMILIES.best(of)
        held = {item.target: item.probability for item in of.candidates}
        if name is not None:
            assert own == held.get(f"g:{name}", 0.0)
            assert variants == pytest.approx(sum(held.get(code, 0.0) for code in FAMILIES.codes[name]))


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps({"features": [*VERDICT_FEATURES[:-1], "luck"]}))
    with pytest.raises(RankerUnusable, match="train"):
        load_verdict(path)


@given(any_message)
def test_a_library_judges_whatever_is_asked(library: Library, text: str) -> None:
    query = library.analyse(text)
    verdict = library.judge(query, library.rank(query))
    assert sum(astuple(verdict)) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["tỷ giá đô la hôm nay", "dự báo thời tiết ngày mai", "kết quả bóng đá tối qua"])
def test_what_is_none_of_ours_is_judged_so(shipped_library: Library, text: str) -> None:
    query = shipped_library.analyse(text)
    verdict = shipped_library.judge(query, shipped_library.rank(query))
    assert verdict.outside > max(verdict.answer, verdict.ask)
