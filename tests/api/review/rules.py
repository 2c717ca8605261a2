"""Who may open which screen of the review, written down apart from the code; the matrix of staff routes reads it."""

from __future__ import annotations

from api.staff.access import Role

REVIEWERS = frozenset({Role.ADMIN, Role.REVIEWER})
EDITORS = REVIEWERS | {Role.OFFICE_MANAGER}
READERS = EDITORS | {Role.LEADER}
_ONE = "/can-bo/hoi-dap/viec/{code}"

SCREENS = [
    ("GET", "/can-bo/hoi-dap", READERS),
    ("GET", "/can-bo/hoi-dap/nhip", READERS),
    ("POST", "/can-bo/hoi-dap/hang-loat", REVIEWERS),
    ("GET", "/can-bo/hoi-dap/mau", READERS),
    ("POST", "/can-bo/hoi-dap/mau", REVIEWERS),
    ("POST", "/can-bo/hoi-dap/mau/{number}", REVIEWERS),
    ("POST", "/can-bo/hoi-dap/mau/{number}/xoa", REVIEWERS),
    ("GET", _ONE, READERS),
    ("POST", f"{_ONE}/giao", REVIEWERS),
    ("POST", f"{_ONE}/han", REVIEWERS),
    ("POST", f"{_ONE}/ghi-chu", EDITORS),
    ("POST", f"{_ONE}/lien-he", EDITORS),
    ("POST", f"{_ONE}/nhan", REVIEWERS),
    ("POST", f"{_ONE}/dong", REVIEWERS),
    ("POST", f"{_ONE}/mo-lai", REVIEWERS),
    ("POST", f"{_ONE}/nhap", EDITORS),
    ("POST", f"{_ONE}/trinh", EDITORS),
    ("POST", f"{_ONE}/duyet", REVIEWERS),
    ("POST", f"{_ONE}/tra-lai", REVIEWERS),
    ("POST", f"{_ONE}/cong-khai", REVIEWERS),
    ("POST", f"{_ONE}/go", REVIEWERS),
    ("POST", f"{_ONE}/thu-hoi", REVIEWERS),
]
VALUES = {"code": "HD-234567", "number": "1"}
