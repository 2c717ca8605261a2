"""What speaks for a candidate: the same for all at once as for each alone, and nothing from a hidden text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from index.features import FEATURES, Evidence, FeatureMaker, hide_cosine
from index.lexical import LexicalIndex
from index.text import tokens
from index.unit_table import WordedUnit
from index.units import OUTSIDE, Unit, UnitKind
from knowledge.models import Group
from tests.index.support import any_message
from tests.index.support import query as asked

BIRTH, AGAIN, ABROAD, GROUP, AWAY, FAQ = "1.000001", "1.000002", "1.000003", "g:khai-sinh", "e:ly-hon", "f:hoi"
UNITS = [
    Unit(BIRTH, UnitKind.TITLE, "Đăng ký khai sinh"),
    Unit(BIRTH, UnitKind.ALIAS, "làm giấy khai sinh cho con"),
    Unit(BIRTH, UnitKind.ALIAS, "khai sinh"),
    Unit(BIRTH, UnitKind.SITUATION, "vợ mới sinh em bé"),
    Unit(BIRTH, UnitKind.BODY, "Giấy chứng sinh"),
    Unit(AGAIN, UnitKind.TITLE, "Đăng ký lại khai sinh"),
    Unit(AGAIN, UnitKind.SITUATION, "cháy nhà không còn tờ nào"),
    Unit(ABROAD, UnitKind.TITLE, "Đăng ký khai sinh có yếu tố nước ngoài"),
    Unit(GROUP, UnitKind.ALIAS, "giấy khai sinh"),
    Unit(AWAY, UnitKind.ALIAS, "ly hôn"),
    Unit(FAQ, UnitKind.EXAMPLE, "xã có làm thứ bảy không"),
    Unit(OUTSIDE, UnitKind.EXAMPLE, "tỷ giá đô la hôm nay"),
]
POPULARITY = {BIRTH: 5, ABROAD: 1}
SIBLINGS = Group.model_validate(
    {
        "id": "khai-sinh",
        "asks": ["giấy khai sinh"],
        "question": "Nào?",
        "variants": [
            {"code": BIRTH, "label": "Mới", "hints": ["mới sinh"]},
            {"code": AGAIN, "label": "Lại", "hints": ["mất"]},
        ],
    }
)
TARGETS = (BIRTH, AGAIN, ABROAD, GROUP, AWAY, FAQ, OUTSIDE)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    return LexicalIndex([WordedUnit(unit, tuple(tokens(unit.text))) for unit in UNITS])


@pytest.fixture(scope="module")
def maker(lexical: LexicalIndex) -> FeatureMaker:
    return FeatureMaker(lexical, POPULARITY, [SIBLINGS])


def evidence(lexical: LexicalIndex, text: str) -> Evidence:
    terms = lexical.asked(asked(text).content)
    return Evidence(terms, lexical.scores(terms), np.zeros(len(lexical.units), np.float32), encoded=False)


def rows(maker: FeatureMaker, lexical: LexicalIndex, text: str) -> Mapping[str, Mapping[str, float]]:
    """Features of every target by name."""
    made = maker.rows(asked(text), evidence(lexical, text), np.arange(len(lexical.targets)))
    return {
        name: dict(zip(FEATURES, row.tolist(), strict=True)) for name, row in zip(lexical.targets, made, strict=True)
    }


@given(any_message)
def test_whatever_is_asked_gives_finite_rows_of_full_length(
    maker: FeatureMaker, lexical: LexicalIndex, text: str
) -> None:
    made = maker.rows(asked(text), evidence(lexical, text), np.arange(len(TARGETS)))
    assert made.shape == (len(TARGETS), len(FEATURES))
    assert np.isfinite(made).all()


@given(any_message)
def test_shares_lie_between_nothing_and_all(maker: FeatureMaker, lexical: LexicalIndex, text: str) -> None:
    for row in rows(maker, lexical, text).values():
        for name, value in row.items():
            if name.endswith("_share") or name in ("lexical_words", "lexical_folded", "body", "popularity"):
                assert -1e-6 <= value <= 1 + 1e-5, name
            if name.endswith("_gap"):
                assert value <= 1e-6, name


@given(any_message)
def test_a_candidate_is_worth_the_same_alone_as_among_others(
    maker: FeatureMaker, lexical: LexicalIndex, text: str
) -> None:
    query, gathered = asked(text), evidence(lexical, text)
    among = maker.rows(query, gathered, np.arange(len(TARGETS)))
    relative = [place for place, name in enumerate(FEATURES) if name.endswith("_gap")]
    for number in range(len(TARGETS)):
        alone = maker.rows(query, gathered, np.array([number]))[0]
        assert np.allclose(np.delete(alone, relative), np.delete(among[number], relative))


@given(any_message)
def test_shares_are_those_of_the_best_text_of_each_kind(maker: FeatureMaker, lexical: LexicalIndex, text: str) -> None:
    terms = lexical.asked(asked(text).content)
    said = set(terms.folded)
    for target, row in rows(maker, lexical, text).items():
        titles = [
            set(words) for unit, words in zip(lexical.texts, lexical.folded_words, strict=True)
            if unit.target == target and unit.kind is UnitKind.TITLE
        ]  # fmt: skip
        shared = lexical.folded.total(said & titles[0]) if titles else 0.0
        whole = lexical.folded.total(titles[0]) if titles else 1.0
        assert row["title_query_share"] == pytest.approx(shared / (terms.weight or 1.0), abs=1e-4)
        assert row["title_unit_share"] == pytest.approx(shared / whole, abs=1e-4)


def test_a_name_word_for_word_is_known_as_such(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    equal = rows(maker, lexical, "làm giấy khai sinh cho con")
    assert (equal[BIRTH]["name_within_query"], equal[BIRTH]["name_equal"]) == (1.0, 1.0)
    within = rows(maker, lexical, "ly hôn đơn phương rắc rối")
    assert (within[AWAY]["name_within_query"], within[AWAY]["name_equal"]) == (1.0, 0.0)
    part = rows(maker, lexical, "hôn")
    assert (part[AWAY]["name_within_query"], part[AWAY]["name_equal"]) == (0.0, 0.0)


def test_a_name_without_diacritics_counts_but_not_as_accented(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    typed = rows(maker, lexical, "vợ tôi ly hon")
    assert typed[AWAY]["name_unit_share"] == pytest.approx(1.0)
    accented = rows(maker, lexical, "vợ tôi ly hôn")
    assert typed[AWAY]["name_accented"] < accented[AWAY]["name_accented"]


def test_how_often_a_target_is_asked_for(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    found = rows(maker, lexical, "khai sinh")
    names = ("popularity", "popularity_short")
    assert [found[BIRTH][name] for name in names] == [1.0, 1.0]
    assert [found[ABROAD][name] for name in names] == [0.2, 0.2]
    long = rows(maker, lexical, "khai sinh kết hôn căn cước")
    assert (long[BIRTH]["popularity"], long[BIRTH]["popularity_short"]) == (1.0, 0.0)


def test_what_kind_of_target_it_is(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    found = rows(maker, lexical, "khai sinh")
    kinds = {target: [name for name in ("group", "elsewhere", "faq", "outside") if row[name]]
             for target, row in found.items()}  # fmt: skip
    assert kinds == {
        BIRTH: [], AGAIN: [], ABROAD: [], GROUP: ["group"], AWAY: ["elsewhere"], FAQ: ["faq"], OUTSIDE: ["outside"],
    }  # fmt: skip


def test_what_a_variant_narrows_itself_to(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    plain, abroad = rows(maker, lexical, "khai sinh cho con"), rows(maker, lexical, "khai sinh có cha nước ngoài")
    assert (plain[ABROAD]["foreign_mismatch"], plain[BIRTH]["foreign_mismatch"]) == (1.0, 0.0)
    assert (abroad[ABROAD]["foreign_mismatch"], abroad[BIRTH]["foreign_mismatch"]) == (0.0, -1.0)
    assert plain[ABROAD]["narrower"] > abroad[ABROAD]["narrower"] == 0.0


def test_acts_that_agree_and_that_do_not(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    again, new = rows(maker, lexical, "đăng ký lại khai sinh"), rows(maker, lexical, "đăng ký khai sinh")
    assert (again[AGAIN]["act_match"], again[AGAIN]["act_mismatch"]) == (1.0, 0.0)
    assert (again[BIRTH]["act_match"], again[BIRTH]["act_mismatch"]) == (0.0, 1.0)
    assert (new[AGAIN]["act_match"], new[AGAIN]["act_mismatch"]) == (0.0, 1.0)


def test_a_hint_speaks_for_its_variant_and_against_the_others(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    found = rows(maker, lexical, "khai sinh bị mất")
    hints = {target: (row["hint_own"], row["hint_sibling"]) for target, row in found.items()}
    assert (hints[AGAIN], hints[BIRTH], hints[GROUP]) == ((1.0, 0.0), (0.0, 1.0), (0.0, 1.0))
    assert hints[ABROAD] == hints[OUTSIDE] == (0.0, 0.0)
    assert maker.hinted("khai-sinh", asked("khai sinh bị mất")) == {AGAIN}


def test_the_nearest_text_of_each_kind_counts(maker: FeatureMaker, lexical: LexicalIndex) -> None:
    query, gathered = asked("khai sinh"), evidence(lexical, "khai sinh")
    cosines = np.full(len(lexical.units), 0.1, dtype=np.float32)
    place = [unit.text for unit in lexical.texts].index("vợ mới sinh em bé")
    cosines[place] = 0.95
    made = maker.rows(query, replace(gathered, dense=cosines), np.arange(len(TARGETS)))
    row = dict(zip(FEATURES, made[0].tolist(), strict=True))
    assert row["dense_situation"] == pytest.approx(0.95)
    assert row["dense_title"] == row["dense_name"] == pytest.approx(0.1)
    assert row["dense_gap"] == 0.0
    assert (made[1:, FEATURES.index("dense_gap")] < 0).all()
    hidden = hide_cosine(replace(gathered, dense=cosines), place)
    assert hidden.dense[place] == 0.0
    assert np.delete(hidden.dense, place).tolist() == np.delete(cosines, place).tolist()
    assert cosines[place] == pytest.approx(0.95), "the evidence that was given stays as it was"


@pytest.mark.parametrize("text", [unit.text for unit in UNITS if unit.kind is not UnitKind.BODY])
def test_a_hidden_text_is_no_evidence_at_all(lexical: LexicalIndex, maker: FeatureMaker, text: str) -> None:
    unit = [known.text for known in lexical.texts].index(text)
    number = int(lexical.owner[unit])
    others = [item for item in lexical.texts if item.target == lexical.targets[number] and item.text != text]
    query, gathered = asked(text), evidence(lexical, text)
    hidden = replace(gathered, lexical=lexical.hiding(gathered.lexical, gathered.asked, unit), hidden=unit)
    row = dict(zip(FEATURES, maker.rows(query, hidden, np.arange(len(TARGETS)))[number].tolist(), strict=True))
    assert row["name_equal"] == 0.0
    if not any(set(tokens(text)) & set(tokens(item.text)) for item in others):
        assert not {name for name in row if name.startswith(("title", "name", "situation")) and row[name]}
        assert row["lexical_words"] == row["lexical_folded"] == row["trigram"] == row["act_match"] == 0.0
