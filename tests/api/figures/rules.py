"""Who may open which page of figures, written down apart from the code; the matrix of staff routes reads it."""

from __future__ import annotations

from api.staff.access import Role

PROVINCE = frozenset({Role.ADMIN, Role.REVIEWER, Role.LEADER})

SCREENS = [
    ("GET", "/can-bo/toan-canh", PROVINCE | {Role.OFFICE_MANAGER}),
    ("GET", "/can-bo/toan-canh/ngay-luc-nay", PROVINCE | {Role.OFFICE_MANAGER}),
    ("GET", "/can-bo/giam-sat", PROVINCE | {Role.SUPERVISOR}),
    ("GET", "/can-bo/dieu-hanh", PROVINCE),
    ("GET", "/can-bo/bao-cao", PROVINCE),
    ("GET", "/can-bo/bao-cao/{month}/{ending}", PROVINCE),
]
VALUES = {"month": "1999-13", "ending": "pdf"}
"""A month that there is not: what answers 404 got in, and no report has to be made."""
