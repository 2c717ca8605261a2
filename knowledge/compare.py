"""Holds the facts of a card against the official record of the same code; words, order and format do not count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import get_args

from knowledge.compare_duties import fee_differences, time_differences
from knowledge.compare_papers import form_differences, paper_differences
from knowledge.compare_text import full_text, squeeze
from knowledge.models import ChannelKind, Compared, Level, OnlineLevel, Procedure

Differences = Callable[[Procedure, Procedure], Iterator[str]]
"""(card, official) to what differs, in Vietnamese, each in one sentence."""

_RANKS = {
    Level.COMMUNE: re.compile(r"\bxã\b(?! hội)|\bphường\b|thuế cơ sở"),
    Level.PROVINCE: re.compile(
        r"\btỉnh\b|(?<!cơ )\bsở [^\W\d]|văn phòng đăng ký đất đai|phòng (?:cảnh sát|quản lý xuất nhập cảnh)|thành phố"
    ),
    Level.MINISTRY: re.compile(r"\bbộ (?!chỉ huy|phận)[^\W\d]|\bcục\b|thủ tướng|(?<!trực thuộc )trung ương"),
    Level.OTHER: re.compile(r"cơ sở|tổ chức|trường|đơn vị"),
}
"""Words that tell the level of a body."""
_WAYS = {
    ChannelKind.IN_PERSON: re.compile(r"trực tiếp"),
    ChannelKind.ONLINE: re.compile(r"trực tuyến|môi trường điện tử|môi trường mạng|cổng dịch vụ công|vneid"),
    ChannelKind.POST: re.compile(r"bưu chính|bưu điện"),
}
_WAY_NAMES = {
    ChannelKind.IN_PERSON: "trực tiếp",
    ChannelKind.ONLINE: "trực tuyến",
    ChannelKind.POST: "qua bưu chính",
}
_CUT_OFF = 2
"""The record cuts off up to so many signs at the end of a number: "118/2025/NĐ-C"."""


def differences(card: Procedure, official: Procedure) -> Iterator[tuple[Compared, str]]:
    """Each (field, sentence) in which the card's facts are not the record's."""
    for field in get_args(Compared):
        yield from ((field, text) for text in _COMPARED[field](card, official))


def _name(card: Procedure, official: Procedure) -> Iterator[str]:
    if squeeze(card.name) != squeeze(official.name):
        yield f"tên trong dữ liệu gốc là “{official.name}”"


def _level(card: Procedure, official: Procedure) -> Iterator[str]:
    """All levels of the record, and no level that neither it nor its agency names."""
    possible = {*official.level, *_ranks(official.agency or ""), *_ranks(official.place or "")}
    for level in official.level:
        if level not in card.level:
            yield f"thiếu cấp {level.value}"
    for level in card.level:
        if level not in possible:
            yield f"dữ liệu gốc không nêu cấp {level.value}"


def _agency(card: Procedure, official: Procedure) -> Iterator[str]:
    """The levels of the bodies named; a body named without a level is compared with nothing."""
    ours, theirs = _ranks(card.agency or ""), _ranks(official.agency or "")
    if not ours or not theirs:
        return
    for level in theirs - ours - {Level.OTHER}:
        yield f"dữ liệu gốc giao cho “{official.agency}”, thẻ không nêu cơ quan cấp {level.value}"
    for level in ours - theirs - {*official.level, Level.OTHER}:
        if not _RANKS[level].search(full_text(official)):
            yield f"dữ liệu gốc không nêu cơ quan cấp {level.value}"


def _ranks(text: str) -> set[Level]:
    return {level for level, pattern in _RANKS.items() if pattern.search(text.casefold())}


def _channels(card: Procedure, official: Procedure) -> Iterator[str]:
    ours = {channel.kind for channel in card.channels}
    theirs = {channel.kind for channel in official.channels}
    yield from (f"dữ liệu gốc cho nộp {_WAY_NAMES[kind]}, thẻ không" for kind in theirs - ours)
    for kind in ours - theirs:
        if not _WAYS[kind].search(full_text(official)):
            yield f"thẻ cho nộp {_WAY_NAMES[kind]}, dữ liệu gốc không"


def _online(card: Procedure, official: Procedure) -> Iterator[str]:
    definite = {card.online, official.online} - {OnlineLevel.UNKNOWN}
    if len(definite) > 1:
        yield f"thẻ ghi {card.online.value}, dữ liệu gốc ghi {official.online.value}"
    elif card.online is OnlineLevel.NONE and any(c.kind is ChannelKind.ONLINE for c in official.channels):
        yield "thẻ ghi không nộp trực tuyến được, dữ liệu gốc cho nộp trực tuyến"
    elif card.online is OnlineLevel.FULL is not official.online and "toàn trình" not in full_text(official):
        yield "thẻ ghi toàn trình, dữ liệu gốc không"


def _legal_basis(card: Procedure, official: Procedure) -> Iterator[str]:
    text = squeeze(full_text(official))
    known = [squeeze(law.number) for law in official.legal_basis]
    for law in card.legal_basis:
        number = squeeze(law.number)
        cut = any(number.startswith(other) and len(number) - len(other) <= _CUT_OFF for other in known)
        if not cut and number not in text:
            yield f"dữ liệu gốc không nêu {law.number}"


def _source(card: Procedure, official: Procedure) -> Iterator[str]:
    if card.source.url != official.source.url:
        yield f"đường dẫn trong dữ liệu gốc là {official.source.url}"
    if card.source.decision != official.source.decision:
        yield f"quyết định công bố trong dữ liệu gốc là {official.source.decision}"


_COMPARED: Mapping[Compared, Differences] = {
    "name": _name,
    "level": _level,
    "agency": _agency,
    "dossier": paper_differences,
    "forms": form_differences,
    "time_limits": time_differences,
    "fees": fee_differences,
    "channels": _channels,
    "online": _online,
    "legal_basis": _legal_basis,
    "source": _source,
}
