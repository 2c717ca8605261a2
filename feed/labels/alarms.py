"""Phrases that raise a flag by themselves, whatever the model thinks: a danger must not wait for a model's opinion."""

from __future__ import annotations

from feed.labels.lexicon import load_lexicon
from feed.labels.types import Flag
from feed.labels.words import Reading

_PHRASES = "alarms"
_HARMLESS = "harmless"
"""Longer phrases around an alarming one that take its alarm away."""


def alarms(reading: Reading) -> frozenset[Flag]:
    """The flags whose phrases stand in the message."""
    met = {label for labels in load_lexicon(_PHRASES).found(reading) for label in labels}
    return frozenset(Flag(label) for label in met if label != _HARMLESS)
