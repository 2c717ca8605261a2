"""What a record states: the other side of the guard's comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from pydantic import BaseModel

from bot.guard.claims import Claim, ClaimKind, Fact, claims, number, tidy
from bot.guard.offices import Known, Name, known, named, offices, verbatim
from bot.types import RecordKind, RecordRef
from knowledge.database import KnowledgeBase
from knowledge.models import Document, Fee, FeeStatus, Group, Plan, Procedure, Statement, TimeLimit, Unit

_NOT_TOLD = frozenset(
    {"aliases", "situations", "keywords", "asks", "questions", "hints", "not_for", "former_names", "section"}
)
"""Fields that hold how citizens talk, not what is so: no answer may take a figure from them. And the number of a
section, which is told with its heading."""
_SEPARATOR = "␞"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a dossier with its counts."""

    name: str
    counts: frozenset[Fact]


@dataclass(frozen=True)
class Evidence:
    """Everything one record states."""

    facts: frozenset[Fact]
    """What its typed fields state; so wherever it is said."""
    texts: frozenset[str]
    """Its texts, tidied."""
    papers: tuple[Paper, ...] = ()
    entries: tuple[str, ...] = ()
    """The texts of which a list may show a part: the papers, or the statement."""
    names: tuple[str, ...] = ()
    """What a button may call it, perhaps cut."""

    def says(self, claim: Claim) -> bool:
        """Whether one of its texts states this, with the same words around it."""
        return any(claim.alike(other) for other in self._likely(claim))

    def names_office(self, name: Name) -> bool:
        """Whether the record names this office."""
        return any(verbatim(name, text) for text in self.texts) or named(name, self._offices)

    def _likely(self, claim: Claim) -> Iterator[Claim]:
        """All claims of its texts; first those of texts that hold the very words: mostly that is enough."""
        written = claim.text
        for text, low in self._lowered:
            if written in low:
                yield from claims(text)
        for text, low in self._lowered:
            if written not in low:
                yield from claims(text)

    @cached_property
    def _lowered(self) -> list[tuple[str, str]]:
        return [(text, text.lower()) for text in self.texts]

    @cached_property
    def _offices(self) -> Known:
        return known([name for text in self.texts for name in offices(text)])


def evidence_of(knowledge: KnowledgeBase, ref: RecordRef) -> Evidence | None:
    """What the record states; None when the knowledge does not hold it."""
    if ref.kind is RecordKind.GONE:
        return None if knowledge.procedure(ref.id) else _evidence((), [(ClaimKind.CODE, ref.id)])
    if ref.kind is RecordKind.STATEMENT:
        plan_id, _, ident = ref.id.partition("/")
        plan = knowledge.plans.get(plan_id)
        statement = next((s for s in plan.statements if s.id == ident), None) if plan else None
        return _of_statement(plan, statement) if plan and statement else None
    if ref.kind is RecordKind.PROCEDURE:
        procedure = knowledge.procedure(ref.id)
        return _of_procedure(procedure) if procedure else None
    shelves: Mapping[RecordKind, Mapping[str, BaseModel]] = {
        RecordKind.GROUP: knowledge.groups,
        RecordKind.ELSEWHERE: knowledge.elsewhere,
        RecordKind.FAQ: knowledge.faqs,
        RecordKind.OFFICE: knowledge.offices,
    }
    record = shelves[ref.kind].get(ref.id)
    return _of_record(record) if record else None


def evidence_of_text(text: str) -> Evidence:
    """What a text states by itself, such as the hotline of the settings."""
    return _evidence([text], [])


def evidence_of_texts(texts: Iterable[str]) -> Evidence:
    """What texts state together, such as those of an appointment."""
    return _evidence(texts, [])


def _of_record(record: BaseModel) -> Evidence:
    names = tuple(variant.label for variant in record.variants) if isinstance(record, Group) else ()
    return _evidence(_texts(record), _dates(record), names=names)


def _of_procedure(record: Procedure) -> Evidence:
    limits = [*record.time_limits, *(limit for channel in record.channels for limit in channel.time_limits)]
    fees = [*record.fees, *(fee for channel in record.channels for fee in channel.fees)]
    facts = [(ClaimKind.CODE, record.code), *_dates(record)]
    facts += [fact for limit in limits for fact in _time(limit)]
    facts += [fact for fee in fees for fact in _price(fee)]
    signs = [*(law.number for law in record.legal_basis), record.source.decision or ""]
    facts += [claim.fact for sign in signs for claim in claims(tidy(sign))]
    papers = tuple(_paper(document) for document in record.dossier)
    return _evidence(
        _texts(record),
        facts,
        papers=papers,
        entries=tuple(paper.name for paper in papers),
        names=(record.display_name, record.name),
    )


def _of_statement(plan: Plan, statement: Statement) -> Evidence:
    around = plan.model_copy(update={"statements": (statement,), "sections": ()})
    sections = [f"{section.id} – {section.heading}" for section in plan.sections if section.id == statement.section]
    return _evidence([*_texts(around), *sections], _dates(plan), entries=(_name(statement.text),))


def _evidence(
    texts: Iterable[str],
    facts: Iterable[Fact],
    *,
    papers: tuple[Paper, ...] = (),
    entries: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
) -> Evidence:
    together = tidy(_SEPARATOR.join(texts))
    return Evidence(
        frozenset(facts),
        frozenset(text.strip() for text in together.split(_SEPARATOR)),
        papers,
        entries,
        tuple(map(tidy, names)),
    )


def _texts(value: object) -> Iterator[str]:
    """Every text within a record, field by field."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, BaseModel):
        for name, field in value:
            if name not in _NOT_TOLD:
                yield from _texts(field)


def _dates(record: BaseModel) -> list[Fact]:
    """The date of the record's source."""
    as_of = getattr(getattr(record, "source", None), "as_of", None)
    return [(ClaimKind.DATE, as_of.isoformat())] if isinstance(as_of, date) else []


def _time(limit: TimeLimit) -> list[Fact]:
    if limit.value is None:
        return []
    value = number(f"{limit.value:.2f}")
    return [(ClaimKind.NUMBER, value) if limit.unit is Unit.UNKNOWN else (ClaimKind.TIME, f"{value} {limit.unit}")]


def _price(fee: Fee) -> list[Fact]:
    if fee.status is FeeStatus.FREE:
        return [(ClaimKind.FREE, "")]
    return [(ClaimKind.MONEY, f"{fee.amount} vnd")] if fee.amount is not None else []


def _paper(document: Document) -> Paper:
    counts = (("original", document.originals), ("copy", document.copies))
    return Paper(_name(document.name), frozenset((ClaimKind.COUNT, f"{n} {kind}") for kind, n in counts if n))


def _name(text: str) -> str:
    """A text as the beginning of a line is compared with it."""
    return tidy(text).rstrip(".;").lower()
