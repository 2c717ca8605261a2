"""Finds names of persons: capitalised full names, and names in lower case after words that announce one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from feed.redaction.gazetteer import GIVEN, GIVEN_FOLDED, NO_NAMES, begins_more, fourth_belongs
from feed.redaction.kinds import Kind, Span
from feed.redaction.syllables import syllable_names
from feed.redaction.view import View, fold
from feed.redaction.words import (
    CLEAR_SURNAMES,
    FIGURES,
    FOLDED_PLACE_WORDS,
    FOLDED_STOPS,
    FOLDED_SURNAMES,
    HALVES,
    HARD_STOPS,
    HOMOGRAPHS,
    LIKELY_SURNAMES,
    MIDDLES,
    NOT_GIVEN,
    OFFICE_HOLDERS,
    ORGANISATIONS,
    PLACE_WORDS,
    PLACES,
    SURNAMES,
    UNACCENTED_SURNAMES,
    WORDY_SURNAMES,
    ends_name,
)

_KIN = "toi|tui|mk|e|em|minh|chau|con|be|me|ma|bo|cha|ba|ong|vo|chong|anh|chi|co|chu|bac|cau|di|no|ban|nguoi"
_OWNER = "day[ ]du|thuong[ ]goi|that|khai[ ]sinh|cua|trai|gai|nho|em[ ]be|chu[ ]ho|day|nay"
_NAMED = re.compile(
    rf"""(?<![a-z])(?:ho[ ]va[ ]|ho[ ])?ten(?![a-z])
    (?:[ ](?:{_KIN}|{_OWNER})(?![a-z])){{0,3}}
    (?P<sign>[ ]*[:=-][ ]*|[ ]+la[ ]*:?[ ]+|[ ]+)""",
    re.VERBOSE,
)
_SPEAKER = re.compile(r"(?<![a-z])(?:toi|tui|mk|e|em|minh|chau|con|thuong goi)(?![a-z])")
_PERSON = re.compile(
    rf"""(?<![a-z])(?:(?P<kin>{_KIN})|nguoi[ ]nop|nguoi[ ]gui|kinh[ ]gui|dai[ ]dien|dong[ ]chi
    |can[ ]bo|truong[ ]thon|giam[ ]doc|bac[ ]si|luat[ ]su|thay|chu[ ]ho|uy[ ]quyen[ ]cho|hang[ ]xom
    |co[ ]giao|day|liet[ ]si|(?P<is>la))(?![a-z])
    [ ]*[:,]?[ ]*(?P<am>la[ ])?""",
    re.VERBOSE,
)
_KIN_WRITTEN = frozenset(
    """tôi tui mk e em mình cháu con bé mẹ mệ má bố cha ba bà ông vợ chồng anh chị cô chú bác cậu dì nó bạn
    người""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 5
_GIVEN_AFTER_THI = frozenset(["nhung", "hien", "nhi", "thuong"])
_SHOUTING = 0.6

Word = tuple[int, int]


def find_names(view: View) -> list[Span]:
    """Names, in order and without overlaps."""
    found = {*_Finder(view).all(), *syllable_names(view)}
    spans: list[Span] = []
    for start, end in sorted(found, key=lambda found: (found[0], -found[1])):
        if not spans or start >= spans[-1].end:
            spans.append(Span(start, end, Kind.NAME))
    return spans


