"""Ready-made pieces of answers: listed, added, changed, removed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.forms import field, read_form
from api.review.reading import read_id
from api.review.screens import PREFIX, Reader, Reviewer, actor_of, now_at, screen, see
from api.staff.access import Officer
from api.texts import review_words
from feed import answer_templates
from feed.change import Change
from feed.errors import FeedError
from store.engine import read, write

router = APIRouter(prefix=f"{PREFIX}/mau")


@router.get("")
async def templates(request: Request, officer: Reader) -> Response:
    """All of them, each with a form for those who may change it."""
    return await _page(request, officer)


@router.post("")
async def add(request: Request, officer: Reviewer) -> Response:
    """A new one."""
    form = await read_form(request)
    title, text = field(form, "ten"), field(form, "noi-dung")
    return await _do(request, officer, "mau", lambda change: answer_templates.add(change, title, text), (title, text))


@router.post("/{number}")
async def edit(request: Request, number: str, officer: Reviewer) -> Response:
    """Other words."""
    form = await read_form(request)
    title, text, template_id = field(form, "ten"), field(form, "noi-dung"), read_id(number) or 0
    return await _do(request, officer, "mau", lambda change: answer_templates.edit(change, template_id, title, text))


@router.post("/{number}/xoa")
async def remove(request: Request, number: str, officer: Reviewer) -> Response:
    """Away with it; answers made with it stay."""
    template_id = read_id(number) or 0
    return await _do(request, officer, "mau-xoa", lambda change: answer_templates.remove(change, template_id))


async def _do(
    request: Request,
    officer: Officer,
    done: str,
    step: Callable[[Change], Awaitable[object]],
    typed: tuple[str, str] = ("", ""),
) -> Response:
    try:
        async with write(services_of(request).database) as connection:
            await step(Change(connection, now_at(request), actor_of(officer)))
    except FeedError as refused:
        return await _page(request, officer, 409, str(refused), typed)
    return see(f"/mau?xong={done}")


async def _page(
    request: Request, officer: Officer, status: int = 200, refused: str = "", typed: tuple[str, str] = ("", "")
) -> Response:
    async with read(services_of(request).database) as connection:
        found = await answer_templates.everything(connection)
    said = review_words(f"said_{request.query_params.get('xong', '')}")
    return screen(request, "templates.html", officer, status, templates=found, refused=refused, said=said, typed=typed)
