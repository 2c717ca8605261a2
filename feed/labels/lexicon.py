"""Phrases by class, kept in `data/*.yaml`, found in a message in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from feed.labels.words import Reading, read
from feed.redaction.view import fold

_DATA = Path(__file__).parent.parent / "data"

Phrases = Mapping[str, tuple[str, ...]]
"""The classes of each phrase, its words joined by spaces."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one file, as written and without diacritics."""

    classes: tuple[str, ...]
    accented: Phrases
    folded: Phrases
    longest: int
    """Words of the longest phrase."""

    def found(self, reading: Reading) -> Iterator[tuple[str, ...]]:
        """The classes of each phrase that stands in the message, longest phrases first, without overlap."""
        phrases, words = (self.accented if reading.accented else self.folded), reading.usual
        place = 0
        while place < len(words):
            for size in range(min(self.longest, len(words) - place), 0, -1):
                labels = phrases.get(" ".join(words[place : place + size]))
                if labels is not None:
                    yield labels
                    place += size
                    break
            else:
                place += 1


@cache
def load_lexicon(name: str) -> Lexicon:
    """The phrases of `data/<name>.yaml`."""
    loaded: Mapping[str, list[str]] = yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    accented: dict[str, dict[str, None]] = defaultdict(dict)
    for label, phrases in loaded.items():
        for phrase in phrases:
            accented[" ".join(read(phrase).usual)][label] = None
    folded: dict[str, dict[str, None]] = defaultdict(dict)
    for phrase, labels in accented.items():
        folded[fold(phrase)].update(labels)
    longest = max(phrase.count(" ") + 1 for phrase in accented)
    return Lexicon(tuple(loaded), _frozen(accented), _frozen(folded), longest)


def _frozen(phrases: Mapping[str, Mapping[str, None]]) -> Phrases:
    return {phrase: tuple(labels) for phrase, labels in phrases.items()}
