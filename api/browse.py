"""Pages to read: a procedure with everything its record holds, the search, the sources."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from api.catalogue import Catalogue
from api.desk import new_token
from api.pages import render
from api.problems import Problem
from api.services import Services
from bot.answers import answer, citation
from bot.appointments.venues import bookable
from bot.types import Block
from bot.wording import law
from index.aspects import Aspect
from knowledge.models import Procedure

router = APIRouter(include_in_schema=False)
_ORDER = (
    Aspect.DOCUMENTS,
    Aspect.TIME,
    Aspect.FEE,
    Aspect.PLACE,
    Aspect.ONLINE,
    Aspect.STEPS,
    Aspect.CONDITIONS,
    Aspect.FORM,
    Aspect.RESULT,
    Aspect.LEGAL_BASIS,
)
_FOUND = 20


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `id` is its anchor and names its heading."""

    id: str
    blocks: Sequence[Block]


@router.api_route("/thu-tuc", methods=["GET", "HEAD"])
async def search_page(request: Request, q: str = "") -> Response:
    """Search for procedures; without words, those asked for most."""
    catalogue = _catalogue(request)
    query = " ".join(q[:200].split())
    if query:
        hits = await asyncio.to_thread(catalogue.search, query, _FOUND)
        found = [(hit.code, hit.name) for hit in hits]
    else:
        found = list((await asyncio.to_thread(catalogue.overview)).popular)
    return render(request, "procedures.html", query=query, found=found)


@router.api_route("/thu-tuc/{code}", methods=["GET", "HEAD"])
async def procedure_page(request: Request, code: str) -> Response:
    """Everything a record holds, with its source and date."""
    knowledge = _catalogue(request).knowledge
    procedure = knowledge.procedure(code)
    if procedure is None:
        raise Problem(404, "no_procedure", code=code[:20])
    return render(
        request,
        "procedure.html",
        procedure=procedure,
        sections=sections(procedure),
        citation=citation(procedure),
        titles=knowledge.titles(),
        bookable=bookable(procedure),
        message_id=new_token(),
    )


@router.api_route("/nguon", methods=["GET", "HEAD"])
async def sources_page(request: Request) -> Response:
    """What answers are made from, and as of when."""
    catalogue = _catalogue(request)
    return render(
        request,
        "sources.html",
        overview=await asyncio.to_thread(catalogue.overview),
        count=len(catalogue.knowledge.codes()),
        plans=list(catalogue.knowledge.plans.values()),
        version=catalogue.version,
    )


def sections(procedure: Procedure) -> list[Section]:
    """One section per aspect, in the order in which people ask."""
    return [Section(aspect.value, _blocks(procedure, aspect)) for aspect in _ORDER]


def _blocks(procedure: Procedure, aspect: Aspect) -> list[Block]:
    """What an answer about this aspect says, without its title and notes, and without the chat's cuts."""
    if aspect is Aspect.LEGAL_BASIS and procedure.legal_basis:
        return [Block(kind="list", items=tuple(law(item) for item in procedure.legal_basis))]
    blocks = [b for b in answer(procedure, (aspect,), unfold=True).blocks if b.kind not in ("title", "note")]
    if aspect is Aspect.CONDITIONS and procedure.conditions:
        blocks[0] = Block(kind="list", text=blocks[0].text, items=procedure.conditions)
    if aspect is Aspect.DOCUMENTS:
        blocks += [Block(kind="note", text=note) for note in procedure.dossier_notes]
    return blocks


def _catalogue(request: Request) -> Catalogue:
    services: Services = request.app.state.services
    return services.catalogue()
