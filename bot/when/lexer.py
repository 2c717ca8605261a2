"""From a message to the pieces that the grammar starts from: numbers, written dates, words and phrases it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.when.lexicon import NOTHING, longest, stands_at, stands_before
from bot.when.numbers import read_number
from bot.when.pieces import Piece
from index.text import clean

_LETTER = r"[^\W\d_]"
_WORD = rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f])*"
_LEXEMES = (
    ("CODE", r"[0-9]{1,2}\.[0-9]{6,7}"),
    ("ISO", r"20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}(?![0-9-])"),
    ("DMY", r"[0-9]{1,2} ?(?P<mark>[/.-]) ?[0-9]{1,2} ?(?P=mark) ?(?:[0-9]{4}|[0-9]{2})(?!/|[.,]?[0-9])"),
    ("PHONE", r"(?:\+84|0)(?:[ .-]?[0-9]){8,10}(?![0-9])"),
    ("MY", r"(?:1[0-2]|0?[1-9])[/-]20[0-9]{2}(?![0-9/-])"),
    ("LAW", rf"[0-9]+[/-][0-9]{{4}}(?:/[\w-]+)*|[0-9]+/(?:{_LETTER}[\w-]*|[0-9]+/[\w/-]+|[0-9]{{3,}})"),
    ("MONEY", r"[0-9]{1,3}(?:[.,][0-9]{3})+"),
    ("DM", r"[0-9]{1,2} ?/ ?[0-9]{1,2}(?![0-9/%])"),
    ("DM_DASH", r"[0-9]{1,2}-[0-9]{1,2}(?![0-9/%]|-[0-9]| ?(?:[.:][0-9]|[hHgG]))"),
    ("DM_DOT", r"[0-9]{1,2}\.[0-9]{1,2}(?![0-9%]|\.[0-9])"),
    ("DECIMAL", r"[0-9]+,[0-9]+|[0-9]+%"),
    ("LONG", r"[0-9]{5,}"),
    ("WD", r"(?:[tT]|[tT][hH][ứưuỨƯU] ?)\.?[2-7](?![\w/])"),
    ("N", r"[0-9]{1,4}"),
    ("WORD", _WORD),
    ("MARK", r"[^\w\s]|_"),
)
_LEXER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LEXEMES))
_WRITTEN_DATES = ("ISO", "DMY", "MY", "DM", "DM_DASH", "DM_DOT")
_MARKS = {
    ",": "COMMA",
    ";": "COMMA",
    "-": "DASH",
    "–": "DASH",
    "—": "DASH",
    "~": "DASH",
    ":": "COLON",
    "'": "MINUTE",
    "(": "PAREN",
    ")": "PAREN",
}
_STOP = "STOP"
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    raw: str
    word: str
    """In small letters, with one tone placement."""
    start: int
    end: int


def lex(text: str) -> list[Piece]:
    """The pieces of a message. What is no part of a date or time has the sign "X", the end of a sentence "STOP"."""
    return list(_pieces(list(_lexemes(text))))


def _lexemes(text: str) -> Iterator[_Lexeme]:
    for match in _LEXER.finditer(text):
        raw = match.group()
        word = clean(raw) if match.lastgroup == "WORD" else raw
        yield _Lexeme(match.lastgroup or "", raw, word, *match.span())


def _pieces(lexemes: Sequence[_Lexeme]) -> Iterator[Piece]:
    words = [lexeme.word for lexeme in lexemes]
    at = 0
    while at < len(lexemes):
        taken, sign, numbers = _read(lexemes, words, at)
        run = lexemes[at : at + taken]
        yield Piece(
            sign,
            run[0].start,
            run[-1].end,
            word=" ".join(lexeme.word for lexeme in run),
            number=numbers[0] if numbers else 0,
            numbers=numbers,
        )
        at += taken


_Found = tuple[int, str, tuple[int, ...]]
"""How many lexemes were taken, the sign, the numbers."""


def _read(lexemes: Sequence[_Lexeme], words: Sequence[str], at: int) -> _Found:
    kind, raw = lexemes[at].kind, lexemes[at].raw
    if kind == "WORD":
        return _read_word(lexemes, words, at)
    if kind in _WRITTEN_DATES:
        return (1, "X", ()) if _touching(lexemes, at - 1, at) else _read_date(kind, words, at)
    if kind == "WD":
        return (1, "X", ()) if stands_before(words, at, "ordinal") else (1, "WD", (int(raw[-1]) - 1,))
    if kind == "N" and _is_in_a_code(lexemes, at):
        return 1, "X", ()
    if kind == "N":
        return 1, _number_sign(words, at, 1), (int(raw),)
    if kind == "MARK":
        return 1, _MARKS.get(raw, _STOP), ()
    return 1, "X", ()


_UNITS = ("HOUR", "HALF", "MINUTE", "HOURS")
_NEAR = 8
"""Words between a document's kind and its date: "Nghị định số 45/2024/NĐ-CP ngày …"."""


def _of_document(words: Sequence[str], at: int) -> bool:
    return any(stands_before(words, place, "document") for place in range(max(1, at - _NEAR), at + 1))


