"""The build in force is opened and described; what is no build or no set ends the program with a clear word."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.memory import resident_mb, settled_mb
from benchmarks.opening import Opened, describe, due, open_build, percent, read_cases, single_turns
from index.evaluation.sets import Question
from tests.benchmarks.conftest import BIRTH


def test_the_build_in_force_is_opened(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANHOI_DATA_DIR", str(opened.data_dir))
    monkeypatch.setenv("BANHOI_EMBEDDER", "none")
    again = open_build()
    assert (again.folder, again.embedder, again.library.embedder) == (opened.folder, None, None)
    assert f"Build {opened.folder.name} (procedures: 6" in describe(again.folder)


def test_no_build_ends_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANHOI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BANHOI_EMBEDDER", "none")
    with pytest.raises(SystemExit, match="no usable build"):
        open_build()


def test_a_file_that_is_no_set_ends_the_program(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    with pytest.raises(SystemExit, match=r"bad\.jsonl:1"):
        read_cases(tmp_path / "bad.jsonl", opened.library)


def test_messages_that_stand_alone(opened: Opened, question_set: Path) -> None:
    cases = list(single_turns(read_cases(question_set, opened.library)))
    assert [case.id for case in cases] == ["a", "b", "c"]
    assert [due(case.questions[0]) for case in cases] == [True, True, False]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question("x", codes=frozenset({BIRTH})), True),
        (Question("x", codes=frozenset({BIRTH}), behaviour="answer", in_data=False), False),
        (Question("x", codes=frozenset({BIRTH}), behaviour="ask_back"), False),
        (Question("x", behaviour="answer"), False),
    ],
)
def test_only_a_known_procedure_is_due(question: Question, expected: bool) -> None:
    assert due(question) is expected


def test_shares_and_memory() -> None:
    assert (percent(1, 3), percent(0, 0)) == ("33.3", "–")
    kept = bytearray(50_000_000)
    kept[::4096] = b"x" * len(kept[::4096])
    held = resident_mb()
    del kept
    assert 1 < settled_mb() < held - 40
