"""Codes: secrets that cannot be guessed, references that can be read out, names and phones as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from booking import codes
from booking.errors import InvalidPerson

KEY = b"k" * 16


def test_a_secret_needs_the_key_and_the_nonce() -> None:
    nonce = codes.new_nonce()
    secret = codes.secret_of(KEY, nonce)
    assert len(secret) == codes.SECRET_LENGTH
    assert secret == codes.secret_of(KEY, nonce)
    assert len({secret, codes.secret_of(b"x" * 16, nonce), codes.secret_of(KEY, codes.new_nonce())}) == 3
    assert secret not in codes.uid_of(nonce)
    assert nonce not in codes.uid_of(nonce)


def test_secrets_and_nonces_have_128_bits() -> None:
    assert len({codes.new_nonce() for _ in range(1000)}) == 1000
    assert len(codes.new_nonce()) == 22  # 16 bytes, six bits to a character


def test_a_reference_is_short_unambiguous_and_read_as_typed() -> None:
    reference = codes.new_reference(date(2026, 12, 31))
    assert len(reference) == 7
    assert set(reference) <= set(codes.ALPHABET) | {"-"}
    assert not set("01OILU") & set(codes.ALPHABET)
    for typed in (reference, reference.lower(), reference.replace("-", " "), f" {reference.replace('-', '')} "):
        assert codes.read_reference(typed) == reference
    assert codes.new_reference(date(2026, 1, 1))[:2] != reference[:2]


def test_a_secret_is_found_in_what_a_scanner_reads() -> None:
    secret = codes.secret_of(KEY, "n")
    for scanned in (secret, f"https://example.org/lich/{secret}", f"https://example.org/lich/{secret}/\n"):
        assert codes.read_secret(scanned) == secret
    assert codes.read_secret("K7-3MHP") is None


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0233 3852 345", "02333852345"),
        ("+84 233 3852 345", "02333852345"),
    ],
)
def test_phones_are_read_in_any_usual_way(typed: str, digits: str) -> None:
    assert codes.read_phone(typed) == digits


@pytest.mark.parametrize("typed", ["", "123", "phone", "091234567", "091234567890", "٠٩١٢٣٤٥٦٧٨٩"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(InvalidPerson):
        codes.read_phone(typed)


def test_names_are_tidied_and_compared_without_accents() -> None:
    assert codes.read_name("  Lê   Thị\tĐào ") == "Lê Thị Đào"
    assert codes.fold("Lê Thị ĐÀO") == codes.fold("le  thi dao")
    for name in ("", "  ", "7", "x" * 81):
        with pytest.raises(InvalidPerson):
            codes.read_name(name)


def test_hashes_of_phones_need_the_key() -> None:
    assert codes.keyed_hash(KEY, "phone", "0912345678") != codes.keyed_hash(b"x" * 16, "phone", "0912345678")
    assert codes.keyed_hash(KEY, "phone", "1") != codes.keyed_hash(KEY, "holder", "1")
