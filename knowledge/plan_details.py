"""Finds number, date, title, issuer and place of a plan document in its first blocks; never guesses them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from knowledge.official_text import UPPER
from knowledge.plan_outline import is_heading
from knowledge.plan_readers import Block

Kind = Literal["resolution", "plan", "slides", "notice", "other"]

_HEADER_BLOCKS = 25
_TYPES: dict[str, tuple[Kind, str]] = {
    "NGHỊ QUYẾT": ("resolution", "Nghị quyết"),
    "KẾ HOẠCH": ("plan", "Kế hoạch"),
    "CHƯƠNG TRÌNH": ("plan", "Chương trình"),
    "ĐỀ ÁN": ("plan", "Đề án"),
    "PHƯƠNG HƯỚNG": ("other", "Phương hướng"),
    "THÔNG BÁO": ("notice", "Thông báo"),
    "CÔNG VĂN": ("notice", "Công văn"),
    "QUYẾT ĐỊNH": ("other", "Quyết định"),
    "CHỈ THỊ": ("other", "Chỉ thị"),
    "BÁO CÁO": ("other", "Báo cáo"),
}
_TYPE = re.compile(rf"^(?P<type>{'|'.join(_TYPES)})\b")
_NUMBER = re.compile(r"^số\s*:?\s*(?P<number>\d+\s*[-/]\s*[A-ZĐ][\w/&.-]*[\w])", re.IGNORECASE)
_NUMBER_BLANK = re.compile(r"^số\s*:\s*[-/…. ]*/", re.IGNORECASE)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_DATE_BLANK = re.compile(r"ngày\s+(?:[….\s]*)tháng\s+[\d….\s]*năm\s+\d{4}", re.IGNORECASE)
_ISSUER = re.compile(
    r"^(?:[UỦ][ỶY]\s+BAN|UBND|SỞ |BAN (?:CHẤP HÀNH|THƯỜNG VỤ|CHỈ ĐẠO)|TỈNH [UỦ]Y|ĐẢNG [UỦ]Y"
    r"|HỘI ĐỒNG NHÂN DÂN|HĐND|BỘ |VĂN PHÒNG|PHÒNG |CÔNG AN )"
)
_NAME = rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{0,2}}"
_PLACE = re.compile(
    rf"\b(?P<type>(?i:tỉnh|xã|phường|đặc khu|thành phố))\s+(?P<name>(?!(?i:[ủu][ỷy])\b){_NAME})"
)
_PLACE_LINE = re.compile(rf"^(?P<name>{_NAME}), ngày\b")
_PERIOD = re.compile(r"giai đoạn\s+(\d{4})\s*[-–]\s*(\d{4})|năm\s+(\d{4})", re.IGNORECASE)


@dataclass(slots=True)
class Details:
    """What the first blocks say of the document; None where they say nothing."""

    body: int = 0
    """Index of the first block of the body."""
    title: str | None = None
    kind: Kind = "other"
    type_name: str | None = None
    number: str | None = None
    signed: date | None = None
    issuer: str | None = None
    place: str | None = None
    period: str | None = None
    notes: list[str] = field(default_factory=list)


def read_details(blocks: Sequence[Block]) -> Details:
    """Everything the head of a document says about it."""
    details = Details()
    start = _title(blocks, details)
    for block in blocks[:start]:
        _head_line(block.text, details)
    details.place = _place(details.title or "", [block.text for block in blocks])
    if details.title and details.place:
        details.title = _with_place(details.title, details.place)
    if details.title and (period := _PERIOD.search(details.title)):
        details.period = f"{period[1]}-{period[2]}" if period[1] else period[3]
    return details


def _title(blocks: Sequence[Block], details: Details) -> int:
    """Read the title; the index of its first block."""
    for index, block in enumerate(blocks[:_HEADER_BLOCKS]):
        if found := _TYPE.match(block.text):
            details.kind, details.type_name = _TYPES[found["type"]]
            pieces, details.body = _title_pieces(blocks, index)
            details.title = _sentence_case(pieces, details.type_name)
            return index
    for index, block in enumerate(blocks[:_HEADER_BLOCKS]):
        if block.rank and not _ISSUER.match(block.text):
            details.title, details.body = block.text, index + 1
            return index
    return min(len(blocks), _HEADER_BLOCKS)


def _title_pieces(blocks: Sequence[Block], index: int) -> tuple[list[str], int]:
    """The lines of the title: those in bold, or the one line after the type of document."""
    pieces = [blocks[index].text]
    end = index + 1
    while end < len(blocks) and blocks[end].rank and not _is_numbered(blocks[end]) and len(pieces) < 5:
        pieces.append(blocks[end].text)
        end += 1
    if (
        len(pieces) == 1
        and len(pieces[0]) < 30
        and end < len(blocks)
        and not re.search(r"[.:;]$", blocks[end].text)
    ):
        pieces.append(blocks[end].text)
        end += 1
    return pieces, end


def _is_numbered(block: Block) -> bool:
    return is_heading(block) and bool(re.match(r"^(?:[IVX]+|\d+)[.)]\s", block.text))


def _sentence_case(pieces: Sequence[str], type_name: str) -> str:
    """The title on one line; a first line in capitals loses them, as does the type of document."""
    first, *more = pieces
    first = first.capitalize() if first.isupper() else type_name + first[len(type_name) :]
    return " ".join([first, *more])


def _with_place(title: str, place: str) -> str:
    """The title with the place's name spelt as a name, where it lost its capitals."""
    return re.sub(re.escape(place), place, title, flags=re.IGNORECASE)


def _head_line(text: str, details: Details) -> None:
    if found := _NUMBER.match(text):
        details.number = details.number or re.sub(r"\s", "", found["number"])
    elif _NUMBER_BLANK.match(text):
        details.notes.append("Số văn bản để trống trong bản gốc.")
    if (found := _DATE.search(text)) and details.signed is None:
        details.signed = _date(found)
    elif _DATE_BLANK.search(text):
        details.notes.append("Ngày ban hành để trống trong bản gốc.")
    if _ISSUER.match(text) and text.isupper():
        details.issuer = details.issuer or text


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _place(title: str, texts: Sequence[str]) -> str | None:
    """The place that stands before the date, or else the first that title and opening name."""
    opening = texts[:_HEADER_BLOCKS]
    signed_at = next((found["name"] for text in opening if (found := _PLACE_LINE.match(text))), None)
    if signed_at:
        named = [found for text in [title, *texts] for found in _PLACE.finditer(text)]
        named = [found for found in named if found["name"].casefold() == signed_at.casefold()]
    else:
        named = [found for text in [title, *opening] for found in _PLACE.finditer(text)]
    if not named:
        return None
    name = named[0]["name"]
    return f"{named[0]['type'].lower()} {name.title() if name.isupper() else name}"
