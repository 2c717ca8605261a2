"""Reads the forms that pages send, and refuses those that another site sends."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.problems import Problem

MOST_FIELDS = 20


async def from_this_site(request: Request) -> None:
    """Refuses a form that another site sends. Browsers say where it comes from; no page can forge that."""
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site is not None:
        if fetch_site not in ("same-origin", "none"):
            raise Problem(403, "cross_site")
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Problem(403, "cross_site")


async def read_form(request: Request, most_fields: int = MOST_FIELDS) -> FormData:
    """The fields of a plain form; anything else is refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(415, "malformed_form")
    try:
        return await request.form(max_files=0, max_fields=most_fields)
    except HTTPException as error:
        raise Problem(400, "malformed_form") from error


def field(form: FormData, name: str) -> str:
    """The value of a field, empty where the form lacks it."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
