"""Training questions: the same in every run, dirtied as people type, made from our own cards only."""

from __future__ import annotations

from collections import Counter

import pytest

import index.training.train as train_module
from index.features import FEATURES
from index.library import Library
from index.text import tokens
from index.training.samples import Sample, samples
from index.training.train import examples, train
from index.units import Unit, UnitKind

UNITS = [
    Unit("1.000001", UnitKind.TITLE, "Cấp giấy phép thử nghiệm cho hộ gia đình và cá nhân"),
    Unit("1.000001", UnitKind.ALIAS, "xin giấy thử"),
    Unit("1.000001", UnitKind.SITUATION, "nhà tôi muốn thử"),
    Unit("1.000001", UnitKind.BODY, "không bao giờ hỏi"),
    Unit("1.000002", UnitKind.ALIAS, "giấy hiếm"),
    Unit("g:nhom", UnitKind.ALIAS, "giấy tờ thử"),
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
    outside = [sample for sample in made() if sample.target is None]
    bare = [sample.text for sample in outside if sample.text.isascii()]
    assert len(outside) > 20
    assert all(sample.unit is None for sample in outside)
    assert 0.2 < len(bare) / len(outside) < 0.7


def test_some_are_typed_without_diacritics_and_all_have_words() -> None:
    ours = [sample.text for seed in range(20) for sample in made(seed) if sample.target == "1.000001"]
    bare = [text for text in ours if text.isascii()]
    assert 0.2 < len(bare) / len(ours) < 0.7
    assert all(tokens(text) for text in ours)


def test_the_hidden_text_is_no_evidence(library: Library) -> None:
    units = library.searcher.units
    number = next(n for n, unit in enumerate(units) if unit.text == "làm căn cước lần đầu")
    asked = [Sample("làm căn cước lần đầu", units[number].target, unit, "card") for unit in (None, number)]
    shown, hidden = (examples(library.searcher, library.restorer, [sample])[0] for sample in asked)
    equal = FEATURES.index("name_equal")
    assert shown.rows[shown.right][equal] == 1.0
    assert hidden.rows[hidden.right][equal] == 0.0


def test_training_on_a_build_gives_weights_that_fit(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_module, "samples", lambda *asked: list(samples(*asked))[::15])
    data = train(library.searcher, library.restorer)
    models = data["models"]
    assert isinstance(models, dict)
    assert set(models) == {"dense", "lexical"}
    features = data["features"]
    assert isinstance(features, list)
    for model in models.values():
        assert len(model["weights"]) == len(model["mean"]) == len(model["scale"]) == len(features)
    masked = [models["lexical"]["weights"][features.index(name)] for name in features if name.startswith("dense")]
    assert masked == [0.0] * len(masked)
