"""The ids of the report dialogue's choices. Each says all there is to know, so that an old button still works."""

from __future__ import annotations

PREFIX = "f:"
NEW = "f:new"
"""Report something; what was said before the offer is what it is about."""
LEAVE = "f:x"
SEND = "f:send"
OWN = "f:own"
"""Send a report of one's own although there is one like it."""
NO_PLACE = "f:np"
NO_CALL = "f:nc"
CALL = "f:call"
"""Yes, call back under the number that was told already."""
EDIT_WHAT = "f:ew"
EDIT_PLACE = "f:ep"
EDIT_CONTACT = "f:ec"
PHOTO = "f:photo"
"""A photo came; the channel has handed it over apart."""
MINE = "f:mine"
_JOIN, _OFFICE, _LOOK = "f:j:", "f:o:", "f:s:"


def join(code: str) -> str:
    """Support this report."""
    return _JOIN + code


def office(ident: str) -> str:
    """It is in the commune of this centre."""
    return _OFFICE + ident


def look(code: str) -> str:
    """How far is this report?"""
    return _LOOK + code


def read(choice: str) -> tuple[str, str]:
    """The kind of a choice with what it names: `("f:j:", "PA-7K3MXQ")`; for the others the choice and ""."""
    kind = next((prefix for prefix in (_JOIN, _OFFICE, _LOOK) if choice.startswith(prefix)), choice)
    return kind, choice.removeprefix(kind)


IS_JOIN, IS_OFFICE, IS_LOOK = _JOIN, _OFFICE, _LOOK
