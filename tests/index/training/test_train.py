"""Training on a build: a question's own text is hidden, and what comes out fits this version."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed (extra transformers)")

import index.training.train as train_module
from index.aspects import matter
from index.features import FEATURES
from index.library import Library
from index.projection import load_projection
from index.ranker import load_rankers
from index.text import tokens
from index.training import verdicts
from index.training.folds import all_samples
from index.training.hidden import evidence_without
from index.training.samples import FOLDS, Sample
from index.training.train import Examples, examples, main, train
from index.training.verdicts import labelled
from index.units import UnitKind
from index.verdict import VERDICT_FEATURES, load_verdict
from tests.index.support import HashingEmbedder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only every fifteenth question."""
    monkeypatch.setattr(train_module, "all_samples", lambda library: all_samples(library)[::60])
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
    asked = [Sample(unit.text, unit.target, hide, "card") for hide in (None, number)]
    shown, hidden = examples([library] * FOLDS, asked).encoded
    equal, dense = FEATURES.index("name_equal"), FEATURES.index("dense_name")
    assert shown.rows[shown.right][equal] == 1.0
    assert hidden.rows[hidden.right][equal] == 0.0
    assert shown.rows[shown.right][dense] == pytest.approx(1.0, abs=1e-5)
    assert hidden.rows[hidden.right][dense] < 1.0 - 1e-3


@pytest.mark.parametrize("hidden", [False, True])
def test_a_hidden_text_is_not_found(library: Library, number: int, hidden: bool) -> None:
    query = library.analyse(library.searcher.lexical.texts[number].text)
    words = evidence_without(library.searcher, query, number if hidden else None)
    evidence = library.searcher.encoded(query, words)
    assert (evidence.lexical.shared[number] == 0.0) == hidden
    assert evidence.hidden == (number if hidden else None)
    assert (evidence.dense[number] < 0.9) == hidden


def test_a_question_whose_target_nobody_finds_is_left_out(library: Library) -> None:
    assert examples([library] * FOLDS, [Sample("zzzz", "9.999999", None, "x")]) == Examples([], [])


def test_the_weight_of_a_sample_is_kept(library: Library) -> None:
    unit = library.searcher.lexical.texts[0]
    (example,) = examples([library] * FOLDS, [Sample(unit.text, unit.target, None, "x", weight=3.5)]).words
    assert example.weight == 3.5


@pytest.mark.usefixtures("few")
def test_training_on_a_build_gives_weights_that_fit(library: Library) -> None:
    data = train([library] * FOLDS, train_module.all_samples(library))
    models = data["models"]
    assert data["features"] == list(FEATURES)
    assert isinstance(models, dict)
    assert set(models) == {"encoded", "words"}
    for model in models.values():
        assert {len(model[part]) for part in ("weights", "mean", "scale")} == {len(FEATURES)}


@pytest.mark.usefixtures("few")
def test_the_command_writes_weights_that_can_be_loaded(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"WEIGHTS_FILE": "ranker.json", "VERDICT_FILE": "verdict.json", "PROJECTION_FILE": "projection.npz"}
    files = {name: tmp_path / file for name, file in names.items()}
    for name, path in files.items():
        monkeypatch.setattr(train_module, name, path)
    told: dict[str, Any] = {}
    monkeypatch.setattr(train_module, "open_embedder", lambda setting, cache: told.update(c=cache) or HashingEmbedder())
    monkeypatch.setattr(sys, "argv", ["train", str(data_dir)])
    main()
    assert told["c"] == data_dir / "cache"
    printed = capsys.readouterr().out
    assert printed.count("held out") == 3
    assert load_rankers(files["WEIGHTS_FILE"]).encoded.weights.shape == (len(FEATURES),)
    assert load_projection(files["PROJECTION_FILE"]).fits(HashingEmbedder().name)
    assert load_verdict(files["VERDICT_FILE"]).weights.shape == (3, len(VERDICT_FEATURES))
    assert json.loads(files["WEIGHTS_FILE"].read_text(encoding="utf-8"))["features"] == list(FEATURES)
