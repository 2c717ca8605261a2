"""The REST interface for kiosks, portals and partner systems: ask, one procedure, search."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response

from api.desk import Chat, Said, ask, chat_id_of, new_token
from api.pipeline import Answered
from api.problems import Problem, ProblemBody
from api.schemas import ASK_EXAMPLES, AskRequest, AskResponse, ProcedureGuess, ProcedureHits
from api.services import Services
from api.texts import page_text
from feed.door import admit
from knowledge.models import Procedure
from store import transcripts
from store.engine import read

CHANNEL = "api"
_KEY = re.compile(r"^[A-Za-z0-9_-]{16,100}$")
_PROBLEM: dict[str, Any] = {
    "model": ProblemBody,
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
}


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {**_PROBLEM, "description": page_text(f"api_{status}")} for status in statuses}


router = APIRouter(prefix="/api/v1", tags=["v1"])


@router.post(
    "/ask",
    summary=page_text("api_ask"),
    description=page_text("api_ask_description"),
    responses=_refusals(404, 413, 422, 429, 503),
)
async def post_ask(
    request: Request,
    response: Response,
    body: Annotated[AskRequest, Body(openapi_examples=ASK_EXAMPLES)],
    idempotency_key: Annotated[str | None, Header(description=page_text("problem_key_detail"))] = None,
) -> AskResponse:
    """Answers one message of a conversation."""
    services: Services = request.app.state.services
    if idempotency_key is not None and not _KEY.match(idempotency_key):
        raise Problem(422, "key")
    chat = await _chat(services, body.conversation_id, idempotency_key)
    said = Said(idempotency_key or new_token(), body.text, body.choice)
    answered = await ask(services, request, chat, said)
    if answered.duplicate:
        await _same_question(services, answered, said)
        response.headers["Idempotent-Replayed"] = "true"
    return AskResponse.of(answered.conversation_id, answered.turn, answered.latency_ms)


@router.get("/procedures/{code}", summary=page_text("api_procedure"), responses=_refusals(404, 422, 503))
async def get_procedure(
    request: Request, code: Annotated[str, Path(pattern=r"^\d{1,2}\.\d{6,7}$", examples=["1.001193"])]
) -> Procedure:
    """The whole record of a procedure."""
    services: Services = request.app.state.services
    procedure = services.catalogue().knowledge.procedure(code)
    if procedure is None:
        raise Problem(404, "no_procedure", code=code)
    return procedure


@router.get("/procedures", summary=page_text("api_search"), responses=_refusals(422, 503))
async def search_procedures(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["khai sinh"])],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> ProcedureHits:
    """The procedures nearest to some words."""
    services: Services = request.app.state.services
    catalogue = services.catalogue()
    found = await asyncio.to_thread(catalogue.search, q, limit)
    hits = [ProcedureGuess(**candidate.model_dump()) for candidate in found]
    return ProcedureHits(query=q, procedures=hits, knowledge_version=catalogue.version)


async def _chat(services: Services, conversation_id: str | None, key: str | None) -> Chat:
    """The chat to speak in. A first message sent again under its key finds the chat it began."""
    if conversation_id is not None:
        known = await services.pipeline.chat_of(CHANNEL, conversation_id)
        if known is None:
            raise Problem(404, "no_conversation")
        return Chat(CHANNEL, known, new=False)
    return Chat(CHANNEL, chat_id_of(key or new_token()), new=True)


async def _same_question(services: Services, answered: Answered, said: Said) -> None:
    """Refuses a key that came with another question before."""
    async with read(services.database) as connection:
        stored = await transcripts.of_message(connection, answered.inbox_id)
    if stored is None:
        return
    same = stored.choice == said.choice and (said.choice is not None or stored.text == admit(said.text).text)
    if not same:
        raise Problem(422, "key_reused")
