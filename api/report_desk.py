"""Carries out what the report dialogue asks of the feed, in the transaction of the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from api.working_days import is_working_day
from bot.reports.requests import (
    Dropped,
    DropReport,
    FindSimilar,
    Joined,
    JoinReport,
    Known,
    LikeReport,
    ListReports,
    LookUp,
    ReportRequest,
    ReportResult,
    ReportState,
    SendReport,
    Sent,
    Similar,
    Unknown,
)
from feed import report_photos, reports
from feed.deadlines import IsWorkingDay, due_at
from feed.report_likes import Place, similar
from feed.wording import day_of
from store import confided
from store.clock import Clock, utc_now

DAYS = 15
"""Working days for an answer. Ours: the sources that we hold set none for reports of this kind."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whose turn it is."""

    conversation_id: int
    channel: str
    booking: bool
    """A booking is under way, too: what was confided may be for that."""


class ReportDesk:
    """The feed's reports as conversations reach them."""

    def __init__(self, clock: Clock = utc_now, days: int = DAYS, working: IsWorkingDay = is_working_day) -> None:
        self._clock = clock
        self._days = days
        self._working = working

    async def fulfil(self, connection: AsyncConnection, who: Reporter, request: ReportRequest) -> ReportResult:
        """Does what is asked."""
        now = self._clock()
        match request:
            case FindSimilar(what, commune, latitude, longitude):
                found = await similar(connection, what, Place(commune, latitude, longitude), now)
                likes = [LikeReport(f.code, day_of(f.opened_at), f.commune_id, f.askers, f.shared) for f in found]
                return Similar(tuple(likes))
            case SendReport():
                return await self._send(connection, who, request, now)
            case JoinReport(code):
                joined = await reports.join(connection, code, who.conversation_id, now)
                if joined is None:
                    return Unknown(code)
                await self._forget(connection, who)
                return Joined(_state(joined))
            case LookUp(code):
                known = await reports.look_up(connection, code)
                return Unknown(code) if known is None else Known((_state(known),))
            case ListReports():
                mine = await reports.of_conversation(connection, who.conversation_id)
                return Known(tuple(_state(standing) for standing in mine))
            case DropReport():
                await self._forget(connection, who)
                return Dropped()

    async def _send(
        self, connection: AsyncConnection, who: Reporter, request: SendReport, now: datetime
    ) -> Sent:
        told = await confided.of(connection, who.conversation_id, now) if request.call_back else None
        photos = await report_photos.pending(connection, who.conversation_id)
        draft = reports.Draft(
            conversation_id=who.conversation_id,
            channel=who.channel,
            what=request.what,
            place=request.place,
            due_at=due_at(now, self._days, self._working),
            commune_id=request.commune,
            latitude=request.latitude,
            longitude=request.longitude,
            contact=told,
        )
        sent = await reports.send(connection, draft, now)
        await self._forget(connection, who)
        return Sent(_state(sent), photos, bool(told and told.phone))

    async def _forget(self, connection: AsyncConnection, who: Reporter) -> None:
        """What was told for a report that is no longer under way."""
        await report_photos.drop(connection, who.conversation_id)
        if not who.booking:
            await confided.forget(connection, who.conversation_id)


def _state(standing: reports.Standing) -> ReportState:
    return ReportState(
        code=standing.code,
        status=standing.status_words,
        opened=day_of(standing.opened_at),
        due=day_of(standing.due_at),
        open=standing.open,
        agency=standing.agency,
        commune=standing.commune_id,
        askers=standing.askers,
    )
