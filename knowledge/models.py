"""The things we know, as typed records: procedures, plan documents, offices, FAQ, and where each comes from.

Vietnamese terms are in the glossary of `docs/glossary.md`. Unknown is always said to be unknown: `None`,
`FeeStatus.UNKNOWN` or `Unit.UNKNOWN`, never a zero or an empty guess.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^\d{1,2}\.\d{6,7}$")]
"""A procedure's code on the national portal, such as 1.001193."""


class Record(BaseModel):
    """Base of every record: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(StrEnum):
    """Level of government that settles a procedure. Since 1 July 2025 there is no district."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    COMMUNE = "commune"
    OTHER = "other"


class ChannelKind(StrEnum):
    """How a dossier may be handed in (cách thức thực hiện)."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    POST = "post"


class OnlineLevel(StrEnum):
    """Online service: the whole way (toàn trình), part of it (một phần), none, or not known."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


class Unit(StrEnum):
    """Unit of a time limit. The law counts working days unless it says otherwise."""

    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class FeeStatus(StrEnum):
    """What is known of a fee. The portal's default "0 VNĐ ()" is UNKNOWN, never FREE."""

    FIXED = "fixed"
    FREE = "free"
    PROVINCIAL = "provincial"
    """Set by the provincial People's Council; the amount is not in the data."""
    UNKNOWN = "unknown"


class Source(Record):
    """Where a record comes from and as of when: what an answer cites."""

    title: Text | None = None
    url: str | None = None
    as_of: date = Field(alias="date")
    decision: str | None = None
    """Number of the decision that published the procedure, such as 163/QĐ-BTP."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("phải bắt đầu bằng https:// hoặc http://")
        return value


class Document(Record):
    """One paper of the dossier (thành phần hồ sơ)."""

    name: Text
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    form: str | None = None
    """Name of the official form to fill in, such as "Tờ khai đăng ký khai sinh" or CT01."""
    kind: Literal["submit", "show"] = "submit"
    """Handed in (nộp) or only shown (xuất trình)."""
    case: str | None = None
    """When only one case of the procedure needs it: the id of that `Case`, or the official heading."""
    note: str | None = None
    optional: bool = False


class TimeLimit(Record):
    """How long the authority may take (thời hạn giải quyết)."""

    value: float | None = Field(default=None, gt=0)
    unit: Unit = Unit.WORKING_DAY
    text: str | None = None
    """What else there is to say, in plain words."""
    case: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> TimeLimit:
        if self.value is None and not self.text:
            raise ValueError("cần số (value) hoặc lời (text)")
        return self


class Fee(Record):
    """A fee (phí, lệ phí) in VND."""

    status: FeeStatus
    amount: int | None = Field(default=None, ge=0)
    """VND, set only when status is `fixed`."""
    per: str | None = None
    """What the amount is for: "bản", "trang", "lần đăng ký"."""
    text: str | None = None
    channel: ChannelKind | None = None
    case: str | None = None

    @model_validator(mode="after")
    def _amount_only_when_fixed(self) -> Fee:
        if (self.status is FeeStatus.FIXED) != (self.amount is not None):
            raise ValueError("chỉ status “fixed” mới có amount, và phải có")
        return self


class Channel(Record):
    """One way to hand in the dossier, with its own time limits and fees where they differ."""

    kind: ChannelKind
    time_limits: tuple[TimeLimit, ...] = ()
    fees: tuple[Fee, ...] = ()
    note: str | None = None


class LegalBasis(Record):
    """A legal document the procedure rests on (căn cứ pháp lý)."""

    number: Text
    name: str | None = None


class Case(Record):
    """A situation in which the procedure goes differently (trường hợp)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
    when: Text
    then: Text


class NotFor(Record):
    """What the procedure is not, and the procedure that is meant instead."""

    when: Text
    code: Code | None = None


Aspect = Literal["agency", "place", "steps", "dossier", "time_limits", "channels", "result", "legal_basis"]
"""What a card may be silent on where the official record is, too. A fee not known is a fee with status `unknown`."""

Compared = Literal[
    "name", "level", "agency", "dossier", "forms", "time_limits", "fees", "channels", "online", "legal_basis", "source"
]
"""What of a card is held against the official record."""


class Difference(Record):
    """Where a card says otherwise than the official record of its code, on purpose."""

    field: Compared
    reason: Text
    """Why the card is right, short; whoever edits the card next reads it."""


