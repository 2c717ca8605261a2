"""What the verdict learns from: typed questions of cards and groups, from outside, and vague ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from index.evaluation.sets import read_set
from index.library import Library
from index.training import verdicts
from index.training.samples import FOLDS
from index.training.verdicts import ANSWER, ASK, OUTSIDE, QUESTIONS, fit_verdict, labelled, ranked_without, rows
from index.units import OUTSIDE as NONE
from index.units import UnitKind
from index.verdict import VERDICT_FEATURES

FEW = """{"case": "a", "turn": 1, "question": "làm giấy khai sinh cho con", "expect_codes": ["1.001193"]}
{"case": "b", "turn": 1, "question": "giấy tờ", "expect_codes": [], "behaviour": "ask_back"}
{"case": "c", "turn": 1, "question": "giá vàng", "expect_codes": [], "behaviour": "out_of_scope"}
{"case": "d", "turn": 1, "question": "kết hôn", "expect_codes": ["1.000894"]}
{"case": "d", "turn": 2, "question": "phí sao", "expect_codes": ["1.000894"]}
{"case": "e", "turn": 1, "question": "không rõ", "expect_codes": [], "behaviour": null}
"""


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "train.jsonl"
    path.write_text(FEW, encoding="utf-8")
    monkeypatch.setattr(verdicts, "QUESTIONS", path)
    return path


@pytest.mark.usefixtures("few")
def test_every_typed_text_has_its_label_and_is_hidden_from_itself(library: Library) -> None:
    texts = library.searcher.lexical.texts
    made = [item for item in labelled(library) if item[1] is not None]
    assert [text for text, *_ in made] == [unit.text for unit in texts if unit.kind is UnitKind.EXAMPLE]
    for text, unit, label, _ in made:
        assert unit is not None
        assert texts[unit].text == text
        target = texts[unit].target
        assert label == (OUTSIDE if target == NONE else ASK if target.startswith("g:") else ANSWER)


@pytest.mark.usefixtures("few")
def test_first_turns_that_are_judged_are_learnt_from(library: Library) -> None:
    recorded = {text: label for text, unit, label, _ in labelled(library) if unit is None}
    assert recorded == {"làm giấy khai sinh cho con": ANSWER, "giấy tờ": ASK, "giá vàng": OUTSIDE, "kết hôn": ANSWER}


@pytest.mark.usefixtures("few")
def test_there_is_one_row_for_each(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    some = list(labelled(library))[::20]
    monkeypatch.setattr(verdicts, "labelled", lambda _library: some)
    features, labels = rows([library] * FOLDS)
    assert features.shape == (len(some), len(VERDICT_FEATURES))
    assert labels.tolist() == [label for _, _, label, _ in some]
    assert np.isfinite(features).all()


def test_a_question_is_ranked_as_if_its_own_text_were_not_known(library: Library) -> None:
    texts = library.searcher.lexical.texts
    unit = next(n for n, unit in enumerate(texts) if unit.target == NONE and len(unit.text.split()) > 5)
    query = library.analyse(texts[unit].text)
    assert ranked_without(library, query, None) == library.rank(query)
    assert ranked_without(library, query, unit).none < ranked_without(library, query, None).none


def test_the_fit_tells_the_three_apart() -> None:
    chance = np.random.default_rng(5)
    labels = chance.integers(3, size=300)
    features = chance.normal(size=(300, 4)) * 0.3
    features[np.arange(300), labels] += 2.0
    model = fit_verdict(features, labels)
    guesses = [int(np.argmax(astuple(model(row)))) for row in features]
    assert np.mean(np.array(guesses) == labels) > 0.98


def test_a_feature_that_never_changes_does_no_harm() -> None:
    features = np.column_stack([np.arange(30.0) % 3, np.full(30, 4.0)])
    model = fit_verdict(features, np.arange(30) % 3)
    assert np.isfinite(model.weights).all()
    assert np.isfinite(astuple(model(features[0]))).all()


class TestQuestionFiles:
    """Our own question sets: which is for what."""

    NAMES = ("train", "dev", "blind")

    def texts(self, name: str) -> Counter[str]:
        cases = read_set(QUESTIONS.with_name(f"{name}.jsonl"))
        return Counter(" ".join(q.text.casefold().split()) for case in cases for q in case.questions)

    @pytest.mark.parametrize("name", NAMES)
    def test_each_can_be_read_and_judges(self, name: str) -> None:
        cases = read_set(QUESTIONS.with_name(f"{name}.jsonl"))
        behaviours = {q.behaviour for case in cases for q in case.questions}
        assert {"answer", "ask_back", "out_of_scope"} <= behaviours
        assert len(cases) > 100

    @pytest.mark.parametrize("name", NAMES)
    def test_every_right_code_is_one(self, name: str, shipped_library: Library) -> None:
        cases = read_set(QUESTIONS.with_name(f"{name}.jsonl"))
        answers = [q for case in cases for q in case.questions if q.behaviour == "answer"]
        assert all(question.codes for question in answers)
        known = shipped_library.knowledge.codes()
        unknown = [question.text for question in answers if not question.codes & set(known)]
        assert len(unknown) <= len(answers) * 0.02, unknown

    @pytest.mark.parametrize("name", ["dev", "blind"])
    def test_what_is_measured_on_is_not_learnt_from(self, name: str, shipped_library: Library) -> None:
        """Short ones ("phí bao nhiêu", "mất giấy tờ") are everybody's; a whole question stands on one side only."""
        measured = {text for text in self.texts(name) if len(text.split()) > 6}
        learnt = set(self.texts("train"))
        learnt |= {" ".join(unit.text.casefold().split()) for unit in shipped_library.searcher.lexical.texts}
        assert measured & learnt == set()
