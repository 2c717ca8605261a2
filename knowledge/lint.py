"""Checks content that already fits its models: what is missing, doubled, malformed, or leads nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterator

from knowledge.content import Content
from knowledge.findings import Finding, Severity
from knowledge.lint_cards import card_faults
from knowledge.lint_names import Words, name_faults
from knowledge.lint_texts import text_faults
from knowledge.models import Group, Record

MAX_LABEL = 40
"""Longest label of a button, in characters: Telegram and Zalo cut off more on a small screen."""


def lint(content: Content, words: Words, official: Container[str] = ()) -> list[Finding]:
    """Every finding, by file.

    `words` is how search reads a name, so that both mean the same by "the same"; `official` are the codes that the
    official data knows, where it is at hand.
    """
    return sorted({*_records(content, words), *_references(content, official), *name_faults(content, words)})


def _records(content: Content, words: Words) -> Iterator[Finding]:
    """What is wrong within one record."""
    for (kind, ident), path in content.files.items():
        record: Record = getattr(content, kind)[ident]
        faults = list(text_faults(record))
        if kind == "procedures":
            faults += card_faults(content.procedures[ident], words)
        if kind == "groups":
            faults += _group_faults(content.groups[ident])
        if kind in ("procedures", "plans") and path.stem != ident:
            faults.append(("code" if kind == "procedures" else "id", f"tên tệp phải là {ident}.yaml"))
        yield from (Finding(path, ident, field, message) for field, message in faults)


def _group_faults(group: Group) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    codes = [variant.code for variant in group.variants]
    for number, variant in enumerate(group.variants):
        field = f"variants.{number}"
        if variant.code in codes[:number]:
            yield f"{field}.code", f"{variant.code} đã là một lựa chọn khác của nhóm"
        if len(variant.label) > MAX_LABEL:
            yield f"{field}.label", f"dài {len(variant.label)} ký tự, nút bấm chỉ chứa được {MAX_LABEL}"
        for hint in variant.hints:
            other = seen.setdefault(hint.casefold(), variant.code)
            if other != variant.code:
                yield f"{field}.hints", f"“{hint}” cũng là dấu hiệu của {other}, nên không phân biệt được"


def _references(content: Content, official: Container[str]) -> Iterator[Finding]:
    """Codes that nothing shows to exist: right only where they stand in the official data."""
    for kind, ident, field, code in references(content):
        path = content.files[kind, ident]
        if code not in content.procedures and code not in official:
            yield Finding(path, ident, field, f"mã {code} không có thẻ nào", Severity.WARNING)
        elif kind == "procedures" and code == ident:
            yield Finding(path, ident, field, "thẻ chỉ sang chính nó")


def references(content: Content) -> Iterator[tuple[str, str, str, str]]:
    """(kind, id, field, code) of every code that a record points to."""
    for card in content.procedures.values():
        for number, other in enumerate(card.not_for):
            if other.code:
                yield "procedures", card.code, f"not_for.{number}.code", other.code
    for group in content.groups.values():
        for number, variant in enumerate(group.variants):
            yield "groups", group.id, f"variants.{number}.code", variant.code
    for kind, records in (("elsewhere", content.elsewhere), ("faqs", content.faqs)):
        for ident, record in records.items():
            for number, code in enumerate(record.codes):
                yield kind, ident, f"codes.{number}", code
