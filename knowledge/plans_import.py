"""Imports a plan document (text, Markdown, DOCX, PDF) into the data directory as structured statements."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from knowledge.atomic_files import write_files
from knowledge.import_errors import DataImportError
from knowledge.models import Plan, Section, Source, Statement
from knowledge.plan_details import Details, read_details
from knowledge.plan_outline import read_outline
from knowledge.plan_readers import read_blocks
from knowledge.plan_statements import read_statements

_LONGEST_SHORT = 80


class PlanDetailsMissingError(DataImportError):
    """The document does not say what a plan must have; the message names the options to give."""


class PlanOptionsError(DataImportError):
    """An option that cannot be."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the operator knows of a document; each wins over what the text says."""

    ident: str | None = None
    title: str | None = None
    short: str | None = None
    number: str | None = None
    signed: date | None = None
    issuer: str | None = None
    place: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PlanImport:
    """An imported plan, where it lies, and whether it took the place of a former one."""

    plan: Plan
    path: Path
    replaced: bool

    def to_text(self) -> str:
        """What was imported, as plain Vietnamese text."""
        kinds = [statement.kind.value for statement in self.plan.statements]
        lines = [
            f"{'Thay' if self.replaced else 'Nhập'} {self.plan.short}: {self.plan.title}",
            f"Ngày {self.plan.source.as_of:%d/%m/%Y} · {self.plan.place} · mã {self.plan.id}",
            f"{len(self.plan.sections)} mục, {kinds.count('target')} chỉ tiêu,"
            f" {kinds.count('task')} nhiệm vụ, {kinds.count('other')} nội dung khác",
            *self.plan.notes,
        ]
        return "\n".join(lines) + "\n"


def plans_folder(data_dir: Path) -> Path:
    """Where the imported plans lie."""
    return data_dir / "imported" / "plans"


def load_plans(data_dir: Path) -> dict[str, Plan]:
    """The imported plans by id."""
    plans = {}
    for path in sorted(plans_folder(data_dir).glob("*.json")):
        try:
            plan = Plan.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise DataImportError(f"Tệp {path} bị hỏng; hãy nhập lại văn bản này.") from error
        plans[plan.id] = plan
    return plans


def import_plan(file: Path, data_dir: Path, options: PlanOptions | None = None) -> PlanImport:
    """Read a document and keep it as a plan.

    Raises `PlanUnreadableError`, `PlanDetailsMissingError` (date, title or place neither given nor in the
    text), `PlanOptionsError` or `WriteFailedError`.
    """
    plan = read_plan(file, options or PlanOptions())
    path = plans_folder(data_dir) / f"{plan.id}.json"
    replaced = path.exists()
    write_files({path: plan.model_dump_json(by_alias=True, exclude_defaults=True, indent=1) + "\n"})
    return PlanImport(plan, path, replaced)


def read_plan(file: Path, options: PlanOptions) -> Plan:
    """The document as a plan; see `import_plan`."""
    blocks = read_blocks(file)
    details = read_details(blocks)
    _complete(details, options, file)
    outline = read_outline(blocks[details.body :])
    statements = read_statements(outline)
    short = options.short or _short(details)
    try:
        return Plan(
            id=options.ident or slug(short),
            title=details.title or "",
            short=short,
            number=details.number,
            kind=details.kind,
            issuer=details.issuer,
            place=details.place or "",
            period=details.period,
            notes=tuple(details.notes),
            sections=tuple(_used(outline.sections, statements)),
            statements=tuple(statements),
            source=Source(title=details.title, url=options.url, as_of=details.signed or date.min),
        )
    except ValidationError as error:
        names = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors(include_url=False))
        raise PlanOptionsError(f"Không tạo được kế hoạch từ {file.name}: sai ở {names}.") from error


def _complete(details: Details, options: PlanOptions, file: Path) -> None:
    """Put the operator's options over the text's, and name every option that is still missing."""
    details.title = options.title or details.title
    details.number = options.number or details.number
    details.signed = options.signed or details.signed
    details.issuer = options.issuer or details.issuer
    details.place = options.place or details.place
    missing = [
        option
        for option, value in (
            ("--date (ngày ban hành, dạng NĂM-THÁNG-NGÀY)", details.signed),
            ("--title (tên văn bản)", details.title),
            ("--place (tỉnh hoặc xã áp dụng)", details.place),
        )
        if not value
    ]
    if missing:
        raise PlanDetailsMissingError(f"Văn bản {file.name} không ghi rõ; hãy thêm {', '.join(missing)}.")


def _short(details: Details) -> str:
    """How to cite it: type and number, or the title where that is short, or type and place."""
    name = details.type_name or "Văn bản"
    if details.number:
        return f"{name} {details.number}"
    if details.title and len(details.title) <= _LONGEST_SHORT:
        return details.title
    return f"{name} của {details.place}" + (f" {details.period}" if details.period else "")


def slug(text: str) -> str:
    """Letters, digits and hyphens of a text, without diacritics."""
    base = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in base if not unicodedata.combining(c))).strip("-")[
        :80
    ]


def _used(sections: list[Section], statements: list[Statement]) -> list[Section]:
    """The sections that hold a statement, themselves or below them."""
    held = {statement.section for statement in statements}
    return [
        section
        for section in sections
        if section.id in held or any(ident.startswith(f"{section.id}.") for ident in held)
    ]
