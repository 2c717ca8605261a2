"""Reminders and alerts of the waiting list: once, through the outbox, in the form of replies, answered by a tap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.appointments.from_chat import links_of
from api.booking_desk import BookingDesk
from api.catalogue import Catalogue
from api.delivery import Delivery, ShownOnPage
from api.notices import notice_renderer, notice_reply
from api.pipeline import Pipeline
from booking import codes
from booking.sweeper import Sweeper
from booking.types import ZONE, Notice, NoticeKind, Ticket
from bot.appointments import choices
from bot.appointments.requests import Cancelled
from bot.channels.telegram.rendering import render
from bot.engine import Engine
from bot.guard import Guard
from bot.types import RecordKind, RecordRef, Reply
from index.artefact import ArtefactUnusable
from index.library import Library
from knowledge.database import KnowledgeBase
from store.booking_tables import appointments
from store.engine import read, write
from store.tables import outbox
from tests.api.booking_dialogue_support import Talk
from tests.api.pipeline_support import FakeSender
from tests.api.site_support import Site, make_services, running, settings_in
from tests.booking.support import StandingClock
from tests.bot.appointments.test_dialogue import visit
from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    empty_url,
    engine,
    postgres,
    sqlite_template,
)

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)
THURSDAY = date(2026, 11, 26)


@pytest.fixture
async def talk(engine: AsyncEngine, library: Library) -> Talk:  # noqa: F811
    return Talk(engine, library, MONDAY, "telegram_like")


async def say(talk: Talk, *texts: str) -> Reply:
    for text in texts:
        await talk.take({"tap": text[1:]} if text.startswith(">") else {"say": text})
    assert talk.last is not None
    return talk.last.turn.reply


async def unasked(engine: AsyncEngine) -> list[Reply]:  # noqa: F811
    async with read(engine) as connection:
        statement = select(outbox.c.payload).where(outbox.c.inbox_id.is_(None)).order_by(outbox.c.id)
        return [Reply.model_validate(payload) for payload in (await connection.execute(statement)).scalars()]


async def test_a_day_and_two_hours_before_once(talk: Talk, engine: AsyncEngine) -> None:  # noqa: F811
    await say(talk, "đặt lịch đăng ký khai sinh ở Đông Hà thứ năm 10h", "Lê Thảo 0912345678")
    reference = (await talk._mine())[0]["reference"]
    for hour in range(0, 75):
        talk.now = MONDAY + timedelta(hours=hour, minutes=5)
        if hour % 20 == 0:
            talk.start()
        await talk.sweeper.run_once()
    day_before, hours_before = await unasked(engine)
    assert "10 giờ, thứ năm 26/11/2026" in day_before.text
    assert "phường Đông Hà" in day_before.text
    assert reference in hours_before.text
    assert [choice.id for choice in day_before.choices] == [
        "d:1.001193", choices.move(reference), choices.cancel(reference),
    ]  # fmt: skip
    assert "0912345678" not in day_before.text + hours_before.text


async def test_the_reminder_goes_out_and_its_buttons_work(talk: Talk, engine: AsyncEngine) -> None:  # noqa: F811
    await say(talk, "đặt lịch chứng thực ở Đông Hà thứ năm 10h", "Lê Thảo 0912345678")
    talk.now = datetime(2026, 11, 25, 10, 1, tzinfo=ZONE)
    await talk.sweeper.run_once()
    sender = FakeSender()
    delivery = Delivery(engine, {"telegram_like": sender}, talk.clock)
    while await delivery.deliver_due():
        pass
    assert "Nhắc lịch" in sender.sent[-1][1]
    reminder = (await unasked(engine))[-1]
    assert "chắc chắn hủy" in (await say(talk, f">{reminder.choices[-1].id}")).text


async def test_a_freed_seat_is_offered_and_taken(talk: Talk, engine: AsyncEngine) -> None:  # noqa: F811
    await talk.prepare({"full": [{"office": "phuong_dong_ha", "group": "chung_thuc", "day": THURSDAY}]})
    await say(talk, "đặt lịch chứng thực ở Đông Hà thứ năm", ">Vào danh sách chờ")
    stranger = await _some_ticket(talk)
    await talk._do("cancel", stranger)
    for _ in range(3):
        talk.now += timedelta(minutes=10)
        await talk.sweeper.run_once()
    (alert,) = await unasked(engine)
    assert "Vừa có chỗ trống" in alert.text
    assert alert.choices[0].id == choices.ACCEPT
    assert "họ tên" in (await say(talk, f">{alert.choices[0].id}")).text
    assert "Đã đặt lịch hẹn" in (await say(talk, "Lê Thảo 0912345678")).text
    await talk.check_end(
        {"appointments": [{"office": "phuong_dong_ha", "name": "Lê Thảo"}], "waits": ["offered"]},
        [{"name": "Lê Thảo", "phone": "0912345678"}],
    )


async def test_an_offer_that_ran_out_is_said_to_be_gone(talk: Talk) -> None:
    assert "hết hạn" in (await say(talk, f">{choices.ACCEPT}")).text
    assert "hết hạn" in (await say(talk, "nhận chỗ")).text


async def _some_ticket(talk: Talk) -> str:
    """The secret of a stranger's appointment on the full day: made again by booking at another office and moving."""
    async with read(talk.engine) as connection:
        statement = select(appointments.c.nonce).where(appointments.c.day == THURSDAY).limit(1)
        nonce = (await connection.execute(statement)).scalar_one()
    return codes.secret_of(talk.service.context.key, nonce)


