"""Why an officer's step was refused, each with what the officer is told. Nothing was changed then."""

from __future__ import annotations

from collections.abc import Sequence

from feed.case_states import Status
from feed.redaction import Kind
from feed.wording import say


class FeedError(Exception):
    """Base of the errors of this room; its text is Vietnamese, for the officer."""

    key = ""

    def __init__(self, **values: object) -> None:
        super().__init__(say(self.key, **values))


class NotFound(FeedError):
    """No case has this code, or no template this number."""

    key = "review_not_found"


class Stale(FeedError):
    """Somebody else has changed the case since the form was made."""

    key = "review_stale"


class WrongStatus(FeedError):
    """The case cannot take this step now."""

    key = "review_wrong_status"

    def __init__(self, status: Status) -> None:
        super().__init__(status=say(f"review_status_{status.value}"))
        self.status = status


class Missing(FeedError):
    """A field is empty that the step needs."""

    def __init__(self, field: str) -> None:
        self.key = f"review_missing_{field}"
        super().__init__()
        self.field = field


class TooLong(FeedError):
    """A text is longer than what is kept of it."""

    key = "review_too_long"

    def __init__(self, most: int) -> None:
        super().__init__(most=most)
        self.most = most


class BadDeadline(FeedError):
    """A deadline or an expiry date that lies in the past."""

    key = "review_past"


class BadSource(FeedError):
    """A source whose address is none of the web."""

    key = "review_bad_source"


class FourEyes(FeedError):
    """The author of an answer cannot approve or publish it."""

    key = "review_four_eyes"


class UnknownOfficer(FeedError):
    """The case was to be given to somebody who has no account, or a locked one."""

    key = "review_unknown_officer"


class TitleTaken(FeedError):
    """Another template has this title."""

    key = "review_title_taken"


class PersonalData(FeedError):
    """What would be published seems to hold personal data that nobody has confirmed to be none."""

    key = "review_personal_data"

    def __init__(self, findings: Sequence[tuple[Kind, str]]) -> None:
        super().__init__(count=len(findings))
        self.findings = tuple(findings)
