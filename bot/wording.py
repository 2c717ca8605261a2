"""Facts of a record as words: numbers, units, dates, papers."""

from __future__ import annotations

from datetime import date

from bot.catalog import say
from knowledge.models import Document, Fee, FeeStatus, LegalBasis, TimeLimit, Unit

_UNITS = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.DAY: "ngày",
    Unit.HOUR: "giờ",
    Unit.MINUTE: "phút",
    Unit.MONTH: "tháng",
    Unit.YEAR: "năm",
}


def day(value: date) -> str:
    """18/07/2026."""
    return f"{value:%d/%m/%Y}"


def number(value: float) -> str:
    """A number as Vietnamese write it: 20.000 and 1,5."""
    whole, part = f"{value:,.2f}".split(".")
    return whole.replace(",", ".") + (f",{part.rstrip('0')}" if part.strip("0") else "")


def time_limit(limit: TimeLimit) -> str:
    """A time limit with its unit and what else there is to say."""
    if limit.value is None:
        return limit.text or ""
    if limit.unit is Unit.UNKNOWN:
        words = limit.text or say("unit_unknown", value=number(limit.value))
        return words if words else ""
    words = f"{number(limit.value)} {_UNITS[limit.unit]}"
    return f"{words}. {limit.text}" if limit.text else words


def fee(item: Fee) -> str:
    """A fee: an amount, free, set by the province, or not known."""
    if item.status is FeeStatus.FIXED and item.amount is not None:
        words = _amount(item.amount, item.per)
    else:
        words = say(f"fee_{item.status.value}")
    return f"{words} {item.text}" if item.text and item.status is not FeeStatus.FIXED else _with(words, item.text)


def _amount(amount: int, per: str | None) -> str:
    return say("fee_fixed_per", amount=number(amount), per=per) if per else say("fee_fixed", amount=number(amount))


def _with(words: str, text: str | None) -> str:
    return f"{words} ({text.rstrip('.')})" if text else words


def document(item: Document) -> str:
    """One paper of a dossier with its counts, form and note."""
    counts = []
    if item.originals:
        counts.append(say("original", count=item.originals))
    if item.copies:
        counts.append(say("copy", count=item.copies))
    if item.form and item.form.casefold() not in item.name.casefold():
        counts.append(say("form", form=item.form))
    if item.optional:
        counts.append(say("optional"))
    words = item.name.rstrip(".;")
    if counts:
        words += f" ({', '.join(counts)})"
    return f"{words}. {item.note}" if item.note else words


def law(item: LegalBasis) -> str:
    """A legal document by name and number."""
    return f"{item.name} ({item.number})" if item.name and item.number not in item.name else item.name or item.number
