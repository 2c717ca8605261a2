"""Texts with their personal data marked: read from JSON lines, and counted against what the rules find.

Recall: nothing of a marked piece survives. Precision: a replacement takes nothing but a marked piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feed.redaction.kinds import Kind, Span
from feed.redaction.view import fold

_MARK = re.compile(r"<(?P<kind>[a-z]+)\|(?P<text>[^>]*)>")
_LEAD = re.compile(r"(?:(?:so nha|nha so|so|can ho so|can ho|nha|dia chi)(?=\W|$)|[\s(+,:]+)*")
_ABOVE = re.compile(
    r"[ ,-]+(?:xa|phuong|thi tran|tt|thi xa|tx|dac khu|huyen|tinh|thanh pho|tp|p|x)[ .](?!xa ).*$"
    r"|[ ,]+(?:quang tri|dong ha|dong hoi)(?:,.*)?$",
    re.DOTALL,
)
_MEANT = {"id": frozenset([Kind.CCCD, Kind.CMND]), "account": frozenset([Kind.BANK])}
"""Kinds that labels name in another way."""


class BadRecord(Exception):
    """A line that holds no text, or labels that do not fit it; `key` names the sentence that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of personal data that somebody marked: `text[start:end]`; `kind` as they named it."""

    start: int
    end: int
    kind: str

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it may be replaced as."""
        return _MEANT.get(self.kind) or frozenset([Kind(self.kind)])


@dataclass(frozen=True, slots=True)
class Case:
    """A text, composed to NFC, and the personal data in it."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Score:
    """Counts over cases, by the kind of the mark (`marked`, `found`, `same_kind`) or of the replacement."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    same_kind: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the marked pieces of which nothing survives; 1 where nothing is marked."""
        return self.found.total() / self.marked.total() if self.marked else 1.0

    @property
    def precision(self) -> float:
        """Share of the replacements that took nothing but marked text; 1 where nothing was replaced."""
        return self.right.total() / self.replaced.total() if self.replaced else 1.0

    def count(self, case: Case, found: list[Span]) -> None:
        """Adds one text and what the rules find in it."""
        for mark in case.marks:
            touching = [span for span in found if span.start < mark.end and mark.start < span.end]
            covered = _covered(case.text, mark, touching)
            self.marked[mark.kind] += 1
            self.found[mark.kind] += covered
            self.same_kind[mark.kind] += covered and any(span.kind in mark.kinds for span in touching)
            if not covered:
                self.faults.append(f"missed {mark.kind}: {case.text[mark.start : mark.end]}  |  {case.text}")
        for span in found:
            right = any(_within(case.text, span, mark) for mark in case.marks)
            self.replaced[span.kind] += 1
            self.right[span.kind] += right
            if not right:
                self.faults.append(f"too much {span.kind}: {case.text[span.start : span.end]}  |  {case.text}")


def _covered(text: str, mark: Mark, touching: list[Span]) -> bool:
    """Whether no letter and no digit of a mark is left."""
    return all(
        any(span.start <= place < span.end for span in touching) or not text[place].isalnum()
        for place in range(mark.start, _private_end(text, mark))
    )


def _private_end(text: str, mark: Mark) -> int:
    """Where a mark ends for recall: of an address the commune and what is above it may stay."""
    above = _ABOVE.search(fold(text[mark.start : mark.end])) if mark.kind == Kind.ADDRESS else None
    return mark.start + above.start() if above and above.start() else mark.end


def _within(text: str, span: Span, mark: Mark) -> bool:
    """Whether `span` takes nothing beyond `mark` but a label such as "số nhà" in front."""
    lead = fold(text[span.start : mark.start]) if span.start < mark.start else ""
    return mark.start < span.end <= mark.end and _LEAD.fullmatch(lead) is not None


def case_of(record: Mapping[str, Any]) -> Case | None:
    """The case that a record holds, or None where it has a text but no labels. Raises BadRecord.

    Labels: `{"marked": "gọi <phone|0912345678>"}`, or beside "text" a list "pii" of `{"kind", "text"}` or
    `{"kind", "start", "end"}` (characters of the text). An empty list says that there is nothing personal.
    """
    if isinstance(record.get("marked"), str):
        return _marked(unicodedata.normalize("NFC", record["marked"]))
    text = text_of(record)
    labels = record.get("pii")
    if labels is None:
        return None
    if not isinstance(labels, list):
        raise BadRecord("redact_bad_labels")
    marks: list[Mark] = []
    for label in labels:
        marks.append(_label(record["text"], text, label, marks))
    return Case(text, tuple(marks))


def text_of(record: Mapping[str, Any]) -> str:
    """The text of a record, composed to NFC. Raises BadRecord."""
    text = record.get("text")
    if not isinstance(text, str):
        raise BadRecord("redact_no_text")
    return unicodedata.normalize("NFC", text)


def _marked(marked: str) -> Case:
    text, marks, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        marks.append(Mark(len(text), len(text) + len(match["text"]), _known(match["kind"])))
        text += match["text"]
        last = match.end()
    return Case(text + marked[last:], tuple(marks))


def _label(written: str, text: str, label: Any, earlier: list[Mark]) -> Mark:
    if not isinstance(label, dict):
        raise BadRecord("redact_bad_labels")
    kind, piece = _known(label.get("kind")), label.get("text")
    if isinstance(piece, str) and piece:
        piece = unicodedata.normalize("NFC", piece)
        start = _next(text, piece, earlier)
    else:
        first, last = label.get("start"), label.get("end")
        if not (isinstance(first, int) and isinstance(last, int) and 0 <= first < last <= len(written)):
            raise BadRecord("redact_bad_labels")
        piece = unicodedata.normalize("NFC", written[first:last])
        start = len(unicodedata.normalize("NFC", written[:first]))
    if start < 0:
        raise BadRecord("redact_bad_labels")
    return Mark(start, start + len(piece), kind)


def _next(text: str, piece: str, earlier: list[Mark]) -> int:
    """Where `piece` stands in `text` outside of what is marked already; -1 when nowhere."""
    start = text.find(piece)
    while start >= 0 and any(mark.start < start + len(piece) and start < mark.end for mark in earlier):
        start = text.find(piece, start + 1)
    return start


def _known(kind: Any) -> str:
    if not isinstance(kind, str) or (kind not in _MEANT and kind not in list(Kind)):
        raise BadRecord("redact_bad_labels")
    return kind
