"""Reads the lines of a portal export (JSON Lines, plain or gzip); a malformed line is reported, not fatal."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from knowledge.import_errors import ExportUnreadableError
from knowledge.models import Procedure, Record
from knowledge.official import MalformedRecordError, Suspicion, read_record

_CODE = re.compile(r'"code"\s*:\s*"(\d{1,2}\.\d{6,7})"')
_GZIP_MAGIC = b"\x1f\x8b"


class RejectedLine(Record):
    """A line that holds no usable record, and why; its code where that could still be read."""

    line: int
    reason: str
    code: str | None = None


class Suspect(Record):
    """A record that was taken although something in it can hardly be right."""

    code: str
    field: str
    message: str


@dataclass(slots=True)
class Export:
    """Everything read from one export."""

    procedures: dict[str, Procedure] = field(default_factory=dict)
    rejected: list[RejectedLine] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)


def read_export(path: Path) -> Export:
    """All records of an export.

    Raises `ExportUnreadableError` when the file cannot be read to its end or holds no record at all.
    """
    export = Export()
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    _read_line(export, number, line)
    except (OSError, EOFError, zlib.error) as error:
        raise ExportUnreadableError(f"Không đọc được hết tệp {path}: {_reason(error)}.") from error
    if not export.procedures:
        raise ExportUnreadableError(f"Tệp {path} không có thủ tục nào đọc được{_first_fault(export)}.")
    return export


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP_MAGIC
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "không có tệp này"
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return "tệp nén bị hỏng hoặc bị cắt"
    return str(getattr(error, "strerror", None) or error)


def _first_fault(export: Export) -> str:
    if not export.rejected:
        return ""
    first = export.rejected[0]
    return f"; dòng {first.line}: {first.reason}"


def _read_line(export: Export, number: int, line: bytes) -> None:
    try:
        procedure, suspicions = _record(line)
    except MalformedRecordError as error:
        export.rejected.append(RejectedLine(line=number, reason=str(error), code=_code(line)))
        return
    if procedure.code in export.procedures:
        reason = f"mã {procedure.code} đã có ở dòng trước"
        export.rejected.append(RejectedLine(line=number, reason=reason, code=procedure.code))
        return
    export.procedures[procedure.code] = procedure
    export.suspects += [Suspect(code=procedure.code, field=s.field, message=s.message) for s in suspicions]


def _record(line: bytes) -> tuple[Procedure, tuple[Suspicion, ...]]:
    try:
        raw = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MalformedRecordError("không phải chữ UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError("không phải JSON hợp lệ") from error
    if not isinstance(raw, dict):
        raise MalformedRecordError("không phải một đối tượng JSON")
    return read_record(raw)


def _code(line: bytes) -> str | None:
    found = _CODE.search(line.decode("utf-8", errors="replace"))
    return found[1] if found else None


def iter_models(path: Path) -> Iterator[Procedure]:
    """The procedures of a file that an import wrote, one a line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Procedure.model_validate_json(line)
