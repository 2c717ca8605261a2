"""Serves the application until it is told to stop, and then lets go of open streams before it waits for requests."""

from __future__ import annotations

import socket
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

_STARTUP_FAILED = 3
"""Exit status that process managers know from uvicorn itself."""


class Server(uvicorn.Server):
    """At its end uvicorn waits for every open response; a stream of events would never end by itself."""

    def __init__(self, config: uvicorn.Config, application: FastAPI) -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends streams first."""
        live = getattr(self._application.state, "live", None)
        if live is not None:
            live.close()
        await super().shutdown(sockets)


def serve(application: FastAPI, **options: Any) -> None:
    """Like `uvicorn.run` in one process."""
    server = Server(uvicorn.Config(application, **options), application)
    server.run()
    if not server.started:
        sys.exit(_STARTUP_FAILED)
