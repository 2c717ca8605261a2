"""Finds e-mail addresses, coordinates, vehicle plates and passport numbers."""

from __future__ import annotations

import re

from feed.redaction.kinds import Kind, Span
from feed.redaction.view import View

_AT = re.compile(r"@|[ ]?[\[({][ ]?(?:at|a cong|a moc|@)[ ]?[\])}][ ]?|[ ](?:a cong|a moc|a-cong)[ ]")
_BEFORE_AT = re.compile(r"[\w.+-]{1,64} ?$")
_AFTER_AT = re.compile(
    r" ?(?:[\w-]{1,63}(?: ?\. ?[\w-]{2,63}){1,4}|(?:g|hot|y)?mail,com|yahoo,com|[\w-]{1,63} (?:dot|cham) (?:com|vn))"
)
_DEGREES = (
    r"""(?:(?<![a-z])[nsewbd])?\d{1,3}[ ]?°[ ]?\d{1,2}(?:[.,]\d+)?[ ]?['’′][ ]?"""
    r"""(?:\d{1,2}(?:[.,]\d+)?[ ]?(?:["”″]|''))?(?:[ ]?[nsewbd](?![a-z]))?"""
)
_LATITUDE, _LONGITUDE = r"(?:[89]|1\d|2[0-3])[.,]\d", r"10\d[.,]\d"
_BETWEEN = r"[ ]{0,2}[,;/-]?[ ]{0,2}"
_COORDINATES = re.compile(
    rf"""
    https?://(?:maps[.]app[.]goo[.]gl|goo[.]gl/maps)\S*
  | https?://(?:(?:www[.])?google[.][a-z.]{{2,6}}/maps|maps[.]google[.][a-z.]{{2,6}})\S*
  | (?<![\d.,]){_LATITUDE}\d{{2,14}}[ °]{{0,2}}[nb]?{_BETWEEN}{_LONGITUDE}\d{{2,14}}(?:[ ]?°?[ ]?[ed](?![a-z]))?
  | (?<![\d.,]){_LONGITUDE}\d{{2,14}}[ °]{{0,2}}[ed]?{_BETWEEN}{_LATITUDE}\d{{2,14}}
  | (?:(?<=toa[ ]do[ ])|(?<=toa[ ]do:[ ])|(?<=vi[ ]tri[ ])|(?<=vi[ ]tri:[ ]))
        {_LATITUDE}\d{{0,14}}[ ]?[,;/-][ ]?{_LONGITUDE}\d{{0,14}}
  | (?:(?<=vi[ ]do[ ])|(?<=kinh[ ]do[ ])|(?<=vi[ ]do:[ ])|(?<=kinh[ ]do:[ ])|(?<=vi[ ]do[ ]la[ ])|(?<=kinh[ ]do[ ]la[ ])
        |(?<=lat[ ])|(?<=lat=)|(?<=lat:[ ])|(?<=lat:)|(?<=lng[ ])|(?<=lng=)|(?<=lng:[ ])|(?<=lng:)|(?<=lon[ ])|(?<=lon=)
        |(?<=lon:[ ])|(?<=long[ ])|(?<=long=)|(?<=long:[ ])|(?<=latitude[ ])|(?<=longitude[ ]))
        \d{{1,3}}[.,]\d{{1,15}}
  | (?<![a-z\d])x[ ]?[=:]?[ ]?\d{{6,7}}(?:[.,]\d{{1,4}})?[ ]?[,;]?[ ]?y[ ]?[=:]?[ ]?\d{{6,7}}(?:[.,]\d{{1,4}})?
  | (?<!\d)\d{{1,3}}[ ]do[ ]\d{{1,2}}[ ]phut[ ]\d{{1,2}}(?:[.,]\d+)?[ ]giay(?:[ ](?:vi[ ]|kinh[ ])?(?:bac|dong))?
  | (?<!\d){_DEGREES}
    """,
    re.VERBOSE,
)
_PLATE = re.compile(
    r"(?<!\w)[1-9]\d(?P<gap>[ -]?)(?P<series>[a-z]{1,2}\d?)[ .-]{0,3}(?P<number>\d{3}[. -]?\d\d|\d{4})(?!\w)"
)
_VEHICLE = re.compile(r"(?<![a-z])(?:bien|bien so|bks|bsx|xe|mo to|o to|so xe)(?![a-z])")
_PASSPORT = re.compile(r"(?<!\w)[a-z](?:[ ]?\d{7,8})(?!\w)")
_PASSPORT_WORD = re.compile(r"ho chieu|passport")
_CONTEXT = 30


def find_emails(view: View) -> list[Span]:
    """E-mail addresses, also with a blank around the at sign."""
    spans: list[Span] = []
    for at in _AT.finditer(view.folded):
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
        if (view.text[match.start()].isupper() and match.end() - match.start() == 8)
        or _PASSPORT_WORD.search(_before(view, match.start()))
    ]


def _before(view: View, start: int) -> str:
    return view.folded[max(0, start - _CONTEXT) : start]
