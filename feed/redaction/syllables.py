"""Finds names by the syllables they are made of, after words that lead to a person and at the end of a message.

What capitals or "tên" give away is found in `names`; this is for "con cua ba le thi hoa", "nhờ anh Tuấn",
"cảm ơn. Lê Hoài".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feed.redaction.gazetteer import GIVEN, GIVEN_FOLDED, NO_NAMES, RARELY_WORDS, STREETS, begins_more, fourth_belongs
from feed.redaction.view import View, fold
from feed.redaction.words import (
    CLEAR_SURNAMES,
    FIGURES,
    FOLDED_PLACE_WORDS,
    HARD_STOPS,
    HOMOGRAPHS,
    LIKELY_SURNAMES,
    MIDDLES,
    NOT_GIVEN,
    PLACE_WORDS,
    PLACES,
    STOPS,
    SURNAMES,
    TOWNS,
    UNACCENTED_SURNAMES,
)

Word = tuple[int, int]

_TITLE = "anh|chị|ông|bà|cô|chú|bác|cậu|dì|em|cháu|bé|con|thầy|bạn|mợ|thím|mẹ|mệ|o|cụ|bố|cha|ba|vợ|chồng"
_TITLES = frozenset(_TITLE.split("|"))
_CLEAR_TITLES = frozenset(["anh", "chi", "ong", "ba", "co", "chu", "bac", "em", "chau", "be"])
"""Titles that without diacritics are seldom another word."""
_FOLDED_TITLE = fold(_TITLE)
_ROLE = (
    "cua|chu ho|chu dat|can bo|cong an vien|cong an|truong (?:thon|ban|xom)|liet si|thuong binh|uy quyen cho|hang xom"
    "|nguoi (?:gui|nop|nhan|ban|mua|thua ke|lam don|khai|yeu cau|viet|duoc cap|duoc uy quyen|dai dien)|ben (?:ban|mua)"
    "|(?:em|con|chau|anh|chi) (?:trai|gai|re|dau|ruot|ho)|(?:doi|sua) (?:ten )?thanh|dung ten|mang ten|ten|gap|lien he"
    "|toi|tui|minh|e|vo|nguoi|gui|nho|hoi|thua|da|la"
)
_LEAD = re.compile(
    rf"(?<![a-z])(?:(?P<role>{_ROLE})|(?P<title>{_FOLDED_TITLE}))(?![a-z])(?P<gap>[ ]*[:,]?[ ]*)(?P<am>la )?"
)
_AND = re.compile(rf"(?:,| va| voi| cung)[ ](?:(?:{_FOLDED_TITLE})[ ])?")
_INITIAL = re.compile(r"(?<![a-z])(?:ng|nguyen|tran|le|pham|ho|hoang)(?:\. ?| )(?:v|t|th|thi|van)(?:\. ?| )(?=[a-z])")
_SURNAME_SHORT = re.compile(r"(?<![a-z])ng(?:\. ?| )(?=(?:thi|van|t\.|v\.) )")
_LAST_BREAK = re.compile(r"[.,!?;:\n-]")
_THANKS = re.compile(r"cam on|tran trong|kinh (?:thu|chao|don)|ky ten|nguoi (?:gui|viet|lam don|lam)|thanks")
_ORDINALS = frozenset(["hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "út", "cả"])
_MIDDLE = ("van", "thi")
_NOT_AFTER = {
    "van": frozenset(["hoa", "kien", "nghe", "minh", "ban", "phong", "bang", "thu", "chuong"]),
    "thi": frozenset(["hanh", "cong", "nghiem", "truong", "tran", "xa", "tuyen", "dua"]),
}
_SELDOM_WORDS = LIKELY_SURNAMES - {"do", "ho", "duong", "truong", "ha", "doan", "vu", "luong"}
_PLAIN = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(_SELDOM_WORDS))})(?= [a-z]+ [a-z])")
_PAIR = re.compile(r"(?<![^\W\d_])[A-ZĐ][^\W\d_]{1,6} [A-ZĐ][^\W\d_]{1,6}(?![^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 5
_TAIL = 60


def syllable_names(view: View) -> Iterator[Word]:
    """Where names stand, in no order; some of them may overlap."""
    finder = _Syllables(view)
    for start, end in finder.led():
        yield start, end
        yield from finder.joined(end)
    yield from finder.bare()
    yield from finder.plain()
    yield from finder.pairs()
    yield from finder.short()
    yield from finder.signed()


class _Syllables:
    def __init__(self, view: View) -> None:
        self.view = view
        self.accented = view.accented
        self.given = GIVEN if view.accented else GIVEN_FOLDED

    def led(self) -> Iterator[Word]:
        """After a title or a role."""
        for match in _LEAD.finditer(self.view.folded):
            if match["title"] and not self._addressed(match):
                continue
            end = self._full(match.end()) or self._called(match)
            if end:
                yield match.end(), end

    def joined(self, end: int) -> Iterator[Word]:
        """Names in a row: "nguyễn văn tư và lê thị nga"."""
        while match := _AND.match(self.view.folded, end):
            following = self._full(match.end())
            if following is None:
                return
            yield match.end(), following
            end = following

    def bare(self) -> Iterator[Word]:
        """Full names that nothing leads to, in texts without diacritics or without capitals."""
        for match in re.finditer(r"(?<![^\W\d_])[^\W\d_]+ (?:van|thi) ", self.view.folded):
            words = self.view.words(match.start(), _MOST)
            if len(words) < 3 or not self._surname(words[0]):
                continue
            surname, middle, last = (self._fold(word) for word in words[:3])
            common = (surname, middle) in HOMOGRAPHS and last in _NOT_AFTER[middle]
            sure = self._written(words[2]) in GIVEN if self.accented else last in RARELY_WORDS
            plain = self._written(words[1]) in ("văn", "thị", "van", "thi")
            if sure and plain and not common and self._written(words[2]) not in NOT_GIVEN:
                yield match.start(), self._trimmed(words, 3)

    def plain(self) -> Iterator[Word]:
        """A surname and two syllables of names that nothing leads to, in lower case or all in capitals."""
        sure = self._sure_accented if self.accented else self._sure_plain
        for match in _PLAIN.finditer(self.view.folded):
            words = self.view.words(match.start(), _MOST)
            if len(words) >= 3 and sure(words) and not self._place(words) and not self._place_before(match.start()):
                yield match.start(), self._trimmed(words, 3)

    def _sure_accented(self, words: list[Word]) -> bool:
        surname, middle, last = (self._written(word) for word in words[:3])
        usual = fold(middle) in MIDDLES or middle in CLEAR_SURNAMES
        return surname in CLEAR_SURNAMES and usual and middle in GIVEN | CLEAR_SURNAMES and last in GIVEN - STOPS

    def _sure_plain(self, words: list[Word]) -> bool:
        surname, middle, last = (self._fold(word) for word in words[:3])
        if middle not in GIVEN_FOLDED or middle in _MIDDLE or last not in GIVEN_FOLDED:
            return False
        capitals = self.view.text[words[0][0] : words[2][1]].isupper()
        return (surname in UNACCENTED_SURNAMES or middle in MIDDLES) and (capitals or last in RARELY_WORDS)

    def pairs(self) -> Iterator[Word]:
        """A surname and one given name, in capitals inside a sentence: "hồ sơ Lê Hoài đã nộp"."""
        for match in _PAIR.finditer(self.view.text):
            words = self.view.words(match.start(), 3)
            if len(words) < 2 or (len(words) == 3 and self.view.text[words[2][0]].isupper()):
                continue
            if match.group() == self.view.text.strip():
                continue  # alone it may be anything: whoever asked for a name takes it as one
            names = [self._written(word) for word in words[:2]]
            if names[0] not in CLEAR_SURNAMES or names[1] not in GIVEN:
                continue
            pair = fold(" ".join(names))
            if pair not in STREETS and not self._place(words) and not self._place_before(match.start()):
                yield match.start(), words[1][1]

    def _place_before(self, start: int) -> bool:
        """Whether a word for a street, a school, a place stands before."""
        before = [match.span() for match in _WORD.finditer(self.view.folded, max(0, start - 16), start)]
        if not before or self._written(before[-1]) == "đình":
            return False
        word = before[-1]
        return self._written(word) in PLACE_WORDS if self.accented else self._fold(word) in FOLDED_PLACE_WORDS

    def short(self) -> Iterator[Word]:
        """Names with initials: "nguyen t. hoa", "Ng. Thị Nhàn"."""
        for pattern in (_INITIAL, _SURNAME_SHORT):
            for match in pattern.finditer(self.view.folded):
                words = self.view.words(match.end(), 3)
                if pattern is _INITIAL and "." not in match.group():
                    continue
                length = sum(1 for _ in self._run(words)) or 1
                if words:
                    yield match.start(), words[length - 1][1]

    def signed(self) -> Iterator[Word]:
        """The name that ends a message, after thanks."""
        text = self.view.folded.rstrip(" .!\n")
        tail = text[-_TAIL:]
        breaks = [match.end() for match in _LAST_BREAK.finditer(tail)]
        before = tail[: breaks[-1]] if breaks else ""
        if not _THANKS.search(before):
            return
        start = len(text) - len(tail) + breaks[-1]
        start += len(text) - start - len(text[start:].lstrip())
        words = self.view.words(start, _MOST)
        if not words or len(words) == _MOST or words[-1][1] != len(text):
            return
        capitals = all(self.view.text[first].isupper() for first, _ in words)
        known = all(self._written(word) in self.given or self._surname(word) for word in words)
        if known and ((capitals and not self._place(words)) or self._full(start) == words[-1][1]):
            yield start, words[-1][1]

    def _called(self, match: re.Match[str]) -> int | None:
        """A given name in capitals after a title or "là": "nhờ anh Tuấn", "mình là Hương"."""
        spoken = match["title"] or match["am"] or match["role"] in ("gap", "la")
        words = self.view.words(match.end(), 4)
        length = 0
        while length < len(words) and self.view.text[words[length][0]].isupper():
            length += 1
        if not spoken or not 1 <= length <= 2 or self.view.text[match.end() : words[0][1]].isupper():
            return None
        if match["gap"] != " " or (not match["title"] and not match["am"] and match["role"] == "la"):
            return None
        names = [self._written(word) for word in words[:length]]
        known = GIVEN if self.accented else RARELY_WORDS
        if not all(name in known or (i == 0 and length == 2 and name in _ORDINALS) for i, name in enumerate(names)):
            return None
        last_stop = self.accented and length == 1 and names[0] in STOPS and names[0] not in _ORDINALS
        return None if last_stop or self._place(words[:length]) else words[length - 1][1]

    def _addressed(self, match: re.Match[str]) -> bool:
        """Whether the title is one, rather than part of "bà con" or of a place: Ba Long."""
        start = match.start("title")
        inside = start > 1 and self.view.text[start].isupper() and self.view.folded[start - 2].isalpha()
        clear = self._written(match.span("title")) in (_TITLES if self.accented else _CLEAR_TITLES)
        return clear and not inside and not self.view.folded.endswith("ba ", 0, start)

    def _full(self, start: int) -> int | None:
        """The end of a surname with its given names, where somebody's name is expected."""
        words = self.view.words(start, _MOST)
        if len(words) < 2 or not self._surname(words[0]) or self._place(words):
            return None
        length = 1 + sum(1 for _ in self._run(words[1:4]))
        if length >= 3 and self._likely(words) and self._written(words[2]) not in NOT_GIVEN:
            return self._trimmed(words, 3 if self._fold(words[1]) in MIDDLES else 2)
        clear = CLEAR_SURNAMES if self.accented else UNACCENTED_SURNAMES
        rare = length == 2 and (self.accented or self._fold(words[1]) in RARELY_WORDS)
        if (
            rare
            and self._written(words[0]) in clear
            and self._fold(words[1]) not in _MIDDLE
            and not self._more(words, 1)
        ):
            return words[1][1]
        return self._highland(words)

    def _likely(self, words: list[Word]) -> bool:
        first, middle, last = (self._fold(word) for word in words[:3])
        if middle in _MIDDLE and (first, middle) in HOMOGRAPHS and last in _NOT_AFTER[middle]:
            return False
        if (first, middle, last) == ("do", "thi", "hoa"):
            return False
        if self.accented:
            return (
                self._written(words[0]) in CLEAR_SURNAMES
                or self._written(words[1]) in ("văn", "thị")
                or (middle in MIDDLES and middle not in _MIDDLE)
            )
        return middle in MIDDLES or middle in RARELY_WORDS or last in RARELY_WORDS

    def _highland(self, words: list[Word]) -> int | None:
        """Hồ Văn, Hồ Thị and a name of the Bru-Vân Kiều or Tà Ôi that no list holds."""
        if len(words) < 3 or self._fold(words[0]) != "ho" or self._fold(words[1]) not in _MIDDLE:
            return None
        last = self._fold(words[2])
        stop = self._written(words[2]) in STOPS if self.accented else last in _NOT_AFTER[self._fold(words[1])]
        return None if stop or self._more(words, 2) else words[2][1]

    def _trimmed(self, words: list[Word], least: int) -> int:
        """The end of a name without the words that belong to what follows."""
        length = min(4, 1 + max(least - 1, sum(1 for _ in self._run(words[1:]))), len(words))
        if length == 4 and self.view.text[words[3][0]].islower():
            written, folded = self._written(words[3]), self._fold(words[3])
            last = len(words) == 4 or self._fold(words[4]) in HARD_STOPS
            length -= not fourth_belongs(written, folded, accented=self.accented, last=last)
        while length > least and self._more(words, length - 1):
            length -= 1
        return words[length - 1][1]

    def _more(self, words: list[Word], index: int) -> bool:
        lower = index + 1 < len(words) and self.view.text[words[index][0]].islower()
        return lower and begins_more(self._fold(words[index]), self._fold(words[index + 1]))

    def _run(self, words: list[Word]) -> Iterator[Word]:
        """The words that are syllables of names, up to the first that is none."""
        capital = words[0][0] > 0 and self.view.text[words[0][0]].isupper() if words else False
        for index, word in enumerate(words):
            if capital and self.view.text[word[0]].islower():
                return
            if index > 1 and self._fold(word) in HARD_STOPS and self.view.text[word[0]].islower():
                return
            middle = index == 0 and self._fold(word) in _MIDDLE and self._written(word) in ("văn", "thị", "van", "thi")
            surname = index == 0 and self.accented and self._written(word) in CLEAR_SURNAMES
            if not middle and not surname and self._written(word) not in self.given:
                return
            yield word

    def _surname(self, word: Word) -> bool:
        return self._written(word) in SURNAMES if self.accented else self._fold(word) in LIKELY_SURNAMES

    def _place(self, words: list[Word]) -> bool:
        pair = " ".join(self._fold(word) for word in words[:2])
        figure = " ".join(self._fold(word) for word in words[:3])
        return pair in NO_NAMES or pair in PLACES or pair in TOWNS or figure in FIGURES

    def _written(self, word: Word) -> str:
        return self.view.text[slice(*word)].lower()

    def _fold(self, word: Word) -> str:
        return self.view.folded[slice(*word)]
