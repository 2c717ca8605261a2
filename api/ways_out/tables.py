"""Rows as JSON and as CSV. In CSV no cell begins what a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

_FORMULA = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
_UNSEEN = " \t\r\n\0\u00a0\u200b\ufeff"


def as_json(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows with the columns in order, times in ISO 8601."""
    return [{name: _plain(row[name]) for name in columns} for row in rows]


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """UTF-8 text after RFC 4180 with a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as a cell; an apostrophe in front where a spreadsheet would calculate (OWASP, CSV injection)."""
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list | dict):
        plain = ";".join(map(str, plain)) if isinstance(plain, list) else json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, int | float):
        return str(plain)
    text = str(plain).replace("\0", "")
    risky = text.lstrip(_UNSEEN).startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if risky else text


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
