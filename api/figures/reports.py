"""The page with the monthly reports, and the reports themselves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from api.appointments.room import services_of
from api.counter.screens import knowledge_or_none
from api.figures.screens import REPORTS, Leader, screen, today_at
from api.problems import Problem
from api.report.content import DUE_DAY, BadMonth
from api.report.making import FORMATS, make_report
from api.staff.access import record
from store.engine import write

router = APIRouter()
_MONTHS = 12
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@router.get(REPORTS)
async def reports_page(request: Request, officer: Leader) -> Response:
    """The last twelve months, and when this month's report is due."""
    today = today_at(request)
    due = today.replace(day=DUE_DAY)
    return screen(request, "reports.html", officer, months=months(today), due=due, late=today >= due)


@router.get(REPORTS + "/{month}/{ending}")
async def report_file(request: Request, officer: Leader, month: str, ending: str) -> Response:
    """The report of a month, made now."""
    lay_out = FORMATS.get(ending)
    services = services_of(request)
    try:
        if lay_out is None:
            raise BadMonth(ending)
        report = await make_report(services.database, knowledge_or_none(request), month, services.clock())
    except BadMonth as error:
        raise Problem(404, "not_found") from error
    content = await asyncio.to_thread(lay_out, report)  # a second of a processor
    async with write(services.database) as connection:
        now = services.clock()
        await record(connection, now, officer, "report_downloaded", f"report:{month}", format=ending)
    headers = {"Content-Disposition": f'attachment; filename="{report.file_name}.{ending}"'}
    return Response(content, media_type=_TYPES[ending], headers=headers)


def months(today: date) -> list[date]:
    """First days of this month and of those before."""
    found = [today.replace(day=1)]
    while len(found) < _MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
