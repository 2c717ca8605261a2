"""What officers find on their first page: one line for each screen, for the roles that may open it."""

from __future__ import annotations

from dataclasses import dataclass

from api.staff.access import COUNTER, Officer, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen. `path` may hold `{office_id}`; then only officers of an office see it."""

    path: str
    text: str
    """Key in the catalogue `staff`."""
    roles: tuple[Role, ...] = tuple(Role)


MENU: tuple[Entry, ...] = (
    Entry("/can-bo/lich-hen", "menu_counter", (*COUNTER, Role.LEADER)),
    Entry("/can-bo/hoi-dap", "menu_review", (Role.ADMIN, Role.REVIEWER, Role.OFFICE_MANAGER, Role.LEADER)),
    Entry("/can-bo/toan-canh", "menu_figures", (Role.ADMIN, Role.REVIEWER, Role.LEADER, Role.OFFICE_MANAGER)),
    Entry("/can-bo/giam-sat", "menu_supervision", (Role.ADMIN, Role.REVIEWER, Role.LEADER, Role.SUPERVISOR)),
    Entry("/can-bo/dieu-hanh", "menu_screen", (Role.ADMIN, Role.REVIEWER, Role.LEADER)),
    Entry("/can-bo/bao-cao", "menu_reports", (Role.ADMIN, Role.REVIEWER, Role.LEADER)),
    Entry("/can-bo/mat-khau", "menu_password"),
)


def menu_for(officer: Officer) -> list[tuple[str, str]]:
    """Addresses and text keys of the screens that this officer may open."""
    return [
        (entry.path.format(office_id=officer.office_id), entry.text)
        for entry in MENU
        if officer.role in entry.roles and (officer.office_id or "{office_id}" not in entry.path)
    ]
