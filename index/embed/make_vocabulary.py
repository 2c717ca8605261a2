"""Writes vocabulary.txt: `python -m index.embed.make_vocabulary FILE…` (text, .json, .jsonl, also as .gz).

Kept are the pieces that occur in the given Vietnamese texts and in E5's prefixes, in every way of writing
them (accented or not, lower, upper, capitalised); pieces that look like a Vietnamese syllable; single Latin
characters and signs (₫, ², –); digits; ASCII of up to three letters; and the ASCII words among the commonest
20,000 pieces ("online", "website"). The list is about the language, so it need not be made again when the
knowledge changes.
"""

import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from index.embed.layout import PASSAGE_PREFIX, QUERY_PREFIX
from index.embed.tokenizer import build_tokenizer
from index.embed.vocabulary import FILE_NAME, format_ranges
from index.embed.weights import Pieces, Weights, find_weights

COMMON = 20_000
SPECIAL = range(4)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx]"
_SYLLABLE = re.compile(f"▁?({_ONSET})?[aăâeêioôơuưy]{{1,3}}(ch|ng|nh|[cmnptiuoy])?")
_NUMBER = re.compile(r"▁?[0-9.,:/%-]+")
_SHORT = re.compile(r"▁?[a-z]{1,3}|▁?[A-Za-z]{1,2}")
_ASCII_WORD = re.compile(r"▁?[A-Za-z]+")
_HEADER = "# Ids of the pieces we keep; written by make_vocabulary.py, which says how they were chosen.\n"


def occurring(pieces: Pieces, words: Iterable[str]) -> set[int]:
    """The pieces that the full tokenizer cuts these words into, however they are written."""
    tokenizer = build_tokenizer(pieces, range(len(pieces)))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    spellings = sorted({spelling for word in words for spelling in _spellings(word)})
    encodings = tokenizer.encode_batch(spellings, add_special_tokens=False)
    return {piece for encoding in encodings for piece in encoding.ids}


def by_form(pieces: Pieces) -> set[int]:
    """The pieces worth keeping for what they look like."""
    return {piece for piece in range(len(pieces)) if _is_wanted(piece, pieces[piece])}


def read_words(path: Path) -> set[str]:
    """The words of a text file or of all strings in a JSON (lines) file, composed (NFC)."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz")
    text = data.decode("utf-8")
    if name.endswith(".jsonl"):
        text = " ".join(part for line in text.splitlines() if line for part in _strings(json.loads(line)))
    elif name.endswith(".json"):
        text = " ".join(_strings(json.loads(text)))
    return set(unicodedata.normalize("NFC", text).split())


def _is_wanted(number: int, piece: str) -> bool:
    bare = piece.lstrip("▁")
    return bool(
        number in SPECIAL
        or _SYLLABLE.fullmatch(_without(_TONES, piece.lower()))
        or (len(bare) <= 1 and all(_is_latin_or_sign(character) for character in bare))
        or _NUMBER.fullmatch(piece)
        or _SHORT.fullmatch(piece)
        or (number < COMMON and _ASCII_WORD.fullmatch(piece))
    )


def _is_latin_or_sign(character: str) -> bool:
    return ord(character) < 0x250 or 0x1E00 <= ord(character) < 0x2300


def _spellings(word: str) -> set[str]:
    bare = _without(None, word.replace("đ", "d").replace("Đ", "D"))
    return {way for base in (word, bare) for way in (base, base.lower(), base.upper(), base.capitalize())}


def _without(marks: str | None, text: str) -> str:
    """The text without the given combining marks, or without any."""
    kept = (
        character
        for character in unicodedata.normalize("NFD", text)
        if not (unicodedata.combining(character) and (marks is None or character in marks))
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def main(arguments: list[str]) -> None:
    """Reads the files, writes the list beside this module."""
    pieces = Weights(find_weights()).pieces
    words = {word for argument in arguments for word in read_words(Path(argument))}
    words |= {QUERY_PREFIX.strip(), PASSAGE_PREFIX.strip()}
    kept = occurring(pieces, words) | by_form(pieces)
    target = Path(str(resources.files("index.embed"))) / FILE_NAME
    target.write_text(_HEADER + format_ranges(kept), encoding="utf-8")
    sys.stdout.write(f"{len(kept)} pieces from {len(words)} words\n")


if __name__ == "__main__":
    main(sys.argv[1:])