class _Finder:
    """One text: its capitals mean something unless nearly everything is in capitals."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.text
        self.folded = view.folded
        self.accented = view.accented
        letters = sum(map(str.isalpha, view.text))
        self.shouting = letters > 0 and sum(map(str.isupper, view.text)) > _SHOUTING * letters

    def all(self) -> Iterator[Word]:
        for match in _NAMED.finditer(self.folded):
            end = self._named(match)
            if end:
                yield match.end(), end
        for match in _PERSON.finditer(self.folded):
            end = self._introduced(match)
            if end:
                yield match.end(), end
        yield from self._bare()

    def _introduced(self, match: re.Match[str]) -> int | None:
        """After "tôi là", "ông", "hàng xóm"…"""
        start = match.start()
        if self.text[start].isupper() and start > 1 and self.folded[start - 2].isalpha() and not self.shouting:
            return None  # the second half of a name: xã Ba Long, Minh Hóa
        kin = self.text[slice(*match.span("kin"))].lower() if match["kin"] else ""
        if kin and (self.accented or not kin.isascii()) and kin not in _KIN_WRITTEN:
            return None
        least = 3 if match["is"] or kin in ("ban", "cau") else 2
        return self._capitals(match.end(), FOLDED_SURNAMES, least=least) or self._lower_full(
            match.end(), certain=match["am"] is not None
        )

    def _named(self, match: re.Match[str]) -> int | None:
        """After "tên là", "họ và tên:", "em tên"…"""
        start = match.end()
        subject = self.folded[max(0, match.start() - 8) : start]
        clear = match["sign"].strip() != "" or _SPEAKER.search(subject) is not None
        return (
            self._capitals(start, FOLDED_SURNAMES, least=2)
            or (self._capitals(start, None, least=1) if clear else None)
            or self._lower(start, with_surname=True)
            or (self._lower(start, with_surname=False) if clear else None)
        )

    def _capitals(self, start: int, surnames: frozenset[str] | None, least: int) -> int | None:
        """The end of a run of capitalised words that may be a name."""
        if self.shouting:
            return None
        words = [word for word in self._words(start) if self.text[word[0]].isupper()]
        words = words[: self._capital_run(start)]
        if len(words) < least or not words:
            return None
        first = self._fold(words[0])
        if surnames is not None and (
            first not in surnames or self.folded[slice(start, words[1][1])] in PLACES | NO_NAMES
        ):
            return None
        if surnames is None and (first in ORGANISATIONS or first in FOLDED_STOPS):
            return None
        return words[-1][1]

    def _capital_run(self, start: int) -> int:
        count = 0
        for word in self._words(start):
            if not self.text[word[0]].isupper():
                break
            count += 1
        return count

    def _lower(self, start: int, *, with_surname: bool) -> int | None:
        """A name in lower case right after a word that announces it: up to the first word that is none."""
        words = self._words(start)
        if not words or (with_surname and not self._surname_said(words[0])):
            return None
        if not with_surname:
            other = self._fold(words[0]) in ORGANISATIONS and self._lower_word(words[0]) not in GIVEN
            length = 0 if other else self._syllables(words)
            return words[length - 1][1] if length else None
        free = 3 if len(words) > 2 and self._fold(words[1]) in MIDDLES else 1
        length = self._length(words, free)
        pair = " ".join(self._fold(word) for word in words[:2])
        like = pair not in NO_NAMES and any(
            self._given(word) or self._fold(word) in ("van", "thi") for word in words[1:length]
        )
        return words[self._cut(words, length) - 1][1] if length >= 2 and like else None

    def _lower_full(self, start: int, *, certain: bool) -> int | None:
        """A surname, a usual middle name and a given name. `certain` after "là"."""
        words = self._words(start)
        if len(words) < 3 or self._fold(words[1]) not in MIDDLES or not self._begins(words, certain=certain):
            return None
        length = self._length(words, 3)
        return words[self._cut(words, length) - 1][1] if length >= 3 else None

    def _begins(self, words: list[Word], *, certain: bool) -> bool:
        """Whether the first two words begin a name rather than being words of the language."""
        surname, middle = (self._lower_word(word) for word in words[:2])
        if self._lower_word(words[2]) in NOT_GIVEN and middle in ("văn", "thị", "van", "thi"):
            return False
        if middle in ("văn", "thị"):
            return surname in SURNAMES
        pair = (surname, middle)
        if surname in CLEAR_SURNAMES or surname in UNACCENTED_SURNAMES:
            return True
        plain = not self.accented and middle in ("van", "thi") and surname in LIKELY_SURNAMES
        return (
            plain
            and self._given(words[2])
            and (pair not in HOMOGRAPHS or (certain and surname in ("ho", "le", "phan")))
        )

    def _bare(self) -> Iterator[Word]:
        """Full names that nothing announces."""
        for match in _WORD.finditer(self.folded):
            if not self._surname(match.span()) and not self._highland(match):
                continue
            end = self._bare_end(match.start())
            if end and not self._place_before(match.start()):
                yield match.start(), end

    def _highland(self, match: re.Match[str]) -> bool:
        """Whether capitals and "Thị" or "Văn" make a name of a surname that no list holds: Côn Thị Đào."""
        word = self.text[slice(*match.span())]
        middle = self.text[match.end() : match.end() + 5]
        known = word.lower() in HALVES or not word[0].isupper() or self.shouting
        return not known and middle in (" Thị ", " Văn ") and self.text[match.end() + 5 :][:1].isupper()

    def _bare_end(self, start: int) -> int | None:
        words = self._words(start)
        if len(words) < 3:
            return None
        if self.folded[start : words[2][1]] in FIGURES:
            return None
        if self._fold(words[1]) in ("van", "thi"):
            return self._middle_end(words)
        surname = self._lower_word(words[0])
        usual = self._fold(words[1]) in MIDDLES and surname not in WORDY_SURNAMES
        clear = surname in CLEAR_SURNAMES or (usual and not surname.isascii())
        return self._capitals(start, FOLDED_SURNAMES, least=3) if clear else None

    def _middle_end(self, words: list[Word]) -> int | None:
        """Surname, "Văn" or "Thị", then one or two given names."""
        middles = ("văn", "thị") if self.accented else ("van", "thi")
        if not self.accented and self._fold(words[0]) not in LIKELY_SURNAMES:
            return None
        if self._lower_word(words[1]) not in middles or self._lower_word(words[2]) in NOT_GIVEN:
            return None
        given = self._capital_run(words[0][0]) if not self.shouting else 0
        if given >= 3:
            return words[min(given, len(words)) - 1][1]
        length = self._length(words, 3)
        return words[self._cut(words, length) - 1][1] if length >= 3 else None

    def _given(self, word: Word) -> bool:
        """Whether a word can be a syllable of a given name."""
        known = GIVEN if self.accented else GIVEN_FOLDED
        return self._lower_word(word) in known or self.text[word[0]].isupper()

    def _syllables(self, words: list[Word]) -> int:
        """How many of the first words make a given name without surname: two at most, and no other word of the two."""
        count = sum(1 for _ in takewhile(self._given, words[:2]))
        after = self._fold(words[count]) if len(words) > count else None
        if count == 2 and (after is None or after in HARD_STOPS or after == "thi"):
            return 2
        if count and self._ends(words[0]) and after is not None:
            return 0
        return 1 if count == 2 and self._ends(words[1]) else count

    def _ends(self, word: Word) -> bool:
        return ends_name(self._lower_word(word), self._fold(word), accented=self.accented)

    def _surname_said(self, word: Word) -> bool:
        """A surname where one is expected: without diacritics any will do."""
        return self._lower_word(word) in SURNAMES if self.accented else self._fold(word) in FOLDED_SURNAMES

    def _surname(self, word: Word) -> bool:
        written = self._lower_word(word)
        return written in SURNAMES or written in UNACCENTED_SURNAMES

    def _place_before(self, start: int) -> bool:
        """Whether the name stands for a street, a school, a public figure."""
        before = self.folded[max(0, start - 16) : start]
        if not before.endswith(" ") or not before[-2:-1].isalpha():
            return False
        word = _WORD.findall(self.text[max(0, start - 16) : start])[-1].lower()
        place = word in PLACE_WORDS if self.accented else fold(word) in FOLDED_PLACE_WORDS
        return place or before.rstrip().endswith(OFFICE_HOLDERS)

    def _length(self, words: list[Word], free: int) -> int:
        """How many words belong to the name; of the first `free` only a hard stop ends it."""
        for index, word in enumerate(words[: _MOST_WORDS - 1]):
            folded = self._fold(word)
            if index > 1 and folded in HARD_STOPS and self.text[word[0]].islower():
                return index
            if folded in _GIVEN_AFTER_THI and index == 3 and self._fold(words[1]) == "thi":
                continue
            if index > 1 and self._begins_more(words, index):
                return index
            if index >= free and self._ends(word):
                return index
        return len(words[: _MOST_WORDS - 1])

    def _cut(self, words: list[Word], length: int) -> int:
        """At most four words; the fourth in lower case only where it is likely to be of the name."""
        if length < 4 or self.text[words[3][0]].isupper():
            return min(length, 4)
        last = len(words) == 4 or self._fold(words[4]) in HARD_STOPS
        written, folded = self._lower_word(words[3]), self._fold(words[3])
        return 4 if fourth_belongs(written, folded, accented=self.accented, last=last) else 3

    def _begins_more(self, words: list[Word], index: int) -> bool:
        lower = self.text[words[index][0]].islower() and index + 1 < len(words)
        return lower and begins_more(self._fold(words[index]), self._fold(words[index + 1]))

    def _words(self, start: int) -> list[Word]:
        return self.view.words(start, _MOST_WORDS)

    def _lower_word(self, word: Word) -> str:
        return self.text[slice(*word)].lower()

    def _fold(self, word: Word) -> str:
        return self.folded[slice(*word)]
