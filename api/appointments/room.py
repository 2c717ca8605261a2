"""Opens the booking room with this installation's key."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fastapi import Request

from api.settings import Settings
from api.staff.sealing import key_in
from booking.service import BookingService
from store.clock import Clock, utc_now

if TYPE_CHECKING:
    from api.services import Services


def booking_key(settings: Settings) -> bytes:
    """Made from the key of the staff pages, so that an operator keeps one key; the two tell nothing of each other."""
    key = settings.staff_key.get_secret_value() if settings.staff_key else key_in(settings.data_dir)
    return hashlib.sha256(b"banhoi booking:" + key.encode()).digest()


def open_booking(settings: Settings, clock: Clock = utc_now) -> BookingService:
    """The booking room; every replica with the same key opens the same one."""
    return BookingService(booking_key(settings), clock)


def services_of(request: Request) -> Services:
    """What the application works with, the booking room among it."""
    services: Services = request.app.state.services
    return services
