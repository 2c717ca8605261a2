"""What a reader must know of a record stands on every answer from it: bodies that are gone, unknown fees, its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.answers import answer
from bot.render import plain
from bot.types import Reply
from bot.wording import day
from index.aspects import Aspect
from knowledge.database import KnowledgeBase
from knowledge.models import Fee, FeeStatus, Procedure, Unit

_DISTRICT = re.compile(
    r"(?:[uủ][ỷy] ban nhân dân|UBND|công an|tòa án nhân dân|cấp) (?:quận|huyện)\b(?!.{0,40} trở lên)", re.IGNORECASE
)
"""A body of the district level. A paper "of a hospital of district level or above" is still in order."""
_ZERO = re.compile(r"(?<![\d.,])0 ?(?:đồng|VNĐ|VND|đ)\b", re.IGNORECASE)


@pytest.fixture(params=["shipped", pytest.param("official", marks=[pytest.mark.slow, pytest.mark.timeout(240)])])
def knowledge(request: pytest.FixtureRequest) -> KnowledgeBase:
    """The shipped content, and the whole export with it."""
    found: KnowledgeBase = request.getfixturevalue(request.param)
    return found


def body(reply: Reply) -> str:
    """The reply without its notes and sources."""
    return "\n".join(text for block in reply.blocks if block.kind != "note" for text in (block.text, *block.items))


def warning(reply: Reply) -> str:
    """The notes up to the legal basis, whose titles name old bodies rightly."""
    return " ".join(block.text for block in reply.blocks if block.kind == "note").partition("Căn cứ:")[0]


def all_answers(procedure: Procedure) -> Iterator[Reply]:
    """The summary and an answer to each aspect but the legal basis."""
    yield answer(procedure, ())
    yield from (answer(procedure, (aspect,), unfold=True) for aspect in Aspect if aspect is not Aspect.LEGAL_BASIS)


def fees(procedure: Procedure) -> list[Fee]:
    return [*procedure.fees, *(fee for channel in procedure.channels for fee in channel.fees)]


def test_an_answer_that_names_the_district_level_says_that_it_is_gone(knowledge: KnowledgeBase) -> None:
    unmarked = [
        (procedure.code, found[0])
        for procedure in knowledge.procedures()
        for reply in all_answers(procedure)
        if (found := _DISTRICT.search(body(reply))) and "huyện" not in warning(reply)
    ]
    assert unmarked == []


def test_every_warning_of_a_record_stands_on_every_answer(knowledge: KnowledgeBase) -> None:
    for procedure in knowledge.procedures():
        for reply in all_answers(procedure) if procedure.warnings else ():
            assert all(text in warning(reply) for text in procedure.warnings), procedure.code


def test_the_portals_default_fee_is_never_told_as_a_price(knowledge: KnowledgeBase) -> None:
    for procedure in knowledge.procedures():
        text = body(answer(procedure, (Aspect.FEE,)))
        states = {fee.status for fee in fees(procedure)}
        if not states & {FeeStatus.FREE, FeeStatus.FIXED}:
            assert not _ZERO.search(text), procedure.code
            assert "Không thu phí, lệ phí." not in text, procedure.code
        if FeeStatus.UNKNOWN in states or not states:
            assert "không có nghĩa là miễn phí" in text, procedure.code


def test_every_answer_shows_the_date_of_its_data(knowledge: KnowledgeBase) -> None:
    for procedure in knowledge.procedures():
        shown = plain(answer(procedure, ()))
        assert f"Dữ liệu ngày {day(procedure.source.as_of)}" in shown, procedure.code
        assert procedure.source.as_of >= date(2025, 7, 1), procedure.code


def test_a_time_without_unit_is_said_to_have_none(knowledge: KnowledgeBase) -> None:
    for procedure in knowledge.procedures():
        limits = [*procedure.time_limits, *(limit for c in procedure.channels for limit in c.time_limits)]
        text = body(answer(procedure, (Aspect.TIME,)))
        for limit in limits:
            if limit.unit is Unit.UNKNOWN and limit.value is not None:
                assert (limit.text or "không ghi là ngày hay giờ") in text, procedure.code
