"""Reads who comes out of a message: name and phone, and the message without them.

Works at the door, before anything is stored, where what redaction finds is known: `spans` of the text that are a name
or a phone. A bare name that redaction cannot tell from other words ("lê thảo") counts only where it was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vn_ident import normalize_phone

from index.places import DISTRICTS
from index.text import matches, tokens

_WHO = "tôi toi tui em e mk mình minh con cháu chau mẹ me ba bố bo ông ong bà má ma mệ o chị chi anh".replace(" ", "|")
_LEAD = re.compile(
    r"^(?:(?:dạ|da|vâng|vang|ừ|ok|à|thưa)[ ,.]+)*"
    rf"(?:(?:{_WHO}|người đến|nguoi den)\s+)*"
    r"(?:là|la|(?:họ\s+(?:và|va)?\s*|ho\s+(?:va\s+)?)?(?:tên|ten)"
    rf"(?:\s+(?:là|la|{_WHO})(?!\w))*(?!\w))?\s*[:\-–]?\s*",
    re.IGNORECASE,
)
_PHONE_WORDS = re.compile(
    r"(?:số\s*(?:điện\s*thoại|đt|phone)?|so\s*(?:dien\s*thoai|dt)?|sđt|sdt|đt|dt|tel|phone|điện thoại|dien thoai|zalo)"
    r"\s*(?:là|la|của tôi|cua toi)?\s*[:\-–]?\s*$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\d/])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+){0,5}")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_LETTERS = 60
_FEW = 4
_PARTICLES = frozenset({"ạ", "nhé", "nha", "nhen", "a", "nhe", "hỉ", "nghe", "đó", "do", "em", "ok"})
_SURNAMES = frozenset(
    """nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương lâm đinh mai
    phùng tô tạ hà cao châu thái tôn lương thân lưu triệu văn đậu kiều tống trà la ngụy thạch mạc từ nghiêm cái nông cù
    quách khổng tăng lại cung mẫn chu bạch vi đồng hứa doãn thiều côn pả kray""".split()  # noqa: SIM905
)
_NO_NAME = frozenset(
    """gì sao mất bao lâu mang cần không nào đâu mấy giờ ngày kia sáng chiều trưa tối thứ tuần hôm nay lịch đặt hủy đổi
    thôi khỏi đừng phải giấy hồ sơ phí lệ tiền nộp ở tại phường trung tâm muốn hỏi cho biết được rồi vâng ừ cảm ơn chào
    xem nhầm sai tiếp tục thủ làm nữa đi đường bản lúc thì xong có với và hay nếu khi""".split()  # noqa: SIM905
)
"""Words of which no name holds any, but for a first one that is a surname, too."""
_MIDDLES = frozenset({"thị", "văn", "thi", "van"})
_PLACES = frozenset(tuple(tokens(name)) for name in DISTRICTS)


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of somebody. `spans` are the places of the text to be hidden."""

    name: str | None = None
    phone: str | None = None
    spans: tuple[tuple[int, int, str], ...] = ()


def person_in(text: str, names: Sequence[tuple[int, int]], phones: Sequence[tuple[int, int]], *, asked: bool) -> Told:
    """Name and phone in `text`, given the places where redaction found some; `asked`: the bot had asked for them."""
    phone = next(iter(phones), None) or (_own_phone(text) if asked else None)
    hidden = [(*phone, "phone")] if phone else []
    name = _bare_name(text, phone) if asked or phone else None
    if name is None or not all(_overlap(name, other) for other in names):
        name = next(iter(names), name)
    hidden += [(*name, "name")] if name else []
    return Told(
        text[slice(*name)].strip() if name else None,
        normalize_phone(text[slice(*phone)]) if phone else None,
        tuple(sorted(hidden)),
    )


def _own_phone(text: str) -> tuple[int, int] | None:
    found = _PHONE.search(text)
    return found.span() if found else None


def _bare_name(text: str, phone: tuple[int, int] | None) -> tuple[int, int] | None:
    """The words beside the phone, or all words, where they can be nothing but a name."""
    for start, end in _parts(text, phone):
        lead = _LEAD.match(text[start:end])
        start += lead.end() if lead else 0
        found = _NAME.match(text, start, end)
        if found is None or text[found.end() : end].strip(" ,.;:!-–\n\t"):
            continue
        if (place := _trimmed(text, found.start(), found.end(), beside_phone=phone is not None)) is not None:
            return place
    return None


def _parts(text: str, phone: tuple[int, int] | None) -> list[tuple[int, int]]:
    """What stands before and after the phone, without the words that announce it; lines for themselves."""
    pieces = [(0, len(text))] if phone is None else [(0, phone[0]), (phone[1], len(text))]
    parts = []
    for start, end in pieces:
        words = _PHONE_WORDS.search(text, start, end)
        end = words.start() if words else end
        start += len(text[start:end]) - len(text[start:end].lstrip(" ,.;:!-–\n\t"))
        end = start + len(text[start:end].rstrip(" ,.;:!-–\n\t"))
        if 2 <= end - start <= _MOST_LETTERS:
            parts.append((start, end))
    return parts


def _trimmed(text: str, start: int, end: int, *, beside_phone: bool) -> tuple[int, int] | None:
    """Without particles at its end; None where the words are no name."""
    words = [(start + match.start(), start + match.end()) for match in _WORD.finditer(text[start:end])]
    while words and text[slice(*words[-1])].lower() in _PARTICLES:
        words.pop()
    if not words or "?" in text:
        return None
    end = words[-1][1]
    spoken = tuple(tokens(text[start:end]))
    capitals = len(words) > 1 and all(text[first].isupper() for first, _ in words)
    surname = len(spoken) > 1 and any(matches(spoken[0], name) for name in _SURNAMES)
    middle = surname and spoken[1] in _MIDDLES
    rest = spoken[1 + middle :] if surname else spoken
    common = any(matches(word, other) for word in rest for other in _NO_NAME)
    if spoken in _PLACES or common:
        return None
    return (start, end) if surname or capitals or (beside_phone and len(spoken) <= _FEW) else None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
