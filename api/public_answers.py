"""The public pages of "Bạn hỏi – Chính quyền trả lời": what officials have answered for everybody, and is in force."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.pages import render
from api.problems import Problem
from api.published import PAGE
from api.services import Services
from bot.types import Citation
from feed import published
from feed.wording import day_of
from store.engine import read

router = APIRouter(include_in_schema=False)
_ON_A_PAGE = 20
_LONGEST_QUERY = 200
_LONGEST_CODE = 20


@router.api_route(PAGE, methods=["GET", "HEAD"])
async def answers_page(request: Request, q: str = "", linh_vuc: str = "", trang: int = 1) -> Response:
    """The answers, the newest first; `q` are words, `linh_vuc` a field, `trang` the page."""
    services: Services = request.app.state.services
    now, query, page = services.clock(), " ".join(q[:_LONGEST_QUERY].split()), max(1, trang)
    async with read(services.database) as connection:
        everything = await published.all_in_force(connection, now)
    found = published.matching(everything, query, linh_vuc)
    first = (page - 1) * _ON_A_PAGE
    return render(
        request,
        "answers.html",
        query=query,
        field=linh_vuc[:_LONGEST_QUERY],
        fields=sorted({answer.field for answer in everything if answer.field}),
        found=[(answer, day_of(answer.published_at)) for answer in found[first : first + _ON_A_PAGE]],
        count=len(found),
        page=page,
        more=len(found) > first + _ON_A_PAGE,
    )


@router.api_route(PAGE + "/{code}", methods=["GET", "HEAD"])
async def answer_page(request: Request, code: str) -> Response:
    """One answer. Raises `Problem` 410 where it was taken back or has expired, 404 where there never was one."""
    services: Services = request.app.state.services
    now, code = services.clock(), code[:_LONGEST_CODE].upper()
    async with read(services.database) as connection:
        answer = await published.of_case(connection, code, now)
        gone = answer is None and await published.was_public(connection, code)
    if answer is None:
        raise Problem(410, "answer_gone") if gone else Problem(404, "no_answer")
    return render(
        request,
        "answer.html",
        answer=answer,
        given=day_of(answer.published_at),
        expires=day_of(answer.expires_at) if answer.expires_at else None,
        citations=[Citation.model_validate(source) for source in answer.sources],
    )
