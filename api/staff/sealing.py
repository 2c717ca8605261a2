"""Keeps secrets unreadable in the database and in cookies: a copy of the database gives no second factor away."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

KEY_FILE = "staff.key"


class SealBroken(Exception):
    """The text was sealed with another key, changed, or is too old."""


class Seal:
    """Encrypts and authenticates with one key (Fernet)."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"banhoi staff:" + key.encode()).digest()))

    def seal(self, text: str) -> str:
        """The text, readable with the key only."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str, seconds: int | None = None) -> str:
        """The text again. Raises `SealBroken`, also when it was sealed more than `seconds` ago."""
        try:
            return self._fernet.decrypt(sealed.encode(), ttl=seconds).decode()
        except InvalidToken as error:
            raise SealBroken from error

    def seal_data(self, data: dict[str, Any]) -> str:
        """Plain data, readable with the key only."""
        return self.seal(json.dumps(data))

    def open_data(self, sealed: str, seconds: int) -> dict[str, Any]:
        """The data again. Raises `SealBroken`."""
        data: dict[str, Any] = json.loads(self.open(sealed, seconds))
        return data


def key_in(data_dir: Path) -> str:
    """The key of this data directory, made at the first call; only the service's own account may read it."""
    file = data_dir / KEY_FILE
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f"{KEY_FILE}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            draft.unlink()
    return file.read_text().strip()
