"""Makes counts of people's messages fit for everybody: no published number speaks of fewer than k people.

In a table whose total is known, cells with fewer than k people are put together into one rest. Alone a rest would tell
what it hides, so it takes in further cells, the smallest first, until it holds two cells and k different people.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

K = 10
"""Fewest different people behind any published number."""

Cell = Mapping[Hashable, int]
"""Messages of one cell by who wrote them."""


@dataclass(frozen=True, slots=True)
class Published:
    """A table of one total. `rest`: messages of all that was put together; None where nothing was."""

    cells: dict[str, int]
    rest: int | None


def publish(cells: Mapping[str, Cell], k: int = K) -> Published | None:
    """What of a table may be published; None where not even its total may."""
    filled = {value: cell for value, cell in cells.items() if cell}
    if len(_people(filled.values())) < k:
        return None
    order = sorted(filled, key=lambda value: (len(filled[value]), value))
    hidden = [value for value in order if len(filled[value]) < k]
    shown = order[len(hidden) :]
    while hidden and shown and (len(hidden) < 2 or len(_people(filled[value] for value in hidden)) < k):
        hidden.append(shown.pop(0))
    rest = sum(sum(filled[value].values()) for value in hidden)
    return Published({value: sum(filled[value].values()) for value in shown}, rest if hidden else None)


def _people(cells: Iterable[Cell]) -> set[Hashable]:
    return {person for cell in cells for person in cell}
