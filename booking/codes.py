"""Codes and hashes: the secret that opens an appointment, the short reference for staff, phones as keyed hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import date

from vn_ident import normalize_phone

from booking.errors import InvalidPerson

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O, 1 I L and U, which are mistaken for one another on paper and over the telephone."""
SECRET_LENGTH = 22
_RANDOM_CHARACTERS = 4


def new_nonce() -> str:
    """128 random bits of an appointment's own; secret and calendar uid are made from them."""
    return secrets.token_urlsafe(16)


def secret_of(key: bytes, nonce: str) -> str:
    """The secret: 128 bits that can be made again by who has both the key and the database, and by nobody else."""
    return _token(hmac.digest(key, b"appointment:" + nonce.encode(), "sha256"))


def hash_of(secret: str) -> str:
    """What the database keeps of a secret. It needs no salt: 128 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def uid_of(nonce: str) -> str:
    """The appointment's name in calendars; says nothing about the secret, which needs the key."""
    return _token(hashlib.sha256(b"uid:" + nonce.encode()).digest()) + "@banhoi"


def keyed_hash(key: bytes, kind: str, value: str) -> str:
    """Stands for a phone or a holder: equal values can be told, the value cannot be found without the key."""
    return hmac.new(key, f"{kind}:{value}".encode(), "sha256").hexdigest()


def new_reference(day: date) -> str:
    """A code such as "K7-3MHP": two characters for the day of the year, four at random."""
    tens, ones = divmod(day.timetuple().tm_yday, len(ALPHABET))
    random = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return f"{ALPHABET[tens]}{ALPHABET[ones]}-{random}"


def read_reference(typed: str) -> str:
    """A reference as it is stored, from what somebody typed: any case, any separators."""
    characters = "".join(character for character in typed.upper() if character.isalnum())
    return f"{characters[:2]}-{characters[2:]}"


def read_secret(scanned: str) -> str | None:
    """The secret in what a scanner read (the bare secret or a link that ends with it), if there is one."""
    last = scanned.strip().rstrip("/").rpartition("/")[2]
    return last if len(last) == SECRET_LENGTH else None


def read_name(typed: str) -> str:
    """A name with single spaces. Raises `InvalidPerson` without at least two letters, or when it is too long."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if sum(character.isalpha() for character in name) < 2 or len(name) > 80:
        raise InvalidPerson("name")
    return name


def read_phone(typed: str) -> str:
    """The ten digits of a Vietnamese number, or eleven of a landline. Raises `InvalidPerson`."""
    mobile = normalize_phone(typed)
    if mobile is not None:
        return mobile
    digits = "".join(character for character in typed if character.isdecimal() and character.isascii())
    landline = "0" + digits.removeprefix("84") if digits.startswith("84") else digits
    if len(landline) == 11 and landline.startswith("02"):
        return landline
    raise InvalidPerson("phone")


def fold(text: str) -> str:
    """Without accents and case, for comparing names."""
    split = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).split())


def _token(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
