"""What the comparison of a card with its official record reads out of their texts, free of the noise of format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set

from knowledge.models import Procedure, Unit

_COMMON_WORDS = """
    giay ban sao chinh theo mau so quy dinh kem cua va hoac cac mot trong doi voi truong hop viec la duoc ve cho co
    khong neu nguoi tai nhung de nghi cap gom thanh phan ho da den tu ngay thang nam thong phu luc hanh luat dieu khoan
    diem chung nay quan tham quyen don to khai van loai
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words, folded, that stand in the name of most papers and tell none from another."""
_SHORT = {
    "bnn": "bệnh nghề nghiệp",
    "gcn": "giấy chứng nhận",
    "gv": "giáo viên",
    "gđyk": "giám định y khoa",
    "kcb": "khám chữa bệnh",
    "knlđ": "khả năng lao động",
    "lx": "lái xe",
    "nlđ": "người lao động",
    "pttgsh": "phương tiện trợ giúp sinh hoạt",
    "sdlđ": "sử dụng lao động",
    "tnlđ": "tai nạn lao động",
}
"""What the records shorten and the cards write out."""
_SHORT_WORD = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b")
_UNIT_WORDS = {
    Unit.WORKING_DAY: r"ngày làm việc",
    Unit.DAY: r"ngày(?!\s+làm việc)",
    Unit.HOUR: r"giờ",
    Unit.MINUTE: r"phút",
    Unit.MONTH: r"tháng",
    Unit.YEAR: r"năm",
}


def full_text(procedure: Procedure) -> str:
    """Everything that a record or a card says, in NFC and lower case."""
    papers = (f"{d.name} {d.form or ''} {d.note or ''} {d.case or ''}" for d in procedure.dossier)
    channels = procedure.channels
    limits = [*procedure.time_limits, *(limit for channel in channels for limit in channel.time_limits)]
    fees = [*procedure.fees, *(fee for channel in channels for fee in channel.fees)]
    parts: Iterable[str | None] = (
        procedure.name,
        procedure.title,
        procedure.agency,
        procedure.place,
        procedure.summary,
        *papers,
        *procedure.dossier_notes,
        *procedure.steps,
        *(f"{case.when}. {case.then}" for case in procedure.cases),
        *procedure.conditions,
        *(channel.note for channel in channels),
        *(limit.text for limit in limits),
        *(fee.text for fee in fees),
        *procedure.result,
        *(f"{law.number} {law.name or ''}" for law in procedure.legal_basis),
        *procedure.warnings,
    )
    return unicodedata.normalize("NFC", "\n".join(part for part in parts if part)).casefold()


def fold(text: str) -> str:
    """Lower case, without diacritics."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def squeeze(text: str) -> str:
    """The folded letters and digits alone: "Mẫu số 01/TK" is "mauso01tk"."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def ascii_only(text: str) -> str:
    """Letters and digits as the portal's file names keep them, which lose every accented letter: "Mẫu" is "mu"."""
    kept = "".join(char for char in unicodedata.normalize("NFC", text) if char.isascii())
    return re.sub(r"[^a-z0-9]", "", kept.casefold())


def telling_words(text: str) -> frozenset[str]:
    """The folded words that tell what a paper is."""
    whole = _SHORT_WORD.sub(lambda found: _SHORT[found[0]], text.casefold())
    return frozenset(re.findall(r"[a-z0-9]+", fold(whole))) - _COMMON


def share(words: Set[str], among: Set[str]) -> float:
    """How many of `words` stand `among` others, from 0 to 1; 1 where there are none."""
    return len(words & among) / len(words) if words else 1.0


def says_duration(text: str, value: float, unit: Unit) -> bool:
    """Whether a lower-case text names this number of this unit: "03 ngày làm việc", "3 (ba) ngày làm việc".

    "Trong ngày" says one day or one working day.
    """
    if value == 1 and unit in (Unit.DAY, Unit.WORKING_DAY) and "trong ngày" in text:
        return True
    word = _UNIT_WORDS.get(unit)
    number = re.escape(f"{value:g}".replace(".", ","))
    pattern = rf"(?<![\d.,/])0*{number}\s*(?:\([^)]*\)\s*)?{word}"
    return word is not None and re.search(pattern, text) is not None


def says_amount(text: str, amount: int) -> bool:
    """Whether a text names this amount of VND: "135.000", "135 000" or "135000"."""
    groups = f"{amount:,}".split(",")
    return re.search(r"(?<!\d)" + r"[., ]?".join(groups) + r"(?![.,]?\d)", text) is not None
