"""Reads the time limits of the national portal; a number without a unit stays without one."""

from __future__ import annotations

import re

from knowledge.models import TimeLimit, Unit
from knowledge.official_text import one_line, says_nothing, without_marks

_UNITS = {
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "giờ": Unit.HOUR,
    "giờ làm việc": Unit.HOUR,
    "phút": Unit.MINUTE,
    "tháng": Unit.MONTH,
    "năm": Unit.YEAR,
}
_UNIT = r"(?P<unit>ngày làm việc|ngày|giờ làm việc|giờ|phút|tháng|năm)"
_PLAIN = re.compile(rf"^(?P<value>\d{{1,6}}(?:[.,]\d{{1,2}})?)(?:\s*{_UNIT})?$", re.IGNORECASE)
_REFERS = re.compile(r"^(?:xem phần mô tả|tùy theo từng trường hợp|-|không)\.?$", re.IGNORECASE)
_SPEAKS_OF_TIME = re.compile(r"thời hạn|thời gian|\d\s*(?:\([^)]*\)\s*)?(?:ngày|giờ|tháng)", re.IGNORECASE)
_LONGEST_NOTE = 600


def parse_time_limit(text: str, description: str = "") -> tuple[TimeLimit | None, tuple[str, ...]]:
    """The time limit that a text of the portal states, None where it states none, and what is odd about it.

    `description` is what the record says about the same way of handing in: it may name the unit of a bare
    number, or the time itself. Never raises; every number in the result stands in one of the two texts.
    """
    text, description = one_line(text), description.strip()
    plain = _PLAIN.match(text)
    if plain is None:
        return _from_words(text, description), ()
    value = float(plain["value"].replace(",", "."))
    if value == 0:
        return _from_words("", description), ("Thời hạn ghi là 0",)
    if plain["unit"]:
        return _with_unit(value, plain["unit"], description)
    return _without_unit(value, description)


def time_sentences(description: str) -> str | None:
    """The lines of a description that speak of time, joined, where they are short enough to show."""
    lines = [without_marks(line.strip()) for line in description.splitlines()]
    found = " ".join(line for line in lines if line and _SPEAKS_OF_TIME.search(line))
    return found if found and len(found) <= _LONGEST_NOTE else None


def _from_words(text: str, description: str) -> TimeLimit | None:
    if not text or _REFERS.match(text):
        found = time_sentences(description)
        return TimeLimit(unit=Unit.UNKNOWN, text=found) if found else None
    if says_nothing(text) and (found := time_sentences(description)):
        return TimeLimit(unit=Unit.UNKNOWN, text=found)
    return TimeLimit(unit=Unit.UNKNOWN, text=text)


def _with_unit(value: float, unit: str, description: str) -> tuple[TimeLimit, tuple[str, ...]]:
    limit = TimeLimit(value=value, unit=_UNITS[unit.lower()])
    named = _units_named(value, description)
    if named and limit.unit not in named:
        return limit, (f"Thời hạn ghi “{value:g} {unit}” nhưng phần mô tả ghi đơn vị khác",)
    return limit, ()


def _without_unit(value: float, description: str) -> tuple[TimeLimit, tuple[str, ...]]:
    """The unit is taken from the description only where it names this very number with one unit."""
    named = _units_named(value, description)
    if len(named) == 1:
        return TimeLimit(value=value, unit=named.pop()), ()
    odd = f"Thời hạn “{value:g}” không ghi đơn vị"
    text = time_sentences(description) or f"Cổng Dịch vụ công chỉ ghi “{value:g}”, không ghi đơn vị."
    return TimeLimit(value=value, unit=Unit.UNKNOWN, text=text), (odd,)


def _units_named(value: float, description: str) -> set[Unit]:
    number = re.escape(f"{value:g}")
    pattern = rf"(?<![\d.,/-])0*{number}\s*(?:\([^)]*\)\s*)?{_UNIT}(?!\s*\d)"
    return {_UNITS[match["unit"].lower()] for match in re.finditer(pattern, description, re.IGNORECASE)}
