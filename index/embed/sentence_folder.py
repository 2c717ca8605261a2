"""Writes the bundled model as a sentence-transformers folder, without torch (needs the package safetensors).

It is the same model in plain 32-bit numbers: a starting point for fine-tuning, and the proof in the tests
that both ways of embedding give the same vectors.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed.layout import MAX_TOKENS, PASSAGE_PREFIX, QUERY_PREFIX, TOKENIZER
from index.embed.tokenizer import build_tokenizer
from index.embed.vocabulary import load_vocabulary
from index.embed.weights import Shape, Weights

_EMBEDDINGS = {"emb.pos": "position_embeddings.weight", "emb.type": "token_type_embeddings.weight"}
_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_MODULES = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}


def write_sentence_folder(weights: Weights, folder: Path) -> None:
    """Writes the model with the kept vocabulary into a new or empty folder."""
    save_file = import_module("safetensors.numpy").save_file
    kept = load_vocabulary()
    folder.mkdir(parents=True, exist_ok=True)
    for name in _MODULES:
        (folder / name).mkdir(exist_ok=True)
    save_file(_tensors(weights, kept), folder / "model.safetensors", {"format": "pt"})
    build_tokenizer(weights.pieces, kept).save(str(folder / TOKENIZER))
    for name, content in _configurations(weights.shape, len(kept)).items():
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")


def _tensors(weights: Weights, kept: list[int]) -> dict[str, NDArray[np.float32]]:
    hidden = weights.shape.hidden
    tensors = {"embeddings.word_embeddings.weight": weights.blocks("emb.word", hidden, kept).dense()}
    for source, target in _EMBEDDINGS.items():
        tensors[f"embeddings.{target}"] = weights.floats(source).reshape(-1, hidden)
    tensors |= _norm(weights, "emb.ln", "embeddings.LayerNorm")
    for layer in range(weights.shape.layers):
        tensors |= _layer(weights, f"l{layer}.", f"encoder.layer.{layer}.")
    return tensors


def _layer(weights: Weights, source: str, target: str) -> dict[str, NDArray[np.float32]]:
    tensors: dict[str, NDArray[np.float32]] = {}
    for short, long in _MATRICES.items():
        columns = weights.shape.feed_forward if short == "fo" else weights.shape.hidden
        tensors[f"{target}{long}.weight"] = weights.blocks(f"{source}{short}.w", columns).dense()
        tensors[f"{target}{long}.bias"] = weights.floats(f"{source}{short}.b")
    for short, long in _NORMS.items():
        tensors |= _norm(weights, source + short, target + long)
    return tensors


def _norm(weights: Weights, source: str, target: str) -> dict[str, NDArray[np.float32]]:
    return {
        f"{target}.weight": weights.floats(f"{source}.w"),
        f"{target}.bias": weights.floats(f"{source}.b"),
    }


def _configurations(shape: Shape, vocabulary: int) -> dict[str, Any]:
    return {
        "config.json": _encoder(shape, vocabulary),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            **{"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"},
        },
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": QUERY_PREFIX, "document": PASSAGE_PREFIX}},
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(_MODULES.items())
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }


def _encoder(shape: Shape, vocabulary: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "vocab_size": vocabulary,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
