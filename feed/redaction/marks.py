"""Finds e-mail addresses, coordinates, vehicle plates and passport numbers."""

from __future__ import annotations

import re

from feed.redaction.kinds import Kind, Span
from feed.redaction.view import View

_BEFORE_AT = re.compile(r"[\w.+-]{1,64} ?$")
_AFTER_AT = re.compile(r" ?[\w-]{1,63}(?: ?\. ?[\w-]{2,63}){1,4}")
_COORDINATES = re.compile(
    r"""
    https?://(?:maps[.]app[.]goo[.]gl|goo[.]gl/maps)\S*
  | https?://(?:(?:www[.])?google[.][a-z.]{2,6}/maps|maps[.]google[.][a-z.]{2,6})\S*
  | (?<![\d.,])(?:[89]|1\d|2[0-3])[.,]\d{3,15}[ °]{0,2}[nb]?[ ]?[,;/ -][ ]?
        10\d[.,]\d{3,15}(?:[ ]?°?[ ]?[ed](?![a-z]))?
  | (?<![\d.,])10\d[.,]\d{3,15}[ °]{0,2}[ed]?[ ]?[,;/ -][ ]?(?:[89]|1\d|2[0-3])[.,]\d{3,15}
  | (?:(?<=vi[ ]do[ ])|(?<=kinh[ ]do[ ])|(?<=vi[ ]do:[ ])|(?<=kinh[ ]do:[ ]))\d{1,3}[.,]\d{3,15}
  | (?<!\d)\d{1,3}[ ]?°[ ]?\d{1,2}[ ]?['’′][ ]?
        (?:\d{1,2}(?:[.,]\d+)?[ ]?(?:["”″]|''))?(?:[ ]?[nsewbd](?![a-z]))?
    """,
    re.VERBOSE,
)
_PLATE = re.compile(
    r"(?<!\w)[1-9]\d(?P<gap>[ -]?)(?P<series>[a-z]{1,2}\d?)[ .-]{0,3}(?P<number>\d{3}[. -]?\d\d|\d{4})(?!\w)"
)
_VEHICLE = re.compile(r"(?<![a-z])(?:bien|bien so|bks|bsx|xe|mo to|o to|so xe)(?![a-z])")
_PASSPORT = re.compile(r"(?<!\w)[a-z]\d{7}(?!\w)")
_PASSPORT_WORD = re.compile(r"ho chieu|passport")
_CONTEXT = 30


def find_emails(view: View) -> list[Span]:
    """E-mail addresses, also with a blank around the at sign."""
    spans: list[Span] = []
    for at in re.finditer("@", view.folded):
        before = _BEFORE_AT.search(view.folded[max(0, at.start() - 65) : at.start()])
        after = _AFTER_AT.match(view.folded, at.end())
        if before is None or after is None:
            continue
        start = at.start() - len(before.group())
        if not spans or start >= spans[-1].end:
            spans.append(Span(start, after.end(), Kind.EMAIL))
    return spans


def find_coordinates(view: View) -> list[Span]:
    """Decimal pairs inside Vietnam, degrees and minutes, and links to a map."""
    return [Span(m.start(), m.end(), Kind.COORDINATES) for m in _COORDINATES.finditer(view.folded)]


def find_plates(view: View) -> list[Span]:
    """Vehicle plates; those that could be something else only after a word for a vehicle."""
    return [
        Span(match.start(), match.end(), Kind.PLATE)
        for match in _PLATE.finditer(view.folded)
        if _certain_plate(view, match) or _VEHICLE.search(_before(view, match.start()))
    ]


def _certain_plate(view: View, match: re.Match[str]) -> bool:
    series = view.text[match.start("series") : match.end("series")]
    five = sum(character.isdigit() for character in match.group("number")) == 5
    return five and match.group("gap") != " " and (series[0].isupper() or series[-1].isdigit())


def find_passports(view: View) -> list[Span]:
    """A letter and seven digits: capital, or after the word for a passport."""
    return [
        Span(match.start(), match.end(), Kind.PASSPORT)
        for match in _PASSPORT.finditer(view.folded)
        if view.text[match.start()].isupper() or _PASSPORT_WORD.search(_before(view, match.start()))
    ]


def _before(view: View, start: int) -> str:
    return view.folded[max(0, start - _CONTEXT) : start]
