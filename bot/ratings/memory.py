"""What a conversation remembers of being asked for stars; outlives everything else that is forgotten after a while."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class RatingMemory(BaseModel):
    """When somebody was asked, and what for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked_on: date | None = None
    """The day on which stars were asked for last: once a day is enough."""
    answers: int = 0
    """Answers since then."""
    answer: int | None = None
    """The message that was answered last."""
    subject: str | None = None
    """What was rated last, as the ids of choices name it."""
    writing: bool = False
    """The next message says why."""
