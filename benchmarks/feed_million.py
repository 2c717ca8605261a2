"""How long dashboards and the inbox take with up to a million logged questions, on both databases.

    python -m benchmarks.feed_million [--postgres] [--sizes 10000 100000 1000000] [--requests 40] [--only dashboard]

The log covers a year, unevenly as logs are: busy mornings, few communes and procedures with most of the questions, a
case for every twentieth. All days that are over have been counted (`feed.counting.keep`), today has not. Prints how
long counting took, then p50 and p95 of each request, and of the dashboard as a whole. Exits with 1 above the limits.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from benchmarks.booking_race import database
from feed import case_list, counting
from feed.case_list import Clocks, Filters, Place
from feed.case_states import Status
from feed.counting import Dimension
from feed.deadlines import Standing
from feed.figures_cases import case_figures
from feed.overview import overview, rises
from store.engine import is_sqlite, open_engine, read, write, write_repeatable
from store.migrate import upgrade_engine

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
YEAR = TODAY - timedelta(days=364), TODAY
MONTH = TODAY - timedelta(days=29), TODAY
BUSIEST = "office00"
DASHBOARD_MS, INBOX_MS = 500.0, 150.0
CLOCKS = Clocks(NOW, NOW + timedelta(days=1))
_PAGE = 50
_BEGIN = NOW - timedelta(days=364, hours=9)
Request = Callable[[AsyncConnection], Awaitable[object]]


def hashed(salt: int) -> str:
    """A number from 0 to 999 that depends on `i` and looks like chance, in the SQL of both databases."""
    return f"(((i + {salt * 7919}) * 2654435761 % 4294967296) / 65536 % 1000)"


def parts(size: int, sqlite: bool) -> dict[str, str]:
    """SQL expressions of what a question is like."""
    day = f"(i * 365 / {size + 1})"
    hour = f"CASE WHEN {hashed(1)} < 700 THEN 7 + {hashed(2)} % 4 ELSE {hashed(2)} % 24 END"
    seconds = f"({day} * 86400 + ({hour}) * 3600 - 25200 + {hashed(3)} * 3)"
    begin = f"{_BEGIN:%Y-%m-%d %H:%M:%S}"
    later = f"strftime('%Y-%m-%d %H:%M:%S.000000', '{begin}', {seconds} || ' seconds')"
    return {
        "at": later if sqlite else f"(timestamptz '{begin}+00' + {seconds} * interval '1 second')",
        "channel": f"CASE WHEN {hashed(4)} < 500 THEN 'telegram' WHEN {hashed(4)} < 800 THEN 'zalo_oa' ELSE 'web' END",
        "outcome": f"CASE WHEN {hashed(5)} < 620 THEN 'answer' WHEN {hashed(5)} < 780 THEN 'ask_back' "
        f"WHEN {hashed(5)} < 880 THEN 'out_of_scope' WHEN {hashed(5)} < 890 THEN 'blocked' "
        f"WHEN {hashed(5)} < 960 THEN 'booking' ELSE 'small_talk' END",
        "kind": f"CASE WHEN {hashed(6)} < 800 THEN 'question' WHEN {hashed(6)} < 900 THEN 'complaint' ELSE 'other' END",
        "sentiment": f"CASE WHEN {hashed(7)} < 130 THEN 'negative' "
        f"WHEN {hashed(7)} < 900 THEN 'neutral' ELSE 'positive' END",
        "field": f"'field' || ({hashed(8)} * {hashed(8)} / 50000)",
        "commune": f"CASE WHEN {hashed(9)} >= 300 THEN {padded('office', f'{hashed(10)} * {hashed(10)} / 12821')} END",
        "procedure": f"CASE WHEN {hashed(11)} < 700 THEN '1.' || ({hashed(12)} * {hashed(12)} / 2500) END",
        "cluster": f"CASE WHEN {hashed(11)} >= 800 THEN {hashed(13)} END",
    }


def padded(prefix: str, number: str) -> str:
    """The number with two digits after the prefix."""
    return f"'{prefix}' || CASE WHEN {number} < 10 THEN '0' ELSE '' END || ({number})"


async def fill(engine: AsyncEngine, size: int) -> None:
    """Writes the log by one statement for each table."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
    chats = max(1, size // 5)
    async with write_repeatable(engine) as connection:
        sqlite = is_sqlite(connection)
        p, json = parts(size, sqlite), "'[]'" if sqlite else "'[]'::jsonb"
        no, answered = "0" if sqlite else "false", f"i * 100 / {size} < 97 AND {hashed(15)} < 970"
        if not sqlite:
            numbers = f"WITH n(i) AS (SELECT generate_series(1::bigint, {size}))"
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (
            f"{numbers} INSERT INTO conversations (id, public_id, channel, chat_id, state, created_at, updated_at) "
            f"SELECT i, 'p' || i, 'web', 'c' || i, {json}, {p['at']}, {p['at']} FROM n WHERE i <= {chats}",
            f"{numbers} INSERT INTO inbox (id, channel, external_id, conversation_id, text, received_at, status) "
            f"SELECT i, {p['channel']}, 'm' || i, 1 + i % {chats}, '', {p['at']}, 'done' FROM n",
            f"{numbers} INSERT INTO questions (id, inbox_id, conversation_id, channel, text, asked_at, outcome, "
            "procedure_code, candidates, aspects, latency_ms, knowledge_version, kind, sentiment, field, commune_id, "
            f"cluster_id, failed) SELECT i, i, 1 + i % {chats}, {p['channel']}, 'xin hỏi thủ tục đăng ký khai sinh', "
            f"{p['at']}, {p['outcome']}, {p['procedure']}, {json}, {json}, 12.5, 'v1', {p['kind']}, {p['sentiment']}, "
            f"{p['field']}, {p['commune']}, {p['cluster']}, {no} FROM n",
            f"{numbers} INSERT INTO cases (id, code, origin, lead_question_id, status, kind, sentiment, flags, urgent, "
            "channel, field, commune_id, agency, askers, opened_at, last_asked_at, due_at, answered_at) "
            f"SELECT i / 20, 'H-' || i, CASE WHEN {hashed(14)} < 800 THEN 'question' ELSE 'report' END, i, "
            f"CASE WHEN {answered} THEN 'answered' WHEN {hashed(15)} % 2 = 0 THEN 'new' ELSE 'assigned' END, "
            f"{p['kind']}, {p['sentiment']}, {json}, {no}, {p['channel']}, {p['field']}, {p['commune']}, "
            f"'Sở ' || {hashed(16)} % 20, 1 + {hashed(17)} % 9, {p['at']}, {p['at']}, "
            f"{shifted(p['at'], sqlite, 4 * 24)}, CASE WHEN {answered} THEN "
            f"{shifted(p['at'], sqlite, 50)} END FROM n WHERE i % 20 = 0",
        ):
            await connection.execute(text(statement))
    async with engine.connect() as connection:
        analyze = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await analyze.execute(text("ANALYZE" if is_sqlite(connection) else "VACUUM ANALYZE"))


def shifted(moment: str, sqlite: bool, hours: int) -> str:
    """Some hours later."""
    if sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', {moment}, '{hours} hours')"
    return f"{moment} + {hours} * interval '1 hour'"


async def count_days(engine: AsyncEngine) -> tuple[int, float]:
    """Counts every day that is over; how many, and the seconds it took."""
    began, days = perf_counter(), 0
    while True:
        async with write(engine) as connection:
            done = await counting.keep(connection, NOW)
        days += done
        if not done:
            return days, perf_counter() - began


def requests() -> dict[str, Request]:
    """What is measured, by the name that the table gives it."""
    found: dict[str, Request] = {
        f"figure: {dimension}, a month": lambda c, chosen=dimension: counting.by_value(c, chosen, MONTH)  # type: ignore[misc]
        for dimension in Dimension
    }
    return found | {
        "figure: rising topics": lambda c: rises(c, TODAY),
        "figure: cases, a year": lambda c: case_figures(c, NOW - timedelta(days=365), NOW, NOW),
    }


def dashboards(engine: AsyncEngine) -> dict[str, Request]:
    """The whole of a page; these open connections of their own."""
    return {
        "dashboard: a month": lambda _: overview(engine, MONTH, NOW),
        "dashboard: a year": lambda _: overview(engine, YEAR, NOW),
        "dashboard: busiest commune, a month": lambda _: overview(engine, MONTH, NOW, BUSIEST),
        "dashboard: busiest commune, a year": lambda _: overview(engine, YEAR, NOW, BUSIEST),
    }


def inbox() -> dict[str, Request]:
    """The list of cases under each of its filters."""
    finished = (Status.ANSWERED, Status.CLOSED)
    filters = {
        "open cases": Filters(),
        "of a kind": Filters(kind="complaint"),
        "negative": Filters(sentiment="negative"),
        "of a topic": Filters(topic="field3"),
        "of a commune": Filters(commune_id=BUSIEST),
        "of a small commune": Filters(commune_id="office60"),
        "of a channel": Filters(channel="web"),
        "overdue": Filters(deadline=Standing.OVERDUE),
        "due soon": Filters(deadline=Standing.SOON),
        "given to nobody": Filters(assignee=case_list.Whose.NOBODY),
        "with words": Filters(text="khai sinh"),
        "with words that no case has": Filters(text="hộ chiếu"),
        "by code": Filters(text="H-4000"),
        "all filters": Filters(kind="question", sentiment="neutral", commune_id=BUSIEST, channel="telegram"),
        "finished": Filters(statuses=finished),
        "finished, of a commune": Filters(statuses=finished, commune_id="office60"),
        "finished, of a kind and topic": Filters(statuses=finished, kind="complaint", topic="field3"),
        "finished, with words that no case has": Filters(statuses=finished, text="hộ chiếu"),
    }
    deep = Place(False, NOW - timedelta(days=300), 1)
    found: dict[str, Request] = {
        f"inbox: {name}": lambda c, chosen=chosen: case_list.page(c, chosen, CLOCKS, _PAGE)  # type: ignore[misc]
        for name, chosen in filters.items()
    }
    return found | {
        "inbox: finished, a page far back": lambda c: case_list.page(
            c, Filters(statuses=finished), CLOCKS, _PAGE, deep
        ),
        "inbox: counts": lambda c: case_list.counts(c, CLOCKS),
    }


async def measure(engine: AsyncEngine, request: Request, times: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    took = []
    for number in range(times + 2):
        began = perf_counter()
        async with read(engine) as connection:
            await request(connection)
        if number >= 2:  # the first ones open connections and warm what is read
            took.append((perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=20)
    return cuts[9], cuts[18]


async def run(url: str, size: int, times: int, only: str = "") -> bool:
    """Fills a database and measures everything; whether the limits hold."""
    engine, sound = open_engine(url), True
    await upgrade_engine(engine)
    await fill(engine, size)
    days, seconds = await count_days(engine)
    print(f"\n{size:,} questions: {days} days counted in {seconds:.1f} s\n")
    print("| what | p50 ms | p95 ms |\n|---|--:|--:|")
    for name, request in (inbox() | requests() | dashboards(engine)).items():
        if not name.startswith(only):
            continue
        middle, high = await measure(engine, request, times)
        limit = INBOX_MS if name.startswith("inbox") else DASHBOARD_MS
        sound = sound and high <= limit
        print(f"| {name} | {middle:.1f} | {high:.1f} |{'' if high <= limit else ' above the limit'}", flush=True)
    await engine.dispose()
    return sound


def main() -> None:
    """Prints a table for each size; exits with 1 when a p95 is above its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL server of its own; default: SQLite")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--only", default="", help="requests whose name begins so")
    options = parser.parse_args()
    sound = True
    for size in options.sizes:
        with database(None, postgres=options.postgres) as url:
            sound = asyncio.run(run(url, size, options.requests, options.only)) and sound
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
