"""The REST interface: the schema that partners rely on, conversations, repetition, refusals."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.catalogue import Catalogue, catalogue_of
from bot.engine import Engine
from index.library import Library
from tests.api.site_support import CODE, EchoAssistant, Site, open_site

ASK = "/api/v1/ask"
KEYS = {
    "conversation_id", "outcome", "procedures", "aspects", "text", "choices", "citations", "links", "knowledge_version",
    "latency_ms",
}  # fmt: skip


async def ask(client: httpx.AsyncClient, text: str, key: str | None = None, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post(ASK, json={"text": text} | more, headers=headers)


async def test_an_answer_has_every_field_of_the_schema(site: Site) -> None:
    response = await ask(site.client, "khai sinh")
    assert response.status_code == 200
    body = response.json()
    assert set(body) == KEYS
    assert body["outcome"] == "answer"
    assert body["aspects"] == ["documents"]
    assert body["procedures"][0] == {"code": CODE, "name": "Đăng ký khai sinh", "probability": 0.93}
    assert body["choices"][0] == {"id": f"a:{CODE}:time", "label": "Thời hạn", "code": CODE}
    assert body["citations"][0]["date"] == "2026-07-18"
    assert "- Tờ khai" in body["text"]
    assert body["latency_ms"] >= 0


async def test_the_real_engine_answers_with_source_and_date(tmp_path: Path, library: Library) -> None:
    engine = Engine(lambda: library)
    async with open_site(tmp_path, catalogue_of(library), engine) as site:
        response = await ask(site.client, f"thủ tục {CODE} cần giấy tờ gì")
    body = response.json()
    assert body["procedures"][0]["code"] == CODE
    assert body["citations"][0]["url"].startswith("https://dichvucong.gov.vn")
    assert body["knowledge_version"] == library.version


async def test_a_conversation_goes_on_under_its_id(site: Site) -> None:
    first = (await ask(site.client, "nào")).json()
    second = (await ask(site.client, "tiếp", conversation_id=first["conversation_id"])).json()
    other = (await ask(site.client, "tiếp")).json()
    assert second["conversation_id"] == first["conversation_id"]
    assert other["conversation_id"] != first["conversation_id"]
    assert len(first["conversation_id"]) >= 22


async def test_a_choice_stands_for_text(site: Site) -> None:
    first = (await ask(site.client, "nào")).json()
    body = {"choice": f"p:{CODE}", "conversation_id": first["conversation_id"]}
    assert f"[p:{CODE}]" in (await site.client.post(ASK, json=body)).json()["text"]


@pytest.mark.parametrize("ident", ["A" * 22, "6c5fadd0-4f7c-40ba-85e0-a481a3ac0ec7"])
async def test_an_id_that_we_did_not_give_is_unknown(site: Site, ident: str) -> None:
    response = await ask(site.client, "a", conversation_id=ident)
    assert response.status_code == 404
    assert response.json()["code"] == "no_conversation"


async def test_the_web_chats_id_opens_nothing_here(site: Site) -> None:
    """Both channels have their own chats; the cookie's value is no conversation id."""
    await site.client.post("/hoi", data={"text": "riêng tư"})
    token = site.client.cookies["banhoi"]
    assert (await ask(site.client, "a", conversation_id=token)).status_code == 404


