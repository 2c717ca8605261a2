"""The Atom feed: well-formed whatever an answer says, by field, only what is in force."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.api.site_support import Site
from tests.api.test_public_answers import HOSTILE, published

ATOM = "{http://www.w3.org/2005/Atom}"


async def entries(site: Site, **query: str) -> list[ET.Element]:
    response = await site.client.get("/tra-loi.atom", params=query)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


async def test_what_is_in_force_and_nothing_else(site: Site) -> None:
    await published(site)
    await published(site, "HD-ZZ9ZZ9", status="withdrawn", public=False)
    (entry,) = await entries(site)
    assert entry.findtext(f"{ATOM}title") == "Chợ phiên Ba Lòng họp ngày nào?"
    assert entry.findtext(f"{ATOM}content") == "Mùng 5 và 15.\nMùng 25 nữa."
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ủy ban nhân dân xã Ba Lòng"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").endswith("/tra-loi/HD-AB2CD3")


async def test_one_field(site: Site) -> None:
    await published(site)
    await published(site, "HD-ZZ9ZZ9", field="Xây dựng")
    assert len(await entries(site)) == 2
    assert len(await entries(site, linh_vuc="Xây dựng")) == 1
    assert await entries(site, linh_vuc="Không có\r\nX: y") == []


async def test_hostile_texts_stay_texts(site: Site) -> None:
    await published(site, question=HOSTILE, text="]]>\x0b\x00\ufffe" + HOSTILE, field='"><script>')
    (entry,) = await entries(site, linh_vuc='"><script>')
    assert entry.findtext(f"{ATOM}title") == HOSTILE
    assert entry.findtext(f"{ATOM}content") == "]]>" + HOSTILE


async def test_a_reader_that_has_it_gets_it_no_second_time(site: Site) -> None:
    await published(site)
    tag = (await site.client.get("/tra-loi.atom")).headers["etag"]
    assert (await site.client.get("/tra-loi.atom", headers={"If-None-Match": tag})).status_code == 304
