"""What holds for any text, and for any date and time however it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.when import Clock, Days, Option, ProblemKind, read
from bot.when.lexicon import all_phrases
from bot.when.telling import tell
from bot.when.types import VIETNAM
from index.text import fold

NOW = datetime(2026, 11, 22, 9, tzinfo=VIETNAM)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 12, 31)).map(lambda at: at.replace(tzinfo=VIETNAM))
dates = st.dates(date(2026, 11, 23), date(2027, 9, 20))
quarters = st.builds(time, st.integers(6, 16), st.sampled_from([0, 5, 15, 30, 45]))
NUMBERS = [
    "24/12",
    "31/2",
    "0/0",
    "99/99",
    "24-12",
    "24.12.2026",
    "0",
    "5",
    "24",
    "31",
    "8h30",
    "25h",
    "99h99",
    "0h",
    "t2",
    "1/1/0001",
]
phrases = st.lists(
    st.sampled_from(sorted(" ".join(words) for words in all_phrases()))
    | st.sampled_from(NUMBERS)
    | st.text(max_size=3),
    max_size=12,
).map(" ".join)
any_text = st.text(st.characters(exclude_categories=()), max_size=80)
DATE_FORMS: list[Callable[[date], str]] = [
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d-%m}-{day.year}",
    lambda day: f"{day:%d.%m}.{day.year}",
    lambda day: f"ngày {day.day} tháng {day.month} năm {day.year}",
    lambda day: f"ngay {day.day} thang {day.month} nam {day.year}",
    lambda day: f"ngày {day.day}/{day.month}",
    lambda day: f"{day.day} tháng {day.month}",
    lambda day: day.isoformat(),
]
TIME_FORMS: list[Callable[[time], str]] = [
    lambda at: f"{at:%H:%M}",
    lambda at: f"{at.hour}h{at:%M}",
    lambda at: f"{at.hour} giờ {at:%M} phút",
    lambda at: f"{at.hour}g{at:%M}",
    lambda at: f"luc {at.hour} gio {at:%M}",
]


@given(any_text | phrases, moments)
def test_any_text_can_be_read_and_told(text: str, now: datetime) -> None:
    wish = read(text, now)
    for option in (*wish.options, *wish.without):
        assert tell(option)
    assert len(list(wish.dates(now.date(), now.date() + timedelta(days=30)))) <= 31
    wish.rest(text)


@given(any_text | phrases, moments)
def test_spans_lie_in_the_text_in_order(text: str, now: datetime) -> None:
    wish = read(text, now)
    edges = [edge for span in wish.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in wish.spans)
    assert all(0 <= start < end <= len(text) for start, end in (problem.span for problem in wish.problems))


@given(any_text | phrases, moments)
def test_no_day_is_before_now_unless_it_is_flagged(text: str, now: datetime) -> None:
    wish = read(text, now)
    assert wish.has(ProblemKind.PAST) or all(days.first >= now.date() for days in wish.days)


@given(any_text | phrases)
def test_runs_are_never_backwards(text: str) -> None:
    wish = read(text, NOW)
    assert all(days.last is None or days.first <= days.last for days in wish.days)


@pytest.mark.parametrize("form", range(len(DATE_FORMS)))
@given(day=dates)
def test_a_date_is_read_back(form: int, day: date) -> None:
    written = DATE_FORMS[form](day)
    text = f"cho tôi đặt lịch {written} nhé"
    wish = read(text, NOW)
    assert wish.options == (Option(Days.only(day), None),)
    assert not wish.problems
    assert wish.rest(text) == "cho tôi đặt lịch nhé"


@pytest.mark.parametrize("form", range(len(TIME_FORMS)))
@given(at=quarters)
def test_a_time_is_read_back(form: int, at: time) -> None:
    assert read(TIME_FORMS[form](at), NOW).times == (Clock(at),)


@given(day=dates, at=quarters)
def test_what_is_told_is_understood_again(day: date, at: time) -> None:
    option = Option(Days.only(day), Clock(at))
    assert read(tell(option), NOW).options == (option,)
    assert read(fold(tell(option)), NOW).options == (option,)
