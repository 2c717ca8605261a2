"""Events with the counts of now: asked for once for all, few connections, none left behind, all closed at the end."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.figures.live import MOST_OF_ONE, Live
from api.problems import Problem
from api.serve import Server
from api.staff.access import Role
from store.migrate import upgrade_engine
from tests.api.counter.support import Centre
from tests.api.serving import free_socket
from tests.api.site_support import make_services, settings_in
from tests.api.staff.support import KEY
from tests.feed.log_support import NOW
from tests.store.databases import backend, database_url, engine, postgres, sqlite_template  # noqa: F401

PATH = "/can-bo/toan-canh/ngay-luc-nay"


@pytest.fixture
def live(engine: AsyncEngine) -> Live:  # noqa: F811 - a fixture
    """Asks as often as it is asked."""
    return Live(engine, lambda: NOW, every=0.0)


async def test_an_officer_has_few_connections_and_gives_them_back(live: Live) -> None:
    for _ in range(MOST_OF_ONE):
        live.enter(1)
    with pytest.raises(Problem):
        live.enter(1)
    live.enter(2)
    live.leave(1)
    live.enter(1)
    assert live.connections == MOST_OF_ONE + 1


async def test_the_database_is_asked_once_for_all(engine: AsyncEngine) -> None:  # noqa: F811 - a fixture
    live = Live(engine, lambda: NOW, every=60.0)
    found = await asyncio.gather(*(live.latest(None) for _ in range(20)))
    assert all(one is found[0] for one in found)


async def test_a_stream_tells_the_counts_and_ends_when_the_service_does(live: Live) -> None:
    events = live.stream(None)
    assert (await anext(events)).startswith("retry:")
    first = await anext(events)
    assert json.loads(first.split("data: ")[1]) == {"asked": 0, "waiting": 0, "overdue": 0, "urgent": 0, "at": "16:00"}
    live.close()
    assert [event async for event in events] == []
    with pytest.raises(Problem):
        live.enter(1)


class Announcing(Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, application: FastAPI) -> None:
        super().__init__(config, application)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


async def test_open_streams_do_not_keep_the_server_from_stopping(tmp_path: Path) -> None:
    """A real server; without `Server` it would wait for its longest stream, five minutes."""
    settings = settings_in(tmp_path, staff_key=KEY)
    services = make_services(settings, None)
    await upgrade_engine(services.database)
    token = await Centre(services, services.clock).token("minh", Role.LEADER)  # type: ignore[arg-type]
    app, bound = create_app(settings, services), free_socket()
    server = Announcing(uvicorn.Config(app, log_config=None, access_log=False, ws="none"), app)
    served = asyncio.create_task(server.serve(sockets=[bound]))
    await asyncio.wait_for(server.ready.wait(), 30)
    base = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=base, cookies={"staff": token}, timeout=30) as client:
        async with client.stream("GET", PATH, headers={"accept": "text/event-stream"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            while not (await anext(lines)).startswith("data:"):
                pass
            live: Live = app.state.live
            assert live.connections == 1
            server.should_exit = True
            await asyncio.wait_for(served, 20)
        assert live.connections == 0
    bound.close()
