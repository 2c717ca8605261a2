"""Finds house addresses: a number with its street or lane. Commune and village stay: officials need them."""

from __future__ import annotations

import re

from feed.redaction.gazetteer import LONGEST_STREET, STREETS
from feed.redaction.hamlets import after_gap, chain, in_danger
from feed.redaction.kinds import Kind, Span
from feed.redaction.view import View
from feed.redaction.words import FOLDED_SURNAMES, STREET_BEGINNINGS, TOWNS, ends_name

_NUMBER = r"\d{1,4}[a-z]?(?:[/-]\d{1,4}[a-z]?){0,4}"
_LANE = rf"(?:,?[ ](?:kiet|hem|ngo|ngach)[ ](?:so[ ])?{_NUMBER})"
_ROAD = r"(?:duong|pho|dg|d\.)"
_HOUSE = re.compile(
    rf"""(?<![\w/.-])(?:
    (?P<house>(?:phong|can[ ]ho)[ ]{_NUMBER}(?![\w/.]),?[ ](?:nha[ ]tro|chung[ ]cu|toa[ ]nha|toa)
            (?:[ ](?:so[ ])?{_NUMBER}(?![\w/.]))?(?:,?[ ]{_ROAD}(?=[ ]))?
      | (?:so[ ]nha|nha[ ]so|can[ ]nha[ ]so|can[ ]ho(?:[ ]so)?|so[ ]phong)[ ]*:?[ ]*{_NUMBER}(?![\w/.])
        {_LANE}{{0,3}}(?:,?[ ]{_ROAD}(?=[ ]))?)
  | (?P<numbered>(?:so[ ])?{_NUMBER},?[ ]{_ROAD}[ ](?:so[ ])?\d{{1,2}}(?![\w/.]))
  | (?P<alley>k\d{{1,4}}(?:/\d{{1,4}}){{1,3}})(?=[ ])
  | (?P<lane>(?:(?:so|nha)[ ])?
        (?:{_NUMBER}{_LANE}{{1,3}}|(?:kiet|hem|ngo|ngach)[ ](?:so[ ])?{_NUMBER}{_LANE}{{0,3}})
        (?![\w/.])(?:,?[ ]{_ROAD}(?=[ ]))?)
  | (?P<dated>(?:so[ ])?{_NUMBER},?[ ]{_ROAD}[ ]\d{{1,2}}[/-]\d{{1,2}}(?![\d/]))
  | (?P<road>(?:so[ ])?{_NUMBER},?[ ]{_ROAD}(?=[ ]))
  | (?P<said>(?<=dia[ ]chi[ ])|(?<=dia[ ]chi:[ ])|(?<=dia[ ]chi[ ]la[ ])|(?<=dia[ ]chi[ ]o[ ])
        |(?<=thuong[ ]tru[ ])|(?<=tam[ ]tru[ ])|(?<=[ ]dc[ ])|(?<=[ ]dc:[ ])|(?<=^dc[ ])|(?<=^dc:[ ]))
        (?:so[ ])?{_NUMBER}(?=[ ])
  | (?P<stay>(?<=[ ]o[ ])|(?<=[ ]tai[ ])|(?<=[ ]nha[ ])|(?<=[ ]tro[ ])|(?<=^o[ ]))(?:so[ ])?{_NUMBER}(?=[ ])
  | (?P<plain>\d{{1,4}}[a-z]?/\d{{1,4}}[a-z]?)(?=[ ])
  | (?P<known>(?:so[ ])?\d{{1,4}}[a-z]?)(?=,?[ ])
    )""",
    re.VERBOSE,
)
_WORD = re.compile(r",? ?([^\W\d_]+)")
_NEXT = re.compile(r" ([^\W\d_]+)")
_AREAS = frozenset(["xa", "phuong", "thon", "xom", "huyen", "tinh", "tp", "khu"])
_NOT_STREETS = _AREAS | {
    *("to", "ap", "ban", "lang", "quan", "thi", "ngay", "thang", "nam", "gio", "tuan", "lan", "nguoi"),
    *("dong", "quang"),  # Đông Hà, Đồng Hới, Quảng Trị after a street in lower case
}
_MOST_WORDS = 4


