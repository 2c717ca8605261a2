"""An appointment as a calendar file: to take home once, or for a calendar that looks again by itself."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar

from api.appointments.slip import Slip
from api.texts import booking_text
from booking.ical import ics

TYPE = "text/calendar; charset=utf-8"
_LOOK_AGAIN = timedelta(hours=1)


def calendar_file(slip: Slip, *, url: str = "", followed: bool = False) -> bytes:
    """The file. One that is followed tells how often to look (RFC 7986), and holds neither link nor name."""
    content = ics(
        slip.appointment,
        booking_text("ics_summary", errand=slip.errand.name),
        location=slip.place,
        description=booking_text("ics_description", reference=slip.ticket.reference),
        url=url,
    )
    if not followed:
        return content
    calendar = Calendar.from_ical(content)
    calendar["method"] = "PUBLISH"  # a feed tells of a cancellation by the event's status
    calendar.add("name", booking_text("ics_name"))
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"value": "DURATION"})
    return bytes(calendar.to_ical())
