"""What the monthly report says: every number comes from the figures of its span, none is written by hand. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.figures.names import Names
from api.figures.panels import Panel, facts, panels
from api.figures.wording import count, hours, interval, percent
from api.texts import figures_text
from feed.counting import Span
from feed.overview import Overview

DUE_DAY = 24
"""Reports of a month are due before this day of it."""
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_PANELS = ("outcomes", "channels", "kinds", "fields", "topics", "rises", "moods", "hours", "communes")
_RESULTS = ("satisfied", "targets")


class BadMonth(ValueError):
    """Not a month such as 2026-11, or one that has not begun."""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report."""

    title: str
    paragraphs: tuple[str, ...]
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to be laid out."""

    month: str
    """Such as 2026-11."""
    span: Span
    made: datetime
    title: str
    sections: tuple[Section, ...]

    @property
    def day(self) -> date:
        """The day that stands at its head."""
        return self.made.date()

    @property
    def file_name(self) -> str:
        """Without ending."""
        return report_name(self.month)


def report_name(month: str) -> str:
    """What the files of a month's report are called, without ending."""
    return f"bao-cao-ban-hoi-{month}"


def month_span(month: str, today: date) -> Span:
    """The days of a month up to today. Raises `BadMonth`."""
    found = _MONTH.fullmatch(month)
    if found is None:
        raise BadMonth(month)
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise BadMonth(month)
    return first, min(today, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def earlier(span: Span) -> Span:
    """As many days of the month before, from its first on."""
    before = (span[0] - timedelta(days=1)).replace(day=1)
    return before, min(before + (span[1] - span[0]), span[0] - timedelta(days=1))


def compose(found: Overview, before: Overview, names: Names, month: str, made: datetime) -> Report:
    """The report of a span; `made` is the time in Vietnam."""
    shown = {panel.key: panel for panel in panels(found, names)}
    sections = (
        Section(figures_text("report_general"), tuple(_general(found, before)), (_comparison(found, before),)),
        Section(
            figures_text("report_asked"),
            (figures_text("report_asked_lead"),),
            tuple(shown[key] for key in _PANELS if key in shown),
        ),
        Section(figures_text("report_answered"), tuple(_answers(found))),
        Section(
            figures_text("report_results"),
            (figures_text("report_results_lead"),),
            tuple(shown[key] for key in _RESULTS if key in shown),
        ),
        Section(figures_text("report_method"), (figures_text("report_method_text"),)),
    )
    year, number = month.split("-")
    title = figures_text("report_title", month=int(number), year=year)
    return Report(month, (found.first, found.last), made, title, sections)


def _general(found: Overview, before: Overview) -> list[str]:
    days = {"first": f"{found.first:%d/%m/%Y}", "last": f"{found.last:%d/%m/%Y}"}
    said = [figures_text("report_span", **days, asked=count(found.asked), before=count(before.asked))]
    if found.answered.value is not None:
        values = {"share": percent(found.answered.value), "interval": interval(found.answered.interval)}
        said.append(figures_text("report_answered_share", **values, whole=count(found.answered.whole)))
    if found.felt.value is not None:
        values = {"share": percent(found.felt.value), "interval": interval(found.felt.interval)}
        said.append(figures_text("report_negative", **values, whole=count(found.felt.whole)))
    said.append(figures_text("report_rises", number=count(len(found.rises))))
    return said


def _answers(found: Overview) -> list[str]:
    cases = found.cases
    said = [figures_text("report_cases", opened=count(cases.opened), answered=count(cases.answered))]
    if cases.median_hours is not None:
        said.append(figures_text("report_median", time=hours(cases.median_hours)))
    if cases.in_time.value is not None:
        values = {"share": percent(cases.in_time.value), "part": count(cases.in_time.part)}
        said.append(figures_text("report_in_time", **values, whole=count(cases.in_time.whole)))
    values = {"waiting": count(cases.waiting), "overdue": count(cases.overdue), "urgent": count(cases.urgent)}
    return [*said, figures_text("report_open", **values)]


def _comparison(found: Overview, before: Overview) -> Panel:
    pairs = zip(facts(found), facts(before), strict=True)
    still = ("waiting", "overdue", "urgent")
    rows = tuple((now.title, now.value, then.value) for now, then in pairs if now.key not in still)
    head = tuple(figures_text(f"head_{key}") for key in ("what", "this_span", "last_span"))
    note = figures_text("report_before", first=f"{before.first:%d/%m/%Y}", last=f"{before.last:%d/%m/%Y}")
    return Panel("comparison", head, rows, note=note)
