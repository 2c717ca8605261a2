"""Turns a record of the national portal into our `Procedure`, and says what is odd about the record.

The rules for fees, time limits, papers and former bodies stand in the `official_*` modules. Nothing is
guessed: what the record does not hold stays empty, what cannot be true is listed as a `Suspicion`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.models import ChannelKind, LegalBasis, Level, OnlineLevel, Procedure, Source
from knowledge.official_bodies import old_body_warnings
from knowledge.official_channels import Methods, RawMethod, read_methods
from knowledge.official_dossier import Dossier, RawDocument, read_dossier
from knowledge.official_text import UPPER, clean, one_line, says_nothing, unique, without_marks, without_tail

SOURCE_TITLE = "Cổng Dịch vụ công quốc gia"
MISSING_AGENCY = "Dữ liệu gốc không ghi cơ quan thực hiện."
MISSING_LEVEL = "Dữ liệu gốc không ghi cấp thực hiện."

_LEVELS = {
    "Cấp Bộ/Trung ương": Level.MINISTRY,
    "Cấp Tỉnh": Level.PROVINCE,
    "Cấp Xã": Level.COMMUNE,
    "Cơ quan khác": Level.OTHER,
}
_OLD_MINISTRY = re.compile(r"^bộ xây dựng \(giao thông vận tải cũ\)$", re.IGNORECASE)
_STEP = re.compile(r"^(?:bước|b)\s*\d+\s*[:.,)–-]*\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*(?![^()]*\))")
_RESULT_BREAK = re.compile(
    rf"\n|;\s*(?=[{UPPER}])"
    r"|\s*,\s*(?=(?:Giấy|Quyết định|Văn bản|Thông báo|Biên bản|Chứng chỉ)\b)"
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d.]*[a-zđ]?(?:/\d{4})?/[A-ZĐ][\w/-]*\w(?:\(\w+\))?")
"""The number of a legal document within other words: 46/2014/QH13, 66.7/2025/NQ-CP, 08.a/2010/TT-BTP."""


class MalformedRecordError(ValueError):
    """A record that cannot be read at all; the message names each field at fault, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something in a record that can hardly be right."""

    field: str
    message: str


class _Raw(BaseModel):
    """The portal's JSON, as far as we use it; the keys are the export's."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Method(_Raw):
    channel: str = ""
    time_limit: str = ""
    fee: str = ""
    description: str = ""


class _Document(_Raw):
    name: str = ""
    case: str = ""
    form: str = ""
    originals: int = 0
    copies: int = 0


class _LegalDocument(_Raw):
    code: str = ""
    name: str = ""


class _Record(_Raw):
    code: str
    name: str
    field: str
    crawl_date: str
    source_url: str
    level: list[str] = []
    issued_by: str = ""
    agency: str = ""
    competent_authority: str = ""
    receiving_address: str = ""
    subjects: str = ""
    steps: str = ""
    methods: list[_Method] = []
    documents: list[_Document] = []
    result: str = ""
    conditions: str = ""
    description: str = ""
    legal_basis: list[_LegalDocument] = []
    decision_no: str = ""
    online_full_process: bool | None = None
    non_territorial: bool | None = None


def read_record(raw: dict[str, Any]) -> tuple[Procedure, tuple[Suspicion, ...]]:
    """One record of the portal's export as a `Procedure`, with its suspicions.

    Raises `MalformedRecordError`, naming every field at fault.
    """
    try:
        record = _Record.model_validate({key: value for key, value in raw.items() if value is not None})
        as_of = _as_of(record.crawl_date)
        methods = read_methods([_method(row) for row in record.methods], as_of)
        dossier = read_dossier([_document(item) for item in record.documents])
        procedure = _procedure(record, as_of, methods, dossier)
    except ValidationError as error:
        raise MalformedRecordError(_faults(error)) from error
    return procedure, tuple(_suspicions(record, procedure, methods, dossier))


def _as_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedRecordError(f"crawl_date: “{text}” không phải là ngày") from error


def _procedure(record: _Record, as_of: date, methods: Methods, dossier: Dossier) -> Procedure:
    level = tuple(_LEVELS[name] for name in record.level if name in _LEVELS)
    agency = one_line(record.agency) or one_line(record.competent_authority)
    return Procedure(
        code=record.code.strip(),
        name=one_line(record.name),
        field=one_line(record.field),
        level=level,
        agency=agency or None,
        place=one_line(record.receiving_address) or None,
        summary=_summary(record),
        subjects=unique(_COMMA.split(one_line(record.subjects))),
        steps=read_steps(record.steps),
        dossier=tuple(dossier.documents),
        dossier_notes=tuple(dossier.notes),
        time_limits=methods.time_limits,
        fees=methods.fees,
        channels=methods.channels,
        online=_online(record, methods),
        conditions=_conditions(record),
        result=_result(record.result),
        legal_basis=tuple(_legal_basis(record.legal_basis)),
        non_territorial=record.non_territorial or None,
        warnings=_warnings(record, agency, level),
        issued_by=_OLD_MINISTRY.sub("Bộ Xây dựng", one_line(record.issued_by)) or None,
        source=Source(
            title=SOURCE_TITLE,
            url=record.source_url.strip(),
            as_of=as_of,
            decision=one_line(record.decision_no) or None,
        ),
    )


