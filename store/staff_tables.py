"""The tables behind sign-in: accounts of officers, their recovery codes and sessions, and failed attempts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from store.tables import Id, UtcDateTime, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("full_name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("office_id", String(64)),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("password_hash", String(200)),
    Column("one_time_until", UtcDateTime),
    Column("totp_secret", String(300)),
    Column("totp_step", BigInteger),
    Column("email", String(254), unique=True),
    Column("oidc_issuer", String(300)),
    Column("oidc_subject", String(255)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("oidc_issuer", "oidc_subject"),
)
"""`one_time_until`: the password was given out and must be changed by then. `totp_secret` is sealed."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("code_hash", String(64), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Column("by_provider", Boolean, nullable=False),
    Column("pending_secret", String(300)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "account_id"),
)
"""`second_factor`: whether it was given. `by_provider`: signed in through OpenID Connect, without our password."""

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("last_at", UtcDateTime, nullable=False),
    Column("blocked_until", UtcDateTime),
)
"""Counted by the name that was typed, whether or not an account has it: an answer tells nothing about that."""
