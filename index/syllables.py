"""What can be a Vietnamese syllable: an onset, a rime of the language's closed list, a tone where it may stand."""

from __future__ import annotations

import re
import unicodedata

from index.text import fold

_ONSETS = "b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x"
_RIMES = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăk|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|"
    "e|ec|em|en|eng|eo|ep|et|ê|êch|êm|ên|ênh|êp|êt|êu|"
    "i|ia|ich|iêc|iêm|iên|iêng|iêp|iêt|iêu|im|in|inh|ip|it|iu|"
    "o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|"
    "oc|oe|oem|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|"
    "u|ua|uac|uai|uan|uang|uanh|uao|uat|uau|uay|uăc|uăn|uăng|uăt|uân|uâng|uât|uâu|uây|uc|ue|uen|ueo|uet|"
    "uê|uêch|uên|uênh|uêt|uêu|ui|um|un|ung|uôc|uôi|uôm|uôn|uông|uôt|uơ|up|ut|uu|"
    "uy|uya|uych|uyên|uyêt|uyn|uynh|uyp|uyt|uyu|"
    "ư|ưa|ưc|ưi|ưm|ưn|ưng|ươc|ươi|ươm|ươn|ương|ươp|ươt|ươu|ưt|ưu|y|ych|yn|ynh|yp|yt|yêm|yên|yêng|yêt|yêu"
)
_READINGS = tuple(re.compile(f"{onset}({_RIMES})") for onset in ("", *_ONSETS.split("|")))
"""A word may be read in two ways: "giá" is gi-á, "gì" is g-ì."""
_FOLDED = re.compile(f"(?:{fold(_ONSETS)})?(?:{fold(_RIMES)})")
_STOPS = ("c", "ch", "k", "p", "t")
_STOPPED_TONES = "\u0301\u0323"
"""Tones that a syllable on one of `_STOPS` has; it always has one."""
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ON_EITHER = ("oa", "oe", "uy")
"""Vowels whose tone stands on the first or, as the older way, on the second."""


def is_syllable(folded: str) -> bool:
    """Whether a word in small letters without diacritics is spelt as a syllable may be: "truong", but not "tagn"."""
    return _FOLDED.fullmatch(folded) is not None


def is_spelt_right(word: str) -> bool:
    """Whether a word in small letters and NFC can be a syllable as it stands, diacritics and all.

    "mừng" can, but not "cuớc" (no such rime), "liạ" (the tone stands on the wrong letter), "giấ" (the rime is open) or
    "đich" (a tone is missing).
    """
    parts = unicodedata.normalize("NFD", word)
    tones = _TONE.findall(parts)
    bare = unicodedata.normalize("NFC", _TONE.sub("", parts))
    rimes = [found for reading in _READINGS if (found := reading.fullmatch(bare))]
    if not tones:
        return any(not found[1].endswith(_STOPS) for found in rimes)
    if len(tones) > 1:
        return False
    place = _tone_place(word)
    return any(_may_stand(tones[0], place - found.start(1), found[1]) for found in rimes)


def _may_stand(tone: str, place: int, rime: str) -> bool:
    """Whether a rime may have this tone on its letter number `place`."""
    vowels = rime.rstrip("cghkmnpt")
    if rime.endswith(_STOPS) and tone not in _STOPPED_TONES:
        return False
    return place in _places(vowels, closed=vowels != rime)


def _tone_place(word: str) -> int:
    """Which letter carries the tone."""
    return next(at for at, letter in enumerate(word) if _TONE.search(unicodedata.normalize("NFD", letter)))


def _places(vowels: str, *, closed: bool) -> tuple[int, ...]:
    """Where among the vowels of a rime the tone may stand."""
    marked = [at for at, letter in enumerate(vowels) if not letter.isascii()]
    if marked:
        return (marked[-1],)
    if closed:
        return (len(vowels) - 1,)
    if vowels in _ON_EITHER:
        return 0, 1
    return (1,) if len(vowels) == 3 else (0,)
