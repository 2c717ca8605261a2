"""Why a platform did not take a reply, told apart by what helps: never, later, or after a pause."""

from __future__ import annotations


class DeliveryError(Exception):
    """A reply was not delivered. `kind` is a short code that names no person ("blocked", "http_502")."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class PermanentError(DeliveryError):
    """It never will be: the person blocked us, the text is refused."""


class TransientError(DeliveryError):
    """It may be later: the platform is down or slow."""


class RateLimited(DeliveryError):
    """The platform wants silence on this channel for `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("rate_limited")
        self.retry_after = retry_after
