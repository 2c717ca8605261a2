"""Names of places in a message: old districts, today's communes, and those merged into them on 1 July 2025."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.query import Phrase, PhraseTable, Query, marks
from index.text import tokens
from knowledge.models import Office

DISTRICTS = (
    "Đông Hà", "Đồng Hới", "Ba Đồn", "Hải Lăng", "Triệu Phong", "Gio Linh", "Vĩnh Linh", "Cam Lộ", "Hướng Hóa",
    "Lệ Thủy", "Quảng Ninh", "Bố Trạch", "Quảng Trạch", "Tuyên Hóa", "Minh Hóa", "Quảng Trị", "Quảng Bình",
)  # fmt: skip
"""Districts and provinces until 30 June 2025; many live on as names of communes."""
_KIND = re.compile(r"^(?:xã|phường|thị trấn|đặc khu)\s+", re.IGNORECASE)
_COMMUNE = ("xã", "phường", "trấn", "khu")
_BEFORE = (
    *_COMMUNE, "huyện", "tỉnh", "tp", "phố", "ở", "tại", "về", "quê", "ra", "lên", "bên", "vô", "vào",
    "xuống", "ngoài", "trong", "trên", "người", "nhà",
)  # fmt: skip
"""A bare name counts only after one of these: many are everyday words too."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A commune of old that a message names, and the office of the commune that it belongs to now."""

    former: str
    office: Office


class Places:
    """Finds places. Of the communes of old only those count as merged away whose name lives on in none of today's."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self._merged: dict[Phrase, list[Merged]] = {}
        self._today = today = dict[Phrase, Office]()
        for office in offices:
            today[_bare(office.commune or "")] = office
            for former in office.former_names:
                self._merged.setdefault(_bare(former), []).append(Merged(former, office))
        names = [name for name in self._merged if len(name) > 1 and name not in today]
        self._table = PhraseTable(_placed(names))
        everywhere = {*names, *today, *(_bare(name) for name in DISTRICTS)}
        self._all = PhraseTable(_placed([name for name in everywhere if len(name) > 1]))

    def free(self, query: Query) -> list[bool]:
        """For each word, whether it belongs to no name of a place: where somebody lives does not say what they want."""
        return [not mark for mark in marks(query, self._all.find(query))]

    def merged(self, query: Query) -> list[Merged]:
        """The merged communes that the message names; a name that several had tells nothing and is left out."""
        found = (self._merged.get(phrase[1:], []) for _, phrase in self._table.find(query))
        return [candidates[0] for candidates in found if len(candidates) == 1]

    def commune(self, query: Query) -> Office | None:
        """The office of the one commune that the message names, by its name of today or of old; None for several."""
        found = {office.id: office for _, phrase in self._all.find(query) for office in self._called(phrase)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _called(self, placed: Phrase) -> list[Office]:
        """A commune that bears the name of an old district is only meant where it is called one."""
        before, name = placed[0], placed[1:]
        if name in _DISTRICT_NAMES and before not in _COMMUNE:
            return []
        if name in self._today:
            return [self._today[name]]
        merged = self._merged.get(name, [])
        return [item.office for item in merged] if len(merged) == 1 else []


def _placed(names: Iterable[Phrase]) -> list[Phrase]:
    return [(before, *name) for name in names for before in _BEFORE]


def _bare(name: str) -> Phrase:
    return tuple(tokens(_KIND.sub("", name)))


_DISTRICT_NAMES = frozenset(map(_bare, DISTRICTS))
