"""Holds a card's time limits and fees against the official record of its code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.compare_text import full_text, says_amount, says_duration
from knowledge.lint_cards import fees, limits
from knowledge.models import Fee, FeeStatus, Procedure, Unit

_FREE = re.compile(r"miễn|không (?:thu|mất|phải nộp|phải trả|có)|free")
_COUNCIL = re.compile(r"hội đồng nhân dân|hđnd")
_DAYS = (Unit.DAY, Unit.WORKING_DAY)
_UNIT_NAMES = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.DAY: "ngày",
    Unit.HOUR: "giờ",
    Unit.MINUTE: "phút",
    Unit.MONTH: "tháng",
    Unit.YEAR: "năm",
}


def time_differences(card: Procedure, official: Procedure) -> Iterator[str]:
    """Durations that only one of the two names anywhere; a number without a unit says nothing definite.

    Where the record itself counts the same number once in days and once in working days, either is right.
    """
    ours, theirs = _durations(card), _durations(official)
    our_text, their_text = full_text(card), full_text(official)
    for value, unit in sorted(ours - theirs):
        if not says_duration(their_text, value, unit):
            yield f"thẻ ghi {value:g} {_UNIT_NAMES[unit]}, dữ liệu gốc không"
    for value, unit in sorted(theirs - ours):
        units = {unit} | {
            other
            for other in _DAYS
            if unit in _DAYS and ((value, other) in theirs or says_duration(their_text, value, other))
        }
        if not any((value, other) in ours or says_duration(our_text, value, other) for other in units):
            yield f"dữ liệu gốc ghi {value:g} {_UNIT_NAMES[unit]}, thẻ không"


def _durations(procedure: Procedure) -> set[tuple[float, Unit]]:
    found = (limit for _, limit in limits(procedure))
    return {(limit.value, limit.unit) for limit in found if limit.value and limit.unit is not Unit.UNKNOWN}


def fee_differences(card: Procedure, official: Procedure) -> Iterator[str]:
    """Amounts, exemptions and "set by the province" that only one of the two names anywhere.

    The portal's default "0 VNĐ ()" says nothing and so differs from nothing.
    """
    ours, theirs = [fee for _, fee in fees(card)], [fee for _, fee in fees(official)]
    our_text, their_text = full_text(card), full_text(official)
    for amount in sorted(_amounts(ours) - _amounts(theirs)):
        if not says_amount(their_text, amount):
            yield f"thẻ ghi {amount} đồng, dữ liệu gốc không"
    for amount in sorted(_amounts(theirs) - _amounts(ours)):
        if not says_amount(our_text, amount):
            yield f"dữ liệu gốc ghi {amount} đồng, thẻ không"
    for status, pattern, name in (
        (FeeStatus.FREE, _FREE, "miễn phí"),
        (FeeStatus.PROVINCIAL, _COUNCIL, "do tỉnh quy định"),
    ):
        if _has(ours, status) and not _has(theirs, status) and not pattern.search(their_text):
            yield f"thẻ ghi {name}, dữ liệu gốc không"
        if _has(theirs, status) and not _has(ours, status) and not pattern.search(our_text):
            yield f"dữ liệu gốc ghi {name}, thẻ không"


def _amounts(found: list[Fee]) -> set[int]:
    return {fee.amount for fee in found if fee.amount is not None}


def _has(found: list[Fee], status: FeeStatus) -> bool:
    return any(fee.status is status for fee in found)
