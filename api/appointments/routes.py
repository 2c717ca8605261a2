"""Every page of this package."""

from __future__ import annotations

from api.appointments import changing, choosing, display, from_chat, tickets, waiting

ROUTERS = (choosing.router, waiting.router, tickets.router, changing.router, display.router, from_chat.router)
