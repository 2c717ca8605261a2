"""The parts of dashboards and report: a drawing, where one helps, and always the same numbers as a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.charts import Chart, DotMap, Line, Step, chart, dot_map, line
from api.figures.names import Names
from api.figures.targets import targets
from api.figures.wording import NOTHING, chance, count, interval, percent, share_text, span_label
from api.figures.wording import hours as hours_text
from api.texts import figures_text, figures_words
from booking.wording import WEEKDAYS
from feed.counting import UNKNOWN, Tally
from feed.figures import BEFORE_DAYS, LEVEL, RECENT_DAYS, Share
from feed.overview import Overview

_MOST_ROWS = 12
_LEVELS = 4
_LONGEST = 38


@dataclass(frozen=True, slots=True)
class Panel:
    """A table with its heading, and the drawing of the same numbers."""

    key: str
    """Names its texts in the catalogue."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: Chart | Line | DotMap | None = None
    note: str = ""
    levels: tuple[tuple[int, ...], ...] = ()
    """Of the table's cells after the first of each row: how dark, 0 to 4; where the table is the drawing itself."""

    @property
    def title(self) -> str:
        """Its heading."""
        return figures_text(f"panel_{self.key}")

    @property
    def kind(self) -> str:
        """How its drawing is drawn."""
        kinds = {Chart: "bars", Line: "line", DotMap: "map"}
        return kinds[type(self.drawing)] if self.drawing and not self.drawing.is_empty else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its name."""

    key: str
    value: str
    more: str = ""

    @property
    def title(self) -> str:
        """Its name."""
        return figures_text(f"fact_{self.key}")


def facts(found: Overview) -> list[Fact]:
    """The figures at the head."""
    cases = found.cases
    return [
        Fact("asked", count(found.asked)),
        Fact("answered", percent(found.answered.value), interval(found.answered.interval)),
        Fact("negative", percent(found.felt.value), interval(found.felt.interval)),
        Fact("median", hours_text(cases.median_hours), figures_text("of_answers", number=count(cases.answered))),
        Fact("in_time", percent(cases.in_time.value), interval(cases.in_time.interval)),
        Fact("waiting", count(cases.waiting)),
        Fact("overdue", count(cases.overdue)),
        Fact("urgent", count(cases.urgent)),
    ]


def panels(found: Overview, names: Names) -> list[Panel]:
    """Everything, in the order in which it is shown."""
    return [
        _moods(found),
        _rises(found, names),
        _bars("outcomes", found.outcomes),
        *_topics(found, names),
        _named("fields", {field: tally.asked for field, tally in _top_tallies(found.fields)}),
        _hours(found.hours),
        _bars("channels", found.channels),
        _bars("kinds", found.kinds),
        *([] if found.commune else [communes(found, names), _satisfied(found), _targets(found, names)]),
    ]


def communes(found: Overview, names: Names) -> Panel:
    """All communes, those with most questions first, and the questions of which none is known."""
    offices = names.knowledge.offices if names.knowledge else {}
    known = {*offices, *found.communes} - {UNKNOWN}
    ids = sorted(known, key=lambda ident: (-_asked(found, ident), names.commune(ident)))
    rows = [(names.commune(ident), found.communes.get(ident, Tally())) for ident in (*ids, UNKNOWN)]
    places = [
        (names.commune(ident), office.latitude, office.longitude, _asked(found, ident), _negative(found, ident).value)
        for ident, office in offices.items()
        if office.latitude is not None and office.longitude is not None
    ]
    return Panel(
        "communes",
        _head("commune", "asked", "answered_share", "negative_share"),
        tuple((name, count(tally.asked), _answered(tally), share_text(_felt(tally))) for name, tally in rows),
        dot_map("communes", places),
        figures_text("panel_communes_note"),
    )


def _moods(found: Overview) -> Panel:
    steps = [
        Step(
            span_label(point.first, point.last),
            point.negative.value,
            *(point.negative.interval or (0, 0)),
        )
        for point in found.moods
    ]
    rows = [
        (span_label(p.first, p.last), count(p.asked), count(p.negative.whole), share_text(p.negative))
        for p in found.moods
    ]
    head = _head("days", "asked", "felt", "negative_share")
    return Panel("moods", head, tuple(rows), line("moods", steps), figures_text("panel_moods_note"))


def _rises(found: Overview, names: Names) -> Panel:
    rows = []
    for rise in found.rises:
        numbers = count(rise.recent), count(rise.before), count(round(rise.expected)), chance(rise.chance)
        rows.append((names.topic(rise.topic), *numbers))
    note = figures_text("panel_rises_note", recent=RECENT_DAYS, before=BEFORE_DAYS, level=percent(LEVEL))
    return Panel("rises", _head("topic", "recent", "before", "expected", "chance"), tuple(rows), note=note)


def _topics(found: Overview, names: Names) -> list[Panel]:
    """None of a year, whose topics are not added up."""
    if not found.topics:
        return []
    return [_named("topics", {names.topic(topic): number for topic, number in _top(found.topics)})]


def _bars(key: str, numbers: Mapping[str, int]) -> Panel:
    labels = {figures_words(f"{key}_{value or 'unknown'}") or value: number for value, number in _top(numbers, None)}
    return _named(key, labels)


def _named(key: str, numbers: Mapping[str, int]) -> Panel:
    total = sum(numbers.values())
    rows = tuple((label, count(number), percent(Share(number, total).value)) for label, number in numbers.items())
    drawing = chart(key, [(_short(label), number, count(number)) for label, number in numbers.items()])
    return Panel(key, _head("what", "count", "share"), rows, drawing, figures_words(f"panel_{key}_note") or "")


def _hours(grid: Sequence[Sequence[int]]) -> Panel:
    most = max(map(max, grid)) or 1
    rows = tuple(
        (f"{hour}", *(count(grid[weekday][hour]) if grid[weekday][hour] else NOTHING for weekday in range(7)))
        for hour in range(24)
    )
    levels = tuple(tuple(-(-grid[day][hour] * _LEVELS // most) for day in range(7)) for hour in range(24))
    weekdays = (name.capitalize() for name in WEEKDAYS)
    note = figures_text("panel_hours_note")
    return Panel("hours", (figures_text("head_hour"), *weekdays), rows, note=note, levels=levels)


def _satisfied(found: Overview) -> Panel:
    by_subject = {figure.key: figure for figure in found.satisfied}
    rows = []
    for subject in ("answer", "appointment"):
        figure = by_subject.get(subject)
        share = percent(figure.share) if figure and figure.enough else figures_text("too_few")
        reach = interval(figure.interval) if figure else NOTHING
        rows.append((figures_text(f"satisfied_{subject}"), count(figure.total if figure else 0), share, reach))
    head = _head("what", "ratings", "satisfied", "interval")
    return Panel("satisfied", head, tuple(rows), note=figures_text("panel_satisfied_note"))


def _targets(found: Overview, names: Names) -> Panel:
    rows = []
    for target in targets(names.knowledge, {figure.key: figure for figure in found.satisfied}):
        measured = target.measured
        value = figures_text("too_few") if measured is None or not measured.enough else share_text(
            Share(measured.satisfied, measured.total)
        )
        source = figures_text("target_source", document=target.document, section=target.section)
        wanted = f"{target.value} ({target.period})"
        rows.append((target.subject, wanted, source, figures_text(f"satisfied_{target.figure}"), value))
    head = _head("target", "wanted", "source", "measured_by", "measured")
    return Panel("targets", head, tuple(rows), note=figures_text("panel_targets_note"))


def _head(*keys: str) -> tuple[str, ...]:
    return tuple(figures_text(f"head_{key}") for key in keys)


def _top(numbers: Mapping[str, int], most: int | None = _MOST_ROWS) -> list[tuple[str, int]]:
    """The largest; what is not known comes only where all are told."""
    known: Iterable[tuple[str, int]] = numbers.items() if most is None else (x for x in numbers.items() if x[0])
    return sorted(known, key=lambda item: (-item[1], item[0]))[:most]


def _top_tallies(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    top = _top({value: tally.asked for value, tally in tallies.items()})
    return [(value, tallies[value]) for value, _ in top]


def _short(label: str) -> str:
    """As much as a drawing holds; the table says it all."""
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"


def _asked(found: Overview, ident: str) -> int:
    return found.communes.get(ident, Tally()).asked


def _felt(tally: Tally) -> Share:
    return Share(tally.negative, tally.felt)


def _negative(found: Overview, ident: str) -> Share:
    return _felt(found.communes.get(ident, Tally()))


def _answered(tally: Tally) -> str:
    return percent(Share(tally.answered, tally.answered + tally.refused).value)
