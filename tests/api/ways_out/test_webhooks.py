"""Events reach whoever registered: once queued, signed, tried again, given up; on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from api.staff.admin import Change
from api.ways_out import admin
from api.ways_out.signature import HEADER, TOLERANCE, sign, verify
from api.ways_out.webhooks import WAITS, Webhooks
from feed.events import EventKind
from store import webhooks
from store.engine import read, write
from store.export_tables import webhook_deliveries
from store.feed_tables import answers, cases
from store.rows import insert

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
URL = "https://ioc.example.vn/su-kien?a=b"


class Partner:
    """The other side: keeps what comes, answers as told."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.got: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        if self.status == 0:
            raise httpx.ConnectError("no route", request=request)
        return httpx.Response(self.status, headers={"Location": "http://127.0.0.1/"})


class World:
    """A database, a partner, a clock that a test moves."""

    def __init__(self, engine: AsyncEngine, addresses: Sequence[str] = ("8.8.8.8",)) -> None:
        self.engine = engine
        self.now = NOW
        self.partner = Partner()
        self.addresses = addresses
        self.worker = Webhooks(
            engine,
            private=False,
            clock=lambda: self.now,
            resolve=self._resolve,
            transport=httpx.MockTransport(self.partner),
        )

    async def _resolve(self, _name: str, _port: int) -> Sequence[str]:
        return self.addresses

    async def register(self, *kinds: EventKind, name: str = "ioc") -> str:
        async with write(self.engine) as connection:
            change = Change(connection, NOW - timedelta(hours=1), "cli:test")
            return await admin.add_webhook(change, name, URL, kinds or list(EventKind), private=False)

    async def case(self, code: str, *, urgent: bool = False, at: datetime = NOW) -> int:
        values = {"code": code, "origin": "report", "status": "new", "flags": [], "channel": "web", "urgent": urgent}
        async with write(self.engine) as connection:
            moments = {"opened_at": at, "last_asked_at": at, "due_at": at}
            return await insert(connection, cases, values | moments)

    async def answer(self, case_id: int, **changes: object) -> None:
        values = {
            "case_id": case_id, "question": "Hỏi gì?", "text": "Trả lời.", "sources": [], "agency": "UBND xã",
            "status": "approved", "public": True, "created_at": NOW, "published_at": NOW,
        }  # fmt: skip
        async with write(self.engine) as connection:
            await insert(connection, answers, values | changes)

    async def statuses(self) -> list[str]:
        async with read(self.engine) as connection:
            rows = await connection.execute(webhook_deliveries.select().order_by(webhook_deliveries.c.id))
            return [row.status for row in rows]

    def events(self) -> list[tuple[str, str]]:
        bodies = [json.loads(request.content) for request in self.partner.got]
        return sorted((body["event"], body["data"]["code"]) for body in bodies)


@pytest.fixture
def world(engine: AsyncEngine) -> World:
    return World(engine)


async def test_each_event_comes_once_signed_and_without_words_of_citizens(world: World) -> None:
    secret = await world.register()
    first = await world.case("HD-1", urgent=True)
    second = await world.case("HD-2")
    await world.answer(first)
    await world.answer(second, status="withdrawn", public=False, withdrawn_at=NOW, question="Rút", text="Rút")
    for _ in range(3):
        await world.worker.run_once()
    assert world.events() == [
        ("answer.published", "HD-1"),
        ("answer.withdrawn", "HD-2"),
        ("case.opened", "HD-1"),
        ("case.opened", "HD-2"),
        ("case.urgent", "HD-1"),
    ]
    for request in world.partner.got:
        assert str(request.url) == "https://8.8.8.8/su-kien?a=b"
        assert request.headers["host"] == "ioc.example.vn"
        assert request.extensions["sni_hostname"] == "ioc.example.vn"
        assert verify(secret, request.headers[HEADER], request.content, int(NOW.timestamp()))
        assert not verify("whsec_other", request.headers[HEADER], request.content, int(NOW.timestamp()))
        if request.headers["banhoi-event"] == "answer.withdrawn":
            assert "Rút" not in request.content.decode()


