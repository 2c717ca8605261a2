"""What can stop an import, each with a message that an operator can act on."""

from __future__ import annotations


class DataImportError(Exception):
    """An import that changed nothing: what was imported before stays as it was."""


class ExportUnreadableError(DataImportError):
    """The file is missing, cut off, or holds no record."""


class ShrinkRefusedError(DataImportError):
    """The file would withdraw more procedures than is plausible."""


class WriteFailedError(DataImportError):
    """The data directory cannot be written."""
