"""Names of communes that were merged on 1 July 2025, found in a message, with the commune each belongs to now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.query import Phrase, PhraseTable, Query
from index.text import tokens
from knowledge.models import Office

_KIND = re.compile(r"^(?:xã|phường|thị trấn|đặc khu)\s+", re.IGNORECASE)
_BEFORE = (
    "xã", "phường", "trấn", "ở", "tại", "về", "quê", "ra", "lên", "bên", "vô", "vào", "xuống", "ngoài", "trong", "trên",
    "người", "nhà",
)  # fmt: skip
"""A bare name counts only after one of these: many are everyday words too."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A commune of old that a message names, and the office of the commune that it belongs to now."""

    former: str
    office: Office


class Places:
    """The communes merged away, by name; one that lives on under its own name is none of them."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self._merged: dict[Phrase, list[Merged]] = {}
        today = set()
        for office in offices:
            today.add(_bare(office.commune or ""))
            for former in office.former_names:
                self._merged.setdefault(_bare(former), []).append(Merged(former, office))
        names = [name for name in self._merged if len(name) > 1 and name not in today]
        self._table = PhraseTable([(before, *name) for name in names for before in _BEFORE])

    def merged(self, query: Query) -> list[Merged]:
        """The merged communes that the message names; a name that several had tells nothing and is left out."""
        found = (self._merged.get(phrase[1:], []) for _, phrase in self._table.find(query))
        return [candidates[0] for candidates in found if len(candidates) == 1]


def _bare(name: str) -> Phrase:
    return tuple(tokens(_KIND.sub("", name)))
