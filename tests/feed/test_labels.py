"""Labels of messages: how words are read, which alarms are raised, what the model keeps of its promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.labels import Flag, Kind, Sentiment, load_classifier
from feed.labels.alarms import alarms
from feed.labels.measures import agreement, calibration_error
from feed.labels.model import load_model, save_model
from feed.labels.terms import terms_of
from feed.labels.words import read
from feed.redaction.view import fold

MESSAGES = Path(__file__).parents[2] / "feed" / "training" / "messages"


def _label(text: str) -> tuple[Kind, Sentiment]:
    labels = load_classifier().label(text)
    return labels.kind, labels.sentiment


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("Nộp ở mô rứa hè", ("nộp", "ở", "đâu", "vậy", "nhỉ")),
        ("ko dc đâuuuuu!!", ("không", "được", "đâu", "!!")),
        ("ko biet nop o mo", ("khong", "biet", "nop", "o", "mo")),
        ("gọi [số điện thoại] đi", ("gọi", "đi")),
        ("hay quá 😀 :)", ("hay", "quá", "😀", ":)")),
    ],
)
def test_words_are_read_in_their_usual_spelling(text: str, usual: tuple[str, ...]) -> None:
    assert read(text).usual == usual


def test_a_single_accented_word_does_not_make_a_message_accented() -> None:
    assert not read("lam giay khai sinh o đau vay em can gap lam").accented
    assert read("làm giấy khai sinh ở đâu").accented


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("cháy nhà rồi, cứu với", {Flag.DANGER}),
        ("chay nha roi, cuu voi", {Flag.DANGER}),
        ("tui không muốn sống nữa", {Flag.SELF_HARM}),
        ("tui nỏ muốn sống nữa", {Flag.SELF_HARM}),
        ("họ đòi tiền lót tay", {Flag.BRIBERY}),
        ("nóng muốn chết mà cúp điện", set()),
        ("cần tư vấn thủ tục", set()),
        ("can tu van thu tuc", set()),
        ("phong bì đựng hồ sơ mua ở đâu", set()),
    ],
)
def test_alarming_phrases(text: str, flags: set[Flag]) -> None:
    assert alarms(read(text)) == flags


def test_phrases_raise_a_flag_whatever_the_model_thinks() -> None:
    assert Flag.SELF_HARM in load_classifier().label("tự tử").flags


@pytest.mark.parametrize(
    ("text", "kind", "sentiment"),
    [
        ("thủ tục đăng ký kết hôn cần những giấy tờ gì", Kind.QUESTION, Sentiment.NEUTRAL),
        ("ba em mất thì làm giấy khai tử ở đâu", Kind.QUESTION, Sentiment.NEUTRAL),
        ("cán bộ hách dịch, hành dân quá đáng", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("đề nghị xã lắp thêm đèn đường", Kind.PROPOSAL, Sentiment.NEUTRAL),
        ("cảm ơn cán bộ rất nhiệt tình, tôi hài lòng lắm", Kind.PRAISE, Sentiment.POSITIVE),
        ("xin chào", Kind.OTHER, Sentiment.NEUTRAL),
    ],
)
def test_what_is_clear_is_told_with_and_without_diacritics(text: str, kind: Kind, sentiment: Sentiment) -> None:
    assert _label(text) == (kind, sentiment)
    assert _label(fold(text)) == (kind, sentiment)


def test_the_shipped_model_keeps_its_figures_on_dev() -> None:
    rows = [json.loads(line) for line in (MESSAGES / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    given_labels = [_label(row["text"]) for row in rows]
    kinds = agreement((row["kind"], kind) for row, (kind, _) in zip(rows, given_labels, strict=True))
    sentiments = agreement((row["sentiment"], mood) for row, (_, mood) in zip(rows, given_labels, strict=True))
    assert kinds.macro_f1 >= 0.80
    assert sentiments.macro_f1 >= 0.78
    neutral = [
        mood
        for row, (_, mood) in zip(rows, given_labels, strict=True)
        if (row["kind"], row["sentiment"]) == ("question", "neutral")
    ]
    assert neutral.count(Sentiment.NEGATIVE) <= 0.05 * len(neutral)


@given(st.text(max_size=300))
def test_any_text_gets_labels(text: str) -> None:
    labels = load_classifier().label(text)
    assert 1 / len(Kind) <= labels.kind_confidence + 1e-3
    assert labels.kind_confidence <= 1
    assert 1 / len(Sentiment) <= labels.sentiment_confidence + 1e-3
    assert labels == load_classifier().label(text)


def test_a_message_without_a_known_word_has_the_scores_of_no_message() -> None:
    model = load_model()
    assert np.array_equal(model.scores([]), model.bias)
    assert np.array_equal(model.scores(["u xyzzy"]), model.bias)
    assert not np.array_equal(model.scores(terms_of(read("cảm ơn"))), model.bias)


def test_a_saved_model_is_the_same_again(tmp_path: Path) -> None:
    model = load_model()
    save_model(model, tmp_path / "a.npz")
    save_model(load_model(tmp_path / "a.npz"), tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (tmp_path / "a.npz").stat().st_size < 3_000_000


def test_agreement_counts_as_sklearn_does() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    wanted, said = list("aabbccca"), list("abbbcaca")
    found = agreement(zip(wanted, said, strict=True))
    assert found.macro_f1 == pytest.approx(metrics.f1_score(wanted, said, average="macro"))
    assert found.of("z").f1 == 0
    assert agreement([]).macro_f1 == 0


def test_calibration_error() -> None:
    assert calibration_error([(1.0, True), (1.0, True)]) == 0
    assert calibration_error([(0.75, True), (0.75, False)]) == pytest.approx(0.25)
    assert calibration_error([]) == 0


def test_training_data_hold_no_message_twice_and_only_known_labels() -> None:
    seen = set()
    for name in ("train", "dev", "blind"):
        for line in (MESSAGES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert set(row) == {"text", "kind", "sentiment", "flags", "writer"}
            assert Kind(row["kind"])
            assert Sentiment(row["sentiment"])
            assert all(Flag(flag) for flag in row["flags"])
            assert row["text"] not in seen
            seen.add(row["text"])
