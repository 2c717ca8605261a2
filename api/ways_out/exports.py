"""What partner systems read with a key, page by page: questions, cases, answers, figures; as JSON or CSV."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.problems import Problem
from api.services import Services
from api.texts import page_text
from api.ways_out.access import Scope, keyed
from api.ways_out.tables import as_csv, as_json
from feed import exports
from feed.counting import Dimension, counts
from feed.exports import Page, Wanted
from feed.wording import day_of
from store.engine import read

MOST_ROWS = 1000
_MOST_DAYS = 400
_FIGURES = ("dimension", "value", "asked", "answered", "refused", "negative", "neutral", "positive")
_COUNTED = tuple(dimension for dimension in Dimension if dimension is not Dimension.TOPIC)

Format = Annotated[Literal["json", "csv"], Query(alias="format", description=page_text("export_format"))]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Cursor = Annotated[str | None, Query(max_length=40, description=page_text("export_cursor"))]
Since = Annotated[datetime | None, Query(description=page_text("export_since"))]
Reader = Callable[[AsyncConnection, Wanted], Awaitable[Page]]

router = APIRouter(prefix="/api/v1/export", tags=["export"])


@router.get("/questions", dependencies=[Depends(keyed(Scope.QUESTIONS))], summary=page_text("export_questions"))
async def get_questions(
    request: Request, kind: Format = "json", limit: Limit = 200, cursor: Cursor = None, since: Since = None
) -> Response:
    """Messages of citizens, redacted, with labels and outcome."""
    wanted = _wanted(limit, cursor, since)
    return await _list(request, Scope.QUESTIONS, kind, exports.QUESTION_COLUMNS, exports.question_page, wanted)


@router.get("/cases", dependencies=[Depends(keyed(Scope.CASES))], summary=page_text("export_cases"))
async def get_cases(
    request: Request, kind: Format = "json", limit: Limit = 200, cursor: Cursor = None, since: Since = None
) -> Response:
    """Matters for officials and how far they are."""
    wanted = _wanted(limit, cursor, since)
    return await _list(request, Scope.CASES, kind, exports.CASE_COLUMNS, exports.case_page, wanted)


@router.get("/answers", dependencies=[Depends(keyed(Scope.ANSWERS))], summary=page_text("export_answers"))
async def get_answers(
    request: Request, kind: Format = "json", limit: Limit = 200, cursor: Cursor = None, since: Since = None
) -> Response:
    """Published answers; those taken back without their text."""
    now = request.app.state.services.clock()

    async def page(connection: AsyncConnection, wanted: Wanted) -> Page:
        return await exports.answer_page(connection, wanted, now)

    return await _list(request, Scope.ANSWERS, kind, exports.ANSWER_COLUMNS, page, _wanted(limit, cursor, since))


@router.get("/figures", dependencies=[Depends(keyed(Scope.FIGURES))], summary=page_text("export_figures"))
async def get_figures(
    request: Request,
    kind: Format = "json",
    first: Annotated[date | None, Query(description=page_text("export_first"))] = None,
    last: Annotated[date | None, Query(description=page_text("export_last"))] = None,
) -> Response:
    """Counts of messages by day, hour, outcome, channel, kind, field and commune."""
    services: Services = request.app.state.services
    last = last or day_of(services.clock())
    first = first or last - timedelta(days=29)
    if not timedelta(0) <= last - first < timedelta(days=_MOST_DAYS):
        raise Problem(422, "export_span", days=_MOST_DAYS)
    async with read(services.database) as connection:
        found = await counts(connection, (first, last), dimensions=_COUNTED)
    rows = [
        {"dimension": str(dimension), "value": value} | {name: getattr(tally, name) for name in _FIGURES[2:]}
        for dimension, values in found.items()
        for value, tally in sorted(values.items())
    ]
    return _response(request, Scope.FIGURES, kind, rows, _FIGURES, None)


def _wanted(limit: int, cursor: str | None, since: datetime | None) -> Wanted:
    """Raises `Problem` 422 for a cursor that is none of ours. A time without zone is one of UTC."""
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return Wanted(limit, _number(cursor) if cursor else 0, since)


def cursor_of(number: int) -> str:
    """A place in a list, as partners hand it back."""
    return base64.urlsafe_b64encode(f"n{number}".encode()).decode().rstrip("=")


def _number(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise Problem(422, "export_cursor") from error
    if not (text.startswith("n") and text[1:].isdecimal() and len(text) <= 19):
        raise Problem(422, "export_cursor")
    return int(text[1:])


async def _list(
    request: Request, scope: Scope, kind: str, columns: Sequence[str], reader: Reader, wanted: Wanted
) -> Response:
    services: Services = request.app.state.services
    async with read(services.database) as connection:
        page = await reader(connection, wanted)
    following = cursor_of(page.following) if page.following is not None else None
    return _response(request, scope, kind, page.rows, columns, following)


def _response(
    request: Request,
    scope: Scope,
    kind: str,
    rows: list[dict[str, Any]],
    columns: Sequence[str],
    following: str | None,
) -> Response:
    """The rows, or 304 where the reader has them already. Headers hold nothing that came from outside."""
    if kind == "csv":
        body = as_csv(rows, columns).encode("utf-8", "replace")
        headers = {"Content-Disposition": f'attachment; filename="banhoi-{scope}.csv"'}
    else:
        document = {"rows": as_json(rows, columns), "next": following}
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        headers = {}
    headers |= {"ETag": f'"{hashlib.sha256(body + (following or "").encode()).hexdigest()[:32]}"'}
    headers |= {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if following is not None:
        headers["X-Next-Cursor"] = following
        headers["Link"] = f'<{request.url.include_query_params(cursor=following)}>; rel="next"'
    if headers["ETag"] in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    media = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
    return Response(body, media_type=media, headers=headers)
