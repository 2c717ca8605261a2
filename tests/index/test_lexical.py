"""Search by words in SQLite: with and without diacritics, whatever is typed, from many threads."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex, read_units, write_units
from index.text import fold_all, tokens
from index.units import Unit, UnitKind

UNITS = [
    Unit("1", UnitKind.TITLE, "Đăng ký khai sinh"),
    Unit("1", UnitKind.ALIAS, "làm giấy khai sinh cho con"),
    Unit("1", UnitKind.BODY, "Giấy chứng sinh. Sổ hộ tịch"),
    Unit("2", UnitKind.TITLE, "Đăng ký kết hôn"),
    Unit("2", UnitKind.BODY, "Giấy xác nhận tình trạng hôn nhân"),
    Unit("3", UnitKind.TITLE, "Cấp lại thẻ căn cước"),
    Unit("3", UnitKind.SITUATION, "mất căn cước near or and not"),
]
HOSTILE = ['"', "''", "*", "khai*", "AND", "OR", "NOT", "NEAR", "NEAR(khai sinh)", "words:", "{words}", "^khai"]
HOSTILE += ["(", ")", "-", "+", ";", "--", "khai\0", "%", "_", "\ud800", "' or 1=1 --", '") OR ("', "1.001193"]
HOSTILE += ["a" * 5000]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lexical") / "search.db"
    write_units(path, UNITS)
    return path


@pytest.fixture(scope="module")
def index(path: Path) -> Iterator[LexicalIndex]:
    opened = LexicalIndex(path)
    yield opened
    opened.close()


def found(index: LexicalIndex, text: str) -> list[int]:
    return [hit.unit for hit in index.search(tokens(text), 10)]


def test_units_come_back_in_order_bodies_without_their_text(path: Path) -> None:
    units = read_units(path)
    assert [(unit.target, unit.kind) for unit in units] == [(unit.target, unit.kind) for unit in UNITS]
    assert [unit.text for unit in units] == ["" if u.kind is UnitKind.BODY else u.text for u in UNITS]


def test_the_best_unit_comes_first(index: LexicalIndex) -> None:
    assert found(index, "đăng ký kết hôn")[0] == 3
    assert found(index, "mất căn cước")[0] == 6
    hits = index.search(["khai", "sinh"], 10)
    assert {hit.unit for hit in hits} == {0, 1}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_diacritics_count_in_words_and_not_in_folded_words(index: LexicalIndex) -> None:
    assert found(index, "can cuoc") == []
    assert {hit.unit for hit in index.search_folded(["can", "cuoc"], 10)} == {5, 6}
    assert index.search_folded(["căn"], 10) == []


def test_neighbours_count_more_than_the_same_words_apart(index: LexicalIndex) -> None:
    together = index.search(["kết", "hôn"], 1)[0].score
    apart = index.search(["hôn", "kết"], 1)[0].score
    assert together > apart


def test_bodies_are_searched_apart(index: LexicalIndex) -> None:
    assert [hit.unit for hit in index.search_bodies(["chứng"], 10)] == [2]
    assert found(index, "chứng") == []


def test_a_limit_is_kept(index: LexicalIndex) -> None:
    assert len(index.search(tokens("đăng ký khai sinh kết hôn căn cước"), 2)) == 2
    assert index.search(["khai"], 0) == []


def test_nothing_typed_finds_nothing(index: LexicalIndex) -> None:
    assert index.search([], 10) == index.search_folded([], 10) == index.search_bodies([], 10) == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_search_syntax_of_sqlite_means_nothing(index: LexicalIndex, hostile: str) -> None:
    for search in (index.search, index.search_folded, index.search_bodies):
        search([hostile], 10)
        search(["khai", hostile, "sinh"], 10)
    assert {0, 1} <= set(found(index, f"khai {hostile} sinh"))
    assert {hit.unit for hit in index.search(["khai", hostile, "sinh"], 10)} >= {0}


def test_operators_are_words_like_others(index: LexicalIndex) -> None:
    for word in ("near", "or", "and", "not"):
        assert found(index, word) == [6]


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=12), max_size=6))
def test_whatever_is_typed_never_raises(index: LexicalIndex, words: list[str]) -> None:
    index.search(words, 5)
    index.search_folded(fold_all(words), 5)
    index.search_bodies(words, 5)


def test_ten_thousand_words_are_searched_by_the_rarest(index: LexicalIndex) -> None:
    assert found(index, "không liên quan " * 5_000 + "căn cước")[:2]


@pytest.mark.parametrize("name", ["dữ liệu 100%", "a?b#c", "it's & co"])
def test_any_folder_name_will_do(path: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    copy = shutil.copyfile(path, folder / "search.db")
    assert read_units(copy) == read_units(path)
    index = LexicalIndex(copy)
    assert found(index, "kết hôn") == [3]
    index.close()


def test_the_file_is_never_written_to(index: LexicalIndex, path: Path) -> None:
    before = path.read_bytes()
    found(index, "khai sinh")
    with pytest.raises(sqlite3.OperationalError, match="readonly"), index._borrowed() as connection:
        connection.execute("delete from units")
    assert path.read_bytes() == before


def test_threads_never_see_each_others_results(shipped_build: Path) -> None:
    folder = shipped_build / "builds" / (shipped_build / "current").read_text().strip()
    questions = [tokens(unit.text) for unit in read_units(folder / "search.db")[:4000:199] if unit.text]
    index = LexicalIndex(folder / "search.db")
    expected = [index.search(words, 10) for words in questions]

    def ask(start: int) -> list[bool]:
        places = [(start * 7 + step) % len(questions) for step in range(2 * len(questions))]
        return [index.search(questions[place], 10) == expected[place] for place in places]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(all(right) for right in pool.map(ask, range(8)))
    finally:
        sys.setswitchinterval(interval)
    index.close()


def test_a_connection_is_lent_to_one_search_at_a_time(path: Path) -> None:
    index = LexicalIndex(path)
    with index._borrowed() as first, index._borrowed() as second:
        assert first is not second
        assert found(index, "kết hôn") == [3]
    index.close()


def test_a_search_that_fails_gives_its_connection_back(path: Path) -> None:
    index = LexicalIndex(path)
    for _ in range(20):
        with pytest.raises(sqlite3.Error), index._borrowed() as connection:
            connection.execute("no sql")
    assert found(index, "kết hôn") == [3]
    index.close()


def test_searches_go_on_when_the_file_is_gone(path: Path, tmp_path: Path) -> None:
    copy = shutil.copyfile(path, tmp_path / "search.db")
    index = LexicalIndex(copy)
    copy.unlink()
    with ThreadPoolExecutor(8) as pool:
        assert set(map(tuple, pool.map(lambda _: found(index, "kết hôn"), range(40)))) == {(3,)}
    index.close()
