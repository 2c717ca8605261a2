"""Training questions: the same in every run, dirtied as people type, made from our own cards only."""

from __future__ import annotations

from collections import Counter

from index.text import fold, tokens
from index.training.samples import Sample, samples
from index.units import OUTSIDE, Unit, UnitKind

UNITS = [
    Unit("1.000001", UnitKind.TITLE, "Cấp giấy phép thử nghiệm cho hộ gia đình và cá nhân"),
    Unit("1.000001", UnitKind.ALIAS, "xin giấy thử"),
    Unit("1.000001", UnitKind.SITUATION, "nhà tôi muốn thử"),
    Unit("1.000001", UnitKind.EXAMPLE, "nhà em muốn thử mà thiếu giấy thì răng"),
    Unit("1.000001", UnitKind.BODY, "không bao giờ hỏi"),
    Unit("1.000002", UnitKind.ALIAS, "giấy hiếm"),
    Unit("g:nhom", UnitKind.ALIAS, "giấy tờ thử"),
    *(Unit(OUTSIDE, UnitKind.EXAMPLE, f"giá vàng hôm {number}") for number in range(20)),
]
POPULARITY = {"1.000001": 5, "1.000002": 0}


def made(seed: int = 7) -> list[Sample]:
    return list(samples(UNITS, POPULARITY, seed))


def test_the_same_seed_gives_the_same_questions() -> None:
    assert made() == made()
    assert made(8) != made()


def test_what_is_asked_daily_is_asked_more_often() -> None:
    counts = Counter(sample.target for sample in made())
    assert counts["1.000001"] > counts["g:nhom"] > counts["1.000002"] == 1


def test_bodies_are_no_questions() -> None:
    assert not any("bao giờ" in sample.text for sample in made())


def test_a_hidden_unit_is_the_one_the_question_was_made_from() -> None:
    hidden = [sample for seed in range(20) for sample in made(seed) if sample.unit is not None]
    assert hidden
    assert all(UNITS[sample.unit or 0].target == sample.target for sample in hidden)
    assert all(UNITS[sample.unit or 0].kind is not UnitKind.TITLE for sample in hidden)


def test_messages_from_outside_mean_none_of_ours_with_and_without_diacritics() -> None:
    outside = [sample for sample in made() if sample.target == OUTSIDE]
    bare = [sample.text for sample in outside if sample.text.isascii()]
    assert len(outside) == 40
    assert 0.2 < len(bare) / len(outside) < 0.7


def test_each_message_from_outside_is_hidden_from_itself_and_held_out_alone() -> None:
    outside = [sample for sample in made() if sample.target == OUTSIDE]
    assert all(UNITS[sample.unit or 0].target == OUTSIDE for sample in outside)
    assert len({sample.origin for sample in outside}) == 20
    assert {sample.origin for sample in made() if sample.target == "1.000001"} == {"1.000001"}


def test_what_people_typed_is_asked_as_typed_and_once_more_with_slips() -> None:
    text = "nhà em muốn thử mà thiếu giấy thì răng"
    place = next(number for number, unit in enumerate(UNITS) if unit.text == text)
    typed = [[sample.text for sample in made(seed) if sample.unit == place] for seed in range(12)]
    assert {(len(texts), texts[0]) for texts in typed} == {(2, text)}
    assert {fold(text)} < {texts[1] for texts in typed}


def test_what_people_typed_counts_more_than_what_was_made_of_names() -> None:
    weights = {UNITS[s.unit].kind: s.weight for s in made() if s.unit is not None and s.target != OUTSIDE}
    assert weights[UnitKind.EXAMPLE] > weights[UnitKind.ALIAS] > 0


def test_some_are_typed_without_diacritics_and_all_have_words() -> None:
    ours = [sample.text for seed in range(20) for sample in made(seed) if sample.target == "1.000001"]
    bare = [text for text in ours if text.isascii()]
    assert 0.2 < len(bare) / len(ours) < 0.7
    assert all(tokens(text) for text in ours)
