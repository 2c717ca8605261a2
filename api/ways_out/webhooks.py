"""Tells other systems what happened: events are queued in the database, sent with a signature, and tried again."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.ways_out.signature import HEADER, sign
from api.ways_out.targets import Resolver, TargetRefused, find
from feed import events
from feed.events import EventKind
from store import webhooks
from store.clock import Clock, Waiter, utc_now, wait_for
from store.engine import read, write_repeatable
from store.errors import StoreUnavailable
from store.webhooks import Delivery, Webhook

_log = structlog.get_logger("api.webhooks")
_SECONDS = 5.0
_BATCH = 20
_LEASE = timedelta(minutes=2)
_TIMEOUT = httpx.Timeout(10.0)
_LOOK_BACK = timedelta(days=7)
"""Older events are not queued: nobody waits for them."""
_KEPT = timedelta(days=30)
"""Longer than `_LOOK_BACK` and all waits together, so that no event is queued twice."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""After each failed attempt; after the last it is given up."""


class Webhooks:
    """The worker. Several may run, in one process or in many."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        private: bool,
        clock: Clock = utc_now,
        wait: Waiter = wait_for,
        resolve: Resolver | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._engine = engine
        self._private = private
        self._clock = clock
        self._wait = wait
        self._resolve = resolve
        self._transport = transport
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Queues and sends every few seconds until it is cancelled."""
        while not self._stopped.is_set():
            try:
                await self.run_once()
            except StoreUnavailable as error:
                _log.error("webhooks_unavailable", cause=error.cause)
            await self._wait(self._stopped, _SECONDS)

    async def run_once(self) -> int:
        """Queues what happened and sends what is due; how many events were taken."""
        now = self._clock()
        async with read(self._engine) as connection:
            hooks = [hook for hook in await webhooks.everyone(connection) if hook.stopped_at is None]
        if not hooks:
            return 0
        async with write_repeatable(self._engine) as connection:
            await webhooks.forget(connection, now - _KEPT)
        for hook in hooks:
            await self._queue(hook, now)
        async with write_repeatable(self._engine) as connection:
            due = await webhooks.claim(connection, now, now + _LEASE, _BATCH)
        if not due:
            return 0
        async with self._client() as client:
            return sum(await asyncio.gather(*(self._send(client, delivery) for delivery in due)))

    async def _queue(self, hook: Webhook, now: datetime) -> None:
        since = max(hook.created_at, now - _LOOK_BACK)
        for kind in EventKind:
            if kind not in hook.events:
                continue
            async with read(self._engine) as connection:
                found = await events.untold(connection, kind, hook.id, since, _BATCH)
            if found:
                async with write_repeatable(self._engine) as connection:
                    for event in found:
                        await webhooks.queue(connection, hook, event.kind, event.subject_id, event.data, now)

    def _client(self) -> httpx.AsyncClient:
        """No proxy of the environment, no redirects: the connection goes where it was checked to go."""
        return httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=self._transport)

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery) -> bool:
        status, why = await self._post(client, delivery)
        now = self._clock()
        async with write_repeatable(self._engine) as connection:
            if status is not None and 200 <= status < 300:
                await webhooks.mark_sent(connection, delivery, now)
                return True
            hopeless = status == 410 or delivery.attempts >= len(WAITS)
            again = None if hopeless else now + WAITS[delivery.attempts]
            await webhooks.mark_failed(connection, delivery, why, again)
        _log.warning("webhook_failed", delivery=delivery.id, why=why, again=again and again.isoformat())
        return False

    async def _post(self, client: httpx.AsyncClient, delivery: Delivery) -> tuple[int | None, str]:
        """The status that came back, or None; and a word for what went wrong. The response's body is not read."""
        try:
            target = await find(delivery.url, private=self._private, resolve=self._resolve)
            body = body_of(delivery)
            headers = {
                "Host": target.host,
                "Content-Type": "application/json",
                "User-Agent": "banhoi-webhooks/1",
                "Banhoi-Event": delivery.event,
                "Banhoi-Delivery": str(delivery.id),
                HEADER: sign(delivery.secret, int(self._clock().timestamp()), body),
            }
            extensions = {"sni_hostname": target.name} if target.url.startswith("https:") else {}
            request = client.build_request("POST", target.url, content=body, headers=headers, extensions=extensions)
            response = await client.send(request, stream=True)
            await response.aclose()
        except TargetRefused as refused:
            return None, refused.key
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            return None, type(error).__name__
        return response.status_code, f"http {response.status_code}"


def body_of(delivery: Delivery) -> bytes:
    """What is sent; the same at every attempt."""
    document = {
        "id": delivery.id,
        "event": delivery.event,
        "created_at": delivery.created_at.isoformat(),
        "data": delivery.payload,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
