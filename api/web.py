"""The web chat: works as plain forms, and better with htmx. What is shown always comes from the store."""

from __future__ import annotations

import re

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from api.assets import serve_asset
from api.chat_view import all_shown, shown, with_unasked
from api.desk import Chat, Said, ask, chat_id_of, new_token
from api.forms import field, from_this_site, read_form
from api.pages import render
from api.problems import Problem
from api.schemas import LONGEST_TEXT
from api.services import Services
from api.settings import Settings
from bot.types import VOTE_PREFIX, Outcome
from bot.votes import thanks, vote_choices, vote_of
from feed.votes import of_messages
from store import transcripts
from store.engine import read

CHANNEL = "web"
SHOWN = 30
"""Exchanges on the page; older ones stay in the store."""
COOKIE_SECONDS = 12 * 3600
"""A phone is lent, a computer shared: what was asked does not stay on the screen for days."""
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{24}$")

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
async def chat_page(request: Request) -> Response:
    """The chat with what was said so far."""
    services: Services = request.app.state.services
    services.catalogue()
    chat = await known_chat(request)
    exchanges, votes, unasked = [], {}, []
    if chat is not None:
        async with read(services.database) as connection:
            exchanges = await transcripts.latest(connection, CHANNEL, chat.id, SHOWN + 1, hidden=VOTE_PREFIX)
            votes = await of_messages(connection, [exchange.inbox_id for exchange in exchanges])
            unasked = await transcripts.unasked(connection, CHANNEL, chat.id, SHOWN)
    return render(
        request,
        "chat.html",
        exchanges=with_unasked(all_shown(exchanges[-SHOWN:], votes), unasked),
        earlier=len(exchanges) > SHOWN,
        message_id=new_token(),
    )


@router.post("/hoi", dependencies=[Depends(from_this_site)])
async def post_question(request: Request) -> Response:
    """Takes a question; gives the exchange to htmx, and sends other browsers back to the page."""
    services: Services = request.app.state.services
    said = await _said(request)
    known = await known_chat(request)
    token = None if known else new_token()
    chat = known or Chat(CHANNEL, chat_id_of(token or ""), new=True)
    answered = await ask(services, request, chat, said)
    if request.headers.get("hx-request") == "true":
        response = await _fragment(request, answered.inbox_id)
    else:
        response = RedirectResponse(f"/#m{answered.inbox_id}", status_code=303)
    if answered.turn.outcome is Outcome.ERASED:
        response.headers["HX-Refresh"] = "true"  # what was deleted goes from the screen, too
    if token is not None:
        _remember(response, token, request.app.state.settings)
    return response


@router.post("/danh-gia", dependencies=[Depends(from_this_site)])
async def post_vote(request: Request) -> Response:
    """Takes a vote on an answer; gives the votes to htmx again, and sends other browsers back to the answer."""
    services: Services = request.app.state.services
    choice = field(await read_form(request), "choice")
    vote, chat = vote_of(choice), await known_chat(request)
    if vote is None or chat is None:
        raise Problem(404, "no_conversation")
    await ask(services, request, chat, Said(new_token(), choice=choice))
    if request.headers.get("hx-request") == "true":
        choices = vote_choices(vote.message)
        return render(request, "votes.html", choices=choices, useful=vote.useful, thanks=thanks(vote))
    return RedirectResponse(f"/#m{vote.message}", status_code=303)


@router.post("/moi", dependencies=[Depends(from_this_site)])
async def new_chat(request: Request) -> Response:
    """Forgets this browser's conversation and starts with an empty page."""
    settings: Settings = request.app.state.settings
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(_cookie_name(settings), httponly=True, samesite="lax", secure=settings.secure_cookies)
    return response


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def static_file(request: Request, name: str) -> Response:
    """Style sheet, scripts, typeface, logo."""
    response = serve_asset(name, request)
    if response is None:
        raise Problem(404, "not_found")
    return response


async def _fragment(request: Request, inbox_id: int) -> Response:
    services: Services = request.app.state.services
    async with read(services.database) as connection:
        exchange = await transcripts.of_message(connection, inbox_id)
    if exchange is None:
        raise Problem(404, "no_conversation")
    return render(request, "exchange.html", item=shown(exchange), message_id=new_token())


async def _said(request: Request) -> Said:
    form = await read_form(request)
    message_id = field(form, "message_id")
    choice = field(form, "choice")
    text = field(form, "example") or field(form, "text")
    if not _TOKEN.match(message_id):
        message_id = new_token()  # a hand-made form: taken, but a second sending counts as a second question
    if choice:
        return Said(message_id, choice=choice[:60])
    if not text.strip():
        raise Problem(422, "empty")
    if len(text.replace("\r\n", "\n")) > LONGEST_TEXT:
        raise Problem(422, "too_long")
    return Said(message_id, text=text)


async def known_chat(request: Request) -> Chat | None:
    """The chat of the browser's cookie, if we gave that cookie out and the chat still exists."""
    token = request.cookies.get(_cookie_name(request.app.state.settings), "")
    if not _TOKEN.match(token):
        return None
    services: Services = request.app.state.services
    chat_id = chat_id_of(token)
    async with read(services.database) as connection:
        known = await transcripts.exists(connection, CHANNEL, chat_id)
    return Chat(CHANNEL, chat_id, new=False) if known else None


def _cookie_name(settings: Settings) -> str:
    """Under https the prefix keeps other hosts of the domain from setting it."""
    return "__Host-banhoi" if settings.secure_cookies else "banhoi"


def _remember(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        _cookie_name(settings),
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
