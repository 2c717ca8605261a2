"""What `banhoi classify` reports of messages that came with labels: F1, confusions, splits, calibration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from api.lines import BadLine
from api.texts import operator_text
from feed.labels import Flag, Kind, Labels, Sentiment
from feed.labels.measures import Agreement, agreement, calibration_error
from feed.redaction.view import fold

Label = TypeVar("Label", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The labels that a message came with; None where it has none."""

    kind: Kind | None
    sentiment: Sentiment | None
    flags: frozenset[Flag] | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with the labels that it came with and those that it got."""

    text: str
    wanted: Wanted
    labels: Labels

    @property
    def accented(self) -> bool:
        """Whether it has any diacritic."""
        return fold(self.text) != self.text.lower()


def wanted_of(number: int, row: dict[str, Any]) -> Wanted:
    """The labels in a line. Raises `BadLine` for one that does not exist."""
    kind, sentiment, flags = row.get("kind"), row.get("sentiment"), row.get("flags")
    if flags is not None and not isinstance(flags, list):
        raise BadLine(number, operator_text("label_bad", name="flags", known=", ".join(Flag)))
    return Wanted(
        kind=None if kind is None else _label(Kind, number, "kind", kind),
        sentiment=None if sentiment is None else _label(Sentiment, number, "sentiment", sentiment),
        flags=None if flags is None else frozenset(_label(Flag, number, "flags", flag) for flag in flags),
    )


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """Nothing where no message came with labels."""
    for name, pick in (("kind", _kind), ("sentiment", _sentiment)):
        known = [(message, pair) for message in judged if (pair := pick(message)) is not None]
        if known:
            yield from _of_label(name, known)
    neutral = [
        message.labels.sentiment
        for message in judged
        if message.wanted.kind is Kind.QUESTION and message.wanted.sentiment is Sentiment.NEUTRAL
    ]
    if neutral:
        wrong = neutral.count(Sentiment.NEGATIVE)
        share = _percent(wrong / len(neutral))
        yield operator_text("report_neutral", wrong=wrong, count=len(neutral), share=share)
    yield from _of_flags([message for message in judged if message.wanted.flags is not None])


Pair = tuple[str, str, float]
"""Wanted, given, confidence."""


def _kind(message: Judged) -> Pair | None:
    wanted = message.wanted.kind
    return None if wanted is None else (wanted, message.labels.kind, message.labels.kind_confidence)


def _sentiment(message: Judged) -> Pair | None:
    wanted = message.wanted.sentiment
    return None if wanted is None else (wanted, message.labels.sentiment, message.labels.sentiment_confidence)


def _of_label(name: str, known: Sequence[tuple[Judged, Pair]]) -> Iterator[str]:
    found = agreement((wanted, given) for _, (wanted, given, _) in known)
    parts = {
        accented: agreement(pair[:2] for message, pair in known if message.accented is accented)
        for accented in (True, False)
    }
    yield operator_text(
        "report_label",
        name=operator_text(f"report_{name}"),
        f1=_figure(found.macro_f1),
        count=found.judged,
        accented=_figure(parts[True].macro_f1),
        accented_count=parts[True].judged,
        unaccented=_figure(parts[False].macro_f1),
        unaccented_count=parts[False].judged,
        calibration=_figure(calibration_error([(sure, wanted == given) for _, (wanted, given, sure) in known])),
    )
    yield from _table(found)


def _table(found: Agreement) -> Iterator[str]:
    """By class what it was called, then precision, recall and F1."""
    classes = found.classes
    yield _row(["", *classes, *(operator_text(f"report_{name}") for name in ("precision", "recall", "f1"))])
    for wanted in classes:
        share = found.of(wanted)
        counts = [str(found.counts[wanted, given]) for given in classes]
        yield _row([wanted, *counts, *map(_figure, (share.precision, share.recall, share.f1))])


def _of_flags(judged: Sequence[Judged]) -> Iterator[str]:
    for flag in Flag:
        pairs = [(flag in (message.wanted.flags or ()), flag in message.labels.flags) for message in judged]
        found = agreement((str(wanted), str(given)) for wanted, given in pairs)
        share = found.of(str(True))
        if share.wanted:
            yield operator_text(
                "report_flag", flag=flag, recall=_percent(share.recall), precision=_percent(share.precision),
                count=share.wanted, found=found.counts["True", "True"], raised=sum(given for _, given in pairs),
            )  # fmt: skip


def _label(labels: type[Label], number: int, name: str, value: object) -> Label:
    try:
        return labels(str(value))
    except ValueError:
        known = ", ".join(labels)
        raise BadLine(number, operator_text("label_bad", name=name, known=known)) from None


def _row(cells: Sequence[str]) -> str:
    return "  " + "".join(cell.rjust(11) for cell in cells)


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"
