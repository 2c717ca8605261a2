"""How often procedures are asked for, kept beside the search texts."""

from __future__ import annotations

from pathlib import Path

from index.popularity import popularity_of, read_popularity, write_popularity
from knowledge.models import Procedure


def test_it_comes_from_the_cards_and_comes_back(tmp_path: Path) -> None:
    card = {"name": "Thử", "field": "Hộ tịch", "source": {"date": "2026-07-18"}}
    asked = Procedure.model_validate({**card, "code": "1.000001", "popularity": 4})
    rare = Procedure.model_validate({**card, "code": "1.000002"})
    popularity = popularity_of([asked, rare])
    assert popularity == {"1.000001": 4, "1.000002": 0}
    path = tmp_path / "100% dữ liệu?.db"
    write_popularity(path, popularity)
    assert read_popularity(path) == popularity
