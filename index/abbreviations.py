"""Abbreviations and chat spellings, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from index.text import fold, tokens

_FILE = Path(__file__).parent / "data" / "abbreviations.yaml"


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """The words that each stands for, by the abbreviation with and without diacritics."""
    loaded: dict[str, str] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    table = {str(key): tuple(tokens(value)) for key, value in loaded.items()}
    return {fold(key): value for key, value in table.items() if fold(key) not in table} | table
