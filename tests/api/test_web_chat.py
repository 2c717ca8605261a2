"""The web chat without a browser: forms, fragments, cookies, and what other sites may not do."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.catalogue import Catalogue, catalogue_of
from api.desk import chat_id_of
from bot.engine import Engine
from index.library import Library
from store.engine import read
from store.tables import conversations
from tests.api.site_support import CODE, EchoAssistant, Site, open_site

HTMX = {"HX-Request": "true"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1)",
    "</textarea><svg/onload=alert(1)>",
]


def token_in(html: str) -> str:
    """The message id that the page's form would send."""
    found = re.search(r'name="message_id" value="([^"]+)"', html)
    assert found is not None
    return found[1]


async def say(client: httpx.AsyncClient, text: str, **fields: str) -> httpx.Response:
    return await client.post("/hoi", data={"text": text} | fields)


async def test_the_first_view_greets_and_sets_no_cookie(site: Site) -> None:
    response = await site.client.get("/")
    assert response.status_code == 200
    assert "Bà con cần hỏi việc gì?" in response.text
    assert response.text.count('name="example"') == 4
    assert "set-cookie" not in response.headers
    assert response.headers["cache-control"] == "no-store"


async def test_a_question_without_script_leads_back_to_the_page(site: Site) -> None:
    response = await say(site.client, "khai sinh")
    assert response.status_code == 303
    assert re.fullmatch(r"/#m\d+", response.headers["location"])
    page = (await site.client.get("/")).text
    assert page.index("khai sinh") < page.index("Hồ sơ cần có") < page.index("Thời hạn")
    assert "Bà con cần hỏi việc gì?" not in page
    assert f'href="/thu-tuc/{CODE}"' in page
    assert 'rel="noopener"' in page


async def test_with_htmx_question_and_answer_come_in_one_piece(site: Site) -> None:
    response = await site.client.post("/hoi", data={"text": "khai sinh"}, headers=HTMX)
    assert response.status_code == 200
    assert "<html" not in response.text
    assert response.text.index('class="said"') < response.text.index('class="card"')
    assert 'hx-swap-oob="true"' in response.text


async def test_several_questions_keep_their_order(site: Site) -> None:
    for text in ("câu một", "câu hai", "câu ba"):
        await say(site.client, text)
    page = (await site.client.get("/")).text
    said = re.findall(r'<p class="said">(.*?)</p>', page)
    assert said == ["câu một", "câu hai", "câu ba"]


async def test_only_the_newest_exchanges_are_shown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.web.SHOWN", 2)
    for number in range(3):
        await say(site.client, f"câu số {number}")
    page = (await site.client.get("/")).text
    assert "câu số 0" not in page
    assert "Các câu trước đó không hiện ở đây." in page


async def vote(site: Site, choice: str, **headers: str) -> httpx.Response:
    return await site.client.post("/danh-gia", data={"choice": choice}, headers=headers)


def pressed(html: str) -> list[str]:
    return re.findall(r'value="(v:[^"]+)" aria-pressed="true"', html)


async def test_a_vote_is_kept_shown_and_adds_no_question(site: Site) -> None:
    await say(site.client, "khai sinh")
    page = (await site.client.get("/")).text
    up, down = re.findall(r'name="choice" value="(v:[^"]+)"', page)
    assert pressed(page) == []
    response = await vote(site, up)
    assert (response.status_code, response.headers["location"]) == (303, f"/#m{up.rsplit(':')[-1]}")
    assert pressed((await site.client.get("/")).text) == [up]
    await vote(site, down)
    page = (await site.client.get("/")).text
    assert pressed(page) == [down]
    assert re.findall(r'<p class="said">(.*?)</p>', page) == ["khai sinh"]


async def test_votes_do_not_push_exchanges_off_the_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.web.SHOWN", 2)
    await say(site.client, "một")
    await say(site.client, "hai")
    up, down = re.findall(r'name="choice" value="(v:[^"]+)"', (await site.client.get("/")).text)[:2]
    for choice in (up, down, up):
        await vote(site, choice)
    page = (await site.client.get("/")).text
    assert re.findall(r'<p class="said">(.*?)</p>', page) == ["một", "hai"]


