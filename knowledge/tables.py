"""The rows of `knowledge.db`: readable columns for people, the whole record as JSON for the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.assemble import Knowledge
from knowledge.models import Plan, Procedure, Record

Row = dict[str, Any]

COLUMNS: dict[str, dict[str, type]] = {
    "procedures": {
        "code": str,
        "name": str,
        "title": str,
        "field": str,
        "level": str,
        "agency": str,
        "popularity": int,
        "source_url": str,
        "source_date": str,
        "has_card": int,
        "body": str,
    },
    "documents": {
        "id": int,
        "code": str,
        "position": int,
        "name": str,
        "originals": int,
        "copies": int,
        "form": str,
        "kind": str,
        "case_text": str,
        "note": str,
        "optional": int,
    },
    "legal_basis": {"id": int, "code": str, "number": str, "name": str},
    "aliases": {"id": int, "code": str, "kind": str, "text": str},
    "groups": {"id": str, "question": str, "asks": str, "body": str},
    "group_variants": {"id": int, "group_id": str, "code": str, "label": str},
    "plans": {
        "id": str,
        "short": str,
        "title": str,
        "number": str,
        "issuer": str,
        "place": str,
        "period": str,
        "source_url": str,
        "source_date": str,
        "body": str,
    },
    "sections": {"id": str, "plan_id": str, "section": str, "heading": str},
    "statements": {
        "id": str,
        "plan_id": str,
        "section_id": str,
        "kind": str,
        "text": str,
        "subject": str,
        "value": str,
        "period": str,
        "lead": str,
        "deadline": str,
    },
    "offices": {
        "id": str,
        "name": str,
        "level": str,
        "commune": str,
        "address": str,
        "phone": str,
        "body": str,
    },
    "faqs": {"id": str, "question": str, "answer": str, "author": str, "source_date": str, "body": str},
    "elsewhere": {"id": str, "asks": str, "answer": str, "body": str},
    "withdrawn": {"code": str, "name": str},
    "meta": {"key": str, "value": str},
}
"""Every table with its columns; the first is the primary key."""

FOREIGN_KEYS: dict[str, list[tuple[str, str, str]]] = {
    "documents": [("code", "procedures", "code")],
    "legal_basis": [("code", "procedures", "code")],
    "aliases": [("code", "procedures", "code")],
    "group_variants": [("group_id", "groups", "id")],
    "sections": [("plan_id", "plans", "id")],
    "statements": [("plan_id", "plans", "id"), ("section_id", "sections", "id")],
}


def rows(knowledge: Knowledge) -> dict[str, Iterator[Row]]:
    """The rows of every table but `meta`, in the order in which they can be written."""
    procedures = knowledge.procedures.values()
    plans = knowledge.plans.values()
    return {
        "procedures": (_procedure(p, p.code in knowledge.with_card) for p in procedures),
        "documents": (row for p in procedures for row in _documents(p)),
        "legal_basis": (
            {"code": p.code, "number": law.number, "name": law.name}
            for p in procedures
            for law in p.legal_basis
        ),
        "aliases": (row for p in procedures for row in _aliases(p)),
        "groups": (
            {"id": g.id, "question": g.question, "asks": "\n".join(g.asks), "body": body(g)}
            for g in knowledge.groups.values()
        ),
        "group_variants": (
            {"group_id": g.id, "code": v.code, "label": v.label}
            for g in knowledge.groups.values()
            for v in g.variants
        ),
        "plans": (_plan(plan) for plan in plans),
        "sections": (row for plan in plans for row in _sections(plan)),
        "statements": (row for plan in plans for row in _statements(plan)),
        "offices": (
            {
                "id": office.id,
                "name": office.name,
                "level": office.level,
                "commune": office.commune,
                "address": office.address,
                "phone": office.phone,
                "body": body(office),
            }
            for office in knowledge.offices.values()
        ),
        "faqs": (
            {
                "id": faq.id,
                "question": faq.questions[0],
                "answer": faq.answer,
                "author": faq.author,
                "source_date": faq.source.as_of.isoformat(),
                "body": body(faq),
            }
            for faq in knowledge.faqs.values()
        ),
        "elsewhere": (
            {"id": e.id, "asks": "\n".join(e.asks), "answer": e.answer, "body": body(e)}
            for e in knowledge.elsewhere.values()
        ),
        "withdrawn": ({"code": code, "name": name} for code, name in knowledge.withdrawn.items()),
    }


def body(record: Record) -> str:
    """The whole record as JSON, without what is empty."""
    return record.model_dump_json(by_alias=True, exclude_defaults=True)


def _procedure(procedure: Procedure, has_card: bool) -> Row:
    return {
        "code": procedure.code,
        "name": procedure.name,
        "title": procedure.display_name,
        "field": procedure.field,
        "level": ", ".join(procedure.level),
        "agency": procedure.agency,
        "popularity": procedure.popularity,
        "source_url": procedure.source.url,
        "source_date": procedure.source.as_of.isoformat(),
        "has_card": int(has_card),
        "body": body(procedure),
    }


def _documents(procedure: Procedure) -> Iterator[Row]:
    for position, paper in enumerate(procedure.dossier, start=1):
        yield {
            "code": procedure.code,
            "position": position,
            "name": paper.name,
            "originals": paper.originals,
            "copies": paper.copies,
            "form": paper.form,
            "kind": paper.kind,
            "case_text": paper.case,
            "note": paper.note,
            "optional": int(paper.optional),
        }


def _aliases(procedure: Procedure) -> Iterator[Row]:
    kinds = (("alias", procedure.aliases), ("situation", procedure.situations), ("example", procedure.examples))
    for kind, texts in kinds:
        for text in texts:
            yield {"code": procedure.code, "kind": kind, "text": text}


def _plan(plan: Plan) -> Row:
    return {
        "id": plan.id,
        "short": plan.short,
        "title": plan.title,
        "number": plan.number,
        "issuer": plan.issuer,
        "place": plan.place,
        "period": plan.period,
        "source_url": plan.source.url,
        "source_date": plan.source.as_of.isoformat(),
        "body": body(plan),
    }


def _sections(plan: Plan) -> Iterator[Row]:
    for section in plan.sections:
        yield {
            "id": f"{plan.id}#{section.id}",
            "plan_id": plan.id,
            "section": section.id,
            "heading": section.heading,
        }


def _statements(plan: Plan) -> Iterator[Row]:
    for statement in plan.statements:
        yield {
            "id": f"{plan.id}#{statement.id}",
            "plan_id": plan.id,
            "section_id": f"{plan.id}#{statement.section}",
            "kind": statement.kind.value,
            "text": statement.text,
            "subject": statement.subject,
            "value": statement.value,
            "period": statement.period,
            "lead": "; ".join(statement.lead) or None,
            "deadline": statement.deadline,
        }
