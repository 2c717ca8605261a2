"""Finds bodies that no longer exist in official records, and says so in plain Vietnamese.

Sources: the district level ended on 1 July 2025 (Luật Tổ chức chính quyền địa phương 72/2025/QH15);
ministries were merged on 1 March 2025 (Nghị quyết 176/2025/QH15 on the structure of the Government), their
provincial departments with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SUCCESSORS = {
    r"Lao động\s*[-–,]?\s*Thương binh và Xã hội": ("Lao động - Thương binh và Xã hội", "Nội vụ"),
    r"Thông tin và Truyền thông": ("Thông tin và Truyền thông", "Khoa học và Công nghệ"),
    r"Giao thông vận tải": ("Giao thông vận tải", "Xây dựng"),
    r"Tài nguyên và Môi trường": ("Tài nguyên và Môi trường", "Nông nghiệp và Môi trường"),
    r"Nông nghiệp và Phát triển nông thôn": (
        "Nông nghiệp và Phát triển nông thôn",
        "Nông nghiệp và Môi trường",
    ),
    r"Kế hoạch và Đầu tư": ("Kế hoạch và Đầu tư", "Tài chính"),
}
_MINISTRY = re.compile(
    r"\b(?P<rank>Bộ|Sở)\s+(?:" + "|".join(f"(?P<m{i}>{name})" for i, name in enumerate(_SUCCESSORS)) + r")"
    r"(?!\s*(?:\(?nay là|cũ\b|-\s*Xây dựng))",
    re.IGNORECASE,
)
_OTHERS = {
    "tổng cục thuế": ("Tổng cục Thuế", "Cục Thuế"),
    "tổng cục hải quan": ("Tổng cục Hải quan", "Cục Hải quan"),
    "ủy ban dân tộc": ("Ủy ban Dân tộc", "Bộ Dân tộc và Tôn giáo"),
    "uỷ ban dân tộc": ("Ủy ban Dân tộc", "Bộ Dân tộc và Tôn giáo"),
}
_OTHER = re.compile(rf"\b({'|'.join(_OTHERS)})\b", re.IGNORECASE)
_SIGNS = (
    "thương binh",
    "truyền thông",
    "vận tải",
    "tài nguyên",
    "phát triển nông",
    "đầu tư",
    "tổng cục",
    "dân tộc",
)
"""One of these stands in every former name: a fast check before the slow patterns."""
_DISTRICT = re.compile(
    r"cấp huyện(?! trở lên)(?! hoặc tương đương trở lên)"
    r"|(?:[uủ][ỷy] ban nhân dân|UBND) (?:các )?(?:huyện|quận)"
    r"|(?:công an|tòa án nhân dân|bảo hiểm xã hội) (?:các )?(?:huyện|quận)"
    r"|phòng [^.;,\n()]{3,60} (?:cấp )?(?:huyện|quận)\b"
    r"|(?:quận|huyện), (?:quận|huyện), thị xã",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"thông tư|quyết định số|nghị định|quy chuẩn|QCVN|công văn số|nghị quyết|/TT-|/QĐ-|/TTLT|trước đây là",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(r"[.;\n](?=\s|$)")
_LOOK_BACK = 200

DISTRICT_WARNING = (
    "Dữ liệu gốc còn nhắc cơ quan cấp huyện. Từ 01/7/2025 không còn cấp huyện; hãy hỏi Trung tâm Phục vụ"
    " hành chính công của xã, phường hoặc của tỉnh để biết nơi đang giải quyết."
)


def old_body_warnings(duties: Iterable[str], papers: Iterable[str]) -> tuple[str, ...]:
    """Warnings about bodies that no longer exist.

    `duties` are texts that say who does what (agency, steps, places); `papers` are texts that name who issued
    or confirms a paper: there only the district level counts, since papers of a former ministry stay valid.
    """
    acting = _joined(duties)
    warnings = []
    if _names_district(acting) or _names_district(_joined(papers)):
        warnings.append(DISTRICT_WARNING)
    warnings += [
        f"Dữ liệu gốc còn nhắc {old}; cơ quan này đã sắp xếp lại năm 2025, nay là {new}."
        for old, new in dict.fromkeys(_dissolved(acting))
    ]
    return tuple(warnings)


def _joined(texts: Iterable[str]) -> str:
    """The texts in NFC, one a line."""
    return unicodedata.normalize("NFC", "\n".join(" ".join(text.split()) for text in texts))


def _names_district(text: str) -> bool:
    lower = text.lower()
    return ("huyện" in lower or "quận" in lower) and bool(_DISTRICT.search(text))


def _dissolved(text: str) -> Iterable[tuple[str, str]]:
    lower = text.lower()
    if not any(sign in lower for sign in _SIGNS):
        return
    for match in _MINISTRY.finditer(text):
        if not _cited(text, match.start()):
            index = next(i for i in range(len(_SUCCESSORS)) if match[f"m{i}"])
            old, new = tuple(_SUCCESSORS.values())[index]
            rank = match["rank"].capitalize()
            yield f"{rank} {old}", f"{rank} {new}"
    for match in _OTHER.finditer(text):
        if not _cited(text, match.start()):
            yield _OTHERS[match[1].lower()]


def _cited(text: str, position: int) -> bool:
    """Whether the name stands in the citation of a legal document, where the old name is the right one."""
    before = text[max(0, position - _LOOK_BACK) : position]
    breaks = list(_CLAUSE_BREAK.finditer(before))
    return bool(_CITATION.search(before[breaks[-1].end() :] if breaks else before))
