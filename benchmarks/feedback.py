"""How the labelling of feelings fares on students' feedback, far from what it learnt: the official test of UIT-VSFC.

`python -m benchmarks.feedback`. Its texts are only counted, never trained on: their licence is not clear. They lie in
`data/sentiment/uit-vsfc` of the folder `BANHOI_SHARED` (default `../shared`): one sentence a line, and beside it 0 for
negative, 1 for neutral, 2 for positive.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import process_time

from feed.labels import Sentiment, load_classifier
from feed.labels.measures import Agreement, agreement
from feed.redaction.view import fold

_NAMES = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)


def load(folder: Path) -> list[tuple[str, Sentiment]]:
    """The official test. Raises `OSError` where it is not there."""
    texts = (folder / "test.sents.txt").read_text(encoding="utf-8").splitlines()
    labels = (folder / "test.sentiments.txt").read_text(encoding="utf-8").split()
    return [(text, _NAMES[int(label)]) for text, label in zip(texts, labels, strict=True)]


def judged(messages: list[tuple[str, Sentiment]]) -> Agreement:
    """What the shipped classifier says of them."""
    classifier = load_classifier()
    return agreement((wanted, classifier.label(text).sentiment) for text, wanted in messages)


def main() -> None:
    """Prints macro-F1 as it is typed and without diacritics, by class, and the time a message takes."""
    folder = Path(os.environ.get("BANHOI_SHARED", "../shared")) / "data" / "sentiment" / "uit-vsfc"
    try:
        messages = load(folder)
    except OSError:
        sys.exit(f"no {folder}: set BANHOI_SHARED to the folder that holds data/sentiment/uit-vsfc")
    load_classifier().label("")
    began = process_time()
    typed = judged(messages)
    took = (process_time() - began) / len(messages) * 1000
    print(f"UIT-VSFC, official test, {typed.judged} sentences: macro-F1 {typed.macro_f1:.3f}")
    for name in _NAMES:
        share = typed.of(name)
        given = "  ".join(f"{other} {typed.counts[name, other]}" for other in _NAMES)
        told = f"precision {share.precision:.3f}  recall {share.recall:.3f}  F1 {share.f1:.3f}"
        print(f"  {name:9} {told}   called {given}")
    print(f"  without diacritics: macro-F1 {judged([(fold(text), wanted) for text, wanted in messages]).macro_f1:.3f}")
    print(f"  {took:.2f} ms of processor time a sentence")


if __name__ == "__main__":
    main()