class Procedure(Record):
    """An administrative procedure (thủ tục hành chính): our card, the official record, or one over the other."""

    code: Code
    name: Text
    """Official title."""
    title: Text | None = None
    """What we call it: short and plain. The official title when missing."""
    field: Text
    """Field of administration (lĩnh vực), such as Hộ tịch."""
    level: tuple[Level, ...] = ()
    agency: str | None = None
    """Who carries it out or decides (cơ quan thực hiện, có thẩm quyền)."""
    place: str | None = None
    """Where a citizen hands it in, in plain words."""
    summary: str | None = None
    subjects: tuple[str, ...] = ()
    steps: tuple[Text, ...] = ()
    dossier: tuple[Document, ...] = ()
    dossier_notes: tuple[Text, ...] = ()
    """What else the list of papers says, such as when a paper may be left out."""
    cases: tuple[Case, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    fees: tuple[Fee, ...] = ()
    channels: tuple[Channel, ...] = ()
    online: OnlineLevel = OnlineLevel.UNKNOWN
    conditions: tuple[Text, ...] = ()
    result: tuple[Text, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    non_territorial: bool | None = None
    """May be handed in at any centre (không phụ thuộc địa giới hành chính); None when the data does not say."""
    aliases: tuple[Text, ...] = ()
    """What people really call it."""
    situations: tuple[Text, ...] = ()
    """Life situations that lead to it."""
    examples: tuple[Text, ...] = ()
    """Questions about it as people type them, with slips and without diacritics; never evaluation questions."""
    not_for: tuple[NotFor, ...] = ()
    popularity: int = Field(default=0, ge=0, le=5)
    """Prior: 5 asked every day in a commune, 1 rarely, 0 unknown."""
    warnings: tuple[Text, ...] = ()
    """What a reader must be told about the record itself, such as an agency that no longer exists."""
    unknown: tuple[Aspect, ...] = ()
    """What the official record does not tell, so that the card may be silent on it."""
    differs: tuple[Difference, ...] = ()
    """Where the card says otherwise than the official record, on purpose."""
    issued_by: str | None = None
    source: Source

    @property
    def display_name(self) -> str:
        """The short plain title, or the official one."""
        return self.title or self.name

    @model_validator(mode="after")
    def _cases_exist(self) -> Procedure:
        ids = [case.id for case in self.cases]
        if len(ids) != len(set(ids)):
            raise ValueError("hai trường hợp trùng id")
        return self


class Variant(Record):
    """One member of a group of siblings: the procedure and how its button reads."""

    code: Code
    label: Text
    hints: tuple[Text, ...] = ()
    """Words in a message that decide for this variant."""


class Group(Record):
    """Siblings that people ask for by one name, and the one question that tells them apart."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]
    asks: tuple[Text, ...] = Field(min_length=1)
    """What people say when they mean the group as a whole."""
    examples: tuple[Text, ...] = ()
    """Questions about the group as a whole, as people type them."""
    question: Text
    variants: tuple[Variant, ...] = Field(min_length=2, max_length=6)


class Section(Record):
    """A heading of a plan document; `id` is its path, such as I.2.a."""

    id: Text
    heading: Text


class StatementKind(StrEnum):
    """A target (chỉ tiêu), a task (nhiệm vụ) or any other statement of a plan."""

    TARGET = "target"
    TASK = "task"
    OTHER = "other"


class Statement(Record):
    """One thing a plan document says, pointing to its section."""

    id: Text
    section: Text
    kind: StatementKind
    text: Text
    """The statement in one plain sentence, with every figure it holds."""
    subject: str | None = None
    """Target: the indicator that is measured."""
    value: str | None = None
    """Target: the figure as written, with its sign and unit: "≥ 95%", "300.000 tài khoản"."""
    unit: str | None = None
    period: str | None = None
    """Year or span the figure is for: "2026", "2026-2027", "đến năm 2030"."""
    scope: str | None = None
    """Whom it binds: "tỉnh", "xã", a unit's name."""
    lead: tuple[Text, ...] = ()
    coordinating: tuple[Text, ...] = ()
    deadline: str | None = None
    keywords: tuple[Text, ...] = ()
    """Other words people use for it."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Statement:
        if self.kind is StatementKind.TARGET and not (self.subject and self.value):
            raise ValueError("chỉ tiêu cần subject và value")
        return self


class Plan(Record):
    """A plan document (kế hoạch, nghị quyết, thông báo) as structured statements."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Text
    short: Text
    """How an answer cites it, such as "Nghị quyết 05-NQ/TU"."""
    number: str | None = None
    kind: Literal["resolution", "plan", "slides", "notice", "other"]
    issuer: str | None = None
    place: Text
    """The province or commune it is for, such as "tỉnh Quảng Trị"."""
    period: str | None = None
    aliases: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    """What a reader must know of the text itself, such as a number left blank or an OCR slip."""
    sections: tuple[Section, ...]
    statements: tuple[Statement, ...]
    source: Source

    @model_validator(mode="after")
    def _sections_exist(self) -> Plan:
        known = {section.id for section in self.sections}
        missing = sorted({s.section for s in self.statements} - known)
        if missing:
            raise ValueError(f"có mục được nhắc mà không tồn tại: {', '.join(missing)}")
        ids = [s.id for s in self.statements]
        twice = sorted({i for i in ids if ids.count(i) > 1}) if len(ids) != len(set(ids)) else []
        if twice:
            raise ValueError(f"id của statements bị trùng: {', '.join(twice)}")
        return self


class Office(Record):
    """A one-stop centre (Trung tâm Phục vụ hành chính công) of the province or of a commune."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
    name: Text
    level: Literal["province", "commune"]
    commune: str | None = None
    """Name of the commune (xã, phường, đặc khu) with its type."""
    commune_code: str | None = None
    former_names: tuple[Text, ...] = ()
    """The units merged into it on 1 July 2025."""
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    phone: str | None = None
    opening_hours: str | None = None
    source: Source


class Faq(Record):
    """A question with its approved answer, by an official or by us."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]
    questions: tuple[Text, ...] = Field(min_length=1)
    answer: Text
    codes: tuple[Code, ...] = ()
    author: Text
    expires: date | None = None
    source: Source


class Elsewhere(Record):
    """Something people ask that none of our procedures settles, and where it is handled, if we know."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]
    asks: tuple[Text, ...] = Field(min_length=1)
    answer: Text
    codes: tuple[Code, ...] = ()
    """Procedures of another level that it comes closest to."""
    source: Source | None = None