async def test_with_htmx_only_the_votes_come_back(site: Site) -> None:
    await say(site.client, "khai sinh")
    (up, _) = re.findall(r'name="choice" value="(v:[^"]+)"', (await site.client.get("/")).text)
    html = (await vote(site, up, **HTMX)).text
    assert html.strip().startswith("<form")
    assert pressed(html) == [up]
    assert "Cảm ơn" in html
    assert "turn" not in html


@pytest.mark.parametrize("choice", ["", "p:1.001193", "v:maybe:1", "v:up:"])
async def test_what_is_no_vote_is_refused(site: Site, choice: str) -> None:
    await say(site.client, "khai sinh")
    assert (await vote(site, choice)).status_code == 404


async def test_nobody_votes_before_asking(site: Site) -> None:
    assert (await vote(site, "v:up:1")).status_code == 404


async def test_an_ask_back_is_not_voted_on(site: Site) -> None:
    await say(site.client, "nào")
    assert "/danh-gia" not in (await site.client.get("/")).text


async def test_a_tapped_choice_shows_its_label(site: Site) -> None:
    await say(site.client, "nào")
    await say(site.client, "chữ còn trong ô", choice=f"p:{CODE}")
    page = (await site.client.get("/")).text
    assert re.findall(r'<p class="said">(.*?)</p>', page) == ["nào", "Đăng ký khai sinh"]
    assert f"[p:{CODE}]" in page


async def test_an_example_is_asked_as_text(site: Site) -> None:
    await say(site.client, "", example="Muốn tách thửa đất thì làm thế nào?")
    assert "Bà con hỏi: Muốn tách thửa" in (await site.client.get("/")).text


async def test_a_form_sent_twice_counts_once(tmp_path: Path, catalogue: Catalogue) -> None:
    assistant = EchoAssistant()
    async with open_site(tmp_path, catalogue, assistant) as site:
        await say(site.client, "đầu tiên")
        token = token_in((await site.client.get("/")).text)
        first = await say(site.client, "khai sinh", message_id=token)
        again = await say(site.client, "khai sinh", message_id=token)
    assert first.headers["location"] == again.headers["location"]
    assert [message.text for message in assistant.asked] == ["đầu tiên", "khai sinh"]


async def test_every_fragment_brings_a_new_message_id(site: Site) -> None:
    tokens = set()
    for _ in range(3):
        response = await site.client.post("/hoi", data={"text": "a"}, headers=HTMX)
        tokens.add(token_in(response.text))
    assert len(tokens) == 3


async def test_the_real_engine_answers_in_the_chat(tmp_path: Path, library: Library) -> None:
    async with open_site(tmp_path, catalogue_of(library), Engine(lambda: library)) as site:
        await say(site.client, f"thủ tục {CODE} cần giấy tờ gì")
        page = (await site.client.get("/")).text
    assert "Giấy chứng sinh" in page
    assert "18/07/2026" in page


async def test_what_is_shown_is_redacted(site: Site) -> None:
    await say(site.client, "gọi tôi số 0912345678 nhé")
    page = (await site.client.get("/")).text
    assert "gọi tôi số" in page
    assert "0912345678" not in page


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_stays_text(site: Site, text: str) -> None:
    fragment = (await site.client.post("/hoi", data={"text": text}, headers=HTMX)).text
    page = (await site.client.get("/")).text
    for html in (fragment, page):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<svg/onload" not in html
        assert "49" not in re.sub(r"<[^>]*>|\d\d:\d\d", "", html) or "7*7" in html


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [("", 422, "Chưa có câu hỏi"), ("  \n", 422, "Chưa có câu hỏi"), ("x" * 4001, 422, "Câu hỏi dài quá")],
)
async def test_a_refused_question_is_explained(site: Site, text: str, status: int, words: str) -> None:
    page = await say(site.client, text)
    bubble = await site.client.post("/hoi", data={"text": text}, headers=HTMX)
    assert (page.status_code, bubble.status_code) == (status, status)
    assert words in page.text
    assert "<html" in page.text
    assert words in bubble.text
    assert "<html" not in bubble.text


