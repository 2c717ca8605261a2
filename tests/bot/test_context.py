"""A message read in its conversation: the same matter, another one, or an answer to what was asked back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.context import CONTEXT_FEATURES, Situation, context_rows, load_context, read
from bot.cues import find_cues
from index.library import Library
from index.ranker import RankerUnusable
from index.text import tokens
from index.units import OUTSIDE

BIRTH, MARRIAGE, STAY, RESIDENCE = "1.001193", "1.000894", "1.004194", "1.004222"
FIRST, CHILD, AGAIN = "1.014061", "1.014062", "1.014064"
"""The identity card: siblings of one group."""
WORDS = tokens("làm giấy khai sinh căn cước cho con phí bao nhiêu cái đó quay lại nếu")
codes = st.sampled_from([BIRTH, MARRIAGE, STAY, FIRST, CHILD])
situations = st.builds(
    Situation,
    topic=st.none() | codes | st.just("9.999999"),
    earlier=st.lists(codes, max_size=3, unique=True).map(tuple),
    offered=st.lists(codes, max_size=3, unique=True).map(tuple),
    pending=st.sampled_from(["", "làm căn cước", "giấy tờ", "🙂", "?!"]),
    asks_aspect=st.booleans(),
)
any_text = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    st.text(st.characters(exclude_categories=()), max_size=40),
)


def rows(library: Library, text: str, situation: Situation) -> Mapping[str, Mapping[str, float]]:
    """Features of every target by name."""
    query = library.analyse(text)
    targets, made = context_rows(library, query, find_cues(query), situation, library.rank(query))
    named = zip(targets, made.tolist(), strict=True)
    return {target: dict(zip(CONTEXT_FEATURES, row, strict=True)) for target, row in named}


@settings(max_examples=60)
@given(any_text, situations)
def test_rows_are_finite_whatever_is_said_whenever(library: Library, text: str, situation: Situation) -> None:
    query = library.analyse(text)
    targets, made = context_rows(library, query, find_cues(query), situation, library.rank(query))
    assert made.shape == (len(targets), len(CONTEXT_FEATURES))
    assert np.isfinite(made).all()
    assert len(set(targets)) == len(targets)
    known = {OUTSIDE, *situation.earlier, *situation.offered} | ({situation.topic} if situation.topic else set())
    assert known <= set(targets)


@settings(max_examples=60)
@given(any_text, situations)
def test_all_readings_together_make_one_best_first(library: Library, text: str, situation: Situation) -> None:
    query = library.analyse(text)
    reading = read(library, query, find_cues(query), situation)
    shares = list(reading.shares.values())
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert reading.alone == library.rank(query)


def test_without_a_conversation_only_what_is_said_counts(library: Library) -> None:
    alone = {"alone", "alone_log", "together_log", "pending_log", "covered", "alone_long", "outside"}
    for row in rows(library, "làm giấy khai sinh cho con", Situation(None)).values():
        assert {name for name, value in row.items() if value} <= alone


def test_what_a_target_is_to_the_conversation(library: Library) -> None:
    situation = Situation(topic=FIRST, earlier=(MARRIAGE,), offered=(BIRTH, STAY))
    found = rows(library, "đổi thẻ", situation)
    marks = {name: {target for target, row in found.items() if row[name]}
             for name in ("topic", "sibling", "earlier", "offered", "outside")}  # fmt: skip
    assert marks["topic"] == {FIRST}
    assert {CHILD, AGAIN} & marks["sibling"]
    assert FIRST not in marks["sibling"]
    assert (marks["earlier"], marks["offered"], marks["outside"]) == ({MARRIAGE}, {BIRTH, STAY}, {OUTSIDE})


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("thủ tục đó phí bao nhiêu", "topic_anaphora"),
        ("nhầm, ý em là thẻ khác", "topic_correction"),
        ("cho em hỏi thủ tục khác", "topic_other"),
        ("quay lại cái lúc nãy", "topic_back"),
        ("nếu con sinh ở nước ngoài thì sao", "topic_condition"),
    ],
)
def test_words_that_refer_to_what_was_said(library: Library, text: str, feature: str) -> None:
    said, silent = rows(library, text, Situation(FIRST)), rows(library, "căn cước cho con", Situation(FIRST))
    assert said[FIRST][feature] == 1.0
    assert silent[FIRST][feature] == 0.0


def test_a_short_message_and_one_that_asks_for_an_aspect(library: Library) -> None:
    short = rows(library, "hết hạn", Situation(FIRST, asks_aspect=True))[FIRST]
    long = rows(library, "thẻ của con gái lớn nhà tôi hết hạn", Situation(FIRST))[FIRST]
    assert (short["topic_short"], short["topic_aspect"]) == (1.0, 1.0)
    assert (long["topic_short"], long["topic_aspect"]) == (0.0, 0.0)
    assert long["topic_long"] > short["topic_long"] > 0.0


def test_a_message_is_read_with_the_name_of_the_topic(library: Library) -> None:
    found = rows(library, "bị mất", Situation(FIRST))
    assert max(row["together"] for row in found.values()) > 0
    assert not any(row["together"] for row in rows(library, "bị mất", Situation(None)).values())


def test_a_message_is_read_as_the_rest_of_what_was_asked_back(library: Library) -> None:
    found = rows(library, "cho trẻ dưới 14 tuổi", Situation(None, offered=(FIRST, CHILD), pending="làm thẻ căn cước"))
    best = max(found, key=lambda target: found[target]["pending"])
    assert best == CHILD


def test_a_topic_that_is_no_more_does_no_harm(library: Library) -> None:
    assert rows(library, "phí bao nhiêu", Situation("9.999999"))["9.999999"]["topic"] == 1.0


def test_the_shipped_weights_fit_this_version() -> None:
    model = load_context()
    assert model.mean.shape == model.scale.shape == model.weights.shape == (len(CONTEXT_FEATURES),)
    assert (model.scale > 0).all()
    assert np.isfinite(model.weights).all()


@pytest.mark.parametrize("features", [[*CONTEXT_FEATURES[:-1], "luck"], list(reversed(CONTEXT_FEATURES)), []])
def test_weights_of_other_features_are_refused(tmp_path: Path, features: list[str]) -> None:
    path = tmp_path / "context.json"
    path.write_text(json.dumps({"features": features}))
    with pytest.raises(RankerUnusable, match="train"):
        load_context(path)


@pytest.mark.parametrize(
    ("topic", "text", "meant"),
    [
        (BIRTH, "đăng ký kết hôn cần giấy tờ gì", MARRIAGE),
        (MARRIAGE, "đăng ký tạm trú", STAY),
        (BIRTH, "đăng ký khai sinh", BIRTH),
        (STAY, "đăng ký thường trú", RESIDENCE),
    ],
)
def test_a_matter_named_in_full_is_meant_whatever_the_topic(
    library: Library, topic: str, text: str, meant: str
) -> None:
    query = library.analyse(text)
    reading = read(library, query, find_cues(query), Situation(topic))
    assert next(iter(reading.shares)) == meant