async def test_4000_characters_are_taken_and_no_more(site: Site) -> None:
    assert (await ask(site.client, "ă" * 4000)).status_code == 200
    response = await ask(site.client, "ă" * 4001)
    assert response.status_code == 422
    assert response.json()["code"] == "too_long"
    assert "4.000" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "empty"),
        ({"text": ""}, "empty"),
        ({"text": " \n\t "}, "empty"),
        ({"text": 5}, "invalid"),
        ({"text": None}, "invalid"),
        ({"text": "a", "conversation_id": "../../etc/passwd"}, "invalid"),
        ({"text": "a", "conversation_id": ""}, "invalid"),
        ({"text": "a", "surprise": 1}, "invalid"),
        ({"choice": "x" * 61}, "invalid"),
        ({"choice": "có dấu"}, "invalid"),
    ],
)
async def test_a_wrong_body_is_explained_in_vietnamese(site: Site, body: dict[str, Any], code: str) -> None:
    response = await site.client.post(ASK, json=body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["code"] == code
    assert problem["status"] == 422
    assert "input" not in response.text


async def test_surrogates_and_controls_do_not_break_it(site: Site) -> None:
    content = b'{"text": "a\\ud800b\\u0000c\\u202e d"}'
    response = await site.client.post(ASK, content=content, headers={"content-type": "application/json"})
    assert response.status_code in (200, 422)


async def test_personal_data_are_redacted_before_the_engine_sees_them(tmp_path: Path, catalogue: Catalogue) -> None:
    assistant = EchoAssistant()
    async with open_site(tmp_path, catalogue, assistant) as site:
        text = (await ask(site.client, "số tôi là 0912345678")).json()["text"]
    assert "0912345678" not in text
    assert "0912345678" not in assistant.asked[0].text


async def test_a_broken_engine_apologises_and_tells_nothing(site: Site) -> None:
    response = await ask(site.client, "hỏng")
    assert response.status_code == 200
    assert response.json()["outcome"] == "out_of_scope"
    assert "RuntimeError" not in response.text
    assert site.count("banhoi_turns_failed_total", channel="api") == 1


async def test_without_knowledge_nothing_is_taken(tmp_path: Path) -> None:
    async with open_site(tmp_path, None) as site:
        response = await ask(site.client, "a")
    assert response.status_code == 503
    assert response.json()["code"] == "no_knowledge"
    assert response.headers["retry-after"] == "30"


# -- repetition


async def test_the_same_key_gets_the_same_answer_and_is_logged_once(tmp_path: Path, catalogue: Catalogue) -> None:
    assistant = EchoAssistant()
    async with open_site(tmp_path, catalogue, assistant) as site:
        key = str(uuid.uuid4())
        first = await ask(site.client, "khai sinh", key)
        again = await ask(site.client, "khai sinh", key)
        duplicates = site.count("banhoi_duplicates_total", channel="api")
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(assistant.asked) == 1
    assert duplicates == 1


async def test_a_key_counts_within_its_conversation(site: Site) -> None:
    key = str(uuid.uuid4())
    first = (await ask(site.client, "một")).json()["conversation_id"]
    second = (await ask(site.client, "hai")).json()["conversation_id"]
    one = await ask(site.client, "ba", key, conversation_id=first)
    two = await ask(site.client, "bốn", key, conversation_id=second)
    assert "ba" in one.json()["text"]
    assert "bốn" in two.json()["text"]


async def test_a_key_does_not_serve_another_question(site: Site) -> None:
    key = str(uuid.uuid4())
    await ask(site.client, "khai sinh", key)
    response = await ask(site.client, "khai tử", key)
    assert response.status_code == 422
    assert response.json()["code"] == "key_reused"


@pytest.mark.parametrize("key", ["1", "short", "x" * 101, "có dấu tiếng việt dài", "a b c d e f g h i j"])
async def test_a_key_that_could_be_guessed_is_refused(site: Site, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    response = await site.client.post(ASK, json={"text": "a"}, headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 422
    assert response.json()["code"] == "key"


# -- limits


async def test_a_chat_over_its_limit_is_told_when_to_come_back(tmp_path: Path, catalogue: Catalogue) -> None:
    async with open_site(tmp_path, catalogue, rate_limit="3/minute") as site:
        ident = (await ask(site.client, "một")).json()["conversation_id"]
        responses = [await ask(site.client, "hai", conversation_id=ident) for _ in range(3)]
        other = await ask(site.client, "người khác")
        limited = site.count("banhoi_rate_limited_total", channel="api")
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert 1 <= int(responses[-1].headers["retry-after"]) <= 60
    assert responses[-1].headers["retry-after"] in responses[-1].json()["detail"]
    assert other.status_code == 200
    assert limited == 1


async def test_new_conversations_are_counted_by_address(tmp_path: Path, catalogue: Catalogue) -> None:
    async with open_site(tmp_path, catalogue, rate_limit_new="2/minute") as site:
        spoofed = {"X-Forwarded-For": "198.51.100.9"}
        statuses = [(await site.client.post(ASK, json={"text": "a"}, headers=spoofed)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# -- procedures


async def test_a_procedure_is_given_whole(site: Site, library: Library) -> None:
    body = (await site.client.get(f"/api/v1/procedures/{CODE}")).json()
    procedure = library.knowledge.procedure(CODE)
    assert procedure is not None
    assert body == procedure.model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(("code", "status"), [("9.999999", 404), ("abc", 422), ("1.001193'--", 422)])
async def test_a_code_that_is_none_is_refused(site: Site, code: str, status: int) -> None:
    response = await site.client.get(f"/api/v1/procedures/{code}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_search_finds_by_words_and_by_code(site: Site) -> None:
    words = (await site.client.get("/api/v1/procedures", params={"q": "dang ky khai sinh", "limit": 5})).json()
    code = (await site.client.get("/api/v1/procedures", params={"q": CODE})).json()
    assert CODE in [hit["code"] for hit in words["procedures"]]
    assert len(words["procedures"]) <= 5
    assert [hit["code"] for hit in code["procedures"]] == [CODE]


@pytest.mark.parametrize("params", [{}, {"q": ""}, {"q": "a" * 201}, {"q": "a", "limit": 0}, {"q": "a", "limit": 51}])
async def test_a_search_outside_its_bounds_is_refused(site: Site, params: dict[str, Any]) -> None:
    assert (await site.client.get("/api/v1/procedures", params=params)).status_code == 422


@pytest.mark.parametrize("words", ["*", '"', "a OR b", "NEAR(", "'; DROP TABLE x;--", "\x00", "😀", "   "])
async def test_no_search_words_break_it(site: Site, words: str) -> None:
    assert (await site.client.get("/api/v1/procedures", params={"q": words})).status_code == 200


# -- description


async def test_the_description_has_examples_and_problem_types(site: Site) -> None:
    document = (await site.client.get("/api/v1/openapi.json")).json()
    exports = {f"/api/v1/export/{kind}" for kind in ("questions", "cases", "answers", "figures")}
    asking = {"/api/v1/ask", "/api/v1/procedures/{code}", "/api/v1/procedures"}
    assert set(document["paths"]) == asking | exports
    operation = document["paths"]["/api/v1/ask"]["post"]
    assert operation["summary"] == "Hỏi một câu"
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == {"first", "next", "choice"}
    assert "application/problem+json" in operation["responses"]["429"]["content"]
    assert set(document["components"]["schemas"]["AskResponse"]["required"]) == KEYS


async def test_wrong_methods_are_told_so(site: Site) -> None:
    response = await site.client.get(ASK)
    assert response.status_code == 405
    assert response.json()["title"] == "Cách gọi không đúng"
