"""Holds a finished turn against the records that it names, and blocks it where they do not bear it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from bot import replies
from bot.appointments.requests import Result
from bot.catalog import fragments
from bot.guard.appointments import evidence_of_result, evidence_of_service_names
from bot.guard.claims import Claim, ClaimKind, claims, tidy
from bot.guard.evidence import Evidence, evidence_of, evidence_of_text
from bot.guard.offices import Name, offices
from bot.guard.reports import evidence_of_numbers, evidence_of_report
from bot.guard.rights import evidence_of_data
from bot.render import paragraphs
from bot.reports.requests import ReportResult
from bot.rights.requests import DataResult
from bot.types import Outcome, RecordRef, Reply, Turn, Unsupported
from knowledge.database import KnowledgeBase

_RECORDS_REMEMBERED = 256
_CUT = "…"
_NOTHING = evidence_of_text("")
_CODE = re.compile(r"\d{1,2}\.\d{6,7}")

Beside = Callable[[RecordRef], Evidence | None]
"""Gives what a record states that is not part of the build."""


def _nothing_beside(_ref: RecordRef) -> Evidence | None:
    return None


class Guard:
    """Checks every turn. Works on the finished reply and on the records; knows nothing of how it was composed."""

    def __init__(self, hotline: str | None = None) -> None:
        self._hotline = hotline
        own = (evidence_of_text(hotline),) if hotline else ()
        self._always = (evidence_of_service_names(), *evidence_of_numbers(), *own)
        self._records = _Records(None)

    def checked(self, turn: Turn, knowledge: KnowledgeBase, beside: Beside = _nothing_beside) -> Turn:
        """The turn itself, or in its place one that says nothing about the matter and lists what was unsupported."""
        found = self.check(turn.reply, turn.sources, knowledge, turn.grounds, beside)
        return self._blocked(turn, found) if found else turn

    def check(
        self,
        reply: Reply,
        sources: Sequence[RecordRef],
        knowledge: KnowledgeBase,
        grounds: Sequence[Result | DataResult | ReportResult] = (),
        beside: Beside = _nothing_beside,
    ) -> tuple[Unsupported, ...]:
        """What the reply states and neither the sources do nor what the caller told.

        `beside` knows records that the knowledge does not hold.
        """
        records = self._records
        if records.knowledge is not knowledge:
            self._records = records = _Records(knowledge)
        found = [evidence for ref in sources if (evidence := records.get(ref) or beside(ref)) is not None]
        told = [evidence for result in grounds for evidence in _told(result, knowledge)]
        return tuple(dict.fromkeys(_unsupported(reply, (*found, *told, *self._always))))

    def _blocked(self, turn: Turn, found: tuple[Unsupported, ...]) -> Turn:
        state = turn.state.model_copy(
            update={"offered": (), "pending_aspects": (), "pending_text": "", "last_outcome": Outcome.BLOCKED}
        )
        reply = replies.blocked(self._hotline)
        return turn.model_copy(
            update={"state": state, "reply": reply, "outcome": Outcome.BLOCKED, "unsupported": found}
        )


def _told(result: Result | DataResult | ReportResult, knowledge: KnowledgeBase) -> Iterator[Evidence]:
    if isinstance(result, DataResult):
        return evidence_of_data(result, knowledge)
    if isinstance(result, ReportResult):
        return evidence_of_report(result, knowledge)
    return evidence_of_result(result, knowledge)


class _Records:
    """What the records of one knowledge state, the latest of them remembered."""

    def __init__(self, knowledge: KnowledgeBase | None) -> None:
        self.knowledge = knowledge
        self.get = lru_cache(maxsize=_RECORDS_REMEMBERED)(self._read)

    def _read(self, ref: RecordRef) -> Evidence | None:
        return evidence_of(self.knowledge, ref) if self.knowledge is not None else None


def _unsupported(reply: Reply, evidences: Sequence[Evidence]) -> Iterator[Unsupported]:
    for line in _lines(reply):
        if not _stands_in_a_record(line, evidences):
            yield from _of_line(line, reply, evidences)


def _of_line(line: str, reply: Reply, evidences: Sequence[Evidence]) -> list[Unsupported]:
    """What no record states. A line quotes one record: what it states has to stand in one together."""
    pieces = _own_words(line)
    stated = [claim for piece in pieces for claim in claims(piece)]
    named = [name for piece in pieces for name in offices(piece)]
    if not stated and not named:
        return []
    counted = any(claim.fact[0] is ClaimKind.REST for claim in stated)
    rests = frozenset(map(str, _rests(line, reply, evidences))) if counted else frozenset()
    missing = ([*_missing(stated, named, line, rests, evidence)] for evidence in evidences or (_NOTHING,))
    return min(missing, key=len)


def _missing(
    stated: Sequence[Claim], named: Sequence[Name], line: str, rests: frozenset[str], evidence: Evidence
) -> Iterator[Unsupported]:
    for claim in stated:
        if not _supported(claim, line, rests, evidence):
            yield Unsupported(kind=claim.fact[0], text=claim.text)
    for name in named:
        if not evidence.names_office(name):
            yield Unsupported(kind=ClaimKind.OFFICE, text=name.text)


def _lines(reply: Reply) -> Iterator[str]:
    """All that any channel shows, but for the numbers that it puts before choices."""
    for line in (line for paragraph in paragraphs(reply) for line in paragraph):
        yield tidy(line.text)
        if line.url:
            yield line.url
    for choice in reply.choices:
        yield tidy(choice.label)
        yield from _CODE.findall(f"{choice.id} {choice.code}")


def _stands_in_a_record(line: str, evidences: Sequence[Evidence]) -> bool:
    """Whether the line is a text of a record, or the beginning of its name."""
    if line.endswith(_CUT):
        begun = line.removesuffix(_CUT).rstrip()
        return any(name.startswith(begun) for evidence in evidences for name in evidence.names)
    return any(line in evidence.texts for evidence in evidences)


def _own_words(line: str) -> list[str]:
    """The line without the catalogue's fixed wording."""
    return [piece for piece in _FIXED.split(line) if piece.strip()] if _FIXED.pattern else [line]


