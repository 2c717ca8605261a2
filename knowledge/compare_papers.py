"""Holds a card's papers and forms against the official record of its code.

A card names papers in its own, shorter words, and the record puts several into one item or notes among them. So
papers are matched by the words that tell what they are; the bounds below were set on the shipped cards, where they
part other words for the same paper from another paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.compare_text import ascii_only, full_text, share, squeeze, telling_words
from knowledge.models import Document, Procedure

_SAME_PAPER = 0.66
"""From this share of its telling words on, a card's paper is the record's."""
_MENTIONED = 0.6
"""From this share on, the other side mentions the paper somewhere."""
_HEAD_MENTIONED = 0.75
"""The same for the first clause of a long item alone."""
_LONG_ENOUGH = 8
"""Shorter names, such as "Tờ khai", stand in too many texts."""
_HEAD_END = re.compile(r"[;:(\n.]|, trong đó")
_GLOSS = re.compile(r"\([^()]*\)")
_CITED = re.compile(
    r"\s*[(,]?\s*(?:(?:theo|kèm theo|ban hành|quy định tại|nêu tại)\s+(?:các\s+)?"
    r"(?:mẫu|phụ lục|điểm|khoản|điều|nghị định|thông tư|quyết định|kèm)\b|\bmẫu số \d).*",
    re.IGNORECASE | re.DOTALL,
)
"""From where on an item only says which rule the paper comes from."""
_KIND_OF_COPY = re.compile(
    r"^(?:bản chính hoặc )?(?:biểu )?mẫu (?:hộ tịch )?điện tử(?: tương tác)?(?: thực hiện)?"
    r"|^bản (?:chính|sao|chụp) (?:hoặc|từ|có|kèm|hợp lệ)\b.*?"
    r"(?=\b(?:giấy|quyết định|thẻ|văn bằng|chứng chỉ|hợp đồng|bằng|hộ chiếu)\b)",
    re.IGNORECASE,
)
"""How an item opens that says first on paper or screen, original or copy."""
_NO_PAPER = re.compile(
    r"^(?:trường hợp (?:không quy định|ủy quyền|thực hiện thủ tục)|trừ trường hợp|ngoài giấy tờ|phiếu này"
    r"|hồ sơ (?:tương tự|như|của nlđ|đăng ký .* trên môi trường điện tử)|số lượng hồ sơ"
    r"|đối với đơn vị: trong trường hợp|cá nhân ký tên"
    r"|người (?:có yêu cầu|được ủy quyền|ủy quyền|mất năng lực|tham gia))"
    r"|\b(?:sau|sau đây|như sau|gồm)$",
    re.IGNORECASE,
)
"""Items that are a heading or a rule on the dossier, though the record counts them."""
_DESIGNATION = re.compile(
    r"(?:mẫu(?: số)?|phụ lục|biểu(?: số)?)\s+((?:số\s+)?(?:[A-ZĐ]{0,4}\d[\w./-]*|[A-Z]{1,2}\d+\w*|[IVX]+\b))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"0*(?P<number>\d+)(?P<letter>[a-z]?)")
_ROMAN = re.compile(r"[ivx]+")


def paper_differences(card: Procedure, official: Procedure) -> Iterator[str]:
    """Papers that only one of the two names, and counts above one that the other does not give."""
    text = full_text(official)
    theirs = telling_words(text)
    for paper in card.dossier:
        if all(share(words, theirs) < _MENTIONED for words in _readings(paper)) and not _within(paper, text):
            yield f"thẻ có giấy tờ mà dữ liệu gốc không nêu: “{paper.name}”"
    ours = [telling_words(text) for text in _sayings(card)]
    missing = [paper for paper in official.dossier if not _named(paper, card, ours)]
    if missing:
        names = "; ".join(f"“{_short(paper)}”" for paper in missing)
        yield f"thẻ không nêu {len(missing)} trong {len(official.dossier)} giấy tờ của dữ liệu gốc: {names}"
    yield from _counts(card, official)


def _sayings(card: Procedure) -> Iterator[str]:
    """What a card says of papers, one by one."""
    yield from (f"{paper.name}. {paper.form or ''}. {paper.note or ''}" for paper in card.dossier)
    yield from (f"{case.when}. {case.then}" for case in card.cases)
    yield from card.dossier_notes
    yield from card.conditions


def _named(paper: Document, card: Procedure, ours: Sequence[frozenset[str]]) -> bool:
    """Whether the card names an item of the record, as a paper or in passing; what is no paper needs no name."""
    if _NO_PAPER.search(paper.name):
        return True
    name = _CITED.sub("", _KIND_OF_COPY.sub("", paper.name))
    own = telling_words(_GLOSS.sub(" ", name))
    whole = telling_words(f"{paper.name} {paper.note or ''} {paper.case or ''}")
    for other in card.dossier:
        same = any(words and share(words, whole) >= _SAME_PAPER for words in _readings(other))
        if same or _within(other, paper.name):
            return True
    head = telling_words(_HEAD_END.split(name)[0])
    return any(
        share(own, words) >= _MENTIONED or (len(head) > 1 and share(head, words) >= _HEAD_MENTIONED) for words in ours
    )


def _readings(paper: Document) -> tuple[frozenset[str], frozenset[str]]:
    """The telling words of a card's paper, with and without what stands in brackets."""
    return telling_words(paper.name), telling_words(_GLOSS.sub(" ", paper.name))


