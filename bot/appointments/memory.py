"""What a conversation remembers of a booking that is under way. No name, no phone, no secret."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.when.types import Wish


class Goal(StrEnum):
    """What the citizen is about to do."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    VIEW = "view"


class Step(StrEnum):
    """What was asked last, and so what the next message probably tells."""

    MATTER = "matter"
    OFFICE = "office"
    TIME = "time"
    PERSON = "person"
    WHICH = "which"
    """Which of several appointments."""
    SURE = "sure"
    """Whether to cancel it really."""


class Booking(BaseModel):
    """A booking under way; what is None is still to be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goal: Goal = Goal.BOOK
    step: Step = Step.MATTER
    code: str | None = None
    """The procedure."""
    group: str | None = None
    """The service group, known with the procedure or chosen alone."""
    office: str | None = None
    when: Wish | None = None
    """What was said of days and times so far."""
    slot: datetime | None = None
    """The seat that is held."""
    reference: str | None = None
    """The appointment that is to be moved or cancelled."""
    minutes: int | None = Field(default=None, ge=0)
    """How long the visit takes, of an appointment that is moved."""
    after: datetime | None = None
    """Only later times are asked for."""
    choosing: bool = False
    """The time wished has just been refused: offer others, take none unasked."""
    viewing: bool = False
    """The appointments there are were asked for in between."""
    accepting: bool = False
    """The seat that was offered from the waiting list is to be taken."""
    for_other: bool = False
    helper: bool = False
    """A community helper says to book for others."""

    @property
    def subject(self) -> str | None:
        """What the ids of choices say of the matter: the procedure's code, or the group."""
        return self.code or self.group
