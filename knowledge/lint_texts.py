"""Finds links that cannot work and brackets that do not close, in any text of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from knowledge.models import Record

_LINK = re.compile(r"\b(?:https?\s?:|www\.)\S*(?:\s//\S+)?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_ENDS_BADLY = (".", ",", ";", ":", ")", "…")


def text_faults(record: Record) -> Iterator[tuple[str, str]]:
    """(field, message) of each fault: a link without scheme or host, with a blank or a full stop; half a bracket."""
    for field, text in _texts(record.model_dump(mode="json"), ""):
        for link in _LINK.findall(text):
            if not _well_formed(link):
                yield field, f"đường dẫn hỏng: “{link}”"
        if field.endswith("url") and " " in text:
            yield field, f"đường dẫn có dấu cách: “{text}”"
        if text.count("(") != text.count(")"):
            yield field, f"dấu ngoặc không đủ đôi: “{text}”"


def _well_formed(link: str) -> bool:
    if not link.isascii() or link.endswith(_ENDS_BADLY):
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST.fullmatch(host))


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every text in a dumped record with the path of its field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{field}.{key}" if field else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{field}.{number}")
