"""Trains the labelling of messages on `messages/train.jsonl`: `python -m feed.training.labels` (needs scikit-learn).

Each message is learnt as it was typed and once more without diacritics. One-vs-rest linear models give scores; what
they say of messages that they have not seen (out of five folds) teaches how the scores together make probabilities of
kind and sentiment, so that those are calibrated and each knows of the other. Writes `feed/data/labels.npz` and prints
the figures on `messages/dev.jsonl`.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from feed.labels.classifier import Classifier
from feed.labels.measures import agreement
from feed.labels.model import FLAGS, KINDS, SENTIMENTS, Model, save_model, term_id
from feed.labels.terms import terms_of
from feed.labels.types import Kind, Sentiment
from feed.labels.words import read
from feed.training.messages import MESSAGES, Message, load_messages, unaccented

_FOLDS = 5
_SEEN_AT_LEAST = 2
"""Messages that a term must stand in."""
_STRENGTH = 1.0
_THRESHOLDS = {"danger": 0.1, "bribery": 0.2, "self_harm": 0.1}
"""Low where a miss may cost a life."""
_NEUTRAL_QUESTION = 5.0
"""How much more a neutral question weighs than another message when scores become a sentiment: it is far the most
frequent message of a real log, and officers who see it called negative stop believing the mood at all."""

Floats = NDArray[np.float64]
Counts = Counter[int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that count, and how rare each is."""

    rows: dict[int, int]
    rarity: Floats

    def matrix(self, texts: Sequence[Counts]) -> csr_matrix:
        """Rows of length 1, one for each text."""
        data, columns, starts = [], [], [0]
        for counts in texts:
            met = {self.rows[term]: count for term, count in counts.items() if term in self.rows}
            values = np.array([(1 + math.log(count)) * self.rarity[row] for row, count in met.items()])
            data.append(values / max(float(np.linalg.norm(values)), 1e-9))
            columns += list(met)
            starts.append(len(columns))
        return csr_matrix((np.concatenate(data), columns, starts), shape=(len(texts), len(self.rows)))


def vocabulary(texts: Sequence[Counts]) -> Vocabulary:
    """The terms of the texts."""
    seen = Counter(term for counts in texts for term in counts)
    known = sorted(term for term, number in seen.items() if number >= _SEEN_AT_LEAST)
    rarity = np.array([1 + math.log((1 + len(texts)) / (1 + seen[term])) for term in known])
    return Vocabulary({term: row for row, term in enumerate(known)}, rarity)


def targets(messages: Sequence[Message]) -> NDArray[np.int8]:
    """One column for each score: whether the message is of that kind, of that sentiment, has that flag."""
    rows = [
        [
            *(message.kind == kind for kind in KINDS),
            *(message.sentiment == sentiment for sentiment in SENTIMENTS),
            *(flag in message.flags for flag in FLAGS),
        ]
        for message in messages
    ]
    return np.array(rows, dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Linear:
    """One-vs-rest models over the same terms."""

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats

    def scores(self, texts: Sequence[Counts]) -> Floats:
        """(texts, scores)."""
        return np.asarray(self.vocabulary.matrix(texts) @ self.weights + self.bias)


def fit(texts: Sequence[Counts], wanted: NDArray[np.int8]) -> Linear:
    """Fits each column of `wanted` for itself; rare and frequent sides weigh the same."""
    known = vocabulary(texts)
    matrix = known.matrix(texts)
    made = [LinearSVC(C=_STRENGTH, class_weight="balanced", random_state=0).fit(matrix, column) for column in wanted.T]
    weights = np.stack([one.coef_[0] for one in made], axis=1)
    return Linear(known, weights, np.array([one.intercept_[0] for one in made]))


def unseen_scores(texts: Sequence[Counts], wanted: NDArray[np.int8], group: Sequence[int]) -> Floats:
    """The scores of each text by models that have not seen its group."""
    scores = np.zeros(wanted.shape)
    fold = np.array(group) % _FOLDS
    for number in range(_FOLDS):
        rest, held = np.flatnonzero(fold != number).tolist(), np.flatnonzero(fold == number).tolist()
        scores[held] = fit([texts[i] for i in rest], wanted[rest]).scores([texts[i] for i in held])
    return scores


def _joined(scores: Floats, classes: Sequence[int], weights: Sequence[float] | None = None) -> Floats:
    """The factors of a softmax over all scores."""
    made = LogisticRegression(C=1.0, max_iter=2000).fit(scores, classes, sample_weight=weights)
    return np.vstack([made.coef_.T, made.intercept_])


def _own(scores: Floats, wanted: NDArray[np.int8]) -> Floats:
    """For each flag, factor and constant of a logistic function of its own score."""
    made = [
        LogisticRegression(C=1.0).fit(column.reshape(-1, 1), there)
        for column, there in zip(scores.T, wanted.T, strict=True)
    ]
    return np.array([[one.coef_[0, 0] for one in made], [one.intercept_[0] for one in made]])


def counted(messages: Sequence[Message]) -> list[Counts]:
    """The terms of each message."""
    return [Counter(map(term_id, terms_of(read(message.text)))) for message in messages]


def train(messages: Sequence[Message]) -> Model:
    """The model. The same messages give the same model."""
    group = [*range(len(messages)), *(i for i, message in enumerate(messages) if message.accented)]
    every = [*messages, *(unaccented(message) for message in messages if message.accented)]
    texts, wanted = counted(every), targets(every)
    scores = unseen_scores(texts, wanted, group)
    linear = fit(texts, wanted)
    kinds = [KINDS.index(message.kind) for message in every]
    sentiments = [SENTIMENTS.index(message.sentiment) for message in every]
    weights = [_NEUTRAL_QUESTION if _is_neutral_question(message) else 1.0 for message in every]
    scale = np.abs(linear.weights).max(axis=0) / 127
    arrays = {
        "known": np.array(sorted(linear.vocabulary.rows), dtype=np.uint32),
        "rarity": linear.vocabulary.rarity.astype(np.float32),
        "weights": np.round(linear.weights / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": linear.bias.astype(np.float32),
        "kinds": _joined(scores, kinds).astype(np.float32),
        "sentiments": _joined(scores, sentiments, weights).astype(np.float32),
        "flags": _own(scores[:, -len(FLAGS) :], wanted[:, -len(FLAGS) :]).astype(np.float32),
        "thresholds": np.array([_THRESHOLDS[flag] for flag in FLAGS], dtype=np.float32),
    }
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values())).hexdigest()
    return Model(f"labels-{digest[:8]}", **arrays)


def _is_neutral_question(message: Message) -> bool:
    return message.kind is Kind.QUESTION and message.sentiment is Sentiment.NEUTRAL


def main() -> None:
    """Trains, writes, judges on `dev`."""
    model = train(load_messages(MESSAGES / "train.jsonl"))
    save_model(model)
    classifier = Classifier(model)
    dev = [(message, classifier.label(message.text)) for message in load_messages(MESSAGES / "dev.jsonl")]
    kinds = agreement((message.kind, labels.kind) for message, labels in dev)
    sentiments = agreement((message.sentiment, labels.sentiment) for message, labels in dev)
    sys.stdout.write(f"{model.version}: {len(model.known)} terms; on dev, {kinds.judged} messages, macro-F1 ")
    sys.stdout.write(f"{kinds.macro_f1:.3f} of kind, {sentiments.macro_f1:.3f} of sentiment\n")


if __name__ == "__main__":
    main()
