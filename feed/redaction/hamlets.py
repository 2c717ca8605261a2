"""Finds the hamlet somebody lives in: with the commune, which stays, it names a few hundred people at most.

Only where the words before say that it is a home: a street light out of order "ở thôn 3" has to be found. And not where
somebody is in danger: help has to find the way (Luật 91/2025/QH15 puts life and health first).
"""

from __future__ import annotations

import re

from feed.redaction.kinds import Kind, Span
from feed.redaction.view import HIDDEN, View, fold
from feed.redaction.words import ends_name

_STATED = (
    "dia chi lien he|dia chi nha|dia chi|dc|d/c|thuong tru|tam tru|cho o hien tai|noi o hien tai|cho o|noi o|noi cu tru"
    "|tru quan|que quan|nguyen quan|ho khau|hktt|tru tai|ngu tai|ngu"
)
_LIVE = "o|song o|song tai|sinh song o|sinh song tai|cu tru o|cu tru tai|tru tai|tru o|ngu tai"
_HOME = re.compile(
    rf"""(?:(?<![a-z])(?:{_STATED.replace(" ", "[ ]")})(?:[ ](?:la|o|tai|cua[ ](?:toi|em|minh)))*
      | (?<![a-z])(?:toi|tui|em|e|minh|mk|chau|(?<!ba[ ])con|nha|gia[ ]dinh|vo|chong|(?<!cac[ ])me|que)
        (?:[ ](?:hien|dang|hien[ ]dang|hien[ ]tai|nay))?[ ](?:{_LIVE.replace(" ", "[ ]")})
      | (?<![a-z])que[ ](?:toi|tui|em|minh|chau)(?:[ ]o)?
      | (?<![a-z])hien[ ](?:o|song[ ]tai)
      | {HIDDEN}[ ]?,?[ ]?(?:hien[ ])?(?:o|tai|ngu[ ]tai|song[ ]o|tru[ ]tai|que)
    )[ ]*[:,-]?[ ]*(?=[a-z])""",
    re.VERBOSE,
)
_DANGER_WRITTEN = (
    *(
        "cứu",
        "cấp cứu",
        "cháy",
        "lụt",
        "lũ",
        "ngập",
        "sạt lở",
        "mắc kẹt",
        "đuối nước",
        "bom",
        "mìn",
        "điện giật",
        "rò điện",
    ),
    *("đánh nhau", "bạo hành", "tự tử", "giết"),
)
_DANGER = re.compile(rf"(?<![a-z])(?:{'|'.join(map(fold, _DANGER_WRITTEN))})(?![a-z])")
_ANY = frozenset(["toi", "tui", "em", "minh", "ben", "nay", "ni", "no", "khac", "nao", "do", "kia", "nha", "mo", "cu"])
"""Words after "thôn" that name none."""
_UNITS = {
    "thôn": 3, "xóm": 3, "bản": 3, "làng": 3, "ấp": 3, "khóm": 3, "khối": 3, "buôn": 3, "khu phố": 3, "kp": 1, "tdp": 3,
    "tổ dân phố": 3, "tổ": 1, "đội": 1, "cụm": 1, "khu dân cư": 3, "tiểu khu": 2, "khu": 1,
}  # fmt: skip
"""What a hamlet is called, and how many words its name may have; 1: a number only."""
_BY_FOLD = {fold(unit): (unit, most) for unit, most in _UNITS.items()}
_UNIT = re.compile(rf"(?:{'|'.join(sorted(_BY_FOLD, key=len, reverse=True))})(?![a-z])")
_PART = re.compile(r"[ ]*(?:so[ ])?(?P<number>\d{1,3}[a-z]?)(?![\w/])")
_GAP = re.compile(r"[ ]*[,-]?[ ]*")
_COMMUNE = ("xa", "phuong", "p", "x", "tt", "thi", "huyen", "tinh", "tp", "dac")


def find_hamlets(view: View) -> list[Span]:
    """Hamlets that somebody says to live in, in order and without overlaps."""
    spans: list[Span] = []
    if in_danger(view):
        return spans
    for match in _HOME.finditer(view.folded):
        end = chain(view, match.end())
        if end is not None and (not spans or match.end() >= spans[-1].end):
            spans.append(Span(match.end(), end, Kind.ADDRESS))
    return spans


def in_danger(view: View) -> bool:
    """Whether words of danger stand in the text, with their diacritics where it has any: "cứu", not "Nại Cửu"."""
    found = (view.text[match.start() : match.end()].lower() for match in _DANGER.finditer(view.folded))
    return any(word in _DANGER_WRITTEN for word in found) if view.accented else any(found)


def chain(view: View, start: int) -> int | None:
    """The end of one or more units after another: "đội 7, thôn Mai Xá"."""
    end = None
    while (unit := _UNIT.match(view.folded, start)) and (last := _unit(view, unit)):
        end = last
        start = after_gap(view, end)
    return end


def after_gap(view: View, end: int) -> int:
    """Where what follows a comma begins."""
    gap = _GAP.match(view.folded, end)
    return gap.end() if gap else end


def _unit(view: View, unit: re.Match[str]) -> int | None:
    """The end of one unit with its number or name."""
    written, most = _BY_FOLD[unit.group()]
    if view.accented and view.text[slice(*unit.span())].lower() != written:
        return None
    if number := _PART.match(view.folded, unit.end()):
        return number.end("number")
    if most == 1 or not view.folded.startswith(" ", unit.end()):
        return None
    words = view.words(unit.end() + 1, most + 1)
    length = _length(view, words, most)
    if not length:
        return None
    after = _PART.match(view.folded, words[length - 1][1])
    return after.end("number") if after else words[length - 1][1]


def _length(view: View, words: list[tuple[int, int]], most: int) -> int:
    """How many words the name has: those in capitals, or in lower case what stands before the commune."""
    capitals = bool(words) and view.text[words[0][0]].isupper()
    if words and view.text[words[0][0]].islower() and view.folded[slice(*words[0])] in _ANY:
        return 0
    for index, word in enumerate(words[:most]):
        following = view.folded[slice(*words[index + 1])] if index + 1 < len(words) else ""
        if capitals and view.text[word[0]].islower():
            return index
        if not capitals and _over(view, word, following):
            return index
    return min(len(words), most if capitals else 2)


def _over(view: View, word: tuple[int, int], following: str) -> bool:
    """Whether a word in lower case no longer belongs to the name; "xa" does where another "xa" follows it."""
    folded = view.folded[slice(*word)]
    if folded in _COMMUNE:
        return following not in _COMMUNE
    return ends_name(view.text[slice(*word)].lower(), folded, accented=view.accented)
