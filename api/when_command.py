"""The command `banhoi when`: how a written date and time is understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from api.terminal import fail
from api.texts import operator_text
from bot.when import Clock, Days, Option, Problem, Times, Wish, read
from bot.when.telling import tell, tell_days
from bot.when.types import VIETNAM


def when_command(
    text: Annotated[str, typer.Argument(help="Câu có ngày giờ, có dấu hay không dấu.")],
    now: Annotated[
        str | None, typer.Option(help="Tính từ lúc này, ví dụ 2026-11-22T09:00 (giờ Việt Nam); bỏ trống là bây giờ.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Xem một câu nói về ngày giờ được hiểu thế nào."""
    at = _now(now)
    try:
        wish = read(text, at)
    except ValueError:
        fail(operator_text("when_bad_now", now=now))
    if as_json:
        typer.echo(json.dumps(_as_json(text, at, wish), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(text, wish)))


def _now(written: str | None) -> datetime:
    if written is None:
        return datetime.now(VIETNAM)
    try:
        at = datetime.fromisoformat(written)
        return at.astimezone(VIETNAM) if at.tzinfo else at.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        fail(operator_text("when_bad_now", now=written))


def _lines(text: str, wish: Wish) -> Iterator[str]:
    if not wish:
        yield operator_text("when_nothing")
        return
    for option in wish.options:
        yield operator_text("when_option", option=tell(option))
    for option in wish.without:
        yield operator_text("when_without", option=tell(option))
    if wish.soonest:
        yield operator_text("when_soonest")
    for problem in wish.problems:
        start, end = problem.span
        yield operator_text(f"when_{problem.kind}", text=text[start:end], readings=_readings(problem))
    yield operator_text("when_read", text=" … ".join(text[start:end] for start, end in wish.spans))


def _readings(problem: Problem) -> str:
    told = operator_text("when_or").join(tell_days(days) for days in problem.readings)
    return f": {told}" if told else ""


def _as_json(text: str, now: datetime, wish: Wish) -> dict[str, Any]:
    return {
        "text": text,
        "now": now.isoformat(),
        "options": [_option(option) for option in wish.options],
        "without": [_option(option) for option in wish.without],
        "soonest": wish.soonest,
        "problems": [
            {"kind": problem.kind, "span": problem.span, "readings": [_days(days) for days in problem.readings]}
            for problem in wish.problems
        ],
        "spans": wish.spans,
        "rest": wish.rest(text),
    }


def _option(option: Option) -> dict[str, Any]:
    return {"days": _days(option.days), "times": _times(option.times), "told": tell(option)}


def _days(days: Days | None) -> dict[str, Any] | None:
    if days is None:
        return None
    last = days.last.isoformat() if days.last else None
    return {"first": days.first.isoformat(), "last": last, "weekdays": sorted(days.weekdays)}


def _times(times: Times | None) -> dict[str, Any] | None:
    if times is None:
        return None
    if isinstance(times, Clock):
        return {"at": f"{times.at:%H:%M}", "about": times.about, "inferred": times.inferred}
    before = f"{times.before:%H:%M}" if times.before else None
    return {"first": f"{times.first:%H:%M}", "before": before, "inferred": times.inferred}
