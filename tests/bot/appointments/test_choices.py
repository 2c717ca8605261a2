"""Choices say all there is to know and fit into what channels allow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.types import ZONE
from bot.appointments import choices
from bot.appointments.services import services
from bot.types import Choice
from knowledge.database import KnowledgeBase

AT = datetime(2026, 11, 26, 8, 30, tzinfo=ZONE)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2068, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


def test_every_office_and_subject_fits(shipped: KnowledgeBase) -> None:
    longest = max(shipped.offices, key=len)
    for subject in (*services(), "11.1234567"):
        day = date(2026, 11, 26)
        ids = [choices.office(longest, subject), choices.slot(longest, subject, AT)]
        ids += [choices.later(longest, subject, AT)]
        ids += [choices.wait(longest, subject, day, day + timedelta(days=6)), choices.next_person(longest, subject)]
        for ident in ids:
            Choice(id=ident, label="x")
            tap = choices.read(ident)
            assert tap is not None
            assert (tap.office, tap.subject) == (longest, subject)


@given(moments)
def test_times_come_back_as_they_were(naive: datetime) -> None:
    at = naive.replace(tzinfo=ZONE)
    for ident in (choices.slot("xa_a", "khac", at), choices.move_to("K7-3MHP", at)):
        tap = choices.read(ident)
        assert tap is not None
        assert tap.at == at


def test_a_place_is_told_to_two_kilometres_and_no_nearer() -> None:
    tap = choices.read(choices.place(16.715678, 107.234567))
    assert tap is not None
    assert (tap.latitude, tap.longitude) == (16.72, 107.24)


@pytest.mark.parametrize(
    "bad",
    ["k:", "k:s", "k:s:a:b", "k:s:xa_a:khac:9999999999", "k:w:a:b:260231:260231", "k:c:../x", "p:1.001193", "k:q:1",
     "k:p:x:y", "k:o:XA:khac"],
)  # fmt: skip
def test_what_is_none_of_ours_is_none(bad: str) -> None:
    assert choices.read(bad) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    choices.read(text)
    choices.read(choices.PREFIX + text)
