"""What kind of act a text speaks of (again, renew, change, end …) and what it narrows itself to (abroad, mobile …)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

ACTS: Mapping[str, tuple[str, ...]] = {
    "again": ("cấp lại", "đăng ký lại", "làm lại", "bị mất", "mất", "hỏng", "rách", "thất lạc"),
    "renew": ("gia hạn", "hết hạn"),
    "change": (
        "thay đổi", "điều chỉnh", "sửa", "cải chính", "đính chính", "cập nhật", "sai", "bổ sung",
    ),
    "exchange": ("cấp đổi", "đổi"),
    "end": ("xóa", "hủy", "chấm dứt", "giải thể", "thu hồi", "thôi", "dừng", "đóng cửa"),
    "pause": ("tạm ngừng", "tạm dừng", "tạm nghỉ"),
    "move": ("di chuyển", "chuyển"),
    "unlock": ("mở khóa",),
    "lock": ("khóa",),
    "copy": ("bản sao", "trích lục", "sao y"),
    "died": ("qua đời", "chết", "từ trần", "báo tử", "khai tử", "mai táng", "chôn cất", "hậu sự", "tử tuất"),
}
"""Acts, each with the words that tell of it."""

NARROWINGS = ("nước ngoài", "biên giới", "lưu động", "liên thông", "tổ chức", "doanh nghiệp")
"""What a rarer variant says of itself and the plain one does not."""

_PHRASES = [(1 << number, phrase) for number, phrases in enumerate(ACTS.values()) for phrase in phrases]


_KIN = (
    "ba|bố|cha|bọ|mẹ|má|mạ|ông|bà|ôn|mệ|nội|ngoại|cụ|chồng|vợ|con|cháu|anh|chị|em|bác|chú|cô|dì|cậu|mợ|thím|o|người"
    "|thân|nhà|tui|tôi|mình"
)
_PAPERS = "giấy|thẻ|sổ|bằng|căn|chứng|hộ|bìa|biển|xe|khai|đăng|cccd|tài|phiếu|bản|hồ|quyết|cavet|ví|hết|điện"
_DIED = re.compile(
    rf" (?:{_KIN})(?: (?:vừa|mới|đã|bị|vợ|chồng|tôi|tui|em|mình|con|cháu))* mất"
    rf"(?! (?:\w+ )?(?:{_PAPERS}) )(?= )"
)
"""Somebody's "mất" is a death, unless what was lost follows ("em mất thẻ")."""

_DENIED = re.compile(
    r" (?:không|chưa|chẳng|hổng)(?: bị| còn| hề)?"
    r" (?:mất|hỏng|rách|đổi|sai|hết hạn|cấp lại|làm lại|khóa|hủy)(?= )"
)
"""What did not happen ("còn nguyên, không mất không hỏng") is no act."""


def acts(words: Sequence[str]) -> int:
    """The acts a text speaks of, one bit each in the order of `ACTS`."""
    text = _DENIED.sub(" ", _DIED.sub(" qua đời", f" {' '.join(words)} "))
    found = 0
    for bit, phrase in _PHRASES:
        if f" {phrase} " in text:
            found |= bit
    return found


def narrowings(words: Sequence[str]) -> int:
    """The narrowings a text names, one bit each; their words may stand apart."""
    known = set(words)
    return sum(1 << number for number, phrase in enumerate(NARROWINGS) if known.issuperset(phrase.split()))
