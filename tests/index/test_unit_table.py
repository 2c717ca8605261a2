"""The units in SQLite: written once, read as they were, open to other tools."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from index.readonly import open_readonly
from index.text import tokens
from index.unit_table import WordedUnit, read_units, worded_units, write_units
from index.units import Unit, UnitKind
from tests.index.support import SMALL_RESTORER

UNITS = [
    Unit("1.000001", UnitKind.TITLE, "Đăng ký khai sinh"),
    Unit("1.000001", UnitKind.EXAMPLE, "cho em hỏi lam giay khai sinh thì phải làm sao ạ"),
    Unit("1.000001", UnitKind.BODY, "Giấy chứng sinh. Sổ hộ tịch"),
    Unit("g:nhom", UnitKind.ALIAS, "giấy tờ"),
    Unit("g:nhom", UnitKind.EXAMPLE, "dạ vâng ạ"),
]


def worded() -> list[WordedUnit]:
    return worded_units(UNITS, SMALL_RESTORER)


def test_names_are_found_by_all_their_words() -> None:
    for item in worded():
        if item.unit.kind is not UnitKind.EXAMPLE:
            assert item.words == tuple(tokens(item.unit.text))


def test_of_an_example_only_the_matter_counts() -> None:
    words = worded()[1].words
    assert {"khai", "sinh"} <= set(words)
    assert not {"hỏi", "ạ", "sao", "phải"} & set(words)


def test_an_example_without_diacritics_gets_them() -> None:
    (item,) = worded_units([Unit("1", UnitKind.EXAMPLE, "dang ky ket hon")], SMALL_RESTORER)
    assert item.words == ("đăng", "ký", "kết", "hôn")


def test_an_example_of_nothing_but_filler_keeps_its_words() -> None:
    assert worded()[4].words == ("dạ", "vâng", "ạ")


@pytest.mark.parametrize("name", ["search.db", "dữ liệu 100%.db", "a?b#c.db", "it's & co.db"])
def test_what_is_written_comes_back_bodies_without_their_text(tmp_path: Path, name: str) -> None:
    write_units(tmp_path / name, worded())
    back = read_units(tmp_path / name)
    assert [item.words for item in back] == [item.words for item in worded()]
    assert [(item.unit.target, item.unit.kind) for item in back] == [(unit.target, unit.kind) for unit in UNITS]
    assert [item.unit.text for item in back] == ["" if u.kind is UnitKind.BODY else u.text for u in UNITS]


def test_other_tools_can_read_it(tmp_path: Path) -> None:
    write_units(tmp_path / "search.db", worded())
    rows = list(sqlite_utils.Database(tmp_path / "search.db")["units"].rows)
    assert [row["id"] for row in rows] == list(range(len(UNITS)))
    assert {row["kind"] for row in rows} == {unit.kind.value for unit in UNITS}


def test_reading_never_writes(tmp_path: Path) -> None:
    write_units(tmp_path / "search.db", worded())
    before = (tmp_path / "search.db").read_bytes()
    read_units(tmp_path / "search.db")
    assert (tmp_path / "search.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["search.db"]
    with closing(open_readonly(tmp_path / "search.db")) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("delete from units")


def test_without_units_the_table_is_there_and_empty(tmp_path: Path) -> None:
    write_units(tmp_path / "search.db", [])
    assert read_units(tmp_path / "search.db") == []
