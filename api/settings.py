"""Settings of the service, read from `BANHOI_*` variables and refused at the start where they are unsafe."""

from __future__ import annotations

import difflib
import importlib.util
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from limits import parse as parse_limit
from limits import parse_many as parse_limits
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.texts import operator_text

PREFIX = "BANHOI_"
_SECRET = re.compile(r"^[A-Za-z0-9_-]{16,256}$")
_NOT_OURS = ("BANHOI_SHARED", "BANHOI_NO_SKIPS")
"""How the variables begin that the tests read."""


_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """The settings cannot be used. The message names each variable, never its value."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        lines = [f"- {name}: {problem}" for name, problem in sorted(problems.items())]
        super().__init__("\n".join([operator_text("settings_heading"), *lines]))
        self.problems = dict(problems)


class Settings(BaseModel):
    """Everything an operator may set. The defaults serve one machine and nobody outside it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")
    """May hold a password. Empty means a SQLite file in `data_dir`."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str | None = None
    """Where citizens reach the service, such as https://hoi.quangtri.gov.vn; its host is allowed."""
    allowed_hosts: tuple[str, ...] = ()
    """Written with commas between the names, as are the proxies."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose `X-Forwarded-*` headers are believed. None by default."""
    hotline: str | None = None
    embedder: str = "bundled"
    """`bundled`, `none`, or the name of a sentence-transformers model."""
    telegram_mode: Literal["off", "polling", "webhook"] = "off"
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_base: str | None = None
    """Another Telegram server, such as an emulator."""
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    rate_limit: str = "30/minute"
    """Messages per chat."""
    rate_limit_new: str = "600/minute"
    """New conversations per network address. High, because thousands share a mobile carrier's address."""
    rate_limit_storage: SecretStr = SecretStr("memory://")
    """May hold a password. Several replicas need a shared one: redis://… or valkey://…"""
    metrics_token: SecretStr | None = None
    """When set, `/metrics` answers only to `Authorization: Bearer …`."""
    staff: Literal["auto", "on", "off"] = "auto"
    """Pages for officers. `auto` serves them where that is safe: see `unsafe_for_staff`."""
    staff_key: SecretStr | None = None
    """Seals the secrets of second factors; the same on every replica. Without one the data directory keeps a key."""
    staff_idle_minutes: int = Field(default=30, ge=5, le=240)
    staff_session_hours: int = Field(default=10, ge=1, le=24)
    rate_limit_sign_in: str = "20/minute; 100/hour"
    """Failed sign-ins per network address. A whole office shares one, so single accounts are limited more strictly."""
    rate_limit_booking: str = "60/minute; 600/hour"
    """Seats taken and appointments confirmed per network address. A mobile carrier's address stands for thousands."""
    rate_limit_codes: str = "30/minute"
    """Wrong codes of appointments per network address, after which it has to wait with any code."""
    rate_limit_export: str = "120/minute"
    """Calls with one key of a partner system."""
    webhook_private: bool = False
    """Whether webhooks may lead to http and to addresses that are not public, such as the province's own network."""
    open_data_dir: Path | None = None
    """Where each night's open data are written; none are where it is not set."""
    keep_messages_days: int = Field(default=90, ge=7, le=3650)
    """Messages, replies and chats' addresses are deleted so long after they were written."""
    keep_questions_days: int = Field(default=730, ge=7, le=3650)
    """Entries of the question log, redacted and without chat by then. Not less than `keep_messages_days`."""
    report_day: int = Field(default=0, ge=0, le=23)
    """Day on which the month's report is made by itself, below `data_dir`; it is due before the 24th. 0: never."""
    oidc_metadata_url: str | None = None
    """An OpenID provider's `…/.well-known/openid-configuration`. Set, officers may sign in there."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str | None = None
    """What the button calls the provider."""

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise _refusal("url_https")
        return value.rstrip("/")

    @field_validator("rate_limit", "rate_limit_new")
    @classmethod
    def _limit(cls, value: str) -> str:
        try:
            parse_limit(value)
        except ValueError as error:
            raise _refusal("rate_limit") from error
        return value

    @field_validator("rate_limit_sign_in", "rate_limit_booking", "rate_limit_codes", "rate_limit_export")
    @classmethod
    def _limits(cls, value: str) -> str:
        try:
            parse_limits(value)
        except ValueError as error:
            raise _refusal("rate_limits") from error
        return value

    @field_validator("rate_limit_storage")
    @classmethod
    def _storage(cls, value: SecretStr) -> SecretStr:
        schemes = ("memory://", "redis://", "rediss://", "valkey://", "valkeys://")
        if not value.get_secret_value().startswith(schemes):
            raise _refusal("storage")
        if not value.get_secret_value().startswith(schemes[0]) and importlib.util.find_spec("valkey") is None:
            raise _refusal("storage_package")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise _refusal("database")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 16:
            raise _refusal("metrics_short")
        return value

    @field_validator("staff_key")
    @classmethod
    def _unguessable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise _refusal("staff_key_short")
        return value

    @field_validator("oidc_metadata_url")
    @classmethod
    def _https_or_this_machine(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is None or parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            return value
        raise _refusal("oidc_https")

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        problems = dict(self._unsafe())
        if problems:
            raise PydanticCustomError("unsafe", "unsafe", {"problems": problems})
        return self

    def _unsafe(self) -> list[tuple[str, str]]:
        found = []
        if self.telegram_mode != "off" and self.telegram_token is None:
            found.append(("telegram_token", operator_text("webhook_needs_token")))
        if self.telegram_mode == "webhook":
            secret = self.telegram_webhook_secret
            if secret is None or not _SECRET.match(secret.get_secret_value()):
                found.append(("telegram_webhook_secret", operator_text("webhook_needs_secret")))
            if self.public_url is None and self.telegram_api_base is None:
                found.append(("public_url", operator_text("webhook_needs_url")))
        if not is_loopback(self.host) and not self.allowed_hosts:
            found.append(("allowed_hosts", operator_text("public_needs_hosts", host=self.host)))
        if self.keep_questions_days < self.keep_messages_days:
            found.append(("keep_questions_days", operator_text("keep_questions")))
        found += self.unsafe_for_staff() if self.staff == "on" else []
        return found + self._oidc_incomplete()

    def _oidc_incomplete(self) -> list[tuple[str, str]]:
        parts = {name: getattr(self, name) for name in ("oidc_metadata_url", "oidc_client_id", "oidc_client_secret")}
        if not any(parts.values()):
            return []
        found = [(name, operator_text("oidc_needs_all")) for name, value in parts.items() if not value]
        if any(importlib.util.find_spec(package) is None for package in ("authlib", "httpx2")):
            found.append(("oidc_metadata_url", operator_text("oidc_package")))
        return found

    def unsafe_for_staff(self) -> list[tuple[str, str]]:
        """What has to be set before officers can sign in safely, as names and reasons. Empty when nothing."""
        found = []
        if not self.hosts <= _THIS_MACHINE:
            if self.public_url is None:
                found.append(("public_url", operator_text("staff_needs_https")))
            if not self.trusted_proxies:
                found.append(("trusted_proxies", operator_text("staff_needs_proxies")))
        if self.database.startswith("postgresql") and self.staff_key is None:
            found.append(("staff_key", operator_text("staff_needs_key")))
        return found

    @property
    def serves_staff(self) -> bool:
        """Whether the pages for officers are there."""
        return self.staff != "off" and not self.unsafe_for_staff()

    @property
    def database(self) -> str:
        """The database's URL; may hold a password, so never log it."""
        url = self.database_url.get_secret_value()
        return url or f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'banhoi.db'}"

    @property
    def secure_cookies(self) -> bool:
        """Whether citizens reach the service over https."""
        return self.public_url is not None

    @property
    def hosts(self) -> frozenset[str]:
        """Host names that requests may carry."""
        public = {urlsplit(self.public_url).hostname or ""} if self.public_url else set()
        local = _THIS_MACHINE if is_loopback(self.host) else frozenset[str]()
        return frozenset(self.allowed_hosts) | public | local


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment asks for. Raises `SettingsError` naming every variable that is wrong.

    An empty variable counts as not set, as container files write it.
    """
    ours = {
        name.upper(): value
        for name, value in environ.items()
        if name.upper().startswith(PREFIX) and not name.upper().startswith(_NOT_OURS)
    }
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    problems = {name: _did_you_mean(name, known) for name in ours.keys() - known.keys()}
    values = {known[name]: value for name, value in ours.items() if name in known and value.strip()}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems |= _problems(error)
        raise SettingsError(problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def _refusal(key: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{reason}", {"reason": operator_text(key)})


def _did_you_mean(name: str, known: Mapping[str, str]) -> str:
    for near in difflib.get_close_matches(name, known, n=1, cutoff=0.75):
        return operator_text("unknown_variable", suggestion=near)
    return operator_text("unknown_variable_plain")


def _problems(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for detail in error.errors(include_input=False, include_url=False):
        if detail["type"] == "unsafe":
            found |= {PREFIX + name.upper(): text for name, text in detail["ctx"]["problems"].items()}
        else:
            name = PREFIX + str(detail["loc"][0]).upper()
            plain = detail["type"] == "refused"
            found[name] = detail["msg"] if plain else operator_text("invalid", reason=detail["msg"])
    return found
