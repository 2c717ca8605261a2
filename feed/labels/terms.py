"""What the classifier counts in a message: words, pairs of words, classes of phrases, and the shape of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from feed.labels.lexicon import load_lexicon
from feed.labels.words import Reading
from feed.redaction.view import fold

_LEXICON = "lexicon"
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")
_QUOTE = re.compile(r"[\"“”']\w")
_MOST = 3
"""So many phrases of one class count; more say no more."""
_SHOUTED = 0.7
"""Share of capitals from which on a message is shouted."""


def terms_of(reading: Reading) -> list[str]:
    """The terms of a message, with repetitions. Each begins with the name of its sort."""
    return [*_words(reading), *_accented(reading), *_phrases(reading), *_shape(reading)]


def _words(reading: Reading) -> Iterator[str]:
    """Without diacritics, so that a message means the same however it is typed."""
    words = fold(" ".join(reading.usual)).split(" ")
    yield from (f"u {word}" for word in words)
    yield from (f"b {left} {right}" for left, right in pairwise(["<", *words, ">"]))


def _accented(reading: Reading) -> Iterator[str]:
    """What the diacritics tell, where they were typed."""
    if not reading.accented:
        return
    yield from (f"a {word}" for word in reading.typed if not word.isascii())
    for left, right in pairwise(reading.typed):
        if not (left.isascii() and right.isascii()):
            yield f"d {left} {right}"


def _phrases(reading: Reading) -> Iterator[str]:
    """How often each class was met, the first and the last class, and which followed upon which."""
    lexicon = load_lexicon(_LEXICON)
    met = [label for labels in lexicon.found(reading) for label in labels]
    counts = Counter(met)
    for label in lexicon.classes:
        yield from (f"l {label} {number}" for number in range(1, min(counts[label], _MOST) + 1))
        if label not in counts:
            yield f"l {label} 0"
    if met:
        yield from (f"first {met[0]}", f"last {met[-1]}")
    yield from (f"p {left} {right}" for left, right in pairwise(met))


def _shape(reading: Reading) -> Iterator[str]:
    text, size = reading.text, len(reading.usual)
    yield f"size {size if size < 5 else 5 + min(size // 5, 8)}"
    yield f"sentences {min(len(_SENTENCE_END.findall(text)), 4)}"
    yield f"commas {min(text.count(','), 4)}"
    letters = [character for character in text if character.isalpha()]
    marks = {
        "shouted": len(letters) > 5 and sum(map(str.isupper, letters)) > _SHOUTED * len(letters),
        "asked": "?" in text,
        "asked last": text.rstrip().endswith("?"),
        "exclaimed": "!" in text,
        "number": any(map(str.isdigit, text)),
        "quoted": _QUOTE.search(text) is not None,
    }
    yield from (f"has {mark}" for mark, there in marks.items() if there)
