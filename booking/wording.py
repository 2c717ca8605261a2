"""The sentences of this room, kept apart from its logic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml

from booking.types import ZONE, Notice

_FILE = Path(__file__).parent / "data" / "messages.vi.yaml"
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
"""Monday first."""


@cache
def _catalogue() -> Mapping[str, str]:
    loaded: dict[str, str] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue. An unknown key or name is a `KeyError`."""
    return _catalogue()[key].format(**values)


def day_words(day: date) -> str:
    """thứ hai 23/11/2026."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def moment(at: datetime) -> str:
    """8 giờ 30, thứ hai 23/11/2026."""
    local = at.astimezone(ZONE)
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{local.hour} giờ{minutes}, {day_words(local.date())}"


def notice_text(notice: Notice, office_name: str) -> str:
    """What the citizen reads: for the renderer, which knows the office's name."""
    appointment = notice.ticket.appointment
    expires = moment(appointment.expires_at) if appointment.expires_at else ""
    return say(
        f"notice_{notice.kind.value}",
        at=moment(appointment.starts_at),
        office=office_name,
        reference=appointment.reference,
        expires=expires,
    )
