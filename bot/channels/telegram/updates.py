"""Reads what Telegram sends: updates of unknown trust become a message, a tap, or a reason to leave them.

Only the few fields that matter here are looked at. A field that Telegram adds or changes elsewhere must not
cost a citizen's question, which it would if the whole update were validated.
Fields: https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from bot.appointments.choices import place
from bot.reports.choices import PHOTO

ALLOWED_UPDATES = ("message", "callback_query")
"""What is asked of Telegram; it keeps the rest to itself."""
GREETING = "Xin chào"
"""What /start and /help mean: the citizen did not type them, the application did."""
_OPENERS = frozenset({"/start", "/help"})
_CONTENTS = (
    "photo", "voice", "video", "video_note", "audio", "document", "sticker", "animation", "location", "venue",
    "contact", "poll", "dice", "story", "paid_media", "checklist", "game",
)  # fmt: skip


class Unreadable(ValueError):
    """Not an update of Telegram. `at` names the field that is wrong, never its value."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


class Kind(StrEnum):
    """What somebody did."""

    TEXT = "text"
    TAP = "tap"
    LOCATION = "location"
    """A shared place: as a choice, rounded, since nobody needs to know it nearer."""
    PHOTO = "photo"
    """For a report; its caption, if any, is the text."""
    UNSUPPORTED = "unsupported"
    """A voice message, a video and the like. Its caption, if any, is the text."""


class Ignored(StrEnum):
    """Why an update needs no answer."""

    GROUP = "group"
    BOT = "bot"
    SERVICE = "service"
    """A pinned message, a changed timer: nobody said anything."""
    OTHER = "other"
    """A kind of update that was not asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a citizen said or tapped in a private chat."""

    update_id: int
    chat_id: str
    kind: Kind
    text: str = ""
    choice: str | None = None
    callback_id: str | None = None
    """Names the tap, so that Telegram can be told that it was noticed."""
    photo: str | None = None
    """Telegram's name of a photo; the photo itself stays there."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Chat(_Part):
    id: StrictInt
    type: StrictStr = ""


class _User(_Part):
    is_bot: StrictBool = False


class _Place(_Part):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class _Photo(_Part):
    file_id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]


class _Message(_Part):
    model_config = ConfigDict(extra="allow")

    chat: _Chat
    sender: _User = Field(default=_User(), alias="from")
    text: StrictStr | None = None
    caption: StrictStr | None = None


class _Tap(_Part):
    id: StrictStr
    data: StrictStr | None = None
    message: _Message | None = None


class _Update(_Part):
    update_id: Annotated[StrictInt, Field(ge=0, lt=2**63)]
    message: _Message | None = None
    callback_query: _Tap | None = None


def read(raw: Any) -> Said | Ignored:
    """What an update says. Raises `Unreadable` for what no Telegram server would send."""
    try:
        update = _Update.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise Unreadable(".".join(map(str, first["loc"][:3])) or "update") from None
    if update.callback_query is not None:
        return _tap(update.update_id, update.callback_query)
    if update.message is not None:
        return _message(update.update_id, update.message)
    return Ignored.OTHER


def _tap(update_id: int, tap: _Tap) -> Said | Ignored:
    if tap.message is None or tap.data is None:
        return Ignored.OTHER
    if tap.message.chat.type not in (
        "private",
        "",
    ):  # of an old message little is told
        return Ignored.GROUP
    chat_id = str(tap.message.chat.id)
    return Said(update_id, chat_id, Kind.TAP, choice=tap.data, callback_id=tap.id)


def _message(update_id: int, message: _Message) -> Said | Ignored:
    if message.chat.type != "private":
        return Ignored.GROUP
    if message.sender.is_bot:
        return Ignored.BOT
    chat_id = str(message.chat.id)
    if message.text is not None:
        return Said(update_id, chat_id, Kind.TEXT, _meant(message.text))
    extra = message.model_extra or {}
    where = _choice_of_place(extra.get("location"))
    if where is not None:
        return Said(update_id, chat_id, Kind.LOCATION, choice=where)
    photo = _photo(extra.get("photo"))
    if photo is not None:
        choice = None if message.caption else PHOTO
        return Said(update_id, chat_id, Kind.PHOTO, message.caption or "", choice=choice, photo=photo)
    if any(name in extra for name in _CONTENTS):
        return Said(update_id, chat_id, Kind.UNSUPPORTED, message.caption or "")
    return Ignored.SERVICE


def _choice_of_place(raw: Any) -> str | None:
    """The choice that a shared location is; None where there is none."""
    try:
        shared = _Place.model_validate(raw)
    except ValidationError:
        return None
    return place(shared.latitude, shared.longitude)


def _photo(raw: Any) -> str | None:
    """The name of a photo in its largest size, which comes last; None where there is none."""
    try:
        largest = _Photo.model_validate(raw[-1] if isinstance(raw, list) and raw else None)
    except ValidationError:
        return None
    return largest.file_id


def _meant(text: str) -> str:
    """The text, or a greeting where the application sent /start on the citizen's behalf."""
    command = text.split(maxsplit=1)[0].split("@")[0] if text.startswith("/") else ""
    return GREETING if command in _OPENERS else text
