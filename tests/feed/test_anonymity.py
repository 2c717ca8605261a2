"""What is published speaks of k people at least, whoever subtracts what from what."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.anonymity import Cell, publish
from feed.open_data import DIMENSIONS, REST, Message, counts_of

WEEK = date(2026, 11, 16)
CELLS = st.dictionaries(
    st.sampled_from("abcdef"), st.dictionaries(st.integers(0, 30), st.integers(1, 5), max_size=20), max_size=6
)
LIMITS = st.integers(2, 12)


def people(*cells: Cell) -> set[object]:
    return {person for cell in cells for person in cell}


@given(CELLS, LIMITS)
def test_no_number_is_about_fewer_than_k_people(cells: dict[str, dict[int, int]], k: int) -> None:
    shown = publish(cells, k)
    everybody = people(*cells.values())
    if shown is None:
        assert len(everybody) < k
        return
    assert len(everybody) >= k
    assert all(len(cells[value]) >= k for value in shown.cells)
    hidden = [cell for value, cell in cells.items() if cell and value not in shown.cells]
    assert (shown.rest is not None) == bool(hidden)
    if hidden:
        assert len(people(*hidden)) >= k


@given(CELLS, LIMITS)
def test_nothing_hidden_follows_from_the_total(cells: dict[str, dict[int, int]], k: int) -> None:
    """The total less all published cells is the rest, which is of two cells at least: none of them is known."""
    shown = publish(cells, k)
    if shown is None or shown.rest is None:
        return
    hidden = [sum(cell.values()) for value, cell in cells.items() if cell and value not in shown.cells]
    total = sum(sum(cell.values()) for cell in cells.values())
    assert shown.rest == sum(hidden) == total - sum(shown.cells.values())
    assert len(hidden) >= 2
    sums = [sum(chosen) for size in range(1, len(hidden)) for chosen in combinations(hidden, size)]
    assert shown.rest not in sums, "the rest is more than any part of what it hides"


@given(CELLS, LIMITS)
def test_what_is_published_is_true(cells: dict[str, dict[int, int]], k: int) -> None:
    shown = publish(cells, k)
    if shown is not None:
        assert all(number == sum(cells[value].values()) for value, number in shown.cells.items())


def test_a_single_small_cell_takes_the_next_one_with_it() -> None:
    cells = {
        "small": dict.fromkeys(range(3), 1),
        "next": dict.fromkeys(range(12), 1),
        "big": dict.fromkeys(range(40), 2),
    }
    shown = publish(cells, 10)
    assert shown is not None
    assert shown.cells == {"big": 80}
    assert shown.rest == 15


@pytest.mark.parametrize("number", [9, 10])
def test_the_border(number: int) -> None:
    shown = publish({"a": dict.fromkeys(range(number), 1)}, 10)
    assert (shown is None) == (number < 10)


@given(
    st.lists(st.tuples(st.integers(0, 25), st.lists(st.sampled_from("xyz"), min_size=7, max_size=7)), max_size=80),
    st.integers(2, 6),
)
def test_a_week_of_messages(drawn: list[tuple[int, list[str]]], k: int) -> None:
    messages = [Message(person, tuple(values)) for person, values in drawn]
    found = counts_of(WEEK, messages, k)
    if len({message.person for message in messages}) < k:
        assert found == []
        return
    total, *rows = found
    assert (total.dimension, total.messages) == ("total", len(messages))
    for place, dimension in enumerate(DIMENSIONS):
        mine = [row for row in rows if row.dimension == dimension]
        assert sum(row.messages for row in mine) == len(messages)
        exact = Counter(message.values[place] for message in messages)
        for row in mine:
            if row.value != REST:
                assert row.messages == exact[row.value]
                assert len({message.person for message in messages if message.values[place] == row.value}) >= k
