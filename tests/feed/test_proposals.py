"""What is proposed to an officer, and what is not: too few, too divided, known already, no name at all."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.evidence import Evidence, Meant
from feed.proposals import CLEAR, Kind, Known, Proposal, propose

BIRTH, COPY, DEATH = "1.001193", "2.000635", "1.000656"
KNOWN = Known(
    names=frozenset({("lam", "giay", "khai", "sinh")}),
    popularity={BIRTH: 5, COPY: 3, DEATH: 0},
    groups={"giay": frozenset({BIRTH, COPY}), "khac": frozenset({DEATH, "1.1"})},
)


def said(wording: str, *codes: str, picked: bool = True, texts: tuple[str, ...] = ()) -> Evidence:
    """Evidence that a wording meant each of these codes in a conversation of its own."""
    evidence = Evidence()
    for number, code in enumerate(codes):
        text = texts[number] if texts else wording
        evidence.meant[tuple(wording.split())][number] = Meant(code, picked, text, accented=not text.isascii())
    return evidence


def kinds(evidence: Evidence, least: int = 3) -> list[tuple[Kind, str]]:
    return [(proposal.kind, proposal.code) for proposal in propose(evidence, KNOWN, least)]


def test_a_name_that_enough_agree_on() -> None:
    (proposal,) = propose(said("giay cu", *[COPY] * 4, BIRTH), KNOWN, 3)
    assert proposal == Proposal(
        Kind.ALIAS, COPY, "giay cu", {"conversations": 4, "picked": 4, "rephrased": 0, "others": 1}
    )


@pytest.mark.parametrize(
    "codes", [[COPY] * 2, [COPY] * 3 + [DEATH], ["9.999999"] * 5], ids=["too few", "no clear majority", "not served"]
)
def test_a_name_that_is_not_proposed(codes: list[str]) -> None:
    assert kinds(said("giay cu", *codes)) == []


@pytest.mark.parametrize("wording", ["lam giay khai sinh", "giay"], ids=["known", "a single word"])
def test_neither_known_names_nor_single_words(wording: str) -> None:
    assert kinds(said(wording, *[COPY] * 9)) == []


def test_a_vague_name_goes_to_the_group_that_tells_its_meanings_apart() -> None:
    (proposal,) = propose(said("giay cu", BIRTH, COPY, COPY, BIRTH), KNOWN, 3)
    counts = {"conversations": 4, "procedures": 2, "others": 0}
    assert proposal == Proposal(Kind.ASK, "giay", "giay cu", counts)
    assert kinds(said("giay cu", BIRTH, COPY, DEATH, DEATH)) == []


def test_it_is_written_as_most_people_type_it_with_their_diacritics() -> None:
    texts = ("giay cu", "giay cu", "giấy cũ", "giấy cụ", "giấy cũ")
    (proposal,) = propose(said("giay cu", *[COPY] * 5, texts=texts), KNOWN, 3)
    assert proposal.text == "giấy cũ"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({BIRTH: 100, COPY: 90}, [(COPY, 4)]),
        ({BIRTH: 100, COPY: 12}, []),
        ({COPY: 100, BIRTH: 5}, [(COPY, 4), (BIRTH, 4)]),
        ({BIRTH: 100, COPY: 2}, []),
        ({BIRTH: 100, DEATH: 12}, [(DEATH, 4)]),
        ({BIRTH: 3, COPY: 3}, [(COPY, 4)]),
        ({"9.999999": 50}, []),
    ],
    ids=["up a step", "near enough", "up and down", "too few", "unknown before", "few but enough", "not served"],
)
def test_priors(asked: dict[str, int], expected: list[tuple[str, int]]) -> None:
    proposals = propose(Evidence(asked=Counter(asked)), KNOWN, 3)
    assert [(proposal.code, proposal.value) for proposal in proposals] == expected


def test_answers_that_displease() -> None:
    evidence = Evidence()
    evidence.votes[BIRTH, ("fee",)].update({False: 3, True: 3})
    evidence.votes[BIRTH, ("time",)].update({False: 3, True: 4})
    evidence.votes[COPY, ("fee",)].update({False: 2})
    (proposal,) = propose(evidence, KNOWN, 3)
    assert (proposal.kind, proposal.code, proposal.aspects) == (Kind.REVIEW, BIRTH, ("fee",))
    assert proposal.evidence == {"down": 3, "up": 3}


def test_the_best_supported_come_first_by_kind() -> None:
    evidence = said("giay cu", *[COPY] * 3)
    evidence.meant["to", "cu"] = {number: Meant(DEATH, True, "tờ cũ", True) for number in range(7)}
    evidence.votes[BIRTH, ("fee",)].update({False: 9})
    assert kinds(evidence) == [(Kind.ALIAS, DEATH), (Kind.ALIAS, COPY), (Kind.REVIEW, BIRTH)]


codes = st.sampled_from([BIRTH, COPY, DEATH, "9.999999"])


@given(st.lists(codes, max_size=12), st.integers(1, 5), st.booleans())
def test_every_name_has_its_majority(meanings: list[str], least: int, picked: bool) -> None:
    served = [code for code in meanings if code in KNOWN.popularity]
    for proposal in propose(said("giay cu", *meanings, picked=picked), KNOWN, least):
        targets = {proposal.code} if proposal.kind is Kind.ALIAS else KNOWN.groups[proposal.code]
        agreeing = sum(code in targets for code in served)
        assert proposal.evidence["conversations"] == agreeing
        assert agreeing >= least
        assert agreeing >= CLEAR * len(served)
        assert agreeing + proposal.evidence["others"] == len(served)
