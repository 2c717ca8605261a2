"""What is wrong or odd in the content, told to the one who writes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """An error has to be mended; a warning may be right where the full official data is imported."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: in which file, in which record (a procedure's code, a group's id), in which field."""

    path: Path
    ident: str
    field: str
    message: str
    """In Vietnamese, with what to do about it where that is not plain."""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.path}: {self.ident}: {self.field}: {self.message}"
