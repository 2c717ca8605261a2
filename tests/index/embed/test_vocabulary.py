"""The list of kept pieces: compact to write, complete for Vietnamese, made by rules that tests can see."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embed.make_vocabulary import by_form, occurring, read_words
from index.embed.vocabulary import format_ranges, load_vocabulary, parse_ranges, vocabulary_digest
from index.embed.weights import Weights


@given(st.sets(st.integers(min_value=0, max_value=250_000)))
def test_ranges_round_trip(numbers: set[int]) -> None:
    assert list(parse_ranges("# a comment\n" + format_ranges(numbers))) == sorted(numbers)


def test_neighbours_are_one_range() -> None:
    assert format_ranges([7, 1, 2, 3, 9, 8]) == "1-3 7-9\n"


def test_the_list_is_about_twenty_thousand_and_keeps_the_special_pieces_in_place() -> None:
    kept = load_vocabulary()
    assert kept[:4] == [0, 1, 2, 3]
    assert kept == sorted(set(kept))
    assert 18_000 < len(kept) < 23_000
    assert len(vocabulary_digest()) == 8


def test_every_piece_wanted_for_its_form_is_in_the_list(weights: Weights) -> None:
    assert by_form(weights.pieces) <= set(load_vocabulary())


def pieces_of(prepared: Path, text: str) -> list[str]:
    """The pieces between <s> and </s>; the tokenizer shows an unknown one as it was written."""
    tokenizer = Tokenizer.from_file(str(prepared / "tokenizer.json"))
    names = [str(tokenizer.id_to_token(piece)) for piece in tokenizer.encode(text).ids]
    assert (names[0], names[-1]) == ("<s>", "</s>")
    return names[1:-1]


@pytest.mark.parametrize(
    ("prefix", "pieces"), [("query: ", ["▁que", "ry", ":"]), ("passage: ", ["▁passage", ":"])]
)
def test_the_prefixes_are_cut_as_the_model_learnt_them(
    prepared: Path, prefix: str, pieces: list[str]
) -> None:
    assert pieces_of(prepared, prefix) == pieces


@pytest.mark.parametrize(
    "text", ["giấy khai sinh", "giay khai sinh", "GIẤY KHAI SINH", "50.000₫ qua website"]
)
def test_vietnamese_text_has_no_unknown_piece(prepared: Path, text: str) -> None:
    assert "<unk>" not in pieces_of(prepared, text)


def test_what_is_not_kept_falls_to_shorter_pieces_or_unknown(prepared: Path) -> None:
    assert len(pieces_of(prepared, "Wissenschaftlerinnen")) > 4
    assert pieces_of(prepared, "ភាសា") == ["▁", "<unk>"]


@pytest.mark.slow
def test_a_word_gives_the_pieces_of_all_its_spellings(weights: Weights) -> None:
    found = {weights.pieces[piece] for piece in occurring(weights.pieces, ["đất"])}
    assert {"▁đất", "▁Đất", "▁dat", "▁Dat"} <= found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "giấy  khai\nsinh"),
        ("a.json", json.dumps({"a": ["giấy khai", 3, None], "b": {"c": "sinh"}})),
        ("a.jsonl", '{"a": "gi\u1ea5y"}\n\n{"b": ["khai sinh"]}\n'),
        ("nfd.txt", "gia\u0302\u0301y khai sinh"),
    ],
)
def test_words_are_read_from_text_and_json(tmp_path: Path, name: str, content: str) -> None:
    plain, packed = tmp_path / name, tmp_path / f"{name}.gz"
    plain.write_text(content, encoding="utf-8")
    packed.write_bytes(gzip.compress(content.encode()))
    assert read_words(plain) == read_words(packed) == {"giấy", "khai", "sinh"}
