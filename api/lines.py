"""JSON lines from a file or from standard input, read with limits; a bad line is told by its number."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from api.terminal import fail
from api.texts import operator_text

LONGEST_LINE = 1_000_000
"""Bytes; a message has thousands of characters at the most."""


class BadLine(Exception):
    """A line that cannot be used: its number, from 1, and why, for whoever made it."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(operator_text("line_bad", number=number, reason=reason))


@contextmanager
def open_or_exit(name: str) -> Iterator[BinaryIO]:
    """The file of that name, or standard input for "-"; what cannot be opened ends the program."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - a name on the command line, "-" included
            yield file
    except OSError as error:
        fail(operator_text("lines_unreadable", file=name, reason=error.strerror))


def json_lines(lines: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects with the numbers of their lines; empty lines are passed over. Raises BadLine."""
    for number, line in enumerate(_limited(lines), start=1):
        if line.strip():
            yield number, _object(number, line)


def _limited(lines: BinaryIO) -> Iterable[bytes]:
    return iter(lambda: lines.readline(LONGEST_LINE + 1), b"")


def _object(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadLine(number, operator_text("line_too_long", most=LONGEST_LINE))
    try:
        record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise BadLine(number, operator_text("line_not_utf8")) from error
    except (ValueError, RecursionError) as error:
        raise BadLine(number, operator_text("line_not_json")) from error
    if not isinstance(record, dict):
        raise BadLine(number, operator_text("line_no_object"))
    return record
