"""Renders the pages for officers: with the form token, who is signed in, and the texts for officers as `s`."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import HTMLResponse

from api.pages import render
from api.services import Services
from api.staff.access import csrf_token, officer_of
from api.staff.door import Current, Stage
from index.artefact import ArtefactUnusable


def staff_page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: object
) -> HTMLResponse:
    """A template below `templates/staff/` as a response.

    It finds `csrf` for its forms, and `officer`, which is None until signing in is complete.
    """
    found: Current | None = getattr(request.state, "staff", None)
    officer = officer_of(found.account) if found and found.stage is Stage.OPEN else None
    return render(request, f"staff/{template}", status, headers, csrf=csrf_token(request), officer=officer, **values)


def office_name(request: Request, office_id: str) -> str:
    """What an office is called; its id where the knowledge does not know it, or is not open yet."""
    services: Services = request.app.state.services
    try:
        office = services.catalogue().knowledge.offices.get(office_id)
    except ArtefactUnusable:
        return office_id
    return office.name if office else office_id
