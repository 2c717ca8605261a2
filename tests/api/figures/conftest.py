"""Fixtures of the pages of figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.catalogue import Catalogue
from api.staff.access import Role
from tests.api.counter.support import CounterSite, open_counter_site
from tests.api.figures.support import fill
from tests.api.staff.support import Browser
from tests.feed.log_support import NOW, Entry


@dataclass
class House:
    """A started site with a filled log, at its time."""

    site: CounterSite
    log: list[Entry]

    async def officer(self, role: Role, office: str | None = None) -> Browser:
        """A browser in which a new officer of this role is signed in."""
        return await self.site.officer(f"{role}{office or ''}"[:12], role, office)


@pytest.fixture
async def house(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[House]:
    """A province that has been asked for five weeks; counting is tested on both databases below, pages on one."""
    async with open_counter_site(tmp_path, catalogue) as opened:
        opened.clock.now = NOW
        yield House(opened, await fill(opened.site.services.database))
