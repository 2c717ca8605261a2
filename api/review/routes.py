"""All screens of the review."""

from __future__ import annotations

from fastapi import APIRouter

from api.review import answering, case, inbox, steps, templates

router = APIRouter(include_in_schema=False)
for _screens in (inbox, templates, case, steps, answering):
    router.include_router(_screens.router)
