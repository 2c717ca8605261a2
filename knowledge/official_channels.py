"""Reads the ways to hand in that an official record names, with the time limits and fees of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from knowledge.models import Channel, ChannelKind, Fee, FeeStatus, TimeLimit
from knowledge.official_fees import parse_fees
from knowledge.official_text import clean, one_line
from knowledge.official_times import parse_time_limit

KINDS = {
    "trực tiếp": ChannelKind.IN_PERSON,
    "trực tuyến": ChannelKind.ONLINE,
    "dịch vụ bưu chính": ChannelKind.POST,
}
_ORDER = (ChannelKind.IN_PERSON, ChannelKind.ONLINE, ChannelKind.POST)
_UNTIL = re.compile(r"đến (?:hết )?(?:ngày )?(\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE)
_SHORT_ENOUGH = 300
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RawMethod:
    """One row of the portal's table of ways to hand in; a channel may have several rows."""

    channel: str
    time_limit: str = ""
    fee: str = ""
    description: str = ""


@dataclass(slots=True)
class Methods:
    """What the rows say: what holds for all channels stands at the top, the rest at its channel."""

    channels: tuple[Channel, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    fees: tuple[Fee, ...] = ()
    odd: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Way:
    """One channel while its rows are gathered."""

    time_limits: list[TimeLimit] = field(default_factory=list)
    fees: list[Fee] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_methods(rows: Sequence[RawMethod], as_of: date) -> Methods:
    """The channels of a record; `as_of` tells which fee notes have run out."""
    result = Methods()
    ways: dict[ChannelKind, _Way] = {}
    for row in rows:
        kind = KINDS.get(one_line(row.channel).lower())
        if kind is None:
            result.odd.append(f"Cách nộp lạ: “{row.channel}”")
            continue
        alone = sum(other.channel == row.channel for other in rows) == 1
        _read_row(ways.setdefault(kind, _Way()), row, alone, as_of, result.odd)
    _raise_common(result, {kind: ways[kind] for kind in _ORDER if kind in ways})
    result.odd = list(dict.fromkeys(result.odd))
    return result


def _read_row(way: _Way, row: RawMethod, alone: bool, as_of: date, odd: list[str]) -> None:
    description = clean(row.description)
    limit, odd_time = parse_time_limit(row.time_limit, description)
    fees, odd_fees = parse_fees(row.fee)
    if limit is not None and not alone:
        limit = _told_apart(limit, description)
    _append(way.time_limits, [limit] if limit is not None else [])
    _append(way.fees, list(fees))
    _append(way.notes, [description] if description else [])
    odd += [*odd_time, *odd_fees, *_run_out(fees, as_of)]


def _append(items: list[T], more: list[T]) -> None:
    items += [item for item in more if item not in items]


def _told_apart(limit: TimeLimit, description: str) -> TimeLimit:
    """Where one channel has several rows, only the description says which is which."""
    text = one_line(description)
    if limit.text or not text or len(text) > _SHORT_ENOUGH:
        return limit
    return limit.model_copy(update={"text": text})


def _run_out(fees: Sequence[Fee], as_of: date) -> list[str]:
    return [
        f"Ghi chú lệ phí đã hết thời gian áp dụng: “{fee.text}”"
        for fee in fees
        if fee.text and fee.status is not FeeStatus.UNKNOWN and (last := _last_day(fee.text)) and last < as_of
    ]


def _last_day(text: str) -> date | None:
    """The latest "đến ngày" of a note."""
    days = []
    for day, month, year in _UNTIL.findall(text):
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return max(days, default=None)


def _raise_common(result: Methods, ways: dict[ChannelKind, _Way]) -> None:
    fees = {kind: _telling(way.fees) for kind, way in ways.items()}
    limits = {kind: tuple(way.time_limits) for kind, way in ways.items()}
    same_fees = len(set(fees.values())) == 1
    same_limits = len(set(limits.values())) == 1
    if same_fees:
        result.fees = next(iter(fees.values()))
    if same_limits:
        result.time_limits = next(iter(limits.values()))
    result.channels = tuple(
        Channel(
            kind=kind,
            time_limits=() if same_limits else limits[kind],
            fees=() if same_fees else fees[kind],
            note="\n".join(way.notes) or None,
        )
        for kind, way in ways.items()
    )


def _telling(fees: list[Fee]) -> tuple[Fee, ...]:
    """The fees of one channel; silence and the portal's default both mean that nothing is known."""
    said = tuple(fee for fee in fees if fee.status is not FeeStatus.UNKNOWN or fee.text)
    return said or (Fee(status=FeeStatus.UNKNOWN),)
