"""All screens of the counter."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.counter import figures, log, lookup, offices, setup, today, week
from api.counter.screens import known_office

router = APIRouter(include_in_schema=False)
router.include_router(offices.router)
for _of_one_office in (today, lookup, week, setup, figures, log):
    router.include_router(_of_one_office.router, dependencies=[Depends(known_office)])
