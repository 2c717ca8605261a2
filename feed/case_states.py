"""How a case moves: which steps are open in which state, and where they lead. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a case stands, as `cases.status` holds it."""

    NEW = "new"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    """An answer waits for approval."""
    ANSWERED = "answered"
    CLOSED = "closed"
    """Without an answer, with a reason."""


class Step(StrEnum):
    """What an officer does to a case. Notes, deadlines and labels change no state and are always open."""

    ASSIGN = "assign"
    DRAFT = "draft"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    """Puts an approved answer on the public page, or takes it off."""
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"


OPEN = (Status.NEW, Status.ASSIGNED, Status.SUBMITTED)
"""Nobody has answered yet, or not any more."""
_NEXT: Mapping[Status, Mapping[Step, Status]] = {
    Status.NEW: {
        Step.ASSIGN: Status.ASSIGNED,
        Step.DRAFT: Status.NEW,
        Step.SUBMIT: Status.SUBMITTED,
        Step.CLOSE: Status.CLOSED,
    },
    Status.ASSIGNED: {
        Step.ASSIGN: Status.ASSIGNED,
        Step.DRAFT: Status.ASSIGNED,
        Step.SUBMIT: Status.SUBMITTED,
        Step.PUBLISH: Status.ASSIGNED,
        Step.WITHDRAW: Status.ASSIGNED,
        Step.CLOSE: Status.CLOSED,
    },
    Status.SUBMITTED: {
        Step.ASSIGN: Status.SUBMITTED,
        Step.APPROVE: Status.ANSWERED,
        Step.REJECT: Status.ASSIGNED,
        Step.PUBLISH: Status.SUBMITTED,
        Step.WITHDRAW: Status.SUBMITTED,
    },
    Status.ANSWERED: {
        Step.PUBLISH: Status.ANSWERED,
        Step.WITHDRAW: Status.ASSIGNED,
        Step.REOPEN: Status.ASSIGNED,
    },
    Status.CLOSED: {
        Step.PUBLISH: Status.CLOSED,
        Step.WITHDRAW: Status.CLOSED,
        Step.REOPEN: Status.ASSIGNED,
    },
}
"""An approved answer stays in force while its case is open again, until it is withdrawn or replaced."""


def after(status: Status, step: Step) -> Status | None:
    """The state after a step; None where the step is not open."""
    return _NEXT[status].get(step)


def steps(status: Status) -> frozenset[Step]:
    """The steps that are open."""
    return frozenset(_NEXT[status])
