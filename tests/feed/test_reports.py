"""Reports: sending, joining, looking up, telling, deleting; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import report_photos, reports
from feed.cases import close
from feed.change import Actor, Change
from feed.likeness import shared_phrases
from feed.report_likes import Place, similar
from feed.report_telling import tell_reporter, withdraw_all
from feed.reports import Draft
from store import conversations, report_retention, retention
from store.confided import Confided
from store.engine import read, write
from store.feed_tables import cases
from store.report_tables import report_supporters
from store.report_tables import reports as reports_table
from store.tables import outbox

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LAMP = "đèn đường ngã ba chợ Cùa hỏng"


async def chat(engine: AsyncEngine, name: str) -> int:
    async with write(engine) as connection:
        return (await conversations.open_locked(connection, "telegram", name, NOW)).id


async def sent(engine: AsyncEngine, name: str = "a", what: str = LAMP, commune: str | None = "xa_cam_lo") -> str:
    mine = await chat(engine, name)
    async with write(engine) as connection:
        await report_photos.keep(connection, mine, "telegram", "photo", NOW)
        contact = Confided("Lê Văn An", "0912345678")
        draft = Draft(mine, "telegram", what, "trước chợ", NOW + 20 * DAY, commune_id=commune, contact=contact)
        return (await reports.send(connection, draft, NOW)).code


async def case_of(engine: AsyncEngine, code: str) -> int:
    async with read(engine) as connection:
        return (await connection.execute(select(cases.c.id).where(cases.c.code == code))).scalar_one()


async def letters(engine: AsyncEngine) -> list[tuple[int, str]]:
    async with read(engine) as connection:
        rows = await connection.execute(select(outbox.c.conversation_id, outbox.c.payload).order_by(outbox.c.id))
        return [(row.conversation_id, row.payload["blocks"][0]["text"]) for row in rows]


async def test_a_sent_report_is_an_open_case_whose_words_only_officers_see(engine: AsyncEngine) -> None:
    code = await sent(engine)
    async with read(engine) as connection:
        standing = await reports.look_up(connection, code)
        seen = await reports.details(connection, await case_of(engine, code))
    assert standing is not None
    assert seen is not None
    assert (standing.status, standing.open, standing.askers) == ("new", True, 1)
    assert not any(word in repr(standing) for word in ("đèn", "chợ", "0912345678", "Lê Văn An"))
    assert (seen.what, seen.contact_phone, seen.photos) == (LAMP, "0912345678", (("telegram", "photo"),))


async def test_joining_counts_each_person_once_and_not_the_reporter(engine: AsyncEngine) -> None:
    code = await sent(engine)
    for name in ("a", "b", "b", "c"):
        person = await chat(engine, name)
        async with write(engine) as connection:
            joined = await reports.join(connection, code, person, NOW)
    assert joined is not None
    assert joined.askers == 3
    async with write(engine) as connection:
        assert await reports.join(connection, "PA-222222", 1, NOW) is None


async def test_a_new_state_is_told_once_to_all_who_wait_for_it(engine: AsyncEngine) -> None:
    code, other = await sent(engine), await chat(engine, "b")
    case_id = await case_of(engine, code)
    async with write(engine) as connection:
        await reports.join(connection, code, other, NOW)
        assert await tell_reporter(connection, case_id, NOW) == 0
        await connection.execute(update(cases).values(status="assigned", agency="UBND xã Cam Lộ"))
        assert await tell_reporter(connection, case_id, NOW) == 2
        assert await tell_reporter(connection, case_id, NOW) == 0
        await connection.execute(update(cases).values(status="submitted"))
        assert await tell_reporter(connection, case_id, NOW) == 0
    told = await letters(engine)
    assert [text.partition(": ")[0] for _, text in told] == [
        f"Phản ánh {code} của bà con", f"Phản ánh {code} mà bà con theo dõi"
    ]  # fmt: skip
    assert all("UBND xã Cam Lộ" in text for _, text in told)


async def test_an_officers_step_tells_the_reporter(engine: AsyncEngine) -> None:
    code = await sent(engine)
    async with write(engine) as connection:
        change = Change(connection, NOW, Actor(1, "account:1", "admin"))
        await close(change, await case_of(engine, code), 0, "trùng")
    assert [text for _, text in await letters(engine)] == [f"Phản ánh {code} của bà con: đã kết thúc."]


async def test_deleting_ones_data_closes_the_case_without_words_and_tells_the_others(engine: AsyncEngine) -> None:
    code, mine, other = await sent(engine), await chat(engine, "a"), await chat(engine, "b")
    async with write(engine) as connection:
        await reports.join(connection, code, other, NOW)
        assert await withdraw_all(connection, mine, NOW) == 1
    async with read(engine) as connection:
        standing = await reports.look_up(connection, code)
        assert await reports.details(connection, await case_of(engine, code)) is None
        assert (await connection.execute(select(report_supporters))).all() == []
    assert standing is not None
    assert standing.status == "closed"
    ((person, text),) = await letters(engine)
    assert person == other
    assert "rút lại" in text


async def test_a_contact_goes_a_month_after_the_end_and_a_report_after_its_time(engine: AsyncEngine) -> None:
    code = await sent(engine)
    case_id = await case_of(engine, code)
    async with write(engine) as connection:
        assert await report_retention.forget_contacts(connection, NOW + 400 * DAY, 10) == 0
        await connection.execute(update(cases).values(status="answered", answered_at=NOW))
        assert await report_retention.forget_contacts(connection, NOW, 10) == 0
        assert await report_retention.forget_contacts(connection, NOW + DAY, 10) == 1
        seen = await reports.details(connection, case_id)
        assert seen is not None
        assert (seen.what, seen.contact_name, seen.contact_phone) == (LAMP, None, None)
        assert await report_retention.delete_reports(connection, NOW + DAY, 10) == 1
        assert await reports.details(connection, case_id) is None
        assert await reports.look_up(connection, code) is not None


@pytest.mark.parametrize(("ended", "left"), [(None, 0), (NOW, 1)], ids=["open", "answered"])
async def test_who_waits_for_word_of_a_report_keeps_an_address(
    engine: AsyncEngine, ended: datetime | None, left: int
) -> None:
    await sent(engine)
    later = NOW + 200 * DAY
    async with write(engine) as connection:
        await connection.execute(update(cases).values(answered_at=ended))
        assert await retention.detach_idle(connection, later - 90 * DAY, later, 10) == left
        phones = (await connection.execute(select(reports_table.c.contact_phone))).scalars().all()
    assert phones == ([None] if left else ["0912345678"])


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("đèn đường ở ngã ba chợ Cùa hỏng mấy hôm nay", True),
        ("den duong nga ba cho cua bi hong", True),
        ("rác thải ngã ba chợ Cùa", False),
        ("đường lầy lội", False),
        ("hỏng", False),
        ("", False),
    ],
)
async def test_alike_is_what_shares_its_telling_words(engine: AsyncEngine, what: str, found: bool) -> None:
    code = await sent(engine)
    async with read(engine) as connection:
        likes = await similar(connection, what, Place("xa_cam_lo"), NOW + DAY)
        elsewhere = await similar(connection, what, Place("xa_hai_lang"), NOW + DAY)
        nowhere = await similar(connection, what, Place(), NOW + DAY)
        long_ago = await similar(connection, what, Place("xa_cam_lo"), NOW + 31 * DAY)
    assert [like.code for like in likes] == ([code] if found else [])
    assert all(phrase in what.lower() for like in likes for phrase in like.shared)
    assert [*elsewhere, *nowhere, *long_ago] == []


def test_only_ones_own_words_are_shown_of_another_report() -> None:
    mine, theirs = "Đèn đường ở ngã ba chợ bị hỏng", "den duong nga ba cho Cùa hỏng, nhà tôi tối om"
    assert shared_phrases(mine, theirs) == ("đèn đường", "ngã ba chợ", "hỏng")
