"""What every incoming text goes through before it is stored or logged: cleaned, redacted, cut."""

from __future__ import annotations

import unicodedata

from feed.redaction import Redacted, redact

LONGEST = 4000
"""Characters that are kept of one message; no channel's own limit is higher (Telegram 4096)."""
CUT_MARK = " … [đã cắt bớt]"
_LONGEST_READ = 20_000
"""Characters that are looked at: redaction costs time, and nothing beyond is kept anyway."""
_KEPT_CONTROLS = "\n\t"
_DROPPED = frozenset(["Cc", "Cs", "Co", "Cn"])


def admit(text: str) -> Redacted:
    """The text as it may be stored: no control characters, no personal data, at most `LONGEST` characters."""
    redacted = redact(clean(text[:_LONGEST_READ]))
    kept = redacted.text.strip()
    if len(kept) <= LONGEST and len(text) <= _LONGEST_READ:
        return Redacted(kept, redacted.kinds)
    return Redacted(kept[: LONGEST - len(CUT_MARK)] + CUT_MARK, redacted.kinds)


def clean(text: str) -> str:
    """Without NUL and other controls, lone surrogates and unassigned code points; line ends are "\\n"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in text
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in _DROPPED
    )
