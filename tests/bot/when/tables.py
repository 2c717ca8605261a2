"""Tables of written dates and times with how each must be read, and the comparison.

`blind.jsonl` was written before there was code; `tuned.jsonl` afterwards, to develop on; `fresh.jsonl` when the code
was done. docs/when.md has the figures of their first runs.
A row gives the fixed "now", the options as "DAYS TIMES" (`Option.__str__`), what is ruled out, the kinds of problems.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.when import Wish, read
from bot.when.types import VIETNAM

PARTS = ("blind", "tuned", "fresh")
Row = Mapping[str, Any]


def rows(part: str) -> list[Row]:
    lines = (Path(__file__).parent / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_row(row: Row) -> Wish:
    return read(row["text"], at(row["now"]))


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=VIETNAM)


def is_right(row: Row, wish: Wish) -> bool:
    """Options, what is ruled out, kinds of problems and "soonest" must all be the ones expected."""
    said = (set(map(str, wish.options)), set(map(str, wish.without)), {problem.kind for problem in wish.problems})
    wanted = (set(row["wish"]), set(row.get("without", ())), set(row.get("problems", ())))
    return said == wanted and wish.soonest == row.get("soonest", False)


def share_right(part: str) -> float:
    judged = [is_right(row, read_row(row)) for row in rows(part)]
    return sum(judged) / len(judged)