def test_every_notice_passes_the_guard_and_fits_telegram(library: Library) -> None:
    office = library.knowledge.offices["xa_hai_lang"].name
    view = visit()
    for kind in NoticeKind:
        if kind is NoticeKind.SEAT_FREE:
            continue
        reply = notice_reply(Notice(kind, Ticket(view, "s")), office)
        sources = (RecordRef(kind=RecordKind.PROCEDURE, id="1.001193"),)
        assert Guard().check(reply, sources, library.knowledge, (Cancelled(view),)) == ()
        assert render(reply).messages


def test_without_knowledge_the_office_is_called_by_what_it_is(library: Library) -> None:
    def none() -> KnowledgeBase:
        raise ArtefactUnusable("nothing was built")

    payload = notice_renderer(none)(Notice(NoticeKind.REMIND_DAY, Ticket(visit(), "s")))
    assert "trung tâm đã hẹn" in Reply.model_validate(payload).text


# -- the web chat


@pytest.fixture
async def site(tmp_path: Path, catalogue: Catalogue, library: Library) -> AsyncIterator[Site]:
    settings, clock = settings_in(tmp_path), StandingClock(MONDAY)
    services = make_services(settings, catalogue, clock=clock)
    desk = BookingDesk(services.booking, links_of)
    pipeline = Pipeline(services.database, Engine(lambda: library), clock, booking=desk)
    object.__setattr__(services, "pipeline", pipeline)
    app = create_app(settings, services)
    async with running(app) as client:
        yield Site(settings, services, app, client)


async def ask(client: httpx.AsyncClient, **fields: str) -> str:
    headers = {"sec-fetch-site": "same-origin"}
    await client.post("/hoi", data={"message_id": "", **fields}, headers=headers)
    return (await client.get("/")).text


async def test_the_web_chat_books_and_leads_to_the_ticket(site: Site) -> None:
    await ask(site.client, text="đặt lịch chứng thực ở Đông Hà sớm nhất")
    page = await ask(site.client, text="Lê Thảo 0912345678")
    assert "Đã đặt lịch hẹn" in page
    assert "Lê Thảo" not in page
    link = next(part for part in page.split('"') if part.startswith("/lich-hen-cua-toi/"))
    ticket = await site.client.get(link, follow_redirects=True)
    assert ticket.status_code == 200
    assert "<svg" in ticket.text
    calendar = await site.client.get(f"{link}/lich-hen.ics", follow_redirects=True)
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    site.client.cookies.clear()
    assert (await site.client.get(link)).status_code == 404


async def test_the_web_chat_shows_what_was_sent_unasked(site: Site) -> None:
    services = site.services
    await ask(site.client, text="đặt lịch chứng thực ở Đông Hà sớm nhất")
    await ask(site.client, text="Lê Thảo 0912345678")
    async with write(services.database) as connection:
        [ticket] = await services.booking.find_mine(connection, 1)
        await services.booking.cancel_by_office(connection, "phuong_dong_ha", ticket.reference, "lan", "mất điện")
    sweeper = Sweeper(services.database, services.booking, notice_renderer(lambda: services.catalogue().knowledge))
    await sweeper.run_once()
    assert "Trung tâm đã phải hủy" in (await site.client.get("/")).text
    delivery = Delivery(services.database, {"web": ShownOnPage()}, services.clock)
    await delivery.deliver_due()
    async with read(services.database) as connection:
        statuses = (await connection.execute(select(outbox.c.status))).scalars().all()
    assert set(statuses) == {"sent"}
