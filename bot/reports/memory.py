"""What a conversation remembers of a report that is under way. No name, no phone."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Step(StrEnum):
    """What was asked last, and so what the next message probably tells."""

    OFFER = "offer"
    """Whether it shall become a report at all."""
    WHAT = "what"
    PLACE = "place"
    SIMILAR = "similar"
    """Whether one of the reports that there are is meant."""
    CONTACT = "contact"
    SURE = "sure"
    """Whether it is right and shall be sent."""


class Report(BaseModel):
    """A report under way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: Step = Step.WHAT
    what: str = ""
    place: str = ""
    """Where, in the citizen's words."""
    commune: str | None = None
    """The id of the commune's centre."""
    latitude: float | None = None
    longitude: float | None = None
    placed: bool = False
    """Where it is was told, or is not known."""
    asked_commune: bool = False
    compared: bool = False
    """Reports that are like it were looked for."""
    call_back: bool | None = None
    """Whether the citizen may be called; None: not asked yet."""
    shelved: bool = False
    """A booking was begun meanwhile and comes first."""
