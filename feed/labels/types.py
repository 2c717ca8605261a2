"""What a message is labelled with: its kind, its sentiment, and the flags that bring it to a person at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is; the rules of labelling stand in docs/feed-labels.md."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    PROPOSAL = "proposal"
    PRAISE = "praise"
    OTHER = "other"


class Sentiment(StrEnum):
    """The feeling that its words express towards the service, the authorities or the situation."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Flag(StrEnum):
    """What a person has to look at, at once."""

    DANGER = "danger"
    """Life, health or property is in danger now."""
    BRIBERY = "bribery"
    """Money or a gift beside the fee was asked for, offered or hinted at."""
    SELF_HARM = "self_harm"
    """Somebody may want to die or to hurt themselves."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one message, given by a machine. Confidences are probabilities, 0 to 1."""

    kind: Kind
    kind_confidence: float
    sentiment: Sentiment
    sentiment_confidence: float
    flags: tuple[Flag, ...]
    labelled_by: str
    """Version of the model that gave them."""
    sure: tuple[Flag, ...] = ()
    """Those of the flags that are probable enough to answer the citizen by; the others are for a person to look at."""

    @property
    def logged(self) -> dict[str, Any]:
        """What the question log keeps, by its columns' names."""
        return {name: value for name, value in asdict(self).items() if name != "sure"}
