"""A hybrid pipeline of Haystack's own components. Import it only where `haystack-ai` is installed."""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.recipes import POOL, Catalogue, Form, Search, accented
from index.search import QueryEmbedder


@component
class QuestionEmbedder:
    """Haystack's text embedders load models of their own; this one asks ours."""

    def __init__(self, embedder: QueryEmbedder) -> None:
        self._embedder = embedder

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        """The vector of a question."""
        return {"embedding": self._embedder.embed_query(accented(text)).tolist()}


def hybrid(catalogue: Catalogue, embedder: QueryEmbedder, form: Form) -> Search:
    """BM25 and embedding retriever over one in-memory store, joined by reciprocal rank; `form` is for BM25's texts."""
    store = InMemoryDocumentStore(embedding_similarity_function="cosine", return_embedding=False)
    store.write_documents([
        Document(id=str(number), content=form(text), meta={"code": code}, embedding=vector.tolist())
        for number, (code, text, vector) in enumerate(
            zip(catalogue.codes, catalogue.texts, catalogue.vectors, strict=True)
        )
    ])  # fmt: skip
    pipeline = Pipeline()
    pipeline.add_component("embedder", QuestionEmbedder(embedder))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=POOL))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=POOL))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder.embedding", "vectors.query_embedding")
    pipeline.connect("words", "joiner.documents")
    pipeline.connect("vectors", "joiner.documents")

    def search(text: str) -> Sequence[str]:
        found = pipeline.run({"embedder": {"text": text}, "words": {"query": form(text)}})
        return list(dict.fromkeys(str(document.meta["code"]) for document in found["joiner"]["documents"]))

    return search