def _supported(claim: Claim, line: str, rests: frozenset[str], evidence: Evidence) -> bool:
    kind, value = claim.fact
    return (
        claim.fact in evidence.facts
        or (kind is ClaimKind.COUNT and _counts_paper(claim, line.lower(), evidence))
        or (kind is ClaimKind.REST and value in rests)
        or evidence.says(claim)
    )


def _counts_paper(claim: Claim, line: str, evidence: Evidence) -> bool:
    """Whether the line is about a paper of which so many are asked for."""
    meant = [paper for paper in evidence.papers if line.startswith(paper.name)]
    longest = max((len(paper.name) for paper in meant), default=0)
    return any(claim.fact in paper.counts for paper in meant if len(paper.name) == longest)


def _rests(line: str, reply: Reply, evidences: Sequence[Evidence]) -> Iterator[int]:
    """How many entries the lists right above the line leave out: of one record, or of all together."""
    place = next((n for n, block in enumerate(reply.blocks) if tidy(block.text) == line), 0)
    together = [entry for evidence in evidences for entry in evidence.entries]
    shown: list[str] = []
    for block in reversed(reply.blocks[:place]):
        items = [tidy(item).lower() for item in block.items]
        if not items or not all(item.startswith(tuple(together)) for item in items):
            return
        shown += items
        for entries in (together, *(evidence.entries for evidence in evidences)):
            yield _left_out(entries, shown)


def _left_out(entries: Sequence[str], items: Sequence[str]) -> int:
    """The entries that stand in no item, each item showing one entry: the longest with which it begins."""
    left = sorted(entries, key=len, reverse=True)
    for item in items:
        shown = next((entry for entry in left if item.startswith(entry)), None)
        if shown is not None:
            left.remove(shown)
    return len(left)


def _fixed() -> re.Pattern[str]:
    """Fixed wording that holds claims of its own. No wording may say of itself that nothing is to be paid."""
    holding = []
    for fragment in map(tidy, fragments()):
        kinds = {claim.fact[0] for claim in claims(fragment)} | {ClaimKind.OFFICE for _ in offices(fragment)}
        if kinds and ClaimKind.FREE not in kinds:
            holding.append(re.escape(fragment))
    return re.compile("|".join(holding))


_FIXED = _fixed()
