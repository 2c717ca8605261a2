"""Answering a case: draft, submit, approve by a second person, publish, withdraw. Each step is audited.

An answer is sent to its askers in the transaction that approves it, and they are told in the one that withdraws it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select, update

from feed.case_states import Step
from feed.cases import LONGEST_AGENCY, add_note
from feed.change import Change, keep, optional, reason_of, required, status_after, take
from feed.errors import BadDeadline, BadSource, FourEyes, Missing, NotFound
from feed.publishing import check, findings
from feed.telling import tell_askers, tell_withdrawn
from store.feed_tables import answers
from store.rows import insert

LONGEST_QUESTION = 500
MOST_SOURCES = 10
_LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from, as citizens see it."""

    title: str
    date: date
    section: str | None = None
    url: str | None = None

    def checked(self) -> dict[str, Any]:
        """As it is kept: the form of a reply's citations. Raises `BadSource` for an address that is none of the web."""
        url = optional(self.url or "", _LONGEST_URL) or None
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise BadSource
        section = optional(self.section or "", LONGEST_QUESTION) or None
        return {
            "title": required(self.title, "source", LONGEST_QUESTION),
            "section": section,
            "url": url,
            "date": self.date.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer writes. `question` is the public wording; `public` says that it shall be published."""

    question: str
    text: str
    agency: str
    sources: tuple[Source, ...] = ()
    public: bool = False
    expires_at: datetime | None = None
    known: Collection[str] = ()
    """Numbers of offices, which are nobody's data."""

    @property
    def findings(self) -> Collection[Any]:
        """What looks like personal data in it."""
        return findings(self.question, self.text, known=self.known)


async def save_draft(change: Change, case_id: int, version: int, draft: Draft) -> int:
    """Keeps what was written so far, whatever it lacks; whoever wrote last is its author."""
    row = await take(change, case_id, version, Step.DRAFT)
    answer_id = await _write(change, row, _values(change, draft))
    await keep(change, row, "answer_drafted", {}, answer=answer_id)
    return answer_id


async def submit(change: Change, case_id: int, version: int, draft: Draft, confirmed: Collection[str] = ()) -> int:
    """Hands a complete answer in for approval.

    Raises `Missing`, `PersonalData` where it shall be published and holds findings that are not `confirmed`, and
    `BadDeadline` where it would have expired.
    """
    row = await take(change, case_id, version, Step.SUBMIT)
    for text, field in ((draft.question, "question"), (draft.text, "answer"), (draft.agency, "answering_agency")):
        required(text, field)
    if draft.public:
        _check_expiry(draft.expires_at, change.at)
        check(draft.findings, confirmed)
    values = _values(change, draft) | {"status": "submitted", "submitted_at": change.at}
    answer_id = await _write(change, row, values)
    status = {"status": status_after(row, Step.SUBMIT)}
    await keep(change, row, "answer_submitted", status, answer=answer_id, confirmed=_kinds(draft, confirmed))
    return answer_id


async def approve(
    change: Change, case_id: int, version: int, *, reason: str = "", confirmed: Collection[str] = (),
    known: Collection[str] = (),
) -> int:  # fmt: skip
    """Approves the submitted answer and sends it to all askers; returns to how many. An older answer is replaced.

    Raises `FourEyes` where the author would approve it; who may act alone needs a `reason` then (`Missing`).
    """
    row = await take(change, case_id, version, Step.APPROVE)
    answer = await _one(change, case_id, "submitted")
    alone = _second_pair_of_eyes(change, answer, reason)
    if answer.public:
        _check_expiry(answer.expires_at, change.at)
        check(findings(answer.question, answer.text, known=known), confirmed)
    await _replace(change, case_id)
    values = {"status": "approved", "approver_id": change.actor.account_id, "approved_at": change.at}
    await _change(change, answer, values | {"published_at": change.at if answer.public else None})
    told = await tell_askers(change.connection, answer.id, change.at)
    moved = {"status": status_after(row, Step.APPROVE), "answered_at": change.at}
    detail = {"answer": answer.id, "public": answer.public, "told": told}
    await keep(change, row, "answer_approved", moved, **detail | ({"alone": alone} if alone else {}))
    return told


async def reject(change: Change, case_id: int, version: int, reason: str) -> None:
    """Gives the submitted answer back to its author, with a note that says why."""
    row = await take(change, case_id, version, Step.REJECT)
    reason = reason_of(reason)
    answer = await _one(change, case_id, "submitted")
    await _change(change, answer, {"status": "draft", "submitted_at": None})
    await add_note(change, case_id, reason)
    status = {"status": status_after(row, Step.REJECT), "assignee_id": row.assignee_id or answer.author_id}
    await keep(change, row, "answer_rejected", status, answer=answer.id, why=reason)


async def publish(
    change: Change, case_id: int, version: int, question: str, expires_at: datetime | None, *,
    reason: str = "", confirmed: Collection[str] = (), known: Collection[str] = (),
) -> None:  # fmt: skip
    """Puts the approved answer on the public page under this wording, or changes wording and expiry there.

    Raises like `approve`: what stands in public was seen by two.
    """
    row = await take(change, case_id, version, Step.PUBLISH)
    answer = await _one(change, case_id, "approved")
    alone = _second_pair_of_eyes(change, answer, reason)
    question = required(question, "question", LONGEST_QUESTION)
    _check_expiry(expires_at, change.at)
    check(findings(question, answer.text, known=known), confirmed)
    values = {"public": True, "question": question, "expires_at": expires_at, "published_at": change.at}
    await _change(change, answer, values)
    detail = {"answer": answer.id} | ({"alone": alone} if alone else {})
    await keep(change, row, "answer_published", {}, **detail)


async def unpublish(change: Change, case_id: int, version: int, reason: str) -> None:
    """Takes the approved answer off the public page. Those who asked keep it, and nobody is told."""
    row = await take(change, case_id, version, Step.PUBLISH)
    reason = reason_of(reason)
    answer = await _one(change, case_id, "approved")
    await _change(change, answer, {"public": False})
    await keep(change, row, "answer_unpublished", {}, answer=answer.id, why=reason)


async def withdraw(change: Change, case_id: int, version: int, reason: str, due_at: datetime) -> int:
    """Withdraws the approved answer: it is never served again, and all who had got it are told; returns how many.

    A case that it had answered is open again, due at `due_at`.
    """
    row = await take(change, case_id, version, Step.WITHDRAW)
    reason = reason_of(reason)
    answer = await _one(change, case_id, "approved")
    values = {"status": "withdrawn", "public": False, "withdrawn_at": change.at, "withdrawn_reason": reason}
    await _change(change, answer, values)
    told = await tell_withdrawn(change.connection, answer.id, change.at)
    moved: dict[str, Any] = {"status": status_after(row, Step.WITHDRAW)}
    if moved["status"] != row.status:
        moved |= {"answered_at": None, "due_at": due_at}
    await keep(change, row, "answer_withdrawn", moved, answer=answer.id, told=told, why=reason)
    return told


def _values(change: Change, draft: Draft) -> dict[str, Any]:
    if len(draft.sources) > MOST_SOURCES:
        raise BadSource
    return {
        "question": optional(draft.question, LONGEST_QUESTION),
        "text": optional(draft.text),
        "agency": optional(draft.agency, LONGEST_AGENCY),
        "sources": [source.checked() for source in draft.sources],
        "public": draft.public,
        "expires_at": draft.expires_at,
        "author_id": change.actor.account_id,
    }


async def _write(change: Change, row: Row[Any], values: dict[str, Any]) -> int:
    """The case's one draft, made or changed."""
    mine = (answers.c.case_id == row.id) & (answers.c.status == "draft")
    found = (await change.connection.execute(select(answers).where(mine))).first()
    if found is not None:
        await _change(change, found, values)
        return int(found.id)
    new = {"status": "draft", **values, "case_id": row.id, "created_at": change.at}
    return await insert(change.connection, answers, new)


async def _one(change: Change, case_id: int, status: str) -> Row[Any]:
    """The case's newest answer of a status. Raises `NotFound`."""
    mine = (answers.c.case_id == case_id) & (answers.c.status == status)
    statement = select(answers).where(mine).order_by(answers.c.id.desc()).limit(1)
    found = (await change.connection.execute(statement)).first()
    if found is None:
        raise NotFound
    return found


async def _change(change: Change, answer: Row[Any], values: dict[str, Any]) -> None:
    statement = update(answers).where(answers.c.id == answer.id)
    await change.connection.execute(statement.values(version=answer.version + 1, **values))


async def _replace(change: Change, case_id: int) -> None:
    """Takes older answers of the case off the public page: the new one takes their place."""
    older = (answers.c.case_id == case_id) & (answers.c.status == "approved") & answers.c.public
    for answer in (await change.connection.execute(select(answers).where(older))).all():
        await _change(change, answer, {"public": False})
        await change.record("answer_replaced", f"case:{case_id}", answer=answer.id)


def _second_pair_of_eyes(change: Change, answer: Row[Any], reason: str) -> str:
    """The reason why nobody else looks at it; empty where somebody else does."""
    if answer.author_id != change.actor.account_id:
        return ""
    if not change.actor.alone:
        raise FourEyes
    return reason_of(reason)


def _check_expiry(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is None:
        raise Missing("expiry")
    if expires_at <= now:
        raise BadDeadline


def _kinds(draft: Draft, confirmed: Collection[str]) -> list[str]:
    """Kinds of findings that the officer confirmed to be no personal data: never the words themselves."""
    return sorted({finding.kind.value for finding in draft.findings if finding.text in confirmed})
