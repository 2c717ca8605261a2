"""Labels one message: what the model thinks, and the phrases that raise a flag whatever it thinks."""

from __future__ import annotations

from functools import cache

from feed.labels.alarms import alarms
from feed.labels.model import Model, load_model
from feed.labels.terms import terms_of
from feed.labels.types import Flag, Kind, Labels, Sentiment
from feed.labels.words import read

_DIGITS = 4
_SURE = 0.7
"""From this probability on a flag is hardly ever false; below it more than every third one is."""


class Classifier:
    """Labels messages, about a millisecond each; safe to use from several threads."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.version = model.version

    def label(self, text: str) -> Labels:
        """The labels of a message; any text will do."""
        reading = read(text)
        probable = self._model.probabilities(terms_of(reading))
        raised = alarms(reading) | self._model.suspected(probable.flags)
        kind: Kind = max(probable.kinds, key=probable.kinds.__getitem__)
        sentiment: Sentiment = max(probable.sentiments, key=probable.sentiments.__getitem__)
        return Labels(
            kind=kind,
            kind_confidence=round(probable.kinds[kind], _DIGITS),
            sentiment=sentiment,
            sentiment_confidence=round(probable.sentiments[sentiment], _DIGITS),
            flags=tuple(flag for flag in Flag if flag in raised),
            labelled_by=self.version,
            sure=tuple(flag for flag in Flag if flag in raised and probable.flags[flag] >= _SURE),
        )


@cache
def load_classifier() -> Classifier:
    """The classifier that is shipped."""
    return Classifier(load_model())
