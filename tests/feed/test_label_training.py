"""Training of the labels: the same messages give the same model, and it has learnt them."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn")

from feed.labels.classifier import Classifier
from feed.training.labels import train
from feed.training.messages import MESSAGES, load_messages, unaccented


def test_the_same_messages_give_the_same_model_which_knows_them() -> None:
    messages = load_messages(MESSAGES / "train.jsonl")[::30]
    first, second = train(messages), train(messages)
    assert first.version == second.version
    assert first.weights.tobytes() == second.weights.tobytes()
    classifier = Classifier(first)
    right = [classifier.label(message.text).kind is message.kind for message in messages]
    assert sum(right) >= 0.9 * len(right)


def test_a_message_without_diacritics_keeps_its_labels() -> None:
    message = load_messages(MESSAGES / "dev.jsonl")[0]
    bare = unaccented(message)
    assert message.accented
    assert not bare.accented
    assert (bare.kind, bare.sentiment, bare.flags) == (message.kind, message.sentiment, message.flags)
