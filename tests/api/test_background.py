"""What runs beside the requests: the knowledge is swapped in, broken workers are started again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from api.app import create_app
from api.services import Shelf
from index.artefact import ArtefactUnusable
from index.build import build
from tests.api.site_support import make_services, running, settings_in


def test_the_shelf_is_empty_until_there_is_a_build(tmp_path: Path, shipped_build: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.refresh() is False
    with pytest.raises(ArtefactUnusable):
        shelf.catalogue()
    build(tmp_path, None)
    assert shelf.refresh() is True
    assert shelf.catalogue().knowledge.procedure("1.001193") is not None
    assert shelf.refresh() is False
    assert shelf.catalogue() is shelf.catalogue()
    assert shelf.catalogue().version == (shipped_build / "current").read_text("utf-8").strip()


async def test_a_started_service_takes_up_its_first_build(
    tmp_path: Path, shipped_build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.app.REFRESH_SECONDS", 0.01)
    shelf, swapped = Shelf(tmp_path / "later"), asyncio.Event()
    loop = asyncio.get_running_loop()

    def refresh() -> bool:
        changed = shelf.refresh()
        if changed:
            loop.call_soon_threadsafe(swapped.set)
        return changed

    settings = settings_in(tmp_path)
    services = replace(make_services(settings, None), catalogue=shelf.catalogue, refresh=refresh)
    async with running(create_app(settings, services)) as client:
        assert (await client.get("/nguon")).status_code == 503
        (tmp_path / "later").symlink_to(shipped_build)
        async with asyncio.timeout(20):
            await swapped.wait()
        assert (await client.get("/nguon")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200


async def test_broken_background_work_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.app._RESTART_SECONDS", 0.0)
    runs, again = 0, asyncio.Event()

    async def breaks() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise RuntimeError("broke")
        again.set()

    settings = settings_in(tmp_path)
    services = replace(make_services(settings, None), background=(breaks,))
    async with running(create_app(settings, services)), asyncio.timeout(5):
        await again.wait()
    assert runs == 2


async def test_background_work_ends_with_the_application(tmp_path: Path) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def works() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    settings = settings_in(tmp_path)
    services = replace(make_services(settings, None), background=(works,))
    async with running(create_app(settings, services)), asyncio.timeout(5):
        await began.wait()
    assert ended.is_set()
