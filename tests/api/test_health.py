"""For machines that watch: alive, ready, figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.catalogue import Catalogue
from tests.api.site_support import Site, open_site

TOKEN = "m3trics_m3trics_m3trics"


def spoil(folder: Path) -> None:
    for path in folder.glob("banhoi.db*"):
        path.unlink()
    (folder / "banhoi.db").write_bytes(b"this is no database, whatever its name says" * 100)


async def test_alive_and_ready(site: Site) -> None:
    assert (await site.client.get("/healthz")).json() == {"status": "ok"}
    ready = await site.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"database": True, "knowledge": True}
    assert (await site.client.head("/healthz")).status_code == 200


async def test_not_ready_without_knowledge_but_alive(tmp_path: Path) -> None:
    async with open_site(tmp_path, None) as site:
        ready = await site.client.get("/readyz")
        assert (await site.client.get("/healthz")).status_code == 200
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": True, "knowledge": False}


async def test_a_broken_database_is_told_and_takes_no_question(site: Site, tmp_path: Path) -> None:
    await site.services.database.dispose()
    spoil(tmp_path)
    ready = await site.client.get("/readyz")
    asked = await site.client.post("/api/v1/ask", json={"text": "a"})
    page = await site.client.post("/hoi", data={"text": "a"})
    metrics = await site.client.get("/metrics")
    assert ready.json()["checks"] == {"database": False, "knowledge": True}
    assert asked.status_code == 503
    assert asked.json()["code"] == "no_database"
    assert "Dịch vụ tạm ngưng" in page.text
    assert "banhoi_database_up 0.0" in metrics.text


async def test_figures_tell_of_requests_turns_and_queues(site: Site, catalogue: Catalogue) -> None:
    await site.client.post("/api/v1/ask", json={"text": "khai sinh"})
    await site.client.post("/hoi", data={"text": "nào"})
    await site.client.get("/thu-tuc/1.001193")
    text = (await site.client.get("/metrics")).text
    for line in (
        'banhoi_http_requests_total{method="POST",route="/api/v1/ask",status="200"} 1.0',
        'banhoi_http_requests_total{method="GET",route="/thu-tuc/{code}",status="200"} 1.0',
        'banhoi_turns_total{channel="api",outcome="answer"} 1.0',
        'banhoi_turns_total{channel="web",outcome="ask_back"} 1.0',
        'banhoi_inbox_rows{status="new"} 0.0',
        'banhoi_outbox_rows{status="pending"} 0.0',
        f'banhoi_knowledge_info{{version="{catalogue.version}"}} 1.0',
        "banhoi_database_up 1.0",
    ):
        assert line in text
    assert "1.001193" not in text


async def test_two_applications_count_apart(tmp_path: Path, catalogue: Catalogue) -> None:
    async with open_site(tmp_path / "a", catalogue) as one, open_site(tmp_path / "b", catalogue) as two:
        await one.client.get("/nguon")
        assert 'route="/nguon"' not in (await two.client.get("/metrics")).text


@pytest.mark.parametrize("given", [None, "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer dấu"])
async def test_the_figures_stay_behind_their_token(tmp_path: Path, catalogue: Catalogue, given: str | None) -> None:
    async with open_site(tmp_path, catalogue, metrics_token=TOKEN) as site:
        headers = {"Authorization": given.encode()} if given else {}
        refused = await site.client.get("/metrics", headers=headers)  # type: ignore[arg-type]
        taken = await site.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert taken.status_code == 200
