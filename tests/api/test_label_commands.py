# ruff: noqa: F811 - fixtures are imported by name
"""`banhoi classify` and `banhoi labels …`: results on standard output, measures and faults on standard error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from api.cli import app
from api.labelling import Labelling
from api.pipeline import Pipeline
from api.relabelling import relabel
from feed.corrections import Correction, correct, of_question
from feed.labels import Kind, load_classifier
from index.artefact import ArtefactUnusable
from index.library import Library
from store import accounts
from store.engine import open_engine, read, write
from store.tables import questions
from tests.api.pipeline_support import START, FakeAssistant, FakeClock, incoming, rows
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

ASKED, PRAISED = "đăng ký khai sinh cho con cần giấy tờ gì", "cảm ơn cán bộ nhiệt tình, hài lòng lắm"
Classify = Callable[..., Result]


@pytest.fixture
def classify(tmp_path: Path) -> Classify:
    def run(*lines: str) -> Result:
        file = tmp_path / "in.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        return CliRunner().invoke(app, ["classify", str(file)])

    return run


def _line(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False)


def test_each_line_comes_back_with_its_labels(classify: Classify) -> None:
    result = classify(_line(text=ASKED, id=7), "", _line(text=PRAISED))
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["text"], first["kind"], first["sentiment"]) == (7, ASKED, "question", "neutral")
    assert 0 < first["kind_confidence"] <= 1
    assert 0 < first["sentiment_confidence"] <= 1
    assert (second["kind"], second["sentiment"], second["flags"]) == ("praise", "positive", [])
    assert (result.exit_code, result.stderr) == (0, "")


def test_labels_that_came_along_are_kept_and_measured(classify: Classify) -> None:
    lines = [_line(text=ASKED, kind="question", sentiment="neutral", flags=[]),
             _line(text=PRAISED, kind="complaint", sentiment="positive", flags=["bribery"])]  # fmt: skip
    result = classify(*lines)
    second = json.loads(result.stdout.splitlines()[1])
    assert (second["expected_kind"], second["kind"], second["expected_flags"]) == ("complaint", "praise", ["bribery"])
    assert "Loại (kind): macro-F1 0.333 trên 2 tin" in result.stderr
    assert "Cảm xúc (sentiment): macro-F1 1.000 trên 2 tin" in result.stderr
    assert "Câu hỏi trung tính bị coi là tiêu cực: 0/1 (0.0%)" in result.stderr
    assert "Cờ bribery: tìm ra 0/1 (0.0%)" in result.stderr


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Dòng 2: không phải JSON"),
        ("[]", "Dòng 2: không phải một đối tượng JSON"),
        ('{"text": 3}', "Dòng 2: thiếu “text”"),
        ('{"text": "a", "kind": "rant"}', "Dòng 2: “kind” phải là một trong: question"),
        ('{"text": "a", "sentiment": 1}', "Dòng 2: “sentiment” phải là một trong: negative"),
        ('{"text": "a", "flags": ["war"]}', "Dòng 2: “flags” phải là một trong: danger"),
        ('{"text": "a", "flags": "danger"}', "Dòng 2: “flags” phải là một trong: danger"),
        ("[" * 100_000, "Dòng 2: không phải JSON"),
    ],
)
def test_a_bad_line_is_named(classify: Classify, line: str, reason: str) -> None:
    result = classify(_line(text="a"), line)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_what_is_no_text_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b'{"text": "\xe9\xff"}')
    for name, reason in (("latin", "không phải chữ mã hóa UTF-8"), ("none", "Không đọc được"), (".", "Không đọc được")):
        result = CliRunner().invoke(app, ["classify", str(tmp_path / name)])
        assert (result.exit_code, reason in result.stderr) == (1, True)


def test_a_dash_reads_standard_input() -> None:
    result = CliRunner().invoke(app, ["classify", "-"], input=_line(text=PRAISED) + "\n")
    assert json.loads(result.stdout)["kind"] == "praise"


@pytest.fixture
async def asked(engine: AsyncEngine) -> AsyncEngine:
    """A log from before there were labels: two typed messages, a command, a tap."""
    pipeline = Pipeline(engine, FakeAssistant(), FakeClock())
    for number, text in enumerate([ASKED, PRAISED, "/start"]):
        await pipeline.ask(incoming(text, number, channel="web"))
    await pipeline.ask(replace(incoming("", "tap", channel="web"), choice="proc:1.001193"))
    return engine


async def test_the_log_is_labelled_anew_where_it_has_other_labels(asked: AsyncEngine, library: Library) -> None:
    classifier = load_classifier()
    assert await relabel(asked, classifier, library) == 2
    assert await rows(asked, questions, "kind", "flags") == [
        ("question", []), ("praise", []), (None, None), (None, None)
    ]  # fmt: skip
    procedure = library.knowledge.procedure("1.001193")
    assert (await rows(asked, questions, "field"))[0] == (procedure.field if procedure else None,)
    assert await relabel(asked, classifier, library) == 0


async def test_labelling_anew_keeps_corrections_and_places(engine: AsyncEngine, library: Library) -> None:
    pipeline = Pipeline(engine, FakeAssistant(), FakeClock(), labelling=Labelling(lambda: library))
    await pipeline.ask(incoming("nhà tôi ở số 12 đường Lê Duẩn, xã Lộc Ninh, đường ngập hết", channel="web"))
    (place,) = await rows(engine, questions, "commune_id")
    async with write(engine) as connection:
        author = await accounts.add(connection, START, name="lan", full_name="Lan", role="reviewer")
        question_id = (await connection.execute(select(questions.c.id))).scalar_one()
        assert author is not None
        await correct(connection, question_id, Correction(kind=Kind.PROPOSAL), author, START)
        await connection.execute(update(questions).values(labelled_by="older", kind="other"))
    assert await relabel(engine, load_classifier(), None) == 1
    assert await rows(engine, questions, "commune_id", "labelled_by") == [(*place, load_classifier().version)]
    async with read(engine) as connection:
        assert (await of_question(connection, question_id)).kind is Kind.PROPOSAL


def test_corrected_messages_are_exported_once(database_url: str, tmp_path: Path) -> None:
    async def prepare() -> None:
        engine = open_engine(database_url)
        pipeline = Pipeline(engine, FakeAssistant(), FakeClock(), labelling=Labelling(_no_library))
        await pipeline.ask(incoming("gọi 0912345678 hoài không ai nghe", channel="web"))
        async with write(engine) as connection:
            author = await accounts.add(connection, START, name="lan", full_name="Lan", role="reviewer")
            question_id = (await connection.execute(select(questions.c.id))).scalar_one()
            assert author is not None
            await correct(connection, question_id, Correction(kind=Kind.COMPLAINT), author, START)
        await engine.dispose()

    asyncio.run(prepare())
    out, environment = tmp_path / "out.jsonl", {"BANHOI_DATABASE_URL": database_url, "BANHOI_DATA_DIR": str(tmp_path)}
    result = CliRunner().invoke(app, ["labels", "export", str(out)], env=environment)
    assert "Đã xuất 1 tin" in result.stdout
    row = json.loads(out.read_text(encoding="utf-8"))
    assert (row["text"], row["kind"]) == ("gọi [số điện thoại] hoài không ai nghe", "complaint")
    again = CliRunner().invoke(app, ["labels", "export", str(out)], env=environment)
    assert (again.exit_code, "đã có" in again.stderr) == (1, True)
    renewed = CliRunner().invoke(app, ["labels", "renew"], env=environment)
    assert "Đã gắn nhãn lại 0 câu" in renewed.stdout


def _no_library() -> Library:
    raise ArtefactUnusable("none")
