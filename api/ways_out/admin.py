"""Makes, lists and ends keys and webhooks, each change with its entry in the audit log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from api.staff.admin import Change
from api.ways_out.access import Scope
from api.ways_out.signature import new_secret
from api.ways_out.targets import TargetRefused, check_url
from feed.events import EventKind
from store import api_keys, audit, webhooks

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


class WayOutRefused(Exception):
    """Nothing was changed; `key` names the sentence that says why, `values` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


async def add_key(change: Change, name: str, scopes: Sequence[Scope], days: int | None) -> str:
    """A new key, to be shown once."""
    _check_name(name)
    key = api_keys.new_key()
    expires_at = change.at + timedelta(days=days) if days else None
    names = sorted({str(scope) for scope in scopes})
    if not await api_keys.add(change.connection, name, key, names, change.at, expires_at):
        raise WayOutRefused("way_out_taken", name=name)
    await _record(change, "key_added", f"key:{name}", scopes=names)
    return key


async def revoke_key(change: Change, name: str) -> None:
    """Ends a key at once."""
    if not await api_keys.revoke(change.connection, name, change.at):
        raise WayOutRefused("key_unknown", name=name)
    await _record(change, "key_revoked", f"key:{name}")


async def add_webhook(change: Change, name: str, url: str, kinds: Sequence[EventKind], *, private: bool) -> str:
    """A new webhook; its secret, to be shown once."""
    _check_name(name)
    try:
        check_url(url, private=private)
    except TargetRefused as refused:
        raise WayOutRefused(refused.key) from refused
    secret = new_secret()
    names = sorted({str(kind) for kind in kinds})
    if not await webhooks.add(change.connection, name, url, secret, names, change.at):
        raise WayOutRefused("way_out_taken", name=name)
    await _record(change, "webhook_added", f"webhook:{name}", events=names)
    return secret


async def stop_webhook(change: Change, name: str) -> None:
    """Sends nothing more there."""
    if not await webhooks.stop(change.connection, name, change.at):
        raise WayOutRefused("webhook_unknown", name=name)
    await _record(change, "webhook_stopped", f"webhook:{name}")


async def _record(change: Change, action: str, subject: str, **detail: object) -> None:
    await audit.record(change.connection, change.at, change.actor, action, subject, **detail)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise WayOutRefused("way_out_name", name=name)
