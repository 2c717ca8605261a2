"""Verifies the cards against the official data: what differs without a reason, and reasons that have run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge.compare import differences
from knowledge.content import Content
from knowledge.findings import Finding
from knowledge.lint import references
from knowledge.models import Procedure


def verify(content: Content, official: Mapping[str, Procedure]) -> list[Finding]:
    """Every finding, by file; `official` holds the imported records by code."""
    return sorted({*_cards(content, official), *_pointers(content, official)})


def _cards(content: Content, official: Mapping[str, Procedure]) -> Iterator[Finding]:
    for code, card in content.procedures.items():
        record = official.get(code)
        faults = _faults(card, record) if record else [("code", f"dữ liệu gốc không có mã {code}")]
        yield from (Finding(content.files["procedures", code], code, field, message) for field, message in faults)


def _faults(card: Procedure, record: Procedure) -> Iterator[tuple[str, str]]:
    found: list[tuple[str, str]] = list(differences(card, record))
    told = [field for field in card.unknown if getattr(record, field)]
    found += [(field, f"thẻ ghi là không biết {field}, dữ liệu gốc có") for field in told]
    accepted = {difference.field for difference in card.differs}
    yield from ((field, message) for field, message in found if field not in accepted)
    for field in accepted - {field for field, _ in found}:
        yield "differs", f"không còn khác dữ liệu gốc ở {field}: hãy bỏ lý do đã ghi"


def _pointers(content: Content, official: Mapping[str, Procedure]) -> Iterator[Finding]:
    for kind, ident, field, code in references(content):
        if code not in official:
            yield Finding(content.files[kind, ident], ident, field, f"dữ liệu gốc không có mã {code}")
