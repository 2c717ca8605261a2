"""All pages of figures."""

from __future__ import annotations

from fastapi import APIRouter

from api.figures import live, pages, reports

router = APIRouter(include_in_schema=False)
for _of_figures in (pages, live, reports):
    router.include_router(_of_figures.router)
