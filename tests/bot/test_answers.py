"""Answers hold what the record holds, nothing else, and say what the record lacks."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.answers import FOLD_AT, answer
from bot.wording import day, fee, number, time_limit
from index.aspects import Aspect
from index.library import Library
from knowledge.models import Channel, ChannelKind, Document, Fee, FeeStatus, Procedure, Source, TimeLimit, Unit

_NUMBER = re.compile(r"\d+")


def procedure(**fields: object) -> Procedure:
    base = {"code": "9.000001", "name": "Thử", "field": "Hộ tịch", "source": Source(date=date(2026, 7, 18))}
    return Procedure.model_validate(base | fields)


def test_an_empty_record_says_of_every_aspect_that_it_is_unknown() -> None:
    for aspect in Aspect:
        text = answer(procedure(), (aspect,)).text
        assert re.search(r"[Dd]ữ liệu (chưa|không)", text), aspect


def test_an_unknown_fee_is_not_free() -> None:
    text = answer(procedure(fees=[{"status": "unknown"}]), (Aspect.FEE,)).text
    assert "không có nghĩa là miễn phí" in text
    assert "0 đồng" not in text


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Fee(status=FeeStatus.FIXED, amount=20000, per="lần đăng ký"), "20.000 đồng/lần đăng ký"),
        (Fee(status=FeeStatus.FIXED, amount=0), "0 đồng"),
        (Fee(status=FeeStatus.FREE), "Không thu phí, lệ phí."),
    ],
)
def test_writes_fees(item: Fee, expected: str) -> None:
    assert fee(item) == expected


def test_writes_numbers_and_days_as_vietnamese_do() -> None:
    assert [number(1), number(1.5), number(20000), number(1234567.25)] == ["1", "1,5", "20.000", "1.234.567,25"]
    assert day(date(2026, 7, 18)) == "18/07/2026"


def test_a_time_limit_without_unit_is_said_to_lack_it() -> None:
    assert "không ghi" in time_limit(TimeLimit(value=1, unit=Unit.UNKNOWN))
    assert time_limit(TimeLimit(value=3)) == "3 ngày làm việc"


def test_channels_that_say_the_same_are_said_once() -> None:
    limits = (TimeLimit(value=3),)
    both = [Channel(kind=kind, time_limits=limits) for kind in (ChannelKind.IN_PERSON, ChannelKind.ONLINE)]
    assert answer(procedure(channels=both), (Aspect.TIME,)).text.count("3 ngày làm việc") == 1


def test_channels_that_differ_are_named() -> None:
    channels = [
        Channel(kind=ChannelKind.IN_PERSON, fees=(Fee(status=FeeStatus.FIXED, amount=20000),)),
        Channel(kind=ChannelKind.ONLINE, fees=(Fee(status=FeeStatus.FIXED, amount=10000),)),
    ]
    text = answer(procedure(channels=channels), (Aspect.FEE,)).text
    assert "Trực tiếp: 20.000 đồng" in text
    assert "Trực tuyến: 10.000 đồng" in text


def test_a_long_dossier_is_folded_behind_a_button() -> None:
    papers = [Document(name=f"Giấy {letter}") for letter in "abcdefghijkl"]
    record = procedure(dossier=papers)
    folded = answer(record, (Aspect.DOCUMENTS,))
    assert sum(len(block.items) for block in folded.blocks) == FOLD_AT
    assert folded.choices[0].id == "d:9.000001"
    unfolded = answer(record, (Aspect.DOCUMENTS,), unfold=True)
    assert sum(len(block.items) for block in unfolded.blocks) == len(papers)
    assert unfolded.choices[0].id != "d:9.000001"


def test_no_answer_holds_a_number_that_its_record_lacks(library: Library) -> None:
    """Over every shipped card and every aspect: numbers, dates and codes all come from the record."""
    for record in library.knowledge.procedures():
        held = record.model_dump_json(by_alias=True)
        known = set(_NUMBER.findall(held)) | set(_NUMBER.findall(re.sub(r"(?<=\d)\.0\b", "", held)))
        known |= {part.lstrip("0") for part in known}
        known |= {str(value).zfill(2) for value in range(1, 32)} & set(_NUMBER.findall(day(record.source.as_of)))
        grouped = {part for amount in re.findall(r"\d{4,}", held) for part in number(int(amount)).split(".")}
        for aspects in ((), *((aspect,) for aspect in Aspect)):
            reply = answer(record, aspects, unfold=True)
            counted = {str(len(record.dossier) - shown) for shown in range(len(record.dossier))}
            unsupported = set(_NUMBER.findall(reply.text)) - known - grouped - counted
            assert not unsupported, (record.code, aspects, unsupported)


def test_every_answer_names_source_and_date(library: Library) -> None:
    for record in library.knowledge.procedures():
        reply = answer(record, ())
        assert reply.citations[0].date == record.source.as_of
        assert record.code in reply.citations[0].title
