"""The pages of signing in: password, second factor, its set-up, new password, first page, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup
from starlette.responses import RedirectResponse

from api.forms import field, read_form
from api.problems import Problem
from api.staff import signing, totp
from api.staff.access import HOME, SIGN_IN, STAGE_PAGES, Officer, at_stage, from_our_site, signed_in
from api.staff.door import Stage, current, door_of, give_cookie, take_cookie
from api.staff.menu import menu_for
from api.staff.pages import office_name, staff_page
from api.staff.passwords import fault_of
from api.staff.signing import Refused, Visitor
from store import accounts
from store.engine import read
from store.sessions import Session

router = APIRouter(include_in_schema=False)


@router.get(HOME)
async def home(request: Request, officer: Annotated[Officer, Depends(signed_in)]) -> Response:
    """What this officer may do."""
    async with read(door_of(request).database) as connection:
        left = await accounts.recovery_codes_left(connection, officer.id)
    return staff_page(
        request,
        "home.html",
        menu=menu_for(officer),
        office=office_name(request, officer.office_id) if officer.office_id else None,
        recovery_codes_left=left,
        saved=request.query_params.get("xong") == "mat-khau",
    )


@router.get(SIGN_IN)
async def sign_in_page(request: Request) -> Response:
    """Name and password."""
    found = await current(request)
    if found is not None:
        return RedirectResponse(STAGE_PAGES[found.stage], status_code=303)
    return _sign_in_form(request, request.query_params.get("den", ""))


@router.post(SIGN_IN, dependencies=[Depends(from_our_site)])
async def sign_in(request: Request) -> Response:
    """Takes name and password; leads on to the second factor."""
    form = await read_form(request)
    door = door_of(request)
    try:
        token = await signing.with_password(door, visitor_of(request), field(form, "name"), field(form, "password"))
    except Refused as refused:
        return _sign_in_form(request, field(form, "den"), refused, field(form, "name")[:60])
    return _onward(request, token, safe_address(field(form, "den")))


@router.get(STAGE_PAGES[Stage.CODE])
async def code_page(request: Request) -> Response:
    """Asks for the second factor."""
    await at_stage(request, Stage.CODE)
    return staff_page(request, "code.html", refused=None, den=safe_address(request.query_params.get("den", "")))


@router.post(STAGE_PAGES[Stage.CODE])
async def give_code(request: Request) -> Response:
    """Takes a code of the app or a recovery code."""
    found = await at_stage(request, Stage.CODE)
    form = await read_form(request)
    den = safe_address(field(form, "den"))
    try:
        token = await signing.with_code(door_of(request), visitor_of(request), found, field(form, "code"))
    except Refused as refused:
        return staff_page(request, "code.html", refused.status, _retry(refused), refused=refused, den=den)
    return _onward(request, token, den)


@router.get(STAGE_PAGES[Stage.ENROL])
async def enrolment_page(request: Request) -> Response:
    """Shows the secret for the authenticator app."""
    await at_stage(request, Stage.ENROL)
    return await _enrolment_form(request)


@router.post(STAGE_PAGES[Stage.ENROL])
async def enrol(request: Request) -> Response:
    """Takes the first code of the app; shows the recovery codes, this once."""
    found = await at_stage(request, Stage.ENROL)
    code = field(await read_form(request), "code")
    door = door_of(request)
    try:
        token, codes = await signing.enrol(door, visitor_of(request), found, code)
    except Refused as refused:
        return await _enrolment_form(request, refused)
    response = staff_page(request, "recovery.html", codes=codes)
    give_cookie(response, door, token)
    return response


@router.get(STAGE_PAGES[Stage.PASSWORD])
async def password_page(request: Request) -> Response:
    """Asks for the old and the new password."""
    found = await at_stage(request, Stage.PASSWORD, Stage.OPEN)
    return _password_form(request, found.session)


@router.post(STAGE_PAGES[Stage.PASSWORD])
async def change_password(request: Request) -> Response:
    """Takes the new password; ends all other sessions."""
    found = await at_stage(request, Stage.PASSWORD, Stage.OPEN)
    form = await read_form(request)
    old, new = field(form, "old"), field(form, "new")
    door = door_of(request)
    try:
        fault = _fault(old, new, field(form, "again"), found.account.name)
        if fault is not None:
            raise Refused(fault)
        hashed = await door.passwords.hash(new)
        token = await signing.change_password(door, visitor_of(request), found, old, hashed)
    except Refused as refused:
        return _password_form(request, found.session, refused)
    response = RedirectResponse(f"{HOME}?xong=mat-khau", status_code=303)
    give_cookie(response, door, token)
    return response


@router.post("/can-bo/dang-xuat")
async def sign_out(request: Request) -> Response:
    """Ends this session, also one that is not complete."""
    return await _sign_out(request, everywhere=False)


@router.post("/can-bo/dang-xuat-moi-noi")
async def sign_out_everywhere(request: Request) -> Response:
    """Ends every session of this officer."""
    return await _sign_out(request, everywhere=True)


def visitor_of(request: Request) -> Visitor:
    """Who sent the request."""
    address = request.client.host if request.client else "unknown"
    return Visitor(request.cookies.get(door_of(request).cookie, ""), address)


def safe_address(asked: str) -> str:
    """Where to go after signing in: a page for officers, or nowhere. No other site can be named."""
    plain = asked.isascii() and asked.isprintable() and "\\" not in asked and ".." not in asked
    return asked if plain and asked.startswith(f"{HOME}/") and len(asked) <= 300 else ""


def _onward(request: Request, token: str, den: str) -> Response:
    """Sends the browser on with its new token. Each page sends whoever is not ready for it to the right one."""
    response = RedirectResponse(den or STAGE_PAGES[Stage.CODE], status_code=303)
    give_cookie(response, door_of(request), token)
    return response


def _sign_in_form(request: Request, den: str, refused: Refused | None = None, name: str = "") -> Response:
    return staff_page(
        request,
        "sign_in.html",
        refused.status if refused else 200,
        _retry(refused),
        refused=refused,
        name=name,
        den=safe_address(den),
        provider=door_of(request).provider,
        notice=request.query_params.get("xong") == "ra",
    )


async def _enrolment_form(request: Request, refused: Refused | None = None) -> Response:
    found, door = request.state.staff, door_of(request)
    secret = await signing.pending_secret(door, found)
    qr = Markup(totp.qr_svg(totp.enrolment_uri(secret, found.account.name)))  # noqa: S704 - drawn by the library
    return staff_page(
        request,
        "enrol.html",
        refused.status if refused else 200,
        _retry(refused),
        refused=refused,
        qr=qr,
        secret=totp.spelt_out(secret),
    )


def _password_form(request: Request, session: Session, refused: Refused | None = None) -> Response:
    if session.account.password_hash is None:
        raise Problem(404, "not_found")
    status = refused.status if refused else 200
    return staff_page(request, "password.html", status, _retry(refused), refused=refused, account=session.account)


def _fault(old: str, new: str, again: str, name: str) -> str | None:
    if new != again:
        return "password_differs"
    return "password_same" if new == old else fault_of(new, name)


def _retry(refused: Refused | None) -> dict[str, str]:
    return {"Retry-After": str(refused.seconds)} if refused and refused.seconds else {}


async def _sign_out(request: Request, *, everywhere: bool) -> Response:
    found = await at_stage(request, *Stage)
    door = door_of(request)
    await signing.sign_out(door, found, everywhere=everywhere)
    response = RedirectResponse(f"{SIGN_IN}?xong=ra", status_code=303)
    take_cookie(response, door)
    return response
