"""Checks one procedure card: does it speak of everything, are its units said, does nothing stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator

from knowledge.lint_names import Words
from knowledge.models import Fee, FeeStatus, Procedure, TimeLimit, Unit
from knowledge.official_fees import LARGEST_PLAUSIBLE, SMALLEST_PLAUSIBLE

LEAST_ALIASES = 5
LEAST_SITUATIONS = 3
MOST_STEPS = 7

Fault = tuple[str, str]
"""Field and message."""

_ASPECTS = {
    "level": "cấp thực hiện",
    "agency": "cơ quan thực hiện",
    "place": "nơi nộp",
    "steps": "các bước",
    "dossier": "giấy tờ",
    "time_limits": "thời hạn",
    "fees": "lệ phí",
    "channels": "cách nộp",
    "result": "kết quả",
    "legal_basis": "căn cứ pháp lý",
}
"""What a card has to speak of."""


def card_faults(card: Procedure, words: Words) -> Iterator[Fault]:
    """What is wrong with a card that fits the model; `words` is how search reads a name."""
    yield from _aspects(card)
    yield from _units(card)
    yield from _cases(card)
    yield from _doubles(card, words)
    for field, least in (("aliases", LEAST_ALIASES), ("situations", LEAST_SITUATIONS)):
        count = len(getattr(card, field))
        if count < least:
            yield field, f"mới có {count}, cần ít nhất {least}"
    if len(card.steps) > MOST_STEPS:
        yield "steps", f"có {len(card.steps)} bước, nhiều nhất {MOST_STEPS}"


def _aspects(card: Procedure) -> Iterator[Fault]:
    for field, name in _ASPECTS.items():
        said = bool(getattr(card, field)) or any(getattr(channel, field, ()) for channel in card.channels)
        if not said and field not in card.unknown:
            yield field, f"thiếu {name}; nếu dữ liệu gốc không ghi thì thêm “{field}” vào `unknown`"
        if said and field in card.unknown:
            yield "unknown", f"ghi là không biết {name}, nhưng thẻ có nêu {name}"


def _units(card: Procedure) -> Iterator[Fault]:
    for field, limit in limits(card):
        if limit.value is not None and "unit" not in limit.model_fields_set:
            yield f"{field}.unit", f"{limit.value:g} gì? Chưa ghi đơn vị thời gian"
        if limit.value is not None and limit.unit is Unit.UNKNOWN and not limit.text:
            yield f"{field}.text", f"{limit.value:g} không rõ đơn vị mà không có lời giải thích"
    for field, fee in fees(card):
        if fee.status is FeeStatus.FIXED and not (fee.per or fee.text):
            yield f"{field}.per", f"{fee.amount} đồng cho mỗi cái gì?"
        if fee.amount is not None and not SMALLEST_PLAUSIBLE <= fee.amount <= LARGEST_PLAUSIBLE:
            yield f"{field}.amount", f"{fee.amount} đồng là số tiền khó tin"


def limits(card: Procedure) -> Iterator[tuple[str, TimeLimit]]:
    """Every time limit with its field, those of the channels too."""
    yield from ((f"time_limits.{number}", limit) for number, limit in enumerate(card.time_limits))
    for place, channel in enumerate(card.channels):
        yield from ((f"channels.{place}.time_limits.{n}", limit) for n, limit in enumerate(channel.time_limits))


def fees(card: Procedure) -> Iterator[tuple[str, Fee]]:
    """Every fee with its field, those of the channels too."""
    yield from ((f"fees.{number}", fee) for number, fee in enumerate(card.fees))
    for place, channel in enumerate(card.channels):
        yield from ((f"channels.{place}.fees.{n}", fee) for n, fee in enumerate(channel.fees))


def _cases(card: Procedure) -> Iterator[Fault]:
    known = {case.id for case in card.cases}
    named = [(f"dossier.{number}", paper.case) for number, paper in enumerate(card.dossier)]
    named += [(field, limit.case) for field, limit in limits(card)]
    named += [(field, fee.case) for field, fee in fees(card)]
    for field, case in named:
        if case is not None and case not in known:
            yield f"{field}.case", f"không có trường hợp “{case}” trong `cases`"


def _doubles(card: Procedure, words: Words) -> Iterator[Fault]:
    for field in ("aliases", "situations"):
        yield from _twice(field, getattr(card, field), lambda text: tuple(words(text)))
    for field in ("steps", "conditions", "result", "subjects", "warnings"):
        yield from _twice(field, getattr(card, field), str.casefold)
    yield from _twice("legal_basis", [law.number for law in card.legal_basis], str.casefold)
    papers = [f"{paper.name} [{paper.case}]" if paper.case else paper.name for paper in card.dossier]
    yield from _twice("dossier", papers, str.casefold)


def _twice(field: str, texts: Iterable[str], key: Callable[[str], Hashable]) -> Iterator[Fault]:
    texts = list(texts)
    counts = Counter(map(key, texts))
    for same in (same for same, count in counts.items() if count > 1):
        found = " = ".join(f"“{text}”" for text in texts if key(text) == same)
        yield field, f"nêu hai lần cùng một điều: {found}"
