"""Reads what officers send: filters from the address, drafts, dates and ticked cases from forms. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from starlette.datastructures import FormData

from api.appointments.views import read_day
from api.forms import field
from feed.answers import MOST_SOURCES, Draft, Source
from feed.case_list import Filters, Whose
from feed.case_states import OPEN, Status
from feed.cases import Chosen, Labels
from feed.deadlines import CLOSES, ZONE, Standing
from feed.door import clean
from feed.labels.types import Flag, Kind, Sentiment

MOST_FIELDS = 400
LONGEST_FILTER = 200
STATUSES: Mapping[str, tuple[Status, ...]] = {
    "chua-tra-loi": OPEN,
    "moi": (Status.NEW,),
    "dang-xu-ly": (Status.ASSIGNED,),
    "cho-duyet": (Status.SUBMITTED,),
    "da-tra-loi": (Status.ANSWERED,),
    "da-dong": (Status.CLOSED,),
    "tat-ca": tuple(Status),
}
"""What the address calls the states; the first is what an officer sees first."""
DEADLINES: Mapping[str, Standing] = {"qua-han": Standing.OVERDUE, "sap-den": Standing.SOON}
MINE, NOBODY = "toi", "chua-giao"
_PLAIN = {
    "goc": "origin",
    "loai": "kind",
    "cam-xuc": "sentiment",
    "chu-de": "topic",
    "xa": "commune_id",
    "kenh": "channel",
}
"""Filters that stand in the address as they are."""
NAMES = ("trang-thai", "han", "khan", "nguoi", "tim", *_PLAIN)
_TICKED = "viec"
_CONFIRMED = "xac-nhan"


def read_filters(address: Mapping[str, str], officer_id: int, office_id: str | None) -> Filters:
    """The filters of an address; what it does not name, or names wrongly, leaves out nothing.

    `office_id` binds an officer to the cases of one commune, whatever the address says.
    """
    plain = {name: _word(address, key) or None for key, name in _PLAIN.items()}
    if office_id is not None:
        plain["commune_id"] = office_id
    return Filters(
        statuses=STATUSES.get(address.get("trang-thai", ""), OPEN),
        deadline=DEADLINES.get(address.get("han", "")),
        urgent=address.get("khan") == "1",
        assignee=_assignee(address.get("nguoi", ""), officer_id),
        text=_word(address, "tim"),
        **plain,
    )


def address_of(address: Mapping[str, str], **changes: str | None) -> str:
    """The address of the list with the same filters but for `changes`; `None` takes one away."""
    kept = {name: address[name][:LONGEST_FILTER] for name in NAMES if address.get(name)}
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    query = {name: value for name, value in (kept | named).items() if value}
    return f"?{urlencode(query)}" if query else ""


def ticked(form: FormData) -> list[Chosen]:
    """The cases that were ticked in the list, each as "id.version"."""
    found = []
    for value in form.getlist(_TICKED):
        case_id, _, version = str(value).partition(".")
        if (number := read_id(case_id)) is not None and version.isascii() and version.isdigit() and len(version) < 10:
            found.append(Chosen(number, int(version)))
    return found


def confirmed(form: FormData) -> list[str]:
    """The findings that an officer says are no personal data."""
    return [str(value) for value in form.getlist(_CONFIRMED)]


def read_draft(form: FormData, today: date, known: Sequence[str]) -> Draft:
    """An answer as it stands in the form."""
    return Draft(
        question=field(form, "cau-hoi"),
        text=field(form, "tra-loi"),
        agency=field(form, "co-quan"),
        sources=_sources(form, today),
        public=field(form, "cong-khai") == "1",
        expires_at=read_end(field(form, "het-han")),
        known=known,
    )


def read_labels(form: FormData, communes: Mapping[str, str]) -> Labels | None:
    """What an officer says that a case is; None where the form says what there is not."""
    try:
        flags = frozenset(Flag(str(value)) for value in form.getlist("co"))
        kind, sentiment = Kind(field(form, "loai")), Sentiment(field(form, "cam-xuc"))
    except ValueError:
        return None
    commune = field(form, "xa")
    if commune and communes and commune not in communes:
        return None
    return Labels(kind, sentiment, flags, commune or None)


def read_end(text: str) -> datetime | None:
    """The end of a day's office hours; None where no day is named."""
    day = read_day(text)
    return None if day is None else datetime.combine(day, CLOSES, ZONE)


def version_in(form: FormData) -> int:
    """The version of the case that the form was made from; one that never was where the form lacks it."""
    text = field(form, "phien-ban")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def read_id(text: str) -> int | None:
    """A number of the database; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text[:18]) > 0 and len(text) <= 18 else None


def _word(address: Mapping[str, str], name: str) -> str:
    return clean(address.get(name, "")[:LONGEST_FILTER]).strip()


def _assignee(text: str, officer_id: int) -> int | Whose | None:
    if text == MINE:
        return officer_id
    return Whose.NOBODY if text == NOBODY else read_id(text)


def _sources(form: FormData, today: date) -> tuple[Source, ...]:
    """The rows of sources that name one, in order."""
    found = []
    for number in range(MOST_SOURCES):
        title = field(form, f"nguon-{number}").strip()
        if not title:
            continue
        day = read_day(field(form, f"nguon-{number}-ngay")) or today
        section, url = (field(form, f"nguon-{number}-{part}").strip() or None for part in ("muc", "url"))
        found.append(Source(title, day, section, url))
    return tuple(found)