async def test_only_what_was_asked_for_and_happened_since(world: World) -> None:
    await world.case("HD-0", urgent=True, at=NOW - timedelta(hours=2))
    await world.register(EventKind.CASE_URGENT)
    await world.case("HD-1", urgent=True)
    await world.case("HD-2")
    await world.worker.run_once()
    assert world.events() == [("case.urgent", "HD-1")]


@pytest.mark.parametrize("status", [500, 404, 302, 0])
async def test_it_is_tried_again_and_then_given_up(world: World, status: int) -> None:
    await world.register(EventKind.CASE_OPENED)
    await world.case("HD-1")
    world.partner.status = status
    for number, wait in enumerate(WAITS, start=1):
        assert await world.worker.run_once() == 0
        assert len(world.partner.got) == number, "redirects are not followed"
        await world.worker.run_once()
        assert len(world.partner.got) == number, "not before its time"
        world.now += wait
    await world.worker.run_once()
    assert await world.statuses() == ["dead"]
    world.now += timedelta(days=1)
    await world.worker.run_once()
    assert len(world.partner.got) == len(WAITS) + 1
    assert len({request.content for request in world.partner.got}) == 1


async def test_gone_means_gone(world: World) -> None:
    await world.register(EventKind.CASE_OPENED)
    await world.case("HD-1")
    world.partner.status = 410
    await world.worker.run_once()
    assert await world.statuses() == ["dead"]


async def test_a_name_that_leads_inside_later_gets_nothing(world: World) -> None:
    await world.register(EventKind.CASE_OPENED)
    await world.case("HD-1")
    world.addresses = ("127.0.0.1",)
    assert await world.worker.run_once() == 0
    assert world.partner.got == []
    world.addresses = ("8.8.8.8",)
    world.now += WAITS[0]
    assert await world.worker.run_once() == 1


async def test_a_stopped_webhook_hears_nothing(world: World) -> None:
    await world.register(EventKind.CASE_OPENED)
    await world.case("HD-1")
    async with write(world.engine) as connection:
        await admin.stop_webhook(Change(connection, NOW, "cli:test"), "ioc")
    await world.worker.run_once()
    assert world.partner.got == []


async def test_two_replicas_send_it_once(world: World) -> None:
    await world.register(EventKind.CASE_OPENED)
    await world.case("HD-1")
    async with read(world.engine) as connection:
        (hook,) = await webhooks.everyone(connection)
    await world.worker._queue(hook, NOW)
    async with write(world.engine) as connection:
        assert len(await webhooks.claim(connection, NOW, NOW + timedelta(minutes=2), 9)) == 1
    assert await world.worker.run_once() == 0, "the other replica has it"
    world.now += timedelta(minutes=3)
    assert await world.worker.run_once() == 1, "and lost it"


@given(st.binary(max_size=200), st.integers(0, 2**31))
def test_a_signature_holds_for_its_body_its_time_and_its_secret(body: bytes, moment: int) -> None:
    header = sign("whsec_a", moment, body)
    assert verify("whsec_a", header, body, moment + TOLERANCE)
    refused: list[Callable[[], bool]] = [
        lambda: verify("whsec_a", header, body, moment + TOLERANCE + 1),
        lambda: verify("whsec_a", header, body, moment - TOLERANCE - 1),
        lambda: verify("whsec_b", header, body, moment),
        lambda: verify("whsec_a", header, body + b" ", moment),
        lambda: verify("whsec_a", header.replace(f"t={moment}", f"t={moment + 1}"), body, moment),
        lambda: verify("whsec_a", header.replace("v1=", "v0="), body, moment),
        lambda: verify("whsec_a", "", body, moment),
    ]
    assert not any(check() for check in refused)