def find_addresses(view: View) -> list[Span]:
    """House addresses, in order and without overlaps."""
    spans: list[Span] = []
    danger = in_danger(view)
    for match in _HOUSE.finditer(view.folded):
        end = _end(view, match)
        if end is not None and not danger:
            end = chain(view, after_gap(view, end)) or end
        if end is not None and (not spans or match.start() >= spans[-1].end):
            spans.append(Span(match.start(), end, Kind.ADDRESS))
    return spans


def _end(view: View, match: re.Match[str]) -> int | None:
    """Where the address ends, or None when the match turns out to be something else."""
    street = _street(view, match.end())
    if match.group("dated"):
        return match.end()
    if match.group("numbered"):
        return match.end() if match.group("numbered").startswith("so ") else None
    if match.group("house") or match.group("alley"):
        return street or match.end()
    if match.group("lane"):
        return street or (match.end() if _specific(match.group("lane")) else None)
    if match.group("road"):
        sure = match.group("road").startswith("so ") or "/" in match.group("road")
        return street if sure or _capitals(view, match.end()) or _surname(view, match.end()) else None
    if match.group("known"):
        return _known(view, match.end())
    named = _known(view, match.end()) is not None or _named(view, match)
    return street if street and named else None


def _specific(lane: str) -> bool:
    return len(re.findall(r"\d+", lane)) >= 2


def _named(view: View, match: re.Match[str]) -> bool:
    """Whether a street follows a number that no word such as "đường" explains."""
    words = _words(view, match.end())
    first = view.folded[slice(*words[0])] if words else ""
    capitals = _capitals(view, match.end())
    if match["plain"] is not None:
        return capitals >= 2 and first in STREET_BEGINNINGS and view.text[slice(*words[0])].lower() != "lễ"
    if match["stay"] is not None:
        return capitals >= 2 or (len(words) >= 2 and first in STREET_BEGINNINGS)
    return capitals >= 2 or _surname(view, match.end())


def _street(view: View, start: int) -> int | None:
    """The end of a street's name: capitalised words, or in lower case a surname and what follows."""
    words = _words(view, start)
    capitals = _capitals(view, start)
    known = _known(view, start)
    if capitals or known:
        return max(words[capitals - 1][1] if capitals else 0, known or 0)
    usual = bool(words) and view.folded[slice(*words[0])] in STREET_BEGINNINGS
    length = min(2, len(words)) if usual else 0
    while length < min(3, len(words)) and not _ends(view, words[length], first=length == 0):
        length += 1
    if not length or not (usual or _surname(view, start) or _after_road(view, start)):
        return None
    return words[length - 1][1]


def _known(view: View, start: int) -> int | None:
    """The end of a street that most towns have."""
    words = _words(view, start)[:LONGEST_STREET]
    for length in range(len(words), 1, -1):
        if view.folded[words[0][0] : words[length - 1][1]] in STREETS:
            return words[length - 1][1]
    return None


def _after_road(view: View, start: int) -> bool:
    return re.search(rf"{_ROAD}$", view.folded[max(0, start - 6) : start]) is not None


def _ends(view: View, word: tuple[int, int], *, first: bool) -> bool:
    folded = view.folded[slice(*word)]
    if not first and folded in _NOT_STREETS:
        return True
    written = view.text[slice(*word)].lower()
    return folded in _AREAS or ends_name(written, folded, accented=view.accented)


def _capitals(view: View, start: int) -> int:
    """How many capitalised words follow that may be a street's name."""
    count = 0
    for word in _words(view, start):
        town = view.folded.startswith(tuple(TOWNS), word[0])
        if not view.text[word[0]].isupper() or view.folded[slice(*word)] in _AREAS or (town and count):
            break
        count += 1
    return count


def _surname(view: View, start: int) -> bool:
    """Whether the street is named, in lower case, after a person."""
    words = _words(view, start)
    return len(words) >= 2 and view.folded[slice(*words[0])] in FOLDED_SURNAMES


def _words(view: View, start: int) -> list[tuple[int, int]]:
    first = _WORD.match(view.folded, start)
    if first is None:
        return []
    words = [first.span(1)]
    while len(words) < _MOST_WORDS:
        following = _NEXT.match(view.folded, words[-1][1])
        if following is None:
            break
        words.append(following.span(1))
    return words
