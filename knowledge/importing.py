"""Imports an export of the national portal into the data directory, and reports what it changed.

`data_dir/imported/` then holds `procedures.jsonl` (our models, one a line, by code), `withdrawn.json` (what
must not be served any more) and `report.json`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge.atomic_files import write_files
from knowledge.export_reader import Export, iter_models, read_export
from knowledge.import_errors import DataImportError, ShrinkRefusedError
from knowledge.import_report import Changed, ImportReport, Named, Withdrawn
from knowledge.models import Procedure

LARGEST_SHRINK = 0.2
"""The share of the procedures that one import may withdraw without being told to."""

_WITHDRAWN = TypeAdapter(dict[str, Withdrawn])


def procedures_file(data_dir: Path) -> Path:
    """Where the imported procedures lie."""
    return data_dir / "imported" / "procedures.jsonl"


def withdrawn_file(data_dir: Path) -> Path:
    """Where the withdrawn procedures are remembered."""
    return data_dir / "imported" / "withdrawn.json"


def report_file(data_dir: Path) -> Path:
    """Where the report of the last import lies."""
    return data_dir / "imported" / "report.json"


def load_procedures(data_dir: Path) -> dict[str, Procedure]:
    """The procedures imported last, by code; none where nothing was imported yet."""
    path = procedures_file(data_dir)
    if not path.exists():
        return {}
    try:
        return {procedure.code: procedure for procedure in iter_models(path)}
    except (OSError, ValueError) as error:
        raise DataImportError(f"Tệp {path} bị hỏng; hãy nhập lại dữ liệu sau khi xoá tệp này.") from error


def load_withdrawn(data_dir: Path) -> dict[str, Withdrawn]:
    """The procedures that must not be served any more, by code."""
    path = withdrawn_file(data_dir)
    if not path.exists():
        return {}
    try:
        return _WITHDRAWN.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataImportError(f"Tệp {path} bị hỏng; hãy khôi phục từ bản sao lưu.") from error


def import_procedures(file: Path, data_dir: Path, *, allow_shrink: bool = False) -> ImportReport:
    """Replace the imported procedures with those of `file`; nothing changes when it fails.

    Raises `ExportUnreadableError`, `ShrinkRefusedError` (more than `LARGEST_SHRINK` would be withdrawn) or
    `WriteFailedError`.
    """
    export = read_export(file)
    before, withdrawn = load_procedures(data_dir), load_withdrawn(data_dir)
    after = dict(sorted({**_kept(export, before), **export.procedures}.items()))
    report = _compare(file.name, export, before, after, withdrawn)
    if not allow_shrink:
        _refuse_shrink(before, report)
    remembered = {code: entry for code, entry in withdrawn.items() if code not in after}
    remembered |= {entry.code: entry for entry in report.withdrawn}
    write_files(
        {
            withdrawn_file(data_dir): _withdrawn_json(remembered),
            procedures_file(data_dir): "".join(map(to_json_line, after.values())),
            report_file(data_dir): report.model_dump_json(indent=2) + "\n",
        }
    )
    return report


def to_json_line(procedure: Procedure) -> str:
    """The procedure as one line of JSON, without what is empty."""
    return procedure.model_dump_json(by_alias=True, exclude_defaults=True) + "\n"


def _withdrawn_json(entries: Mapping[str, Withdrawn]) -> str:
    data = {code: entries[code].model_dump(mode="json") for code in sorted(entries)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _kept(export: Export, before: Mapping[str, Procedure]) -> dict[str, Procedure]:
    """Former records whose new line is there but cannot be read: the procedure still exists."""
    unreadable = {line.code for line in export.rejected if line.code} - export.procedures.keys()
    return {code: before[code] for code in unreadable if code in before}


def _refuse_shrink(before: Mapping[str, Procedure], report: ImportReport) -> None:
    if before and len(report.withdrawn) > LARGEST_SHRINK * len(before):
        raise ShrinkRefusedError(
            f"Tệp mới làm mất {len(report.withdrawn)} trên {len(before)} thủ tục, quá {LARGEST_SHRINK:.0%}."
            " Không có gì được thay đổi. Nếu đúng là như vậy, hãy chạy lại với --allow-shrink."
        )


def _compare(
    file: str,
    export: Export,
    before: Mapping[str, Procedure],
    after: Mapping[str, Procedure],
    withdrawn: Mapping[str, Withdrawn],
) -> ImportReport:
    as_of = max(procedure.source.as_of for procedure in export.procedures.values())
    new = [code for code in after if code not in before]
    changed = [entry for code in after if code in before and (entry := _changed(before[code], after[code]))]
    return ImportReport(
        file=file,
        as_of=as_of,
        previous_as_of=max((procedure.source.as_of for procedure in before.values()), default=None),
        total=len(after),
        unchanged=len(after) - len(new) - len(changed),
        added=tuple(_named(after[code]) for code in new if code not in withdrawn),
        restored=tuple(_named(after[code]) for code in new if code in withdrawn),
        changed=tuple(changed),
        withdrawn=tuple(
            Withdrawn(code=code, name=before[code].name, since=as_of)
            for code in sorted(before.keys() - after)
        ),
        kept=tuple(_named(after[code]) for code in after if code not in export.procedures),
        rejected=tuple(export.rejected),
        suspects=tuple(export.suspects),
        with_warnings=sum(bool(procedure.warnings) for procedure in after.values()),
        fee_statuses=_fee_statuses(after),
    )


def _named(procedure: Procedure) -> Named:
    return Named(code=procedure.code, name=procedure.name)


def _changed(old: Procedure, new: Procedure) -> Changed | None:
    """What differs; the date of the data and the address of the page do not count."""
    fields = tuple(
        name
        for name in Procedure.model_fields
        if (name != "source" and getattr(old, name) != getattr(new, name))
        or (name == "source" and old.source.decision != new.source.decision)
    )
    return Changed(code=new.code, name=new.name, fields=fields) if fields else None


def _fee_statuses(procedures: Mapping[str, Procedure]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for procedure in procedures.values():
        fees = [*procedure.fees, *(fee for channel in procedure.channels for fee in channel.fees)]
        counts.update({fee.status.value for fee in fees} or {"none"})
    return dict(sorted(counts.items()))
