"""Training on a build: a question's own text is hidden, and what comes out fits this version."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import index.training.train as train_module
from index.aspects import matter
from index.features import DENSE_FEATURES, FEATURES
from index.library import Library
from index.ranker import load_rankers
from index.text import tokens
from index.training import verdicts
from index.training.hidden import evidence_without
from index.training.samples import Sample, samples
from index.training.train import examples, main, train
from index.training.verdicts import labelled
from index.units import UnitKind
from index.verdict import VERDICT_FEATURES, load_verdict
from tests.index.support import HashingEmbedder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only every fifteenth question."""
    monkeypatch.setattr(train_module, "samples", lambda *asked: list(samples(*asked))[::15])
    monkeypatch.setattr(verdicts, "labelled", lambda library: list(labelled(library))[::15])


@pytest.fixture
def number(library: Library) -> int:
    """Place of a name that is all matter, and whose words hold no other name of its target."""
    lexical = library.searcher.lexical
    names = [place for place, unit in enumerate(lexical.texts) if unit.kind is UnitKind.ALIAS]
    words = {place: set(lexical.folded_words[place]) for place in names}

    def alone(place: int) -> bool:
        others = [other for other in names if lexical.owner[other] == lexical.owner[place] and other != place]
        return not any(words[place] >= words[other] for other in others)

    def all_matter(text: str) -> bool:
        return matter(library.analyse(text)).content == tuple(tokens(text))

    return next(place for place in names if alone(place) and all_matter(lexical.texts[place].text))


def test_the_hidden_text_is_no_evidence(library: Library, number: int) -> None:
    unit = library.searcher.lexical.texts[number]
    shown, hidden = examples(library, [Sample(unit.text, unit.target, hide, "card") for hide in (None, number)])
    equal, dense = FEATURES.index("name_equal"), FEATURES.index("dense_name")
    assert shown.rows[shown.right][equal] == 1.0
    assert hidden.rows[hidden.right][equal] == 0.0
    assert shown.rows[shown.right][dense] == pytest.approx(1.0, abs=1e-5)
    assert hidden.rows[hidden.right][dense] < 1.0 - 1e-3


@pytest.mark.parametrize("hidden", [False, True])
def test_a_hidden_text_is_not_found(library: Library, number: int, hidden: bool) -> None:
    query = library.analyse(library.searcher.lexical.texts[number].text)
    evidence = evidence_without(library.searcher, query, number if hidden else None)
    assert (evidence.lexical.shared[number] == 0.0) == hidden
    assert evidence.hidden == (number if hidden else None)
    assert evidence.dense is not None
    assert (evidence.dense[number] < 0.9) == hidden


def test_a_question_whose_target_nobody_finds_is_left_out(library: Library) -> None:
    assert examples(library, [Sample("zzzz", "9.999999", None, "x")]) == []


def test_the_weight_of_a_sample_is_kept(library: Library) -> None:
    unit = library.searcher.lexical.texts[0]
    (example,) = examples(library, [Sample(unit.text, unit.target, None, "x", weight=3.5)])
    assert example.weight == 3.5


@pytest.mark.usefixtures("few")
def test_training_on_a_build_gives_weights_that_fit(library: Library) -> None:
    data = train(library)
    models = data["models"]
    assert data["features"] == list(FEATURES)
    assert isinstance(models, dict)
    assert set(models) == {"dense", "lexical"}
    for model in models.values():
        assert {len(model[part]) for part in ("weights", "mean", "scale")} == {len(FEATURES)}
    assert {models["lexical"]["weights"][FEATURES.index(name)] for name in DENSE_FEATURES} == {0.0}


@pytest.mark.usefixtures("few")
def test_the_command_writes_weights_that_can_be_loaded(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files: dict[str, Path] = {"WEIGHTS_FILE": tmp_path / "ranker.json", "VERDICT_FILE": tmp_path / "verdict.json"}
    for name, path in files.items():
        monkeypatch.setattr(train_module, name, path)
    told: dict[str, Any] = {}
    monkeypatch.setattr(train_module, "open_embedder", lambda setting, cache: told.update(c=cache) or HashingEmbedder())
    monkeypatch.setattr(sys, "argv", ["train", str(data_dir)])
    main()
    assert told["c"] == data_dir / "cache"
    printed = capsys.readouterr().out
    assert printed.count("held out") == 3
    assert load_rankers(files["WEIGHTS_FILE"]).dense.weights.shape == (len(FEATURES),)
    assert load_verdict(files["VERDICT_FILE"]).weights.shape == (3, len(VERDICT_FEATURES))
    assert json.loads(files["WEIGHTS_FILE"].read_text(encoding="utf-8"))["features"] == list(FEATURES)
