"""Question sets: each format is told by its keys, a line at fault is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.evaluation.sets import Case, Question, SetUnreadable, known_only, read_set

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows, or raw lines, into a file."""

    def run(*rows: dict[str, Any] | str) -> Path:
        path = tmp_path / "set.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return run


def only(path: Path) -> Question:
    (case,) = read_set(path)
    (question,) = case.questions
    return question


def test_a_labelled_question(write: Write) -> None:
    row = {
        "question": "nhà mất sổ hộ khẩu cũ thì răng",
        "expect_codes": ["1.000001"],
        "accept_also": ["1.000002"],
        "fields": ["dossier", "fees", "agency"],
        "behaviour": "answer",
    }
    assert only(write(row)) == Question(
        "nhà mất sổ hộ khẩu cũ thì răng",
        codes=frozenset({"1.000001", "1.000002"}),
        in_data=True,
        behaviour="answer",
        aspects=frozenset({"documents", "fee", "place"}),
    )


def test_labels_that_do_not_judge(write: Write) -> None:
    silent = only(write({"question": "a", "expect_codes": [], "judged": False}))
    assert (silent.judged, silent.behaviour, silent.in_data, silent.aspects) == (False, None, False, None)
    missing = only(write({"question": "a", "expect_codes": ["1.000001"], "codes_in_corpus": []}))
    assert (missing.behaviour, missing.in_data) == ("answer", False)
    assert only(write({"question": "a", "expect_codes": ["1.000001"], "fields": ["colour"]})).aspects is None
    assert only(write({"question": "a", "expect_codes": ["1.000001"], "behaviour": None})).behaviour is None


def test_a_golden_question(write: Write) -> None:
    note = {"must_mention_any": [["giấy chứng sinh", "chứng sinh"]], "must_cite_any": ["Luật Thử"]}
    row = {
        "question": "sinh con cần chi",
        "procedure_codes": ["1.000001"],
        "note": json.dumps({**note, "must_include_source_url": True}),
    }
    question = only(write(row))
    assert question.codes == {"1.000001"}
    assert question.must_mention == (("giấy chứng sinh", "chứng sinh"),)
    assert (question.must_cite, question.must_link, question.behaviour) == (("Luật Thử",), True, None)
    assert only(write({"question": "a", "procedure_codes": ["1.000001"]})).must_cite == ()


def test_a_question_on_plans(write: Write) -> None:
    question = only(write({"question": "chỉ tiêu thử năm nay", "must_mention": [["80%", "80 %"], ["2027"]]}))
    assert question.must_mention == (("80%", "80 %"), ("2027",))
    assert question.judged


def test_a_bare_question_is_asked_and_nothing_is_expected(write: Write) -> None:
    assert only(write({"question": "chào"})) == Question("chào")


def test_the_turns_of_a_case_stay_together_in_their_order(write: Write) -> None:
    cases = read_set(
        write(
            {"case": "a", "turn": 2, "question": "hai"},
            {"case": "a", "turn": 1, "question": "một"},
            {"question": "riêng"},
            "",
            {"question": "cũng riêng"},
            {"case": 7, "question": "bảy"},
        )
    )
    assert [(case.id, [question.text for question in case.questions]) for case in cases] == [
        ("a", ["một", "hai"]),
        ("#3", ["riêng"]),
        ("#5", ["cũng riêng"]),
        ("7", ["bảy"]),
    ]


def test_a_line_may_hold_any_separator_but_a_line_feed(write: Write) -> None:
    text = "một\u2028hai\x85ba"
    assert only(write({"question": text})).text == text


def test_a_byte_order_mark_is_no_fault(write: Write, tmp_path: Path) -> None:
    path = write({"question": "một"})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert only(path).text == "một"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        '{"text": "a"}',
        '{"question": 5}',
        '{"question": "a", "expect_codes": null}',
        '{"question": "a", "expect_codes": "1.000001"}',
        '{"question": "a", "expect_codes": [1]}',
        '{"question": "a", "must_mention": ["80%"]}',
        '{"question": "a", "must_mention": 5}',
        '{"question": "a", "procedure_codes": ["1.000001"], "note": "no json"}',
        '{"question": "a", "procedure_codes": ["1.000001"], "note": "[]"}',
        '{"question": "a", "turn": "first"}',
    ],
)
def test_a_line_at_fault_is_named(write: Write, line: str) -> None:
    with pytest.raises(SetUnreadable, match=r"set\.jsonl:3: "):
        read_set(write({"question": "một"}, "", line))


def test_files_that_are_no_set(tmp_path: Path, write: Write) -> None:
    with pytest.raises(SetUnreadable, match="missing"):
        read_set(tmp_path / "missing.jsonl")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SetUnreadable, match="binary"):
        read_set(tmp_path / "binary")
    with pytest.raises(SetUnreadable, match="no questions"):
        read_set(write("", " "))


def test_codes_that_are_not_served_are_not_held_against_the_answer() -> None:
    asked = (Question("a", codes=frozenset({"1.000001"})), Question("b", codes=frozenset({"1.000002"})))
    (case,) = known_only([Case("x", asked)], frozenset({"1.000002"}))
    assert [question.in_data for question in case.questions] == [False, True]


@pytest.mark.parametrize(("said", "before"), [("Bà con chọn: 1) A", "Bà con chọn: 1) A"), (None, ""), ("", "")])
def test_what_the_assistant_of_a_recorded_conversation_said(write: Write, said: str | None, before: str) -> None:
    assert only(write({"question": "a", "expect_codes": [], "prev_assistant": said})).before == before
    assert only(write({"question": "a", "expect_codes": []})).before == ""
