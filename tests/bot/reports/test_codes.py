"""Codes of reports are found however they are typed, survive redaction, and are not seen where there are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.codes import code_in
from feed.codes import ALPHABET, new_code
from feed.door import admit

_codes = st.builds(lambda _seed: new_code(), st.integers())
_joints = st.sampled_from(["-", " ", "", " - ", "–", ": ", "_", "."])
_before = st.sampled_from(["", "tra cứu ", "tra cuu ", "cho hỏi phản ánh ", "mã: ", "(", "TRA CỨU"])
_after = st.sampled_from(["", " ", " tới đâu rồi", "?", ".", " ạ"])


@given(_codes, _joints, _before, _after, st.booleans())
def test_a_code_is_found_however_it_is_typed(code: str, joint: str, before: str, after: str, low: bool) -> None:
    letters, characters = code.split("-")
    typed = f"{letters}{joint}{characters}"
    text = f"{before} {typed.lower() if low else typed}{after}"
    assert code_in(text) == code


@given(_codes, _before, _after)
def test_redaction_leaves_a_code_as_it_is(code: str, before: str, after: str) -> None:
    assert code_in(admit(f"{before} {code}{after}").text) == code


@given(_codes)
def test_a_code_in_two_groups_is_found(code: str) -> None:
    assert code_in(f"tra cứu PA {code[3:6]} {code[6:]}") == code


@given(st.text(max_size=200))
def test_nothing_else_is_a_code_and_nothing_breaks(text: str) -> None:
    found = code_in(text)
    assert found is None or set(found[3:]) <= set(ALPHABET)


@pytest.mark.parametrize(
    "text",
    [
        "phản ánh", "pa", "ba con pa chuong xa", "PA-12345", "PA-1234567", "PA-ABCDEFG2", "XPA-7K3MXQ", "spa 7k3mxq",
        "pa bennhe", "PA-ABCDEF", "1.001193", "K7-3MHP",
    ],
)  # fmt: skip
def test_these_are_no_codes(text: str) -> None:
    assert code_in(text) is None


def test_every_new_code_is_of_the_alphabet_and_holds_a_digit() -> None:
    for _ in range(300):
        code = new_code()
        assert code.startswith("PA-")
        assert len(code) == 9
        assert set(code[3:]) <= set(ALPHABET)
        assert any(character.isdecimal() for character in code)
