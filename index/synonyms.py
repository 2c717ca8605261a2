"""One word for what people call by many: dialect and everyday words read alike when texts are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from index.text import tokens

_FILE = Path(__file__).parent / "data" / "synonyms.yaml"


def canonical(words: Sequence[str]) -> tuple[str, ...]:
    """`words`, in lower case with diacritics, with each known synonym replaced by the word it is read as."""
    pattern, readings = _table()
    text = f" {' '.join(words)} "
    return tuple(pattern.sub(lambda found: f" {readings[found.group(1)]}", text).split())


@cache
def _table() -> tuple[re.Pattern[str], Mapping[str, str]]:
    loaded: Mapping[str, Sequence[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    readings = {
        " ".join(tokens(synonym)): " ".join(tokens(word)) for word, synonyms in loaded.items() for synonym in synonyms
    }
    longest = sorted(readings, key=len, reverse=True)
    return re.compile(rf" ({'|'.join(map(re.escape, longest))})(?= )"), readings
