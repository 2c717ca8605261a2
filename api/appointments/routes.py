"""Every page of this package."""

from __future__ import annotations

from api.appointments import changing, choosing, display, tickets, waiting

ROUTERS = (choosing.router, waiting.router, tickets.router, changing.router, display.router)
