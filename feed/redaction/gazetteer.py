"""Syllables of given names, names of streets and of places, read from the file beside it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

from feed.redaction.view import fold

_DATA: dict[str, Any] = yaml.safe_load((files("feed.redaction") / "data" / "gazetteer.yaml").read_text("utf-8"))

GIVEN = frozenset(_DATA["given"].split())
"""What given and middle names are made of, as it is written."""
GIVEN_FOLDED = frozenset(map(fold, GIVEN))
RARELY_WORDS = GIVEN_FOLDED - frozenset(_DATA["other_words"].split())
"""Those that without diacritics are seldom anything but a name."""
NO_NAMES = frozenset(_DATA["no_names"].split(", "))
"""Folded pairs of such syllables that are places, peoples or other words."""
STREETS = frozenset(_DATA["streets"].split(", "))
"""Folded names of streets that most towns have."""
LONGEST_STREET = max(name.count(" ") for name in STREETS) + 1
"""Words."""
_GOES_ON: dict[str, frozenset[str]] = {first: frozenset(after) for first, after in _DATA["goes_on"].items()}


def begins_more(word: str, following: str) -> bool:
    """Whether two folded words belong together, so that the first of them is not the end of a name."""
    return following in _GOES_ON.get(word, ())


def fourth_belongs(written: str, folded: str, *, accented: bool, last: bool) -> bool:
    """Whether the fourth word in lower case is still of the name; `last`: nothing or a clear break follows it."""
    if accented:
        return written in GIVEN
    return folded in (GIVEN_FOLDED if last else RARELY_WORDS)
