"""Puts together everything that is served: our content, the imported procedures, the imported plans."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from knowledge.content import Content
from knowledge.importing import load_procedures, load_withdrawn
from knowledge.learned import Learned, lay_over, load_learned
from knowledge.merge import merge
from knowledge.models import Elsewhere, Faq, Group, Office, Plan, Procedure, Record
from knowledge.plans_import import load_plans

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is served, each kind by its id and in the order of its ids."""

    procedures: Mapping[str, Procedure]
    with_card: frozenset[str]
    """Codes that have a card of ours."""
    withdrawn: Mapping[str, str]
    """Codes that must not be served any more, with their official titles."""
    groups: Mapping[str, Group]
    plans: Mapping[str, Plan]
    offices: Mapping[str, Office]
    faqs: Mapping[str, Faq]
    elsewhere: Mapping[str, Elsewhere]
    content_hash: str
    """The same for the same knowledge, whatever the day and the order of the files."""
    remarks: tuple[str, ...] = field(default=())
    """What was left out and why, in Vietnamese."""


def assemble(content: Content, data_dir: Path | None, learned: Learned | None = None) -> Knowledge:
    """Content, imports and what was learned from use as one; `data_dir` is None where nothing is imported.

    Withdrawn procedures are left out even where a card exists, and nothing points to them any more. `learned` is
    what the data directory holds unless it is given.

    Raises `DataImportError` when an imported file is damaged, `ContentError` when the learned one is.
    """
    if learned is None:
        learned = load_learned(data_dir) if data_dir else Learned()
    official = load_procedures(data_dir) if data_dir else {}
    withdrawn = {code: entry.name for code, entry in load_withdrawn(data_dir).items()} if data_dir else {}
    imported_plans = load_plans(data_dir) if data_dir else {}
    remarks: list[str] = []
    procedures = _procedures(official, content.procedures, withdrawn, remarks)
    groups = _groups(content.groups, withdrawn, remarks)
    remarks += lay_over(procedures, groups, learned)
    kinds: dict[str, Mapping[str, Record]] = {
        "procedures": procedures,
        "groups": groups,
        "plans": _plans(imported_plans, content.plans, remarks),
        "offices": content.offices,
        "faqs": _pointing(content.faqs.values(), "id", withdrawn),
        "elsewhere": _pointing(content.elsewhere.values(), "id", withdrawn),
    }
    ordered = {kind: dict(sorted(records.items())) for kind, records in kinds.items()}
    return Knowledge(
        **ordered,  # type: ignore[arg-type]
        with_card=frozenset(content.procedures.keys() & procedures.keys()),
        withdrawn=dict(sorted(withdrawn.items())),
        content_hash=_content_hash(ordered, withdrawn),
        remarks=tuple(remarks),
    )


def _procedures(
    official: Mapping[str, Procedure],
    cards: Mapping[str, Procedure],
    withdrawn: Mapping[str, str],
    remarks: list[str],
) -> dict[str, Procedure]:
    served = {code: procedure for code, procedure in official.items() if code not in withdrawn}
    for code, card in cards.items():
        if code in withdrawn:
            remarks.append(
                f"Thẻ {code} {card.display_name} không dùng nữa: thủ tục đã bị bãi bỏ hoặc thay mã."
            )
        else:
            served[code] = merge(served[code], card) if code in served else card
    return _pointing(served.values(), "code", withdrawn)


def _groups(
    groups: Mapping[str, Group], withdrawn: Mapping[str, str], remarks: list[str]
) -> dict[str, Group]:
    """The groups without withdrawn variants; a group of one is no question any more."""
    kept = {}
    for ident, group in groups.items():
        variants = tuple(variant for variant in group.variants if variant.code not in withdrawn)
        if len(variants) == len(group.variants):
            kept[ident] = group
        elif len(variants) > 1:
            kept[ident] = group.model_copy(update={"variants": variants})
        else:
            remarks.append(f"Nhóm {ident} không dùng nữa: chỉ còn {len(variants)} thủ tục.")
    return kept


def _plans(imported: Mapping[str, Plan], ours: Mapping[str, Plan], remarks: list[str]) -> dict[str, Plan]:
    """Imported plans and ours; ours win where both are the same document."""
    numbers = {plan.number for plan in ours.values() if plan.number}
    kept = dict(ours)
    for ident, plan in imported.items():
        if ident in ours or (plan.number and plan.number in numbers):
            remarks.append(f"Văn bản đã nhập {ident} không dùng: đã có bản soạn sẵn của {plan.short}.")
        else:
            kept[ident] = plan
    return kept


def _pointing(records: Iterable[R], key: str, withdrawn: Mapping[str, str]) -> dict[str, R]:
    """The records by their key, without references to withdrawn procedures."""
    return {getattr(record, key): _without(record, withdrawn) for record in records}


def _without(record: R, withdrawn: Mapping[str, str]) -> R:
    if isinstance(record, Procedure):
        pointers = record.not_for
        kept = tuple(
            other.model_copy(update={"code": None}) if other.code in withdrawn else other
            for other in pointers
        )
        return record.model_copy(update={"not_for": kept}) if kept != pointers else record
    codes: tuple[str, ...] = getattr(record, "codes", ())
    left = tuple(code for code in codes if code not in withdrawn)
    return record.model_copy(update={"codes": left}) if left != codes else record


def _content_hash(kinds: Mapping[str, Mapping[str, Record]], withdrawn: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for kind, records in kinds.items():
        for ident, record in records.items():
            digest.update(f"{kind}\0{ident}\0{record.model_dump_json(by_alias=True)}\n".encode())
    for code in sorted(withdrawn):
        digest.update(f"withdrawn\0{code}\n".encode())
    return digest.hexdigest()
