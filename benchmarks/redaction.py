"""Measures redaction on marked cases: recall (nothing personal survives), precision (nothing else is lost).

    python -m benchmarks.redaction [CASES.jsonl] [--harmless FILE.jsonl …] [--show]

A case is `{"marked": "gọi <phone|0912345678>"}`. A marked piece is found when all of it is replaced;
a replacement is right when it lies within a marked piece. `--harmless` counts replacements in texts that hold
nothing personal (any JSON lines with a "question" or "text").
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from feed.redaction import Kind, Span, find, redact

CASES = Path(__file__).parent.parent / "tests" / "feed" / "redaction_cases.jsonl"
_MARK = re.compile(r"<(?P<kind>[a-z]+)\|(?P<text>[^>]*)>")
_LEAD = re.compile(r"(?:(?:so nha|nha so|so|can ho so|can ho|nha)\s+|[\s(+,]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the personal data in it."""

    text: str
    gold: tuple[Span, ...]


@dataclass(slots=True)
class Score:
    """Counts over cases."""

    marked: int = 0
    found: int = 0
    replaced: int = 0
    right: int = 0
    same_kind: int = 0
    faults: list[str] = field(default_factory=list)
    missed: Counter[Kind] = field(default_factory=Counter)
    marked_by_kind: Counter[Kind] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Share of the marked pieces of which nothing survives."""
        return self.found / self.marked

    @property
    def precision(self) -> float:
        """Share of the replacements that took nothing but marked text."""
        return self.right / self.replaced


def parse(marked: str) -> Case:
    """Reads the marks."""
    text, gold, last = "", [], 0
    marked = unicodedata.normalize("NFC", marked)
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        gold.append(Span(len(text), len(text) + len(match["text"]), Kind(match["kind"])))
        text += match["text"]
        last = match.end()
    return Case(text + marked[last:], tuple(gold))


def load(path: Path = CASES) -> list[Case]:
    """The cases of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse(json.loads(line)["marked"]) for line in lines if line]


def score(cases: list[Case]) -> Score:
    """Runs the redaction over the cases."""
    result = Score()
    for case in cases:
        found = find(case.text)
        _count_gold(case, found, result)
        _count_found(case, found, result)
    return result


def _count_gold(case: Case, found: list[Span], result: Score) -> None:
    for gold in case.gold:
        result.marked += 1
        result.marked_by_kind[gold.kind] += 1
        covering = [span for span in found if span.start <= gold.start and gold.end <= span.end]
        result.found += bool(covering)
        result.same_kind += any(span.kind == gold.kind for span in covering)
        if not covering:
            result.missed[gold.kind] += 1
            result.faults.append(f"missed  {gold.kind}: {case.text[gold.start : gold.end]}  |  {case.text}")


def _count_found(case: Case, found: list[Span], result: Score) -> None:
    for span in found:
        result.replaced += 1
        if any(_within(case.text, span, gold) for gold in case.gold):
            result.right += 1
        else:
            result.faults.append(f"too much {span.kind}: {case.text[span.start : span.end]}  |  {case.text}")


def _within(text: str, span: Span, gold: Span) -> bool:
    """Whether `span` takes nothing beyond `gold` but a label such as "số nhà" in front."""
    before = text[span.start : gold.start] if span.start < gold.start else ""
    plain = unicodedata.normalize("NFD", before).encode("ascii", "ignore").decode()
    return span.end <= gold.end and span.end > gold.start and _LEAD.sub("", plain) == ""


def harmless(path: Path) -> tuple[int, int, list[str]]:
    """Texts of a file, how many were changed, and what was taken out of them."""
    taken, changed, total = [], 0, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = unicodedata.normalize("NFC", record.get("question") or record.get("text") or "")
        spans = find(text)
        total += 1
        changed += bool(spans)
        taken += [f"{span.kind}: {text[span.start : span.end]}  |  {text[:160]}" for span in spans]
    return total, changed, taken


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path, nargs="?", default=CASES)
    parser.add_argument("--harmless", type=Path, nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="print every fault")
    options = parser.parse_args()
    cases = load(options.cases)
    result = score(cases)
    start = perf_counter()
    for case in cases:
        redact(case.text)
    milliseconds = (perf_counter() - start) / len(cases) * 1000
    print(f"cases {len(cases)}, marked {result.marked}, replaced {result.replaced}")
    print(f"recall {result.recall:.4f}  precision {result.precision:.4f}  right kind {result.same_kind}")
    print(f"{milliseconds:.2f} ms a text")
    for kind, number in result.marked_by_kind.most_common():
        print(f"  {kind:12} {number - result.missed[kind]}/{number}")
    for path in options.harmless:
        total, changed, taken = harmless(path)
        print(f"{path.name}: {changed} of {total} harmless texts changed")
        print(*(taken if options.show else []), sep="\n")
    if options.show:
        print(*result.faults, sep="\n")


if __name__ == "__main__":
    main()
