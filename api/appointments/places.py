"""Finds a centre by the name of its commune, of a commune of old, with or without accents, with slips. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from index.text import fold, tokens
from knowledge.models import Office

_KINDS = ("ủy ban nhân dân", "ubnd", "xã", "phường", "thị trấn", "thị xã", "đặc khu", "huyện", "tỉnh", "thành phố")
_KIND = re.compile(f"^(?:(?:{'|'.join({*_KINDS, *map(fold, _KINDS)})}) )+")
_CENTRE = "Trung tâm Phục vụ hành chính công "
_SLIP = 84
"""How alike names must be, of 100, where none fits letter by letter: "hai lag" and "hai lang" are."""


class Fit(IntEnum):
    """How well a name fits what was typed."""

    NONE = 0
    ALIKE = 1
    """But for a slip."""
    PART = 2
    FORMER = 3
    """A commune of old."""
    TODAY = 4
    ACCENTED = 5
    """Today's name, accents and all."""
    FULL = 6
    """With its kind: "phường Quảng Trị" and "tỉnh Quảng Trị" are two."""


@dataclass(frozen=True, slots=True)
class Found:
    """A centre that fits."""

    office: Office
    former: str | None = None
    """The commune of old whose name led here."""
    fit: Fit = Fit.NONE


def find_offices(offices: Sequence[Office], typed: str) -> list[Found]:
    """The centres that `typed` may mean, best first; all of them, by name, when nothing was typed."""
    wanted = _words(typed)
    if not wanted:
        return [Found(office) for office in sorted(offices, key=_by_name)]
    found = [item for office in offices if (item := _fit(office, wanted)).fit]
    floor = Fit.PART if any(item.fit >= Fit.PART for item in found) else Fit.ALIKE
    return sorted((item for item in found if item.fit >= floor), key=lambda item: (-item.fit, _by_name(item.office)))


def short_name(office: Office) -> str:
    """What people call it: the commune, or the province's centre."""
    return office.commune or office.name


def _fit(office: Office, wanted: str) -> Found:
    own = _words(office.commune or office.name.removeprefix(_CENTRE))
    if fold(wanted) == fold(own):
        return Found(office, fit=Fit.FULL)
    wanted, name = _bare(wanted), _bare(own)
    if wanted == name:
        return Found(office, fit=Fit.ACCENTED)
    plain = fold(wanted)
    if plain == fold(name):
        return Found(office, fit=Fit.TODAY)
    for former in office.former_names:
        if plain == fold(_bare(former)):
            return Found(office, former, Fit.FORMER)
    if _part(plain, name):
        return Found(office, fit=Fit.PART)
    for former in office.former_names:
        if _part(plain, _bare(former)):
            return Found(office, former, Fit.PART)
    return _alike(office, name, plain)


def _alike(office: Office, name: str, plain: str) -> Found:
    if len(plain) < 4:
        return Found(office)
    if fuzz.ratio(plain, fold(name)) >= _SLIP:
        return Found(office, fit=Fit.ALIKE)
    for former in office.former_names:
        if fuzz.ratio(plain, fold(_bare(former))) >= _SLIP:
            return Found(office, former, Fit.ALIKE)
    return Found(office)


def _part(plain: str, name: str) -> bool:
    """Whether the words typed stand in the name one after the other; the last one may be unfinished."""
    return len(plain) > 1 and f" {plain}" in f" {fold(name)}"


def _words(name: str) -> str:
    return " ".join(tokens(name))


def _bare(name: str) -> str:
    return _KIND.sub("", _words(name) + " ").strip()


def _by_name(office: Office) -> tuple[bool, str]:
    """The province's centre first, then communes in the order of the alphabet."""
    return office.level != "province", fold(_bare(office.commune or office.name))
