"""The same message as other people would have typed it. Each change needs only the text and a source of chance."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from index.text import fold, is_accented

Perturb = Callable[[str, random.Random], str]

CHARACTERS_PER_TYPO = 15
WORDS_PER_GLUE = 6
_SLANG_SHARE = 0.6
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {key: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in _KEYS for at, key in enumerate(row)}
_TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
"""Tone marks and the keys that make them."""
_SLANG: Mapping[str, tuple[str, ...]] = {
    "không": ("ko", "k", "hok", "khg"),
    "được": ("đc", "dc", "đx"),
    "gì": ("j", "ji"),
    "với": ("vs", "zới"),
    "vậy": ("z", "zậy", "v"),
    "rồi": ("r", "rùi"),
    "người": ("ng", "ngừi"),
    "những": ("nhg", "nhữg"),
    "biết": ("bít", "bik"),
    "mình": ("mk", "mik"),
    "em": ("e",),
    "anh": ("a",),
    "chị": ("c",),
    "làm": ("lm",),
    "muốn": ("mún", "mn"),
    "cũng": ("cx", "cũg"),
    "bao nhiêu": ("bn", "bao nhiu", "bnhiu"),
    "như thế nào": ("ntn", "như nào"),
    "thế nào": ("tnào", "tn"),
    "bây giờ": ("bi h", "bây h"),
    "phải": ("fải", "phãi"),
    "trước": ("trc",),
    "đăng ký": ("đk", "đkí", "dky"),
    "thủ tục": ("tt",),
    "hồ sơ": ("hs", "hsơ"),
    "giấy tờ": ("gtờ", "gt"),
    "căn cước công dân": ("cccd",),
    "giấy khai sinh": ("gks",),
    "giấy phép lái xe": ("gplx",),
    "bằng lái xe": ("blx",),
    "giấy chứng nhận": ("gcn",),
    "hộ khẩu": ("hk",),
    "bảo hiểm y tế": ("bhyt",),
    "bảo hiểm xã hội": ("bhxh",),
    "sổ đỏ": ("sđ",),
    "ủy ban nhân dân": ("ubnd",),
    "ủy ban": ("ub",),
    "công an": ("ca",),
    "kinh doanh": ("kd",),
    "xây dựng": ("xd",),
    "quyền sử dụng đất": ("qsdđ",),
}
_FRONTS = (
    "Dạ em chào anh chị ạ, cho em hỏi chút xíu là ",
    "Chào ad, ad cho mình hỏi với, ",
    "Kính chào quý cơ quan, tôi có thắc mắc mong được giải đáp như sau: ",
    "alo có ai ở đó không ạ, ",
    "Nhờ các bác tư vấn giúp em với ạ. ",
    "Xin lỗi vì làm phiền, cho tui hỏi cái ni tí: ",
    "Mọi người ơi cho em hỏi xíu nha, ",
)
_BACKS = (
    " Em cảm ơn anh chị nhiều ạ",
    ", mong ad trả lời sớm giúp mình nhé, cảm ơn ad",
    " ạ. Trân trọng cảm ơn!",
    ", ai biết chỉ giúp em với, em đang cần gấp ạ",
    ". Chúc anh chị một ngày tốt lành",
    " hả mọi người, tui cảm ơn nghe",
)
_ENDS = ("???", "!!!", "...", "?!?!", " 😭😭", " 🙏🙏🙏", " :((", " ^^", " ❤️")
_INNER = (",", "...", " -", "!!", " 😅")


def without_diacritics(text: str, _chance: random.Random) -> str:
    """As typed on a keyboard without Vietnamese."""
    return fold(text)


def with_typos(text: str, chance: random.Random) -> str:
    """One slip for about every 15 characters; digits stay, for they mean something."""
    for _ in range(max(1, round(len(text) / CHARACTERS_PER_TYPO))):
        places = [at for at, char in enumerate(text) if char.isalpha()]
        if places:
            text = _slip(text, chance.choice(places), chance)
    return text


def _slip(text: str, at: int, chance: random.Random) -> str:
    """One letter swapped with the next, left out, doubled, hit beside its key, without diacritics, or in Telex."""
    letter, rest = text[at], text[at + 1 :]
    near = _NEIGHBOURS.get(letter.lower())
    slips = [letter * 2 + rest, rest]
    if rest[:1].isalpha():
        slips.append(rest[0] + letter + rest[1:])
    if near:
        slips.append(chance.choice(near) + rest)
    if is_accented(letter):
        slips += [fold(letter) + rest, _toneless(letter, rest)]
    return text[:at] + chance.choice(slips)


def _toneless(letter: str, rest: str) -> str:
    """A letter whose tone came out as the Telex key at the end of the word: "giấy" becomes "giâys"."""
    parts = unicodedata.normalize("NFD", letter)
    key = next((_TELEX[mark] for mark in parts if mark in _TELEX), "")
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TELEX))
    end = re.match(r"[^\W\d_]*", rest)
    cut = end.end() if end else 0
    return bare + rest[:cut] + key + rest[cut:]


def as_slang(text: str, chance: random.Random) -> str:
    """Chat spellings and abbreviations for most of the words that have one, for one at least."""
    found = list(_slang_pattern().finditer(text))
    if not found:
        return text
    sure = chance.randrange(len(found))
    for number, match in reversed(list(enumerate(found))):
        if number == sure or chance.random() < _SLANG_SHARE:
            text = text[: match.start()] + _spelling(match[0], chance) + text[match.end() :]
    return text


def _spelling(word: str, chance: random.Random) -> str:
    known = word.lower()
    if known in _SLANG:
        return chance.choice(_SLANG[known])
    accented = next(name for name in _SLANG if fold(name) == known)
    return fold(chance.choice(_SLANG[accented]))


def _slang_pattern() -> re.Pattern[str]:
    names = sorted({*_SLANG, *map(fold, _SLANG)}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def with_filler(text: str, chance: random.Random) -> str:
    """Politeness in front, behind, or both; without diacritics where the message has none."""
    front, back = chance.choice((*_FRONTS, "")), chance.choice(_BACKS)
    if chance.random() < 1 / 3 and front:
        back = ""
    made = front + (text.rstrip(" ?.!") if back else text) + back
    return fold(made) if text == fold(text) else made


def in_capitals(text: str, _chance: random.Random) -> str:
    """All in capitals."""
    return text.upper()


def glued(text: str, chance: random.Random) -> str:
    """One space between two words left out for about every six words."""
    gaps = [match.start() for match in re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text)]
    wanted = max(1, len(text.split()) // WORDS_PER_GLUE)
    for at in sorted(chance.sample(gaps, min(wanted, len(gaps))), reverse=True):
        text = text[:at] + text[at + 1 :]
    return text


def punctuated(text: str, chance: random.Random) -> str:
    """Punctuation and emoji within and at the end."""
    words = text.rstrip(" ?.!").split(" ")
    for at in range(len(words) - 1):
        if words[at][-1:].isalpha() and chance.random() < 1 / 6:
            words[at] += chance.choice(_INNER)
    return " ".join(words) + chance.choice(_ENDS)


PERTURBATIONS: Mapping[str, Perturb] = {
    "diacritics off": without_diacritics,
    "typos": with_typos,
    "teencode, abbreviations": as_slang,
    "polite filler": with_filler,
    "capitals": in_capitals,
    "glued words": glued,
    "punctuation, emoji": punctuated,
}
"""Every change by name."""


def perturbed(name: str, text: str, seed: int) -> str:
    """The text changed; the same for the same name, text and seed."""
    return PERTURBATIONS[name](text, random.Random(f"{seed} {name} {text!r}"))
