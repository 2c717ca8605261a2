"""Ways to hand in: what they share stands at the procedure, what differs at the channel."""

from __future__ import annotations

from datetime import date

from knowledge.models import Channel, ChannelKind, Fee, FeeStatus, TimeLimit, Unit
from knowledge.official_channels import RawMethod, read_methods

AS_OF = date(2026, 7, 18)
UNKNOWN = Fee(status=FeeStatus.UNKNOWN)


def test_shared_facts_stand_at_the_top() -> None:
    methods = read_methods(
        [
            RawMethod("Trực tuyến", "3 ngày làm việc", "0 VNĐ ()"),
            RawMethod("Trực tiếp", "3 ngày làm việc", ""),
        ],
        AS_OF,
    )
    assert methods.time_limits == (TimeLimit(value=3),)
    assert methods.fees == (UNKNOWN,)
    assert methods.channels == (Channel(kind=ChannelKind.IN_PERSON), Channel(kind=ChannelKind.ONLINE))


def test_differing_facts_stand_at_their_channel() -> None:
    methods = read_methods(
        [
            RawMethod("Trực tiếp", "3 ngày", "50000 VNĐ ()", "Tại xã"),
            RawMethod("Trực tuyến", "1 ngày", "0 VNĐ ()"),
        ],
        AS_OF,
    )
    in_person, online = methods.channels
    assert (methods.time_limits, methods.fees) == ((), ())
    assert in_person.time_limits == (TimeLimit(value=3, unit=Unit.DAY),)
    assert in_person.fees == (Fee(status=FeeStatus.FIXED, amount=50_000),)
    assert in_person.note == "Tại xã"
    assert online.fees == (UNKNOWN,)


def test_several_rows_of_one_channel_are_told_apart_by_their_description() -> None:
    methods = read_methods(
        [
            RawMethod("Trực tiếp", "20 ngày", "", "Trường hợp 2"),
            RawMethod("Trực tiếp", "40 ngày", "", "Trường hợp 3"),
        ],
        AS_OF,
    )
    assert [(limit.value, limit.text) for limit in methods.time_limits] == [
        (20, "Trường hợp 2"),
        (40, "Trường hợp 3"),
    ]
    assert len(methods.channels) == 1


def test_fee_notes_that_have_run_out_are_flagged() -> None:
    methods = read_methods([RawMethod("Trực tiếp", "", "40000 VNĐ (áp dụng đến hết ngày 31/12/2024)")], AS_OF)
    assert any("hết thời gian áp dụng" in text for text in methods.odd)
    still = read_methods([RawMethod("Trực tiếp", "", "40000 VNĐ (áp dụng đến hết ngày 31/12/2026)")], AS_OF)
    assert still.odd == []
    nonsense = read_methods([RawMethod("Trực tiếp", "", "40000 VNĐ (đến ngày 31/02/2024)")], AS_OF)
    assert nonsense.odd == []


def test_an_unknown_way_is_reported_and_left_out() -> None:
    methods = read_methods([RawMethod("Bồ câu", "1 ngày", "")], AS_OF)
    assert methods.channels == ()
    assert methods.odd == ["Cách nộp lạ: “Bồ câu”"]


def test_no_rows_no_facts() -> None:
    methods = read_methods([], AS_OF)
    assert (methods.channels, methods.fees, methods.time_limits) == ((), (), ())
