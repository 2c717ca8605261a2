"""Atom feed of published answers (RFC 4287), of all or of one field. No key: it is what the public page shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request, Response

from api.published import PAGE
from api.services import Services
from api.settings import Settings
from api.texts import page_text
from feed import published
from feed.published import PublicAnswer
from store.engine import read

router = APIRouter(include_in_schema=False)
PATH = PAGE + ".atom"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_MOST = 50
_LONGEST_FIELD = 200
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.api_route(PATH, methods=["GET", "HEAD"])
async def answers_feed(request: Request, linh_vuc: str = "") -> Response:
    """The newest answers; `linh_vuc` is a field."""
    services: Services = request.app.state.services
    settings: Settings = request.app.state.settings
    field = linh_vuc[:_LONGEST_FIELD]
    async with read(services.database) as connection:
        found = await published.all_in_force(connection, services.clock())
    wanted = [answer for answer in found if not field or answer.field == field][:_MOST]
    base = settings.public_url or str(request.base_url).rstrip("/")
    body = feed_of(wanted, field, base)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if tag in [given.strip() for given in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml", headers=headers)


def feed_of(found: Sequence[PublicAnswer], field: str, base: str) -> bytes:
    """The document. `base` is the address of the site."""
    address = f"{base}{PATH}" + (f"?{urlencode({'linh_vuc': field})}" if field else "")
    title = page_text("feed_title_field", field=field) if field else page_text("feed_title")
    root = ET.Element("feed", xmlns=_NAMESPACE)
    _add(root, "id", address)
    _add(root, "title", title)
    _add(root, "updated", found[0].published_at.isoformat() if found else "1970-01-01T00:00:00+00:00")
    ET.SubElement(root, "link", rel="self", href=_clean(address))
    ET.SubElement(root, "link", href=f"{base}{PAGE}")
    for answer in found:
        _entry(root, answer, base)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: ET.Element, answer: PublicAnswer, base: str) -> None:
    address = f"{base}{PAGE}/{quote(answer.code)}"
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", f"{address}#{answer.id}")
    _add(entry, "title", answer.question)
    _add(entry, "updated", answer.published_at.isoformat())
    _add(ET.SubElement(entry, "author"), "name", answer.agency)
    ET.SubElement(entry, "link", href=address)
    if answer.field:
        ET.SubElement(entry, "category", term=_clean(answer.field))
    _add(entry, "content", answer.text)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Without characters that XML 1.0 has no way to write."""
    return _NOT_XML.sub("", text)
