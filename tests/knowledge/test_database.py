"""The knowledge database: what is written comes back, a bad file is refused with a clear word."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.assemble import Knowledge, assemble
from knowledge.content import Content
from knowledge.database import KnowledgeUnavailable, open_database, write_database
from knowledge.import_errors import WriteFailedError
from knowledge.importing import import_procedures
from knowledge.models import Faq, Group, Office, Plan, Procedure
from knowledge.tables import COLUMNS, FOREIGN_KEYS

Make = Callable[..., Procedure]
SOURCE = {"date": "2026-07-18"}


@pytest.fixture
def knowledge(procedure: Make) -> Knowledge:
    """One of everything."""
    plan = {
        "id": "kh",
        "title": "Kế hoạch",
        "short": "KH 1",
        "kind": "plan",
        "place": "xã Thử",
        "sections": [{"id": "I", "heading": "Mục tiêu"}],
        "statements": [{"id": "I-1", "section": "I", "kind": "task", "text": "Làm.", "lead": ["A", "B"]}],
        "source": SOURCE,
    }
    group = {
        "id": "g",
        "asks": ["giấy"],
        "question": "Giấy nào?",
        "variants": [{"code": "1.000001", "label": "Một"}, {"code": "1.000002", "label": "Hai"}],
    }
    card = procedure(
        "1.000001",
        name="Thủ tục đăng ký khai sinh",
        title="Đăng ký khai sinh",
        level=["province", "commune"],
        aliases=["làm khai sinh"],
        situations=["vợ mới sinh"],
        dossier=[{"name": "Giấy chứng sinh", "originals": 1}],
        legal_basis=[{"number": "60/2014/QH13"}],
    )
    content = Content(
        procedures={"1.000001": card, "1.000002": procedure("1.000002")},
        groups={"g": Group.model_validate(group)},
        plans={"kh": Plan.model_validate(plan)},
        offices={
            "o": Office.model_validate({"id": "o", "name": "Trung tâm", "level": "commune", "source": SOURCE})
        },
        faqs={
            "q": Faq.model_validate(
                {"id": "q", "questions": ["Hỏi?"], "answer": "Đáp.", "author": "A", "source": SOURCE}
            )
        },
    )
    return assemble(content, None)


@pytest.fixture
def path(tmp_path: Path, knowledge: Knowledge) -> Path:
    """A written database."""
    write_database(tmp_path / "knowledge.db", knowledge, built_at=datetime(2026, 7, 20, tzinfo=UTC))
    return tmp_path / "knowledge.db"


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_what_is_written_comes_back(path: Path, knowledge: Knowledge) -> None:
    base = open_database(path)
    assert base.codes() == ("1.000001", "1.000002")
    assert {code: base.procedure(code) for code in base.codes()} == knowledge.procedures
    assert list(base.procedures()) == list(knowledge.procedures.values())
    assert base.titles() == {"1.000001": "Đăng ký khai sinh", "1.000002": "Thủ tục"}
    for kind in ("groups", "plans", "offices", "faqs", "elsewhere"):
        assert getattr(base, kind) == getattr(knowledge, kind)


def test_meta(path: Path, knowledge: Knowledge) -> None:
    meta = open_database(path).meta
    assert (meta.version, meta.built_at) == (knowledge.content_hash, datetime(2026, 7, 20, tzinfo=UTC))
    assert {kind: meta.counts[kind] for kind in ("procedures", "aliases", "statements", "elsewhere")} == {
        "procedures": 2,
        "aliases": 2,
        "statements": 1,
        "elsewhere": 0,
    }


def test_unknown_codes_and_frozen_contents(path: Path) -> None:
    base = open_database(path)
    assert base.procedure("9.999999") is None
    assert not base.is_withdrawn("9.999999")
    assert base.procedure("1.000001") is base.procedure("1.000001")
    with pytest.raises(TypeError):
        base.groups["x"] = base.groups["g"]  # type: ignore[index]


def test_withdrawn_procedures_are_known_as_such(
    tmp_path: Path, raw_record: Make, export_file: Callable[..., Path]
) -> None:
    records = [raw_record(code=f"1.{number:06}") for number in range(1, 4)]
    import_procedures(export_file(*records), tmp_path)
    import_procedures(export_file(*records[1:]), tmp_path, allow_shrink=True)
    write_database(tmp_path / "knowledge.db", assemble(Content(), tmp_path))
    base = open_database(tmp_path / "knowledge.db")
    assert base.is_withdrawn("1.000001")
    assert base.procedure("1.000001") is None
    assert not base.is_withdrawn("1.000002")


def test_tables_are_readable_and_linked(path: Path) -> None:
    tables = {name for (name,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(COLUMNS) <= tables
    assert query(path, "PRAGMA foreign_key_check") == []
    for table, keys in FOREIGN_KEYS.items():
        linked = {(row[3], row[2]) for row in query(path, f"PRAGMA foreign_key_list({table})")}
        assert linked == {(column, other) for column, other, _ in keys}
    assert query(path, "SELECT code, level, has_card FROM procedures")[0] == (
        "1.000001",
        "province, commune",
        1,
    )
    assert query(path, "SELECT kind, text FROM aliases") == [
        ("alias", "làm khai sinh"),
        ("situation", "vợ mới sinh"),
    ]
    assert query(path, "SELECT section_id, lead FROM statements") == [("kh#I", "A; B")]
    assert query(path, "SELECT name, originals FROM documents") == [("Giấy chứng sinh", 1)]


def test_full_text_search_needs_no_diacritics(path: Path) -> None:
    sql = (
        "SELECT procedures.code FROM procedures_fts"
        " JOIN procedures ON procedures.rowid = procedures_fts.rowid WHERE procedures_fts MATCH 'khai sinh'"
    )
    assert query(path, sql) == [("1.000001",)]
    assert query(path, sql.replace("khai sinh", "ky khai")) == [("1.000001",)]


def test_the_file_is_opened_without_writing(path: Path) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        before = path.read_bytes()
        open_database(path).procedure("1.000001")
        assert path.read_bytes() == before
    finally:
        path.parent.chmod(0o755)
    assert [entry.name for entry in path.parent.iterdir()] == ["knowledge.db"]


def test_a_former_database_is_replaced_whole(path: Path) -> None:
    old = open_database(path)
    write_database(path, assemble(Content(), None))
    assert open_database(path).codes() == ()
    assert old.procedure("1.000001") is not None


def test_a_failed_write_keeps_the_former_database(path: Path, knowledge: Knowledge) -> None:
    broken = knowledge.__class__(
        **{name: getattr(knowledge, name) for name in knowledge.__slots__} | {"groups": None}
    )
    with pytest.raises(AttributeError):
        write_database(path, broken)
    assert open_database(path).codes() == ("1.000001", "1.000002")
    assert [entry.name for entry in path.parent.iterdir()] == ["knowledge.db"]


def test_a_folder_that_cannot_be(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteFailedError, match="Không ghi được"):
        write_database(tmp_path / "file" / "knowledge.db", knowledge)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeUnavailable, match=r"Không có tệp .* hãy chạy “banhoi build” trước"):
        open_database(tmp_path / "knowledge.db")


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"SQLite format 3\x00" + b"\x00" * 4096])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "knowledge.db").write_bytes(content)
    with pytest.raises(KnowledgeUnavailable, match="bị hỏng hoặc không phải dữ liệu của banhoi"):
        open_database(tmp_path / "knowledge.db")


def test_a_cut_off_database(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(KnowledgeUnavailable):
        open_database(path)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("UPDATE meta SET value = '0' WHERE key = 'schema'", "là bản 0, cần bản 1"),
        ("DELETE FROM procedures WHERE code = '1.000002'", "thiếu dữ liệu"),
        ("UPDATE groups SET body = '{}'", "bị hỏng"),
        ("DELETE FROM meta", "bị hỏng"),
    ],
)
def test_a_database_that_does_not_hold_together(path: Path, sql: str, message: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)
    with pytest.raises(KnowledgeUnavailable, match=message):
        open_database(path)


@pytest.mark.slow
def test_the_full_knowledge_loads_quickly(full_export: Path, tmp_path: Path) -> None:
    import_procedures(full_export, tmp_path)
    write_database(tmp_path / "knowledge.db", assemble(Content(), tmp_path))
    started = time.process_time()
    base = open_database(tmp_path / "knowledge.db")
    assert time.process_time() - started < 1.5
    assert len(base.codes()) == 4577
    assert base.procedure("1.001193") is not None
