"""Who may open which screen of the counter, written down apart from the code; the matrix of staff routes reads it."""

from __future__ import annotations

from api.staff.access import Role

CLERKS = frozenset({Role.ADMIN, Role.OFFICE_MANAGER, Role.COUNTER_OFFICER})
MANAGERS = frozenset({Role.ADMIN, Role.OFFICE_MANAGER})
LOOKERS = CLERKS | {Role.LEADER}
ANALYSTS = MANAGERS | {Role.LEADER}
_OF = "/can-bo/lich-hen/{office_id}"

SCREENS = [
    ("GET", "/can-bo/lich-hen", LOOKERS),
    ("GET", _OF, CLERKS),
    ("POST", f"{_OF}/tiep-nhan", CLERKS),
    ("POST", f"{_OF}/lay-so", CLERKS),
    ("POST", f"{_OF}/goi", CLERKS),
    ("POST", f"{_OF}/xong", CLERKS),
    ("POST", f"{_OF}/vang", CLERKS),
    ("GET", f"{_OF}/tim", CLERKS),
    ("POST", f"{_OF}/tim", CLERKS),
    ("GET", f"{_OF}/hen/{{reference}}", CLERKS),
    ("POST", f"{_OF}/hen/{{reference}}/huy", MANAGERS),
    ("GET", f"{_OF}/phieu/{{reference}}", CLERKS),
    ("GET", f"{_OF}/ngay", CLERKS),
    ("GET", f"{_OF}/tuan", LOOKERS),
    ("GET", f"{_OF}/thiet-lap", MANAGERS),
    ("GET", f"{_OF}/thiet-lap/{{part}}", MANAGERS),
    ("POST", f"{_OF}/thiet-lap/{{part}}", MANAGERS),
    ("GET", f"{_OF}/can-doi", MANAGERS),
    ("POST", f"{_OF}/can-doi", MANAGERS),
    ("GET", f"{_OF}/da-doi", MANAGERS),
    ("GET", f"{_OF}/so-lieu", ANALYSTS),
    ("GET", f"{_OF}/nhat-ky", MANAGERS),
]
VALUES = {"reference": "K7-3MHP", "part": "nghi"}