async def test_line_ends_of_forms_do_not_count_twice(site: Site) -> None:
    assert (await say(site.client, "a\r\n" * 2000)).status_code == 303


async def test_a_chat_over_its_limit_is_asked_to_wait(tmp_path: Path, catalogue: Catalogue) -> None:
    async with open_site(tmp_path, catalogue, rate_limit="1/minute") as site:
        await say(site.client, "một")
        response = await say(site.client, "hai")
    assert response.status_code == 429
    assert "Xin chờ" in response.text
    assert int(response.headers["retry-after"]) >= 1


# -- cookies and conversations


async def test_the_cookie_is_random_and_kept_from_scripts_and_other_sites(site: Site) -> None:
    response = await say(site.client, "a")
    cookie = response.headers["set-cookie"]
    assert re.match(r"banhoi=[A-Za-z0-9_-]{24};", cookie)
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_under_https_the_cookie_is_secure_and_bound_to_its_host(tmp_path: Path, catalogue: Catalogue) -> None:
    url = "https://hoi.example.vn"
    async with open_site(tmp_path, catalogue, base_url=url, public_url=url) as site:
        response = await say(site.client, "a")
        page = await site.client.get("/")
    assert response.headers["set-cookie"].startswith("__Host-banhoi=")
    assert "Secure" in response.headers["set-cookie"]
    assert "Domain" not in response.headers["set-cookie"]
    assert page.headers["strict-transport-security"] == "max-age=31536000"


async def test_the_database_does_not_hold_the_cookie(site: Site) -> None:
    await say(site.client, "a")
    token = site.client.cookies["banhoi"]
    async with read(site.services.database) as connection:
        row = (await connection.execute(conversations.select())).one()
    assert token not in str(row)
    assert row.chat_id == chat_id_of(token)


@pytest.mark.parametrize("value", ["", "A" * 24, "../../etc", "x" * 5000, "'; DROP TABLE inbox;--"])
async def test_a_cookie_that_we_did_not_give_is_replaced(site: Site, value: str) -> None:
    headers = {"Cookie": f"banhoi={value}"}
    assert (await site.client.get("/", headers=headers)).status_code == 200
    response = await site.client.post("/hoi", data={"text": "a"}, headers=headers)
    assert response.status_code == 303
    assert f"banhoi={value};" not in response.headers["set-cookie"]


async def test_two_browsers_do_not_see_each_other(site: Site) -> None:
    await say(site.client, "bí mật của tôi")
    site.client.cookies.clear()
    assert "bí mật của tôi" not in (await site.client.get("/")).text
    await say(site.client, "câu của người khác")
    assert "bí mật của tôi" not in (await site.client.get("/")).text


async def test_a_new_conversation_starts_empty(site: Site) -> None:
    await say(site.client, "khai sinh")
    response = await site.client.post("/moi")
    assert response.status_code == 303
    assert response.headers["location"] == "/"
    page = (await site.client.get("/")).text
    assert "Bà con cần hỏi việc gì?" in page
    assert "khai sinh?" not in page.split("</section>")[-1]


# -- other sites


@pytest.mark.parametrize("path", ["/hoi", "/moi", "/danh-gia"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
    ],
)
async def test_another_sites_form_is_refused(site: Site, path: str, headers: dict[str, str]) -> None:
    response = await site.client.post(path, data={"text": "a"}, headers=headers)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert "Yêu cầu đến từ trang khác" in response.text


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://127.0.0.1:8000"}],
)
async def test_our_own_form_is_taken(site: Site, headers: dict[str, str]) -> None:
    assert (await site.client.post("/hoi", data={"text": "a"}, headers=headers)).status_code == 303


async def test_a_message_still_waiting_is_shown_as_such(site: Site) -> None:
    """After a crash the question stands in the inbox without an answer."""
    await say(site.client, "đã trả lời")
    chat = chat_id_of(site.client.cookies["banhoi"])
    from api.intake import Incoming

    waiting = Incoming("web", "later", chat, site.services.clock() + timedelta(seconds=1), "còn chờ")
    await site.services.pipeline.receive(waiting)
    page = (await site.client.get("/")).text
    assert "còn chờ" in page
    assert "Câu này đang được xử lý." in page
