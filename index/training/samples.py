"""Training questions made from our own cards: aliases and situations, dirtied, each hidden from its own search."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.text import fold
from index.units import OUTSIDE, TargetKind, Unit, UnitKind, target_kind

_OPENINGS = (
    "cho hỏi ", "em muốn ", "tôi cần ", "cho mình hỏi về ", "bạn ơi ", "ad ơi cho hỏi ", "muốn ",
    "thủ tục ", "",
)
_CLOSINGS = (
    " cần giấy tờ gì", " ở đâu", " mất bao lâu", " hết bao nhiêu tiền", " thì làm sao", " như thế nào ạ", " được không",
    " phải làm gì", "", "", "",
)
_SLIPS = {
    "đăng ký": "đk", "không": "ko", "được": "dc", "giấy khai sinh": "gks", "căn cước": "cccd",
    "hộ kinh doanh": "hkd",
}
_HIDDEN_SHARE = 0.75
"""How often the text a question was made from is hidden: citizens do hit an alias word for word now and then."""
_VERBS = ("đăng ký", "làm thủ tục", "làm giấy", "làm", "xin cấp", "xin giấy", "xin", "khai báo", "cấp")
_REPEATS = (1, 1, 1, 2, 3, 4)
"""Questions per name or situation, by popularity."""
_GROUP_POPULARITY = 3
_UNCARDED_SHARE = 0.12
_OUTSIDE_REPEATS = 2
FOLDS = 3
TYPED_WEIGHT = 4.0
"""What people typed counts more than what was made of a card's names."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, the target it means (None: none of ours), and the unit to hide from its search."""

    text: str
    target: str
    """What it means; `OUTSIDE` for none of ours."""
    unit: int | None
    """Place among `units` of the text it was made from, where that is to be hidden from its search."""
    origin: str
    """What it was made from: samples of one origin are held out together."""
    weight: float = 0.5


def fold_of(origin: str | int) -> int:
    """The part that everything made from one text or one case belongs to."""
    return zlib.crc32(str(origin).encode()) % FOLDS


def part_of(sample: Sample) -> int:
    """The part a sample belongs to."""
    return fold_of(sample.origin if sample.unit is None else sample.unit)


def samples(units: Sequence[Unit], popularity: Mapping[str, int], seed: int = 7) -> Iterator[Sample]:
    """Dirtied questions from names and situations, cut titles, and messages from outside.

    A procedure that people ask for daily gets more questions than a rare one: so the ranker learns how much
    `popularity` (0 to 5, by target) tells.
    """
    for number, unit in enumerate(units):
        chance = random.Random(f"{seed} {unit.target} {unit.text}")  # noqa: S311
        if unit.target == OUTSIDE:
            yield from (_outside(unit, number, chance) for _ in range(_OUTSIDE_REPEATS))
            continue
        grouped = target_kind(unit.target) is not TargetKind.PROCEDURE
        asked = popularity.get(unit.target, _GROUP_POPULARITY if grouped else 0)
        if unit.kind is UnitKind.EXAMPLE:
            for text in (unit.text, undone(unit.text, chance)):
                yield Sample(text, unit.target, number, unit.target, weight=TYPED_WEIGHT)
        elif unit.kind in (UnitKind.ALIAS, UnitKind.SITUATION):
            for _ in range(_REPEATS[asked]):
                yield _spoken(unit, number, chance)
        elif unit.kind is UnitKind.TITLE:
            yield from _titled(unit, asked, chance)


def _outside(unit: Unit, number: int, chance: random.Random) -> Sample:
    return Sample(_dirtied(unit.text, chance), OUTSIDE, number, unit.text, weight=TYPED_WEIGHT / 2)


def _spoken(unit: Unit, number: int, chance: random.Random) -> Sample:
    text, hidden = unit.text, number if chance.random() < _HIDDEN_SHARE else None
    if unit.kind is UnitKind.ALIAS and chance.random() < 0.3:
        text, hidden = _shortened(text, chance), None
    return Sample(_dirtied(text, chance), unit.target, hidden, unit.target)


def _titled(unit: Unit, asked: int, chance: random.Random) -> Iterator[Sample]:
    if asked == 0 and chance.random() > _UNCARDED_SHARE:
        return
    for _ in range(max(asked - 1, 1)):
        yield Sample(_dirtied(_cut(unit.text, chance), chance), unit.target, None, unit.target)


def _shortened(text: str, chance: random.Random) -> str:
    """A name without its leading verb or without one of its words, as people shorten what everybody knows."""
    words = text.split()
    if len(words) < 3:
        return text
    lead = next((verb for verb in _VERBS if text.lower().startswith(verb + " ")), None)
    if lead is not None and chance.random() < 0.7:
        return text[len(lead) + 1 :]
    del words[chance.randrange(len(words))]
    return " ".join(words)


def _dirtied(text: str, chance: random.Random) -> str:
    text = f"{chance.choice(_OPENINGS)}{text[:1].lower()}{text[1:]}{chance.choice(_CLOSINGS)}"
    if chance.random() < 0.3:
        for word, slip in _SLIPS.items():
            text = text.replace(word, slip)
    if chance.random() < 0.15:
        text = _typo(text, chance)
    return fold(text) if chance.random() < 0.4 else text


def undone(text: str, chance: random.Random) -> str:
    """A typed question once more, without diacritics or with a slip."""
    return fold(text) if chance.random() < 0.5 else _typo(text, chance)


def _cut(title: str, chance: random.Random) -> str:
    words = title.split()
    if len(words) <= 6:
        return title
    size = chance.randint(5, min(12, len(words)))
    return " ".join(words[:size])


def _typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(len(text) - 1, 2))
    return text[: place - 1] + text[place : place + 1] + text[place - 1 : place] + text[place + 1 :]
