"""Holds banhoi against the usual recipes, on the same questions and the same build, in one process.

    BANHOI_DATA_DIR=… python -m benchmarks.peers SET.jsonl…

Needs the extra `bench`. Asks the messages of each set that stand alone, are to be answered about a procedure, and whose
procedure the build holds. Prints Markdown; run it on an idle machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.evaluate import EngineConversation
from benchmarks.memory import settled_mb
from benchmarks.opening import Opened, describe, due, open_build, percent, read_cases, single_turns
from benchmarks.recipes import NAMES, TITLES, Search, accented, bm25, fused, nearest, read_catalogue, unaccented
from bot.engine import Engine
from index.aspects import matter
from index.evaluation.score import Conversation, Judgement, Observed, figures, latencies, run
from index.evaluation.sets import Case
from index.library import Library
from index.verdict import procedures

REQUIRED = {"bm25s": "bm25s", "haystack": "haystack-ai"}
"""Modules of the extra `bench` and what they are installed by."""
_WARM_UP = 20
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"

Start = Callable[[], Conversation]
"""Starts a conversation with a system."""


class Alone:
    """A search as a conversation that forgets everything: each question gets its candidates."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def ask(self, text: str, before: str = "") -> Observed:  # noqa: ARG002
        """The candidates, as if they were an answer."""
        begun = time.perf_counter()
        codes = tuple(self._search(text))
        taken = (time.perf_counter() - begun) * 1000
        return Observed("answer", codes, frozenset(), "", (), taken)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one system did on one set."""

    name: str
    judgements: Sequence[Judgement]
    memory_mb: float
    """What the process holds for it, its embedder and build included, Python and modules not."""


def missing() -> list[str]:
    """Packages of the extra `bench` that are not installed."""
    return [package for module, package in REQUIRED.items() if importlib.util.find_spec(module) is None]


def rank_alone(library: Library) -> Search:
    """banhoi's ranking without the conversation around it."""

    def search(text: str) -> Sequence[str]:
        return [item.target for item in procedures(library.rank(matter(library.analyse(text))))]

    return search


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: how it is opened, and the megabytes of what it uses that is open already."""

    name: str
    open: Callable[[], Start]
    uses_mb: float = 0.0


def systems(opened: Opened) -> list[System]:
    """The peers over titles, and over every name and example that we search; then banhoi."""
    library, embedder = opened.library, opened.embedder
    if embedder is None or library.embedder is None:
        raise SystemExit("peers needs a build with vectors and the embedder that made them")
    titles, names = (read_catalogue(library, opened.folder, kinds) for kinds in (TITLES, NAMES))

    def haystack() -> Search:
        from benchmarks.haystack_pipeline import hybrid

        return hybrid(titles, embedder, unaccented)

    lexical: Mapping[str, Callable[[], Search]] = {
        "BM25, titles": lambda: bm25(titles, accented),
        "BM25, titles unaccented": lambda: bm25(titles, unaccented),
        "BM25, all our names unaccented": lambda: bm25(names, unaccented),
    }
    dense: Mapping[str, Callable[[], Search]] = {
        "e5 + FAISS, titles": lambda: nearest(titles, embedder),
        "e5 + FAISS, all our names": lambda: nearest(names, embedder),
        "fusion of BM25 unaccented and e5, titles": lambda: fused(bm25(titles, unaccented), nearest(titles, embedder)),
        "their fusion, all our names": lambda: fused(bm25(names, unaccented), nearest(names, embedder)),
        "Haystack: BM25 unaccented, e5, joiner; titles": haystack,
    }
    own = opened.embedder_mb + opened.library_mb
    return [
        *(System(name, _started(opening)) for name, opening in lexical.items()),
        *(System(name, _started(opening), opened.embedder_mb) for name, opening in dense.items()),
        System("**banhoi**, ranker alone", _started(lambda: rank_alone(library)), own),
        System("**banhoi**, whole engine", lambda: _engine(library), own),
    ]


def _started(opening: Callable[[], Search]) -> Callable[[], Start]:
    def start() -> Start:
        search = opening()
        return lambda: Alone(search)

    return start


def _engine(library: Library) -> Start:
    engine = Engine(lambda: library)
    return lambda: EngineConversation(engine, library, [], replay=True)


def measure(system: System, sets: Mapping[str, Sequence[Case]]) -> dict[str, Measured]:
    """Open a system, warm it up, ask it every set."""
    before = settled_mb()
    start = system.open()
    warm = [case for cases in sets.values() for case in cases][:_WARM_UP]
    run(warm, start, lambda: None)
    memory = system.uses_mb + max(settled_mb() - before, 0.0)
    return {each: Measured(system.name, run(cases, start, lambda: None), memory) for each, cases in sets.items()}


def table(rows: Sequence[Measured]) -> str:
    """The Markdown table of one set."""
    head = (
        "| system | right first % | right in three % | accented: first % | unaccented: first % "
        "| p50 ms | p95 ms | memory MB |\n|---|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    return head + "\n".join(map(_line, rows))


def _line(row: Measured) -> str:
    sums = figures(row.judgements)
    shares = [("all", "first"), ("all", "in_three"), ("accented", "first"), ("unaccented", "first")]
    cells = [percent(*sums[kind].shares[name]) if kind in sums else "–" for kind, name in shares]
    p50, p95 = latencies(row.judgements)
    return f"| {row.name} | {' | '.join(cells)} | {p50:.1f} | {p95:.1f} | {row.memory_mb:.0f} |"


def questions(path: Path, library: Library) -> list[Case]:
    """The cases of a set that every system can be judged by."""
    return [case for case in single_turns(read_cases(path, library)) if due(case.questions[0])]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET")
    options = parser.parse_args()
    if absent := missing():
        raise SystemExit(f"peers needs {' and '.join(absent)}: pip install -e '.[bench]'")
    bare = settled_mb()
    opened = open_build()
    sets = {path.name: questions(path, opened.library) for path in options.sets}
    results = [measure(system, sets) for system in systems(opened)]
    print(describe(opened.folder))
    print(f"Python and the modules of all hold {bare:.0f} MB, which the column of memory leaves out.")
    for name, cases in sets.items():
        print(f"\n{name}: {len(cases)} questions\n\n{table([result[name] for result in results])}")


if __name__ == "__main__":
    main()
