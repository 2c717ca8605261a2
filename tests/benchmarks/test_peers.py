"""The peers find what they should, are judged like banhoi, and say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.opening import Opened
from benchmarks.recipes import NAMES, TITLES, fused, nearest, read_catalogue, unaccented
from index.units import UnitKind
from tests.benchmarks.conftest import BIRTH, DEATH, MARRIAGE


def test_a_catalogue_holds_the_texts_of_procedures_with_their_vectors(opened: Opened) -> None:
    titles, names = (read_catalogue(opened.library, opened.folder, kinds) for kinds in (TITLES, NAMES))
    assert sorted(titles.codes) == sorted(set(titles.codes)) == sorted(opened.library.knowledge.codes())
    assert UnitKind.BODY not in NAMES
    assert len(names.texts) > len(titles.texts)
    place = titles.codes.index(BIRTH)
    assert opened.embedder is not None
    assert float(titles.vectors[place] @ opened.embedder.embed_query(titles.texts[place])) == pytest.approx(1.0)


def test_the_nearest_title_comes_first(opened: Opened) -> None:
    titles = read_catalogue(opened.library, opened.folder, TITLES)
    assert opened.embedder is not None
    search = nearest(titles, opened.embedder)
    for code, text in zip(titles.codes, titles.texts, strict=True):
        assert search(text)[0] == code


def test_fusion_prefers_what_both_find() -> None:
    search = fused(lambda _: [BIRTH, MARRIAGE], lambda _: [DEATH, MARRIAGE])
    assert search("x") == [MARRIAGE, BIRTH, DEATH]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "REQUIRED", {"json": "json", "no_such_module": "no-such-package"})
    assert peers.missing() == ["no-such-package"]
    monkeypatch.setattr("sys.argv", ["peers", "some.jsonl"])
    with pytest.raises(SystemExit, match=r"no-such-package: pip install -e '\.\[bench\]'"):
        peers.main()


def test_without_vectors_there_is_nothing_to_compare(opened: Opened) -> None:
    with pytest.raises(SystemExit, match="vectors"):
        peers.systems(Opened(opened.folder, opened.library, None, 0.0, 0.0))


def test_all_systems_answer_the_same_questions(opened: Opened, question_set: Path) -> None:
    if absent := peers.missing():
        pytest.skip(f"not installed: {', '.join(absent)} (pip install -e '.[bench]')")
    sets = {"small": peers.questions(question_set, opened.library)}
    assert [case.id for case in sets["small"]] == ["a", "b"]
    results = [peers.measure(system, sets)["small"] for system in peers.systems(opened)]
    lines = peers.table(results).splitlines()
    assert len(lines) == 2 + len(results) == 12
    shares = {result.name: [judgement.first for judgement in result.judgements] for result in results}
    assert shares["BM25, titles unaccented"] == [True, True]
    assert shares["BM25, titles"] == [True, False]
    assert shares["Haystack: BM25 unaccented, e5, joiner; titles"] == [True, True]
    assert shares["**banhoi**, whole engine"] == [True, True]


def test_unaccented_is_what_it_says() -> None:
    assert unaccented("Đăng ký") == "Dang ky"
