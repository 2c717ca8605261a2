"""The public pages of published answers: only what is in force, found with and without diacritics, nothing runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.texts import page_text
from store.engine import write
from store.feed_tables import answers, cases
from store.rows import insert
from tests.api.site_support import Site

NOW = datetime.now(UTC)
HOSTILE = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>{{7*7}}"
QUESTION = "Chợ phiên Ba Lòng họp ngày nào?"


async def published(site: Site, code: str = "HD-AB2CD3", **changes: Any) -> None:
    """An answer in force, but for the changes."""
    case = {
        "code": code, "origin": "question", "status": "answered", "flags": [], "channel": "web", "field": "Thương mại",
        "opened_at": NOW, "last_asked_at": NOW, "due_at": NOW,
    }  # fmt: skip
    answer = {
        "question": QUESTION, "text": "Mùng 5 và 15.\nMùng 25 nữa.", "agency": "Ủy ban nhân dân xã Ba Lòng",
        "sources": [{"title": "Thông báo 12/TB-UBND", "url": "https://balong.gov.vn/12", "date": "2026-11-02"}],
        "status": "approved", "public": True, "created_at": NOW, "published_at": NOW,
        "expires_at": NOW + timedelta(days=90),
    }  # fmt: skip
    case |= {key: value for key, value in changes.items() if key in case}
    answer |= {key: value for key, value in changes.items() if key in answer or key == "withdrawn_at"}
    async with write(site.services.database) as connection:
        case_id = await insert(connection, cases, case)
        await insert(connection, answers, answer | {"case_id": case_id})


async def test_a_published_answer_has_its_page(site: Site) -> None:
    await published(site)
    page = (await site.client.get("/tra-loi/hd-ab2cd3")).text
    for text in (QUESTION, "Mùng 5 và 15.", "Ủy ban nhân dân xã Ba Lòng", "Thông báo 12/TB-UBND", "HD-AB2CD3"):
        assert text in page
    assert 'href="/tra-loi/HD-AB2CD3"' in (await site.client.get("/tra-loi")).text


@pytest.mark.parametrize("words", ["cho phien", "Chợ PHIÊN", "ba lòng họp", "mung 25"])
async def test_it_is_found_however_it_is_typed(site: Site, words: str) -> None:
    await published(site)
    await published(site, "HD-ZZ9ZZ9", question="Bao giờ có nước máy?", text="Sang năm.", field="Xây dựng")
    page = (await site.client.get("/tra-loi", params={"q": words})).text
    assert "HD-AB2CD3" in page
    assert "HD-ZZ9ZZ9" not in page


async def test_the_field_narrows_the_list(site: Site) -> None:
    await published(site)
    await published(site, "HD-ZZ9ZZ9", question="Bao giờ có nước máy?", field="Xây dựng")
    page = (await site.client.get("/tra-loi", params={"linh_vuc": "Xây dựng"})).text
    assert "HD-ZZ9ZZ9" in page
    assert "HD-AB2CD3" not in page


async def test_long_lists_have_pages(site: Site) -> None:
    for number in range(21):
        await published(site, f"HD-AA{number:04d}")
    first = (await site.client.get("/tra-loi")).text
    second = (await site.client.get("/tra-loi", params={"trang": 2})).text
    assert first.count('href="/tra-loi/HD-') == 20
    assert second.count('href="/tra-loi/HD-') == 1
    assert "trang=2" in first
    assert "trang=1" in second


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "withdrawn", "public": False, "withdrawn_at": NOW}, 410),
        ({"public": False}, 410),
        ({"expires_at": NOW - timedelta(minutes=1)}, 410),
        ({"status": "submitted", "published_at": None}, 404),
        ({"public": False, "published_at": None}, 404),
    ],
)
async def test_what_is_not_in_force_is_not_shown(site: Site, changes: dict[str, Any], status: int) -> None:
    await published(site, **changes)
    response = await site.client.get("/tra-loi/HD-AB2CD3")
    assert response.status_code == status
    assert "Mùng 5" not in response.text
    assert "HD-AB2CD3" not in (await site.client.get("/tra-loi")).text


async def test_the_page_of_a_withdrawn_answer_says_so(site: Site) -> None:
    await published(site, status="withdrawn", public=False)
    assert page_text("problem_answer_gone_detail") in (await site.client.get("/tra-loi/HD-AB2CD3")).text


async def test_hostile_texts_stay_texts(site: Site) -> None:
    source = {"title": HOSTILE, "url": "https://x.vn/" + HOSTILE, "date": "2026-11-02"}
    hostile = {"question": HOSTILE, "text": HOSTILE, "agency": HOSTILE, "field": HOSTILE, "sources": [source]}
    await published(site, **hostile)
    pages = ["/tra-loi/HD-AB2CD3", "/tra-loi", f"/tra-loi/{HOSTILE[:10]}"]
    for path in pages:
        page = (await site.client.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
    page = (await site.client.get("/tra-loi", params={"q": HOSTILE, "linh_vuc": HOSTILE, "trang": 2})).text
    assert "<script>alert" not in page
    assert "onerror='alert" not in page


async def test_the_pages_are_linked_and_kept_by_nobody(site: Site) -> None:
    assert 'href="/tra-loi"' in (await site.client.get("/")).text
    other, mine = await site.client.get("/nguon"), await site.client.get("/tra-loi")
    assert mine.headers["cache-control"] == other.headers["cache-control"]
