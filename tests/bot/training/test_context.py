"""The reading of follow-ups is learnt from conversations with the right answers given."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import bot.training.context as training
from bot.context import CONTEXT_FEATURES, Situation, load_context
from bot.training.context import examples, main, situations
from index.evaluation.sets import Case, Question
from index.library import Library
from tests.index.support import HashingEmbedder

BIRTH, MARRIAGE, FIRST, CHILD = "1.001193", "1.000894", "1.014061", "1.014062"


def answered(text: str, *codes: str) -> Question:
    return Question(text, codes=frozenset(codes), behaviour="answer")


def case(*questions: Question) -> Case:
    return Case("x", questions)


def told(*questions: Question) -> list[Situation]:
    return [situation for _, situation in situations(case(*questions))]


def test_each_later_turn_has_what_was_said_before_it() -> None:
    first, second, third = answered("a", BIRTH), answered("b", MARRIAGE), answered("c", BIRTH)
    assert list(situations(case(first, second, third))) == [
        (second, Situation(BIRTH)),
        (third, Situation(MARRIAGE, earlier=(BIRTH,))),
    ]
    assert list(situations(case(first))) == []


def test_who_comes_back_to_a_topic_has_it_once() -> None:
    turns = [answered("a", BIRTH), answered("b", MARRIAGE), answered("c", BIRTH), answered("d", BIRTH)]
    assert told(*turns)[-1] == Situation(BIRTH, earlier=(MARRIAGE,))


def test_after_a_question_back_its_variants_are_offered() -> None:
    asked = Question("làm căn cước", codes=frozenset({CHILD, FIRST}), behaviour="ask_back")
    (situation,) = told(asked, answered("cho con", CHILD))
    assert situation == Situation(None, offered=(FIRST, CHILD), pending="làm căn cước")


def test_what_has_no_single_answer_is_no_topic() -> None:
    outside = Question("giá vàng", behaviour="out_of_scope")
    assert told(outside, answered("a", BIRTH)) == [Situation(None)]
    assert told(answered("a", BIRTH, MARRIAGE), answered("b", BIRTH)) == [Situation(None)]


def test_an_example_has_the_right_target_in_its_place(library: Library) -> None:
    turns = (answered("đăng ký khai sinh", BIRTH), answered("thế còn đăng ký kết hôn cần giấy tờ gì", MARRIAGE))
    (example,) = examples(library, [case(*turns)])
    assert example.rows.shape[1] == len(CONTEXT_FEATURES)
    row = dict(zip(CONTEXT_FEATURES, example.rows[example.right].tolist(), strict=True))
    assert row["alone"] == max(example.rows[:, CONTEXT_FEATURES.index("alone")])
    assert (row["topic"], row["outside"]) == (0.0, 0.0)


def test_what_is_none_of_ours_is_learnt_as_such(library: Library) -> None:
    outside = Question("kết quả bóng đá tối qua", behaviour="out_of_scope")
    (example,) = examples(library, [case(answered("đăng ký khai sinh", BIRTH), outside)])
    assert example.rows[example.right][CONTEXT_FEATURES.index("outside")] == 1.0


@pytest.mark.parametrize(
    "later",
    [
        answered("lệ phí bao nhiêu", BIRTH),
        Question("giấy tờ", behaviour="ask_back"),
        answered("đăng ký kết hôn", "9.999999"),
    ],
    ids=["names no matter", "asks back", "unknown code"],
)
def test_what_tells_nothing_is_left_out(library: Library, later: Question) -> None:
    assert examples(library, [case(answered("đăng ký khai sinh", BIRTH), later)]) == []


def test_the_command_writes_weights_that_can_be_loaded(
    shipped_build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[dict[str, Any]] = []
    for number in range(8):
        one, two = (BIRTH, "đăng ký khai sinh"), (MARRIAGE, "đăng ký kết hôn")
        turns = [one, two] if number % 2 else [two, one]
        rows += [
            {"case": f"c{number}", "turn": turn, "question": text, "expect_codes": [code]}
            for turn, (code, text) in enumerate(turns, start=1)
        ]
    (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "data").mkdir()
    for path in shipped_build.iterdir():
        if path.name != "cache":
            (tmp_path / "data" / path.name).symlink_to(path)
    (tmp_path / "data" / "cache").mkdir()
    monkeypatch.setattr(training, "QUESTIONS", tmp_path / "train.jsonl")
    monkeypatch.setattr(training, "WEIGHTS_FILE", tmp_path / "context.json")
    monkeypatch.setattr(training, "open_embedder", lambda _setting, _cache: HashingEmbedder())
    monkeypatch.setattr(sys, "argv", ["context", str(tmp_path / "data")])
    main()
    assert "held out" in capsys.readouterr().out
    assert load_context(tmp_path / "context.json").weights.shape == (len(CONTEXT_FEATURES),)
