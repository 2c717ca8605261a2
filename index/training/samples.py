"""Training questions made from our own cards: aliases and situations, dirtied, each hidden from its own search."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.text import fold
from index.units import Unit, UnitKind

_OPENINGS = ("cho hỏi ", "em muốn ", "tôi cần ", "cho mình hỏi về ", "bạn ơi ", "ad ơi cho hỏi ", "muốn ", "thủ tục ", "")
_CLOSINGS = (
    " cần giấy tờ gì", " ở đâu", " mất bao lâu", " hết bao nhiêu tiền", " thì làm sao", " như thế nào ạ", " được không",
    " phải làm gì", "", "", "",
)
_SLIPS = {"đăng ký": "đk", "không": "ko", "được": "dc", "giấy khai sinh": "gks", "căn cước": "cccd", "hộ kinh doanh": "hkd"}
_HIDDEN_SHARE = 0.75
"""How often the text a question was made from is hidden: citizens do hit an alias word for word now and then."""
_OUTSIDE = Path(__file__).parent / "outside.txt"


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, the target it means (None: none of ours), and the unit to hide from its search."""

    text: str
    target: str | None
    unit: int | None


def samples(units: Sequence[Unit], seed: int = 7) -> Iterator[Sample]:
    """One or two dirtied questions per alias and situation, cut titles, and messages from outside."""
    chance = random.Random(seed)  # noqa: S311
    for number, unit in enumerate(units):
        if unit.kind in (UnitKind.ALIAS, UnitKind.SITUATION):
            hidden = number if chance.random() < _HIDDEN_SHARE else None
            yield Sample(_dirtied(unit.text, chance), unit.target, hidden)
        elif unit.kind is UnitKind.TITLE and chance.random() < 0.25:
            yield Sample(_dirtied(_cut(unit.text, chance), chance), unit.target, None)
    for line in _OUTSIDE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Sample(line, None, None)
            yield Sample(fold(line), None, None)


def _dirtied(text: str, chance: random.Random) -> str:
    text = f"{chance.choice(_OPENINGS)}{text[:1].lower()}{text[1:]}{chance.choice(_CLOSINGS)}"
    if chance.random() < 0.3:
        for word, slip in _SLIPS.items():
            text = text.replace(word, slip)
    if chance.random() < 0.15:
        text = _typo(text, chance)
    return fold(text) if chance.random() < 0.4 else text


def _cut(title: str, chance: random.Random) -> str:
    words = title.split()
    if len(words) <= 6:
        return title
    size = chance.randint(5, min(12, len(words)))
    return " ".join(words[:size])


def _typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(len(text) - 1, 2))
    return text[: place - 1] + text[place : place + 1] + text[place - 1 : place] + text[place + 1 :]
