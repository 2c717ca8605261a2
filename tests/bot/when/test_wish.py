"""A wish as a booking dialogue uses it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.when import Clock, ProblemKind, Window, Wish, read
from bot.when.types import VIETNAM

NOW = datetime(2026, 11, 22, 9, tzinfo=VIETNAM)
TODAY = NOW.date()


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def test_a_message_without_a_date_is_no_wish() -> None:
    wish = read("làm căn cước cần giấy gì", NOW)
    assert not wish
    assert wish == Wish()
    assert wish.admits(on(30, 8))


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        read("mai", datetime(2026, 11, 22))


@pytest.mark.parametrize("year", [1949, 2091])
def test_a_now_out_of_reach_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="years 1950 to 2090"):
        read("mai", datetime(year, 1, 1, tzinfo=VIETNAM))


def test_days_count_in_vietnams_time() -> None:
    late = datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert read("mai", late).days == read("mai", on(23, 1)).days


def test_slots_that_satisfy() -> None:
    wish = read("sáng thứ ba hoặc chiều thứ năm", NOW)
    assert wish.admits(on(24, 8))
    assert not wish.admits(on(24, 14))
    assert wish.admits(on(26, 14))
    assert not wish.admits(on(26, 8))
    assert wish.admits(datetime(2026, 11, 24, 1, tzinfo=UTC))


def test_an_exact_time_is_exact_and_about_is_half_an_hour() -> None:
    assert not read("mai 9h", NOW).admits(on(23, 9, 15))
    about = read("mai khoảng 9h", NOW)
    assert about.admits(on(23, 8, 30))
    assert about.admits(on(23, 9, 30))
    assert not about.admits(on(23, 9, 45))


def test_a_window_holds_its_beginning_and_not_its_end() -> None:
    wish = read("mai từ 8h đến 9h", NOW)
    assert wish.admits(on(23, 8))
    assert not wish.admits(on(23, 9))


def test_what_is_ruled_out_is_not_offered() -> None:
    wish = read("tuần sau trừ thứ sáu", NOW)
    assert list(wish.dates(TODAY, date(2026, 12, 31))) == [date(2026, 11, day) for day in (23, 24, 25, 26, 28, 29)]
    assert not wish.admits(on(27, 8))


def test_only_a_part_of_a_day_ruled_out_leaves_the_day() -> None:
    wish = read("tuần sau, sáng thứ hai tôi bận", NOW)
    assert date(2026, 11, 23) in list(wish.dates(TODAY, date(2026, 12, 31)))
    assert not wish.admits(on(23, 8))
    assert wish.admits(on(23, 14))


def test_dates_of_a_time_alone_are_all_of_the_horizon() -> None:
    assert len(list(read("8h30", NOW).dates(TODAY, date(2026, 12, 5)))) == 14


def test_dates_of_alternatives_come_in_their_order_once() -> None:
    wish = read("thứ năm hoặc thứ ba, 9h hoặc 10h", NOW)
    assert list(wish.dates(TODAY, date(2026, 12, 31))) == [date(2026, 11, 24), date(2026, 11, 26)]


def test_the_rest_names_procedure_and_office() -> None:
    text = "hẹn làm căn cước sáng thứ năm ở Hải Lăng lúc 8h30 nhé"
    assert read(text, NOW).rest(text) == "hẹn làm căn cước ở Hải Lăng nhé"


def test_what_joins_dates_is_read_with_them() -> None:
    text = "mai hoặc mốt làm căn cước hay hộ chiếu"
    assert read(text, NOW).rest(text) == "làm căn cước hay hộ chiếu"


def test_words_that_ruled_nothing_out_stay() -> None:
    text = "không phải hộ khẩu thường trú, mai làm căn cước"
    assert read(text, NOW).rest(text) == "không phải hộ khẩu thường trú, làm căn cước"


def test_a_later_message_fills_in_and_replaces() -> None:
    wish = read("sáng thứ năm", NOW)
    assert [str(option) for option in wish.then(read("8h30", NOW)).options] == ["2026-11-26 08:30"]
    assert [str(option) for option in wish.then(read("thứ sáu", NOW)).options] == ["2026-11-27 06:00-12:00"]
    assert [str(option) for option in wish.then(read("chiều mai", NOW)).options] == ["2026-11-23 12:00-18:00"]
    assert wish.then(Wish()).options == wish.options


def test_the_afternoon_is_said_to_be_inferred() -> None:
    assert read("mai 3 giờ", NOW).times == (Clock(time(15), inferred=True),)
    assert read("chiều mai 3 giờ", NOW).times == (Clock(time(15)),)
    assert read("từ 2h đến 4h", NOW).times == (Window(time(14), time(16), inferred=True),)


def test_an_ambiguous_weekday_gives_both_readings() -> None:
    wish = read("thứ hai", on(23, 8))
    (problem,) = wish.problems
    assert problem.kind is ProblemKind.AMBIGUOUS
    assert [str(days) for days in problem.readings] == ["2026-11-23", "2026-11-30"]


def test_a_problem_says_where_it_stands() -> None:
    text = "làm giấy ngày 31/2 nhé"
    (problem,) = read(text, NOW).problems
    start, end = problem.span
    assert text[start:end] == "ngày 31/2"


def test_decomposed_letters_are_read_in_place() -> None:
    text = "sa\u0301ng mai ơ\u0309 Ha\u0309i La\u0306ng"
    wish = read(text, NOW)
    assert [str(option) for option in wish.options] == ["2026-11-23 06:00-12:00"]
    assert wish.rest(text) == "ơ\u0309 Ha\u0309i La\u0306ng"
