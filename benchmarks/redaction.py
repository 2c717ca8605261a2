"""Measures redaction on marked cases: recall (nothing personal survives), precision (nothing else is lost).

    python -m benchmarks.redaction [CASES.jsonl …] [--harmless FILE.jsonl …] [--show]

Cases as `feed.redaction.labelled` reads them. `--harmless` counts replacements in texts that hold nothing personal (any
JSON lines with a "question" or "text").
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from pathlib import Path
from time import process_time

from feed.redaction import find, redact
from feed.redaction.labelled import Case, Score, case_of

CASES = Path(__file__).parent.parent / "tests" / "feed" / "redaction_cases.jsonl"


def load(path: Path = CASES) -> list[Case]:
    """The cases of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [case for line in lines if line and (case := case_of(json.loads(line))) is not None]


def score(cases: list[Case]) -> Score:
    """Runs the rules over the cases."""
    result = Score()
    for case in cases:
        result.count(case, find(case.text))
    return result


def harmless(path: Path) -> tuple[int, list[str]]:
    """How many texts a file holds, and what was taken out of them."""
    taken, total = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = unicodedata.normalize("NFC", record.get("question") or record.get("text") or "")
        total += 1
        taken += [f"{span.kind}: {text[span.start : span.end]}  |  {text[:160]}" for span in find(text)]
    return total, taken


def report(path: Path, *, show: bool) -> None:
    """Prints the figures of one file of cases."""
    cases = load(path)
    result = score(cases)
    start = process_time()
    for case in cases:
        redact(case.text)
    milliseconds = (process_time() - start) / len(cases) * 1000
    print(f"{path.name}: cases {len(cases)}, without anything personal {sum(not case.marks for case in cases)}")
    print(f"recall {result.recall:.4f}  precision {result.precision:.4f}  {milliseconds:.2f} ms a text")
    print("kind          marked  found  as this kind | replaced  right")
    for kind in sorted(result.marked | result.replaced, key=lambda kind: -result.marked[kind]):
        print(
            f"  {kind:12}{result.marked[kind]:6}{result.found[kind]:7}{result.same_kind[kind]:14} |"
            f"{result.replaced[kind]:9}{result.right[kind]:7}"
        )
    if show:
        print(*result.faults, sep="\n")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path, nargs="*", default=[CASES])
    parser.add_argument("--harmless", type=Path, nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="print every fault; never of cases kept blind")
    options = parser.parse_args()
    for path in options.cases:
        report(path, show=options.show)
    for path in options.harmless:
        total, taken = harmless(path)
        print(f"{path.name}: {len(taken)} pieces taken out of {total} harmless texts")
        print(*(taken if options.show else []), sep="\n")


if __name__ == "__main__":
    main()
