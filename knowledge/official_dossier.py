"""Cleans the list of papers of an official record: headings become cases, notes stand apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from knowledge.models import Document
from knowledge.official_text import UPPER, one_line, says_nothing, without_marks, without_tail

_NOTE_HEADING = re.compile(r"^lưu ý\b", re.IGNORECASE)
_SHOW = re.compile(r"\bxuất trình\b", re.IGNORECASE)
_HAND_IN = re.compile(r"\bnộp\b|\bgửi\b", re.IGNORECASE)
_NO_CASE = re.compile(
    r"^(?:(?:các )?(?:giấy tờ|chứng từ|tài liệu) (?:phải |cần )?(?:nộp|xuất trình)"
    r"|(?:thành phần|số lượng|bộ)? ?hồ sơ(?: (?:bao )?gồm| như sau)?"
    r"|\(?\d+\)? ?bộ(?: hồ sơ)?(?: gồm)?|nộp (?:trực tiếp|trực tuyến|hồ sơ))[\s:;,.)(]*"
    r"(?:,? ?qua dịch vụ bưu chính|bao gồm|gồm)?[\s:;,.]*$",
    re.IGNORECASE,
)
_NOT_A_PAPER = re.compile(
    r"^(?:lưu ý|ghi chú|ví dụ|chú ý)\b"
    r"|^trường hợp .*(?:không phải|thì|được)\b"
    r"|^(?:cơ quan|người tiếp nhận|cán bộ|cá nhân có quyền|người yêu cầu|người có yêu cầu)\b"
    r"|^(?:tổ chức cấp|trong trường hợp)\b"
    r"|^số lượng hồ sơ\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:đối với|trường hợp|hồ sơ|thành phần hồ sơ|các giấy tờ|người)\b.*:$", re.IGNORECASE
)
_OPTIONAL = re.compile(r"\(\s*nếu có\s*[);]|\bnếu có\s*$", re.IGNORECASE)
_PAPER = (
    r"(?:Đơn|Giấy|Bản|Tờ khai|Tờ trình|Văn bản|Phiếu|Báo cáo|Danh sách|Hợp đồng|Quyết định|Biên bản|Sơ đồ|Ảnh"
    r"|Sổ|Chứng chỉ|Hộ chiếu|Thẻ|Lý lịch|Sơ yếu|Công văn|Nghị quyết|Điều lệ|Dự án|Đề án|Phương án|Hóa đơn)"
)
_BETWEEN_PAPERS = re.compile(rf"(?:;|\.|\n)\s*(?:[-+]\s*)?(?={_PAPER}\b)")
_STARTS_AS_PAPER = re.compile(rf"^{_PAPER}\b")
_ALTERNATIVES = re.compile(r"một trong|hoặc|các (?:giấy tờ|tài liệu|loại)|như sau|gồm|:", re.IGNORECASE)
_SENTENCE_END = re.compile(rf"(?:(?<=[^\W\d][^\W\d])|(?<=\)))[.;] (?=[{UPPER}])")
_EXTENSION = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|odt|zip|rar|html?)$", re.IGNORECASE)
_LONG_NAME = 160
T = TypeVar("T")
_SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One item of the portal's list of papers."""

    name: str
    case: str = ""
    form: str = ""
    originals: int = 0
    copies: int = 0


@dataclass(slots=True)
class Dossier:
    """The papers of a procedure, what else its list says, and what is odd about it."""

    documents: list[Document] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def read_dossier(items: Sequence[RawDocument]) -> Dossier:
    """Papers and notes of a list that mixes them, each once, in the order of the list."""
    dossier = Dossier()
    for item in items:
        name = without_marks(one_line(item.name))
        if not without_tail(name):
            dossier.odd.append("Có giấy tờ không ghi tên")
        elif says_nothing(name) or _NO_CASE.match(name):
            continue
        elif _is_note(item, name):
            _add(dossier.notes, without_tail(re.sub(r"^lưu ý\s*:\s*", "", name, flags=re.IGNORECASE)))
        elif not (_HEADING.match(name) and not item.originals and not item.copies):
            for paper in _papers(name):
                _add(dossier.documents, _document(paper, item))
    return dossier


def _add(items: list[T], item: T) -> None:
    if item not in items:
        items.append(item)


def _is_note(item: RawDocument, name: str) -> bool:
    heading = without_marks(one_line(item.case))
    counted = item.originals or item.copies or item.form
    return bool(_NOTE_HEADING.match(heading)) or bool(_NOT_A_PAPER.match(name) and not counted)


def _papers(name: str) -> list[str]:
    """The papers that one item names; split only where every piece clearly is a paper of its own."""
    pieces = [piece.strip() for piece in _BETWEEN_PAPERS.split(name)]
    safe = len(pieces) > 1 and all(
        _STARTS_AS_PAPER.match(piece) and len(piece) >= _SHORTEST_NAME and not _ALTERNATIVES.search(piece)
        for piece in pieces
    )
    return pieces if safe else [name]


def _document(name: str, item: RawDocument) -> Document:
    name, note = _name_and_note(name)
    return Document(
        name=name,
        originals=item.originals or None,
        copies=item.copies or None,
        form=form_name(item.form),
        kind=_kind(name, item.case),
        case=case_name(item.case),
        note=note,
        optional=bool(_OPTIONAL.search(name)),
    )


def _name_and_note(name: str) -> tuple[str, str | None]:
    """A long item opens with the paper's name; the sentences after it are a note."""
    if len(name) > _LONG_NAME and (end := _SENTENCE_END.search(name)) and end.start() >= _SHORTEST_NAME:
        return without_tail(name[: end.start()]), without_tail(name[end.end() :]) or None
    return without_tail(name), None


def _kind(name: str, case: str) -> Literal["submit", "show"]:
    heading = case if _SHOW.search(case) and not _HAND_IN.search(case) else ""
    return "show" if heading or re.match(r"xuất trình\b", name, re.IGNORECASE) else "submit"


def case_name(heading: str) -> str | None:
    """The heading as the case it stands for; None where it only says "to hand in" or "the dossier"."""
    text = without_tail(without_marks(one_line(heading)))
    if not text or _NO_CASE.match(text) or _NOTE_HEADING.match(text):
        return None
    return text


def form_name(file_name: str) -> str | None:
    """The name of a form without the ending of its file."""
    return _EXTENSION.sub("", one_line(file_name)).strip() or None
