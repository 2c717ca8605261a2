"""Finds the code of a report in what somebody typed: "tra cứu PA-7K3MXQ", "pa 7k3mxq", "PA7K3 MXQ"."""

from __future__ import annotations

import re
import unicodedata

_CHARACTER = "[2-9A-HJKMNP-TV-Z]"
_DASH = r"[\s\-–—−_.:/]"
_CODE = re.compile(rf"(?<![^\W_])P{_DASH}{{0,2}}A{_DASH}{{0,3}}((?:{_CHARACTER}{_DASH}?){{5}}{_CHARACTER})(?![^\W_])")


def code_in(text: str) -> str | None:
    """The code as it is stored; None where there is none. A code holds a digit, so that no word is taken for one."""
    for found in _CODE.finditer(unicodedata.normalize("NFKC", text).upper()):
        characters = re.sub(_DASH, "", found[1])
        if any(character.isdecimal() for character in characters):
            return f"PA-{characters}"
    return None