def read_steps(text: str) -> tuple[str, ...]:
    """The steps of a text: one per "Bước 1", "Bước 2" with its lines, otherwise one per line."""
    lines = [line for line in clean(text).split("\n") if without_tail(without_marks(line))]
    bare = [without_marks(line) for line in lines]
    if sum(bool(_STEP.match(line)) for line in bare) < 2:
        return unique(bare)
    steps: list[list[str]] = []
    for line, original in zip(bare, lines, strict=True):
        if _STEP.match(line) or not steps:
            steps.append([_STEP.sub("", line)])
        else:
            steps[-1].append(original)
    return unique(["\n".join(part for part in step if part) for step in steps])


def _summary(record: _Record) -> str | None:
    text = clean(record.description)
    return None if says_nothing(text) or text == clean(record.conditions) else text


def _conditions(record: _Record) -> tuple[str, ...]:
    """The conditions line by line; nothing where the portal says that there are none."""
    text = clean(record.conditions)
    if says_nothing(text):
        return ()
    lines = [without_marks(line) for line in text.split("\n")]
    return unique([line for line in lines if not says_nothing(without_tail(line))])


def _result(text: str) -> tuple[str, ...]:
    pieces = [without_tail(without_marks(piece.strip())) for piece in _RESULT_BREAK.split(clean(text))]
    return unique([piece for piece in pieces if not says_nothing(piece)])


def _legal_basis(documents: list[_LegalDocument]) -> Iterator[LegalBasis]:
    """Each legal document once; the number is taken out of words around it ("Nghị định số …"), or out of the name."""
    seen: set[str] = set()
    for document in documents:
        name = one_line(document.name)
        number = one_line(document.code)
        if not number[:1].isdigit() and (found := _NUMBER.search(number or name)):
            number = found[0]
        number = number.replace(" ", "")
        if number and number not in seen:
            seen.add(number)
            yield LegalBasis(number=number, name=name if name and name != number else None)


def _online(record: _Record, methods: Methods) -> OnlineLevel:
    """Full or not is known for a few records only; an online channel alone does not say how far it goes."""
    if record.online_full_process is None:
        return OnlineLevel.UNKNOWN
    if record.online_full_process:
        return OnlineLevel.FULL
    has_online = any(channel.kind is ChannelKind.ONLINE for channel in methods.channels)
    return OnlineLevel.PARTIAL if has_online else OnlineLevel.NONE


def _warnings(record: _Record, agency: str, level: tuple[Level, ...]) -> tuple[str, ...]:
    duties = [
        record.agency,
        record.competent_authority,
        record.receiving_address,
        record.steps,
        *(text for row in record.methods for text in (row.description, row.fee)),
    ]
    papers = [record.conditions, record.result]
    papers += [text for item in record.documents for text in (item.case, item.name, item.form)]
    missing = [] if agency else [MISSING_AGENCY]
    missing += [] if level else [MISSING_LEVEL]
    return (*old_body_warnings(duties, papers), *missing)


def _suspicions(
    record: _Record, procedure: Procedure, methods: Methods, dossier: Dossier
) -> Iterator[Suspicion]:
    yield from (Suspicion("methods", message) for message in methods.odd)
    yield from (Suspicion("documents", message) for message in dossier.odd)
    unknown = [name for name in record.level if name not in _LEVELS]
    if unknown:
        yield Suspicion("level", f"Cấp thực hiện lạ: {', '.join(unknown)}")
    without_number = [item.name for item in record.legal_basis if not _has_number(item)]
    if without_number:
        yield Suspicion("legal_basis", f"{len(without_number)} căn cứ pháp lý không có số hiệu")
    if not procedure.steps:
        yield Suspicion("steps", "Không có trình tự thực hiện")


def _has_number(document: _LegalDocument) -> bool:
    return bool(document.code.strip() or _NUMBER.search(document.name))


def _method(row: _Method) -> RawMethod:
    return RawMethod(row.channel, row.time_limit, row.fee, row.description)


def _document(item: _Document) -> RawDocument:
    return RawDocument(item.name, item.case, item.form, max(item.originals, 0), max(item.copies, 0))


def _faults(error: ValidationError) -> str:
    """The faults in Vietnamese, each with its field."""
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        message = "thiếu" if fault["type"] == "missing" else "sai kiểu hoặc sai mẫu"
        faults.append(f"{'.'.join(map(str, fault['loc']))}: {message}")
    return "; ".join(faults)
