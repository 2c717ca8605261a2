"""What an officer accepted of what use taught: names and priors laid over the content, in one file of the operator.

The file lies in the data directory, so that a new version of the shipped content leaves it alone. Taking a line
out undoes it with the next build.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from knowledge.atomic_files import write_files
from knowledge.content import read_record
from knowledge.models import Code, Group, Procedure, Record, Text

_HEADING = """\
# Những gì cán bộ đã nhận từ gợi ý của “banhoi learn”; được đặt lên trên nội dung mỗi lần “banhoi build”.
# Muốn bỏ điều gì thì xóa dòng của nó rồi dựng lại.
"""


class Learned(Record):
    """Names and priors that were accepted, by procedure or group."""

    aliases: Mapping[Code, tuple[Text, ...]] = {}
    """Further names of procedures."""
    asks: Mapping[str, tuple[Text, ...]] = {}
    """Further vague names, by group."""
    popularity: Mapping[Code, Annotated[int, Field(ge=0, le=5)]] = {}
    """Takes the place of what the card says."""

    def count(self) -> int:
        """How many names and priors these are."""
        return sum(map(len, (*self.aliases.values(), *self.asks.values()))) + len(self.popularity)

    def joined(self, new: Learned) -> Learned:
        """This with what is new; each name once, the newer popularity."""
        return Learned(
            aliases=_joined(self.aliases, new.aliases),
            asks=_joined(self.asks, new.asks),
            popularity={**self.popularity, **new.popularity},
        )


def learned_file(data_dir: Path) -> Path:
    """Where it lies."""
    return data_dir / "learned.yaml"


def load_learned(data_dir: Path) -> Learned:
    """What was accepted so far; nothing where the file does not exist. Raises `ContentError`."""
    path = learned_file(data_dir)
    return read_record(path, Learned) if path.exists() else Learned()


def save_learned(data_dir: Path, learned: Learned) -> Path:
    """Writes the file anew and returns its path. Raises `WriteFailedError`; the former file is then intact."""
    path = learned_file(data_dir)
    body = yaml.safe_dump(learned.model_dump(mode="json"), allow_unicode=True, width=120)
    write_files({path: _HEADING + body})
    return path


def lay_over(procedures: dict[str, Procedure], groups: dict[str, Group], learned: Learned) -> list[str]:
    """Puts the names and priors into the records; returns remarks on those that no longer have one."""
    for code, aliases in learned.aliases.items():
        if (card := procedures.get(code)) is not None:
            procedures[code] = card.model_copy(update={"aliases": _once((*card.aliases, *aliases))})
    for code, popularity in learned.popularity.items():
        if (card := procedures.get(code)) is not None:
            procedures[code] = card.model_copy(update={"popularity": popularity})
    for ident, asks in learned.asks.items():
        if (group := groups.get(ident)) is not None:
            groups[ident] = group.model_copy(update={"asks": _once((*group.asks, *asks))})
    gone = sorted({*learned.aliases, *learned.popularity} - procedures.keys())
    gone += sorted(learned.asks.keys() - groups.keys())
    return [f"Điều đã học về {ident} không dùng: mã này không còn." for ident in gone]


def _joined(old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {ident: _once((*old.get(ident, ()), *new.get(ident, ()))) for ident in sorted({*old, *new})}


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Each text at its first place, whatever the case of its letters."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(text.casefold(), text)
    return tuple(first.values())
