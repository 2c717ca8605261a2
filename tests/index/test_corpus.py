"""The sentences that teach the restorer."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.corpus import corpus_hash, sentences
from index.text import tokens
from knowledge.assemble import Knowledge, assemble
from knowledge.content import load_content
from tests.index.support import edit


@pytest.fixture
def knowledge(content: Path) -> Knowledge:
    return assemble(load_content(content), None)


def test_they_are_words_and_never_empty(knowledge: Knowledge) -> None:
    made = list(sentences(knowledge))
    assert all(made)
    assert all(sentence == tokens(" ".join(sentence)) for sentence in made[::50])


def test_what_people_say_and_what_records_say_are_both_there(knowledge: Knowledge) -> None:
    made = {" ".join(sentence) for sentence in sentences(knowledge)}
    card = knowledge.procedures["1.014061"]
    assert " ".join(tokens(card.situations[0])) in made
    assert " ".join(tokens(card.dossier[0].name)) in made
    assert "cho tôi hỏi một việc" in made


def test_the_hash_follows_the_sentences(knowledge: Knowledge, content: Path) -> None:
    assert corpus_hash(knowledge) == corpus_hash(assemble(load_content(content), None))
    edit(content / "procedures/can-cuoc/1.014061.yaml", "làm căn cước lần đầu", "làm căn cước lần thứ nhất")
    assert corpus_hash(assemble(load_content(content), None)) != corpus_hash(knowledge)