def _within(paper: Document, text: str) -> bool:
    """Whether the paper's own name stands in a text: "Giấy chứng tử" has no word that tells it from others."""
    name = squeeze(_GLOSS.sub(" ", paper.name))
    return len(name) >= _LONG_ENOUGH and name in squeeze(text)


def _short(paper: Document) -> str:
    return paper.name if len(paper.name) <= 90 else f"{paper.name[:87]}…"


def _counts(card: Procedure, official: Procedure) -> Iterator[str]:
    ours, theirs = _several(card), _several(official)
    for count in sorted(ours - theirs):
        if not re.search(rf"(?<![\d./])0?{count}\s*(?:\([^)]*\)\s*)?(?:bản|bộ|ảnh|tờ|cái)", full_text(official)):
            yield f"thẻ ghi {count} bản, dữ liệu gốc không"
    for count in sorted(theirs - ours):
        if not re.search(rf"(?<![\d./])0?{count}\s*(?:\([^)]*\)\s*)?(?:bản|bộ|ảnh|tờ|cái|tấm)", full_text(card)):
            yield f"dữ liệu gốc ghi {count} bản, thẻ không"


def _several(procedure: Procedure) -> set[int]:
    counts = [count for paper in procedure.dossier for count in (paper.originals, paper.copies)]
    return {count for count in counts if count is not None and count > 1}


def form_differences(card: Procedure, official: Procedure) -> Iterator[str]:
    """Forms that the record does not know, or that the card passes over altogether."""
    ours = {paper.form for paper in card.dossier if paper.form}
    files = sorted({paper.form for paper in official.dossier if paper.form})
    for form in sorted(ours):
        if not _known(form, files, full_text(official)):
            yield f"dữ liệu gốc không có mẫu “{form}”"
    if files and not ours:
        yield f"dữ liệu gốc có mẫu ({'; '.join(files[:3])}), thẻ không nêu mẫu nào"


def _known(form: str, files: list[str], text: str) -> bool:
    """Whether each number of the form stands in the record, in a text or in the garbled name of a file."""
    places = [squeeze(text), *map(squeeze, files), *map(ascii_only, files)]
    numbers = _DESIGNATION.findall(form)
    if not numbers:
        return share(telling_words(form), telling_words(text)) >= _HEAD_MENTIONED
    return all(any(pattern.search(place) for place in places) for pattern in map(_pattern, numbers))


def _pattern(number: str) -> re.Pattern[str]:
    """How the number of a form may read in squeezed text: "Mẫu số 01" as "mauso01", "mus1" or "ms01"."""
    core = squeeze(number)
    if plain := _NUMBERED.fullmatch(core):
        prefix = r"(?:m[aus]{0,3}(?:so|s)?|bieu(?:so)?|phuluc|phlc|pl)"
        return re.compile(rf"{prefix}0*{plain['number']}{plain['letter']}(?!\d)")
    if _ROMAN.fullmatch(core):
        return re.compile(rf"(?:phuluc|phluc|phlc|pl){core}")
    garbled = ascii_only(number)
    return re.compile(rf"{core}|{garbled}" if len(garbled) > 2 else core)
