"""The tables: nearly all written dates are understood, and nothing that only looks like one is."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bot.when.tables import PARTS, Row, is_right, read_row, rows

LEAST_ROWS, LEAST_BLIND = 260, 130
LEAST_RIGHT = 0.95
TRAPS = [row for part in PARTS for row in rows(part) if row["kind"] == "trap"]


def test_the_tables_are_large_and_no_text_is_in_both() -> None:
    texts = Counter((row["text"], row["now"]) for part in PARTS for row in rows(part))
    assert sum(texts.values()) >= LEAST_ROWS
    assert len(rows("blind")) >= LEAST_BLIND
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_nearly_all_are_understood(part: str) -> None:
    wrong = [row["text"] for row in rows(part) if not is_right(row, read_row(row))]
    assert 1 - len(wrong) / len(rows(part)) >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("row", TRAPS, ids=lambda row: row["text"])
def test_what_only_looks_like_a_date_gives_nothing(row: Row) -> None:
    wish = read_row(row)
    assert not wish
    assert wish.spans == ()
    assert wish.rest(row["text"]) == " ".join(row["text"].split())