def _is_in_a_code(lexemes: Sequence[_Lexeme], at: int) -> bool:
    """Whether a number is grown together with letters that are no unit: H2H, 24A, 3x4, M03."""
    before = _touching(lexemes, at - 1, at) and not (
        _is_unit_at(lexemes, at - 1) and _touching(lexemes, at - 2, at - 1)
    )
    return before or (_touching(lexemes, at, at + 1) and not _is_unit_at(lexemes, at + 1))


def _touching(lexemes: Sequence[_Lexeme], left: int, right: int) -> bool:
    """Whether a number and a word beside it are written without a space."""
    if left < 0 or right >= len(lexemes) or lexemes[left].end != lexemes[right].start:
        return False
    return "WORD" in (lexemes[left].kind, lexemes[right].kind)


def _is_unit_at(lexemes: Sequence[_Lexeme], at: int) -> bool:
    phrase = longest([lexemes[at].word], 0)
    return phrase is not None and phrase.sign in _UNITS


def _is_no_hour(lexemes: Sequence[_Lexeme], at: int) -> bool:
    """Whether "h" or "g" belongs to a code: g2, 1h1; "g" is an hour only right after its number."""
    follows = at > 0 and lexemes[at - 1].kind == "N"
    joined = follows and lexemes[at - 1].end == lexemes[at].start
    digit = at + 1 < len(lexemes) and lexemes[at + 1].kind == "N" and lexemes[at].end == lexemes[at + 1].start
    return (lexemes[at].word == "g" and not joined) or (digit and (len(lexemes[at + 1].raw) != 2 or not follows))


def _number_sign(words: Sequence[str], at: int, taken: int) -> str:
    """ "N", unless the number counts things, or hours that something takes."""
    after = at + taken
    if stands_at(words, after, "counted") and not _is_unit(words, after):
        return "COUNT"
    half = longest(words, after) if after < len(words) else None
    if half and half.sign == "HALF" and stands_at(words, after + 1, "counted"):
        return "COUNT"
    lasts = stands_before(words, at, "lasting") and half is not None and half.sign in ("HOUR", "HOURS")
    return "COUNT" if lasts else "N"


def _is_unit(words: Sequence[str], at: int) -> bool:
    phrase = longest(words, at)
    return phrase is not None and phrase.sign in ("HOUR", "HOURS", "DAY", "WEEK", "MONTH")


def _read_date(kind: str, words: Sequence[str], at: int) -> _Found:
    if (
        _of_document(words, at)
        or stands_before(words, at, "place")
        or (stands_at(words, at + 1, "share") and kind != "DMY")
    ):
        return 1, "X", ()
    if kind == "DM_DASH" and stands_at(words, at + 1, "counted"):
        return 1, "X", ()
    numbers = tuple(int(part) for part in re.findall("[0-9]+", words[at]))
    if kind == "ISO":
        return 1, "DMY", (numbers[2], numbers[1], numbers[0])
    return 1, kind, numbers


def _read_word(lexemes: Sequence[_Lexeme], words: Sequence[str], at: int) -> _Found:
    phrase = longest(words, at)
    number = read_number(words, at)
    if number and (phrase is None or len(phrase.words) < number[1]):
        value, taken = number
        return taken, _number_sign(words, at, taken), (value,)
    if phrase is None:
        return 1, "X", ()
    taken = len(phrase.words)
    if phrase.sign == "HOUR" and taken == 1 and _is_no_hour(lexemes, at):
        return 1, "X", ()
    if phrase.words == ("cn",) and at and lexemes[at - 1].kind == "MARK" and lexemes[at - 1].end == lexemes[at].start:
        return 1, "X", ()
    if phrase.sign in _WEEKDAYS:
        return _weekday(words, at, taken, phrase.sign)
    if phrase.sign == "TOMORROW" and taken == 1 and _is_name(lexemes, words, at):
        return 1, "X", ()
    if phrase.sign == "DAY" and _of_document(words, at):
        return taken, "EVENT", ()
    return taken, "X" if phrase.sign == NOTHING else phrase.sign, (number[0],) if number else ()


def _weekday(words: Sequence[str], at: int, taken: int, sign: str) -> _Found:
    """A weekday, unless it counts: "con thứ hai". With a week after it, it is one all the same."""
    after = longest(words, at + taken) if at + taken < len(words) else None
    of_a_week = after is not None and after.sign.endswith("_WEEK")
    if sign != "SUNDAY" and stands_before(words, at, "ordinal") and not of_a_week:
        return taken, "X", ()
    return taken, "WD", (_WEEKDAYS.index(sign) + 1,)


def _is_name(lexemes: Sequence[_Lexeme], words: Sequence[str], at: int) -> bool:
    """Whether "Mai" is somebody's or some place's name."""
    if not lexemes[at].raw.istitle():
        return False
    after = lexemes[at + 1] if at + 1 < len(lexemes) else None
    before = lexemes[at - 1] if at else None
    named = before is not None and before.raw.istitle() and longest(words, at - 1) is None
    return (
        named
        or stands_before(words, at, "person")
        or (after is not None and after.raw.istitle() and longest(words, at + 1) is None)
    )
