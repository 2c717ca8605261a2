"""The usual recipes for finding a text: BM25, an encoder with FAISS, the fusion of both. Each takes a question and
gives codes, best first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.artefact import UNIT_VECTORS
from index.library import Library
from index.search import QueryEmbedder
from index.text import fold
from index.units import TargetKind, UnitKind, target_kind

Search = Callable[[str], Sequence[str]]
"""From a question to codes of procedures, best first."""
Form = Callable[[str], str]

POOL = 50
"""How many texts each way of searching gives before codes are made of them or lists are fused."""
_WORD = r"(?u)\b\w+\b"
_FUSION = 60
"""The usual constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
TITLES = frozenset({UnitKind.TITLE})
NAMES = frozenset(UnitKind) - {UnitKind.BODY}


def accented(text: str) -> str:
    """The text in NFC."""
    return unicodedata.normalize("NFC", text)


def unaccented(text: str) -> str:
    """The text without diacritics."""
    return fold(text)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Texts, the procedure each belongs to, and their vectors, all of one order."""

    codes: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]


def read_catalogue(library: Library, folder: Path, kinds: Collection[UnitKind]) -> Catalogue:
    """The texts of these kinds that a build holds of procedures, with the vectors that it was built with."""
    units = library.searcher.lexical.texts
    wanted = [
        number
        for number, unit in enumerate(units)
        if unit.kind in kinds and target_kind(unit.target) is TargetKind.PROCEDURE
    ]
    index = faiss.read_index(str(folder / UNIT_VECTORS))
    vectors = np.asarray(index.reconstruct_n(0, index.ntotal), dtype=np.float32)[wanted]
    return Catalogue(tuple(units[n].target for n in wanted), tuple(units[n].text for n in wanted), vectors)


def bm25(catalogue: Catalogue, form: Form) -> Search:
    """BM25 of the library bm25s as it comes; `form` is applied to texts and questions."""
    import bm25s

    def words(texts: Sequence[str]) -> Any:
        made = [form(text) for text in texts]
        return bm25s.tokenize(made, token_pattern=_WORD, stopwords=None, return_ids=False, show_progress=False)

    retriever = bm25s.BM25()
    retriever.index(words(catalogue.texts), show_progress=False)
    limit = min(POOL, len(catalogue.texts))

    def search(text: str) -> Sequence[str]:
        places, scores = retriever.retrieve(words([text]), k=limit, show_progress=False)
        return _distinct([catalogue.codes[at] for at, score in zip(places[0], scores[0], strict=True) if score > 0])

    return search


def nearest(catalogue: Catalogue, embedder: QueryEmbedder) -> Search:
    """Exact cosine search in FAISS over the encoder's vectors."""
    index = faiss.IndexFlatIP(catalogue.vectors.shape[1])
    index.add(np.ascontiguousarray(catalogue.vectors))
    limit = min(POOL, len(catalogue.codes))

    def search(text: str) -> Sequence[str]:
        vector = embedder.embed_query(accented(text))
        _, places = index.search(vector.reshape(1, -1), limit)
        return _distinct([catalogue.codes[at] for at in places[0]])

    return search


def fused(*searches: Search) -> Search:
    """Reciprocal rank fusion."""

    def search(text: str) -> Sequence[str]:
        scores: dict[str, float] = {}
        for each in searches:
            for rank, code in enumerate(each(text), start=1):
                scores[code] = scores.get(code, 0.0) + 1 / (_FUSION + rank)
        return sorted(scores, key=lambda code: -scores[code])

    return search


def _distinct(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))
