"""The calendar file keeps its UID, raises SEQUENCE, folds long lines, escapes text; the QR code says what it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from booking.calendar import at
from booking.ical import ics
from booking.qr import svg
from booking.types import Appointment, Share, State
from tests.booking.support import HOUR, MORNING, TUESDAY

APPOINTMENT = Appointment(
    reference="K7-3MHP",
    uid="abc@banhoi",
    sequence=0,
    office_id="a",
    group_id="b",
    procedure_code=None,
    state=State.CONFIRMED,
    share=Share.ONLINE,
    starts_at=at(TUESDAY, time(10)),
    ends_at=at(TUESDAY, time(10)) + HOUR,
    name="Lê Lợi",
    phone="0912345678",
    for_other=False,
    channel="web",
    conversation_id=None,
    changed_at=MORNING,
)


def event(file: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(file)
    (found,) = calendar.walk("VEVENT")
    assert isinstance(calendar, Calendar)
    assert isinstance(found, Event)
    return calendar, found


def test_a_confirmed_appointment_is_published() -> None:
    file = ics(APPOINTMENT, "Nộp hồ sơ", location="Số 1, đường A; phường B", description="Mang theo:\nCCCD", url="https://x.vn/a")
    calendar, found = event(file)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert (str(found["UID"]), found["SEQUENCE"], found["STATUS"]) == ("abc@banhoi", 0, "CONFIRMED")
    assert found.decoded("DTSTART") == datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2026, 12, 1, 4, tzinfo=UTC)
    assert found.decoded("DTSTAMP") == MORNING
    assert (str(found["LOCATION"]), str(found["DESCRIPTION"])) == ("Số 1, đường A; phường B", "Mang theo:\nCCCD")
    assert b"DTSTART:20261201T030000Z\r\n" in file
    assert b"0912345678" not in file
    assert len(calendar.walk("VALARM")) == 1


def test_a_move_and_a_cancellation_change_the_same_entry() -> None:
    cancelled = replace(APPOINTMENT, state=State.CANCELLED, sequence=2)
    calendar, found = event(ics(cancelled, "Nộp hồ sơ"))
    assert (calendar["METHOD"], found["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (str(found["UID"]), found["SEQUENCE"]) == ("abc@banhoi", 2)
    assert calendar.walk("VALARM") == []


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).map(str.strip).filter(bool)


@given(words, words)
def test_any_text_comes_back_and_no_line_is_longer_than_75_bytes(summary: str, description: str) -> None:
    file = ics(APPOINTMENT, summary, description=description)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    _, found = event(file)
    assert (str(found["SUMMARY"]), str(found["DESCRIPTION"])) == (summary, description)


@pytest.mark.parametrize("text", ["x" * 22, "https://hoi.quangtri.example/lich/" + "x" * 22])
def test_a_qr_code_is_an_image_with_a_name(text: str) -> None:
    image = svg(text, "Mã <QR> của lịch hẹn")
    assert image.startswith("<svg")
    assert "<title>Mã &lt;QR&gt; của lịch hẹn</title>" in image
    assert segno.make(text, error="m", micro=False).version <= 5
