"""What an import of procedures changed, as data and as a plain Vietnamese text for the operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from knowledge.export_reader import RejectedLine, Suspect
from knowledge.models import Record

FIELD_NAMES = {
    "name": "tên",
    "field": "lĩnh vực",
    "level": "cấp thực hiện",
    "agency": "cơ quan thực hiện",
    "place": "nơi nộp",
    "summary": "mô tả",
    "subjects": "đối tượng",
    "steps": "trình tự",
    "dossier": "thành phần hồ sơ",
    "dossier_notes": "lưu ý về hồ sơ",
    "time_limits": "thời hạn",
    "fees": "phí, lệ phí",
    "channels": "cách thức nộp",
    "online": "mức độ trực tuyến",
    "conditions": "điều kiện",
    "result": "kết quả",
    "legal_basis": "căn cứ pháp lý",
    "non_territorial": "không phụ thuộc địa giới",
    "warnings": "cảnh báo",
    "issued_by": "cơ quan ban hành",
    "source": "quyết định công bố",
}
_SHOWN = 20


class Named(Record):
    """A procedure by its code and official title."""

    code: str
    name: str


class Changed(Named):
    """A procedure whose record differs from the one imported before, and in what."""

    fields: tuple[str, ...]


class Withdrawn(Named):
    """A procedure that the portal no longer holds."""

    since: date
    """Date of the data in which it was missing first."""


class ImportReport(Record):
    """The outcome of one import, compared with the import before it."""

    file: str
    as_of: date
    previous_as_of: date | None
    total: int
    unchanged: int
    added: tuple[Named, ...]
    restored: tuple[Named, ...]
    """Withdrawn before, back in this file."""
    changed: tuple[Changed, ...]
    withdrawn: tuple[Withdrawn, ...]
    """Withdrawn by this import."""
    kept: tuple[Named, ...]
    """Their lines could not be read: the former record stays."""
    rejected: tuple[RejectedLine, ...]
    suspects: tuple[Suspect, ...]
    with_warnings: int
    fee_statuses: dict[str, int]
    """How many procedures have at least one fee of each status."""

    def to_text(self) -> str:
        """The report as plain Vietnamese text."""
        parts = [
            self._head(),
            _block("Mới", _names(self.added)),
            _block("Có trở lại", _names(self.restored)),
            _block("Thay đổi", [f"{p.code} {p.name}: {_fields(p.fields)}" for p in self.changed]),
            _block("Bị bãi bỏ hoặc thay mã, không trả lời nữa", _names(self.withdrawn)),
            _block("Giữ bản cũ vì dòng mới hỏng", _names(self.kept)),
            _block("Dòng không nhận", [f"dòng {line.line}: {line.reason}" for line in self.rejected]),
            self._suspects(),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _head(self) -> str:
        before = f", lần trước {self.previous_as_of:%d/%m/%Y}" if self.previous_as_of else ", lần đầu"
        return "\n".join(
            [
                f"Nhập thủ tục từ {self.file}",
                f"Dữ liệu ngày {self.as_of:%d/%m/%Y}{before}",
                f"Tổng số: {self.total} · mới: {len(self.added)} · thay đổi: {len(self.changed)}"
                f" · bãi bỏ: {len(self.withdrawn)} · có trở lại: {len(self.restored)}"
                f" · không đổi: {self.unchanged} · dòng không nhận: {len(self.rejected)}",
                f"Có cảnh báo: {self.with_warnings}"
                f" · có điểm nghi ngờ: {len({suspect.code for suspect in self.suspects})}",
            ]
        )

    def _suspects(self) -> str:
        """Suspicions by kind, with one example each; all of them stand in the JSON report."""
        kinds = Counter(_kind(suspect) for suspect in self.suspects)
        examples = {_kind(suspect): suspect for suspect in reversed(self.suspects)}
        lines = [
            f"{count} × {kind} (ví dụ {examples[kind].code}: {examples[kind].message[:120]})"
            for kind, count in kinds.most_common()
        ]
        return _block("Điểm nghi ngờ", lines)


def _kind(suspect: Suspect) -> str:
    """The suspicion without the value in it."""
    head = suspect.message.split(": “")[0]
    return " ".join("…" if word.startswith("“") else word for word in head.split())


def _names(procedures: Sequence[Named]) -> list[str]:
    return [f"{procedure.code} {procedure.name}" for procedure in procedures]


def _fields(names: Sequence[str]) -> str:
    return ", ".join(FIELD_NAMES.get(name, name) for name in names)


def _block(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = [f"  … và {len(lines) - _SHOWN} mục nữa, xem report.json"] if len(lines) > _SHOWN else []
    return "\n".join([f"{title} ({len(lines)}):", *(f"  {line}" for line in lines[:_SHOWN]), *more])
