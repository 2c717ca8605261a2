"""An appointment as an iCalendar file (RFC 5545, RFC 5546): for the phone's calendar and for a feed that it follows.

The UID stays the same for the appointment's whole life, and SEQUENCE rises with every move and with the cancellation,
so that a calendar which takes the file again changes its entry instead of adding another.
"""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event

from booking.types import Appointment, State

_PRODUCT = "-//Quang Tri//banhoi//VI"


def ics(
    appointment: Appointment, summary: str, *, location: str = "", description: str = "", url: str = ""
) -> bytes:
    """The file: METHOD is PUBLISH, or CANCEL once it is cancelled. Times are in UTC; an alarm rings an hour before.

    The texts are the caller's, in Vietnamese; `url` leads to the ticket and must not be shown to others.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    cancelled = appointment.state is State.CANCELLED
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_event(appointment, summary, location, description, url))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment, summary: str, location: str, description: str, url: str) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if appointment.state is State.CANCELLED else "CONFIRMED")
    for name, value in (("location", location), ("description", description), ("url", url)):
        if value:
            event.add(name, value)
    if appointment.state is not State.CANCELLED:
        event.add_component(_alarm(summary))
    return event


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(hours=-1))
    return alarm
