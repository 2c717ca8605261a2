"""What partners read: who may, page by page, as JSON and CSV, and nothing in it or its headers does any harm."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.staff.admin import Change
from api.ways_out import admin
from api.ways_out.access import Scope
from api.ways_out.exports import cursor_of
from api.ways_out.tables import as_csv, cell
from store import api_keys
from store.clock import utc_now
from store.engine import read, write
from store.export_tables import api_keys as rows
from store.tables import audit
from tests.api.site_support import Site
from tests.api.test_public_answers import published
from tests.api.ways_out.support import ask, key_for

PATHS = {scope: f"/api/v1/export/{scope}" for scope in Scope}


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_key_opens_what_its_scope_names_and_nothing_else(site: Site, scope: Scope) -> None:
    key = await key_for(site, scope)
    for other, path in PATHS.items():
        response = await site.client.get(path, headers=key)
        assert response.status_code == (200 if other is scope else 403), (other, response.text)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer bh_wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic Ymg6Ymg="},
        {"Authorization": "Bearer bh_" + "x" * 5000},
        {"Authorization": "Bearer bh_\u00e9".encode("latin-1").decode("latin-1").encode("latin-1")},
    ],
)
async def test_without_a_key_nothing_opens(site: Site, headers: dict[str, str]) -> None:
    for path in PATHS.values():
        response = await site.client.get(path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_revoked_and_an_expired_key_open_nothing(site: Site) -> None:
    gone = await key_for(site, Scope.CASES, name="gone")
    assert (await site.client.get(PATHS[Scope.CASES], headers=gone)).status_code == 200
    async with write(site.services.database) as connection:
        await admin.revoke_key(Change(connection, utc_now(), "cli:test"), "gone")
        past = utc_now() - timedelta(days=2)
        await api_keys.add(connection, "old", "bh_old", ["cases"], past, past + timedelta(days=1))
    for headers in (gone, {"Authorization": "Bearer bh_old"}):
        assert (await site.client.get(PATHS[Scope.CASES], headers=headers)).status_code == 401


async def test_only_the_hash_is_kept_and_use_is_on_record(site: Site) -> None:
    key = await key_for(site, Scope.CASES)
    await site.client.get(PATHS[Scope.CASES], headers=key)
    await site.client.get(PATHS[Scope.CASES], headers=key)
    async with read(site.services.database) as connection:
        stored = (await connection.execute(rows.select())).one()
        done = [(row.actor, row.action, row.subject) for row in await connection.execute(audit.select())]
    assert key["Authorization"].split()[1] not in str(stored)
    assert stored.used_at is not None
    assert ("cli:test", "key_added", "key:ioc") in done
    assert done.count(("key:ioc", "export_read", "export:cases")) == 1, "not an entry for every page"


async def test_a_key_may_not_be_used_without_end_nor_guessed(tmp_path: object, site: Site) -> None:
    key = await key_for(site, Scope.FIGURES)
    statuses = {(await site.client.get(PATHS[Scope.CASES], headers=key)).status_code for _ in range(121)}
    assert statuses == {403, 429}
    wrong = {"Authorization": "Bearer bh_guess"}
    answers = [(await site.client.get(PATHS[Scope.CASES], headers=wrong)).status_code for _ in range(40)]
    assert answers[0] == 401
    assert answers[-1] == 429


async def test_pages_follow_each_other_without_gap_or_repetition(site: Site) -> None:
    texts = [f"câu hỏi {number}" for number in range(7)]
    await ask(site, *texts)
    key = await key_for(site, Scope.QUESTIONS)
    found, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        response = await site.client.get(PATHS[Scope.QUESTIONS], params=query, headers=key)
        found += [row["text"] for row in response.json()["rows"]]
        cursor = response.json()["next"]
        assert response.headers.get("x-next-cursor") == cursor
        if cursor is None:
            break
        assert f"cursor={cursor}" in response.headers["link"]
    assert found == texts


async def test_since_and_etag_spare_what_is_known(site: Site) -> None:
    early, late = utc_now() - timedelta(days=3), utc_now() - timedelta(hours=2)
    await ask(site, "cũ", at=early)
    await ask(site, "mới", at=late)
    key = await key_for(site, Scope.QUESTIONS)
    query = {"since": (late - timedelta(minutes=1)).isoformat()}
    response = await site.client.get(PATHS[Scope.QUESTIONS], params=query, headers=key)
    assert [row["text"] for row in response.json()["rows"]] == ["mới"]
    again = key | {"If-None-Match": response.headers["etag"]}
    known = await site.client.get(PATHS[Scope.QUESTIONS], params=query, headers=again)
    assert (known.status_code, known.content) == (304, b"")
    everything = await site.client.get(PATHS[Scope.QUESTIONS], headers=again)
    assert everything.status_code == 200


async def test_an_answer_taken_back_goes_out_without_its_text(site: Site) -> None:
    await published(site)
    await published(site, "HD-ZZ9ZZ9", question="Chuyện đã rút", status="withdrawn", public=False)
    key = await key_for(site, Scope.ANSWERS)
    held, gone = (await site.client.get(PATHS[Scope.ANSWERS], headers=key)).json()["rows"]
    assert (held["status"], held["case_code"]) == ("published", "HD-AB2CD3")
    assert (gone["status"], gone["question"], gone["text"]) == ("withdrawn", None, None)


async def test_figures_and_cases(site: Site) -> None:
    await published(site)
    await ask(site, "một", "hai")
    key = await key_for(site, Scope.FIGURES, Scope.CASES)
    rows = (await site.client.get(PATHS[Scope.FIGURES], headers=key)).json()["rows"]
    assert {row["asked"] for row in rows if row["dimension"] == "channel"} == {2}
    wrong = {"first": "2026-02-01", "last": "2026-01-01"}
    assert (await site.client.get(PATHS[Scope.FIGURES], params=wrong, headers=key)).status_code == 422
    (case,) = (await site.client.get(PATHS[Scope.CASES], headers=key)).json()["rows"]
    assert (case["code"], case["status"]) == ("HD-AB2CD3", "answered")


HOSTILE = ["=1+1", "+84", "-2+3", "@SUM(A1)", "\t=1", " =cmd|'/c calc'!A1", "\u200b=1", "＝1+1", "\r\n=1", 'a";=1\n=2']


async def test_no_cell_is_a_formula(site: Site) -> None:
    await ask(site, *HOSTILE)
    key = await key_for(site, Scope.QUESTIONS)
    response = await site.client.get(PATHS[Scope.QUESTIONS], params={"format": "csv"}, headers=key)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="banhoi-questions.csv"'
    _, *lines = csv.reader(io.StringIO(response.text, newline=""))
    texts = [line[3] for line in lines]
    assert len(texts) == len(HOSTILE)
    assert all(text.startswith("'") for text in texts[:-1])
    assert texts[-1] == HOSTILE[-1], "a quoted line break stays inside of its cell"


@given(st.text())
def test_whatever_a_citizen_writes_stays_one_harmless_cell(text: str) -> None:
    written = as_csv([{"a": text, "b": 1}], ["a", "b"])
    _, line = csv.reader(io.StringIO(written, newline=""))
    assert line == [cell(text), "1"]
    assert not line[0].lstrip(" \t\r\n").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"},
        {"cursor": "%0d%0aSet-Cookie: a=b"},
        {"cursor": "\r\nX: y"},
        {"cursor": cursor_of(1)[:-1] + "!"},
        {"format": "csv\r\nX: y"},
        {"format": "../../etc/passwd"},
        {"limit": "0"},
        {"limit": "100000"},
        {"since": "yesterday"},
    ],
)
async def test_what_is_not_ours_is_refused(site: Site, query: dict[str, str]) -> None:
    key = await key_for(site, Scope.QUESTIONS)
    response = await site.client.get(PATHS[Scope.QUESTIONS], params=query, headers=key)
    assert response.status_code == 422
    assert "set-cookie" not in response.headers
    assert "x" not in response.headers


async def test_headers_hold_nothing_that_came_from_outside(site: Site) -> None:
    await ask(site, "một", "hai")
    key = await key_for(site, Scope.QUESTIONS)
    evil = {"limit": "1", "q": 'a"\r\nX-Evil: 1>; rel="evil"'}
    response = await site.client.get(PATHS[Scope.QUESTIONS], params=evil, headers=key)
    assert response.status_code == 200
    assert "x-evil" not in response.headers
    assert response.headers["link"].count(">") == 1
    assert "\n" not in response.headers["link"]


async def test_the_file_name_is_no_path(site: Site) -> None:
    key = await key_for(site, *Scope)
    for path in ("/api/v1/export/../settings", "/api/v1/export/..%2f..%2fetc%2fpasswd", "/api/v1/export/"):
        assert (await site.client.get(path, headers=key)).status_code == 404
