"""A message as the classifier reads it: its words, as typed and in their usual spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from vi_textmatch.normalize import normalize

from feed.redaction import PLACEHOLDERS
from feed.redaction.view import fold

_SHORT_FORMS = Path(__file__).parent.parent / "data" / "short_forms.yaml"
_PLACEHOLDER = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[^\W_]+|\?+|!+|\.\.+|…|[:=;]+[)(dp3]+|[^\w\s.,;:\"'“”‘’()\-/\[\]]")
_ACCENTED_SHARE = 0.2
"""Share of words with diacritics from which on a message counts as typed with them; usually it is over a half."""
LONGEST = 4000
"""Characters that are read: no more are kept of a message."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as words. Marks that carry feeling (?, !, …, :)) and emoji are words, too."""

    text: str
    """As typed, without placeholders of personal data."""
    typed: tuple[str, ...]
    """In lower case, a letter never thrice in a row."""
    usual: tuple[str, ...]
    """With short forms and dialect written out; without diacritics where few were typed."""
    accented: bool
    """Whether it was typed with diacritics."""


def read(text: str) -> Reading:
    """The words of a message; any text will do."""
    text = _PLACEHOLDER.sub(" ", text[:LONGEST])
    typed = tuple(_WORD.findall(_REPEATED.sub(r"\1", str(normalize(text)))))
    marked = sum(word != fold(word) for word in typed)
    accented = marked > 0 and marked >= _ACCENTED_SHARE * sum(map(str.isalpha, typed))
    usual = tuple(_usual(typed))
    return Reading(text, typed, usual if accented else tuple(map(fold, usual)), accented)


def _usual(typed: tuple[str, ...]) -> Iterator[str]:
    forms = _short_forms()
    for word in typed:
        written = forms.get(word)
        if written is None:
            yield word
        else:
            yield from written


@cache
def _short_forms() -> Mapping[str, tuple[str, ...]]:
    loaded: Mapping[str, str] = yaml.safe_load(_SHORT_FORMS.read_text(encoding="utf-8"))
    return {short: tuple(written.split()) for short, written in loaded.items()}
