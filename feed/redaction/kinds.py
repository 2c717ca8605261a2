"""The kinds of personal data that are taken out, and what stands in their place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a removed piece of text was."""

    CCCD = "cccd"
    CMND = "cmnd"
    PASSPORT = "passport"
    PHONE = "phone"
    TAX = "tax"
    INSURANCE = "insurance"
    BANK = "bank"
    NUMBER = "number"
    PLATE = "plate"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    COORDINATES = "coordinates"


PLACEHOLDERS: dict[Kind, str] = {
    Kind.CCCD: "[số căn cước]",
    Kind.CMND: "[số chứng minh nhân dân]",
    Kind.PASSPORT: "[số hộ chiếu]",
    Kind.PHONE: "[số điện thoại]",
    Kind.TAX: "[mã số thuế]",
    Kind.INSURANCE: "[số bảo hiểm]",
    Kind.BANK: "[số tài khoản]",
    Kind.NUMBER: "[dãy số]",
    Kind.PLATE: "[biển số xe]",
    Kind.EMAIL: "[thư điện tử]",
    Kind.NAME: "[họ tên]",
    Kind.ADDRESS: "[địa chỉ nhà]",
    Kind.COORDINATES: "[tọa độ]",
}
"""Stable: they stand in stored texts."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of personal data: `text[start:end]`."""

    start: int
    end: int
    kind: Kind
