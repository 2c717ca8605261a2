"""What the question log tells of wordings: what people meant by them, what they ask most, which answers displease.

A wording turns out to mean a procedure when it was asked back about and the procedure then picked, or when the
citizen soon said it in other words and was answered about the procedure then. Nothing is concluded from one
conversation: see `feed.proposals`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from feed.trails import Step

SOON = timedelta(minutes=5)
"""Within this time the same matter is said in other words; later it is another matter."""
_REDACTED = "["
"""With it begins what stands in the place of personal data: such a message is nobody else's wording."""
_ASK_BACK = "ask_back"
_REPHRASED = frozenset({"answer", "out_of_scope", _ASK_BACK})
"""Outcomes that a citizen tries again after, when they are not what was wanted."""

Key = tuple[str, ...]
"""Words of a wording without diacritics: the same for all ways to type it."""
Answered = tuple[str, tuple[str, ...]]
"""Code and aspects of an answer."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A message as search reads it."""

    name: str
    """What names the matter, with diacritics."""
    key: Key
    accented: bool
    """Whether the diacritics were typed, not guessed."""
    corrects: bool
    """Whether it says that the answer before was not what was meant."""
    goes_on: bool
    """Whether it begins with a word that refers to what was said before."""


Reader = Callable[[str], Wording]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a wording turned out to mean in one conversation."""

    code: str
    picked: bool
    """Picked after an ask-back; else found by rephrasing."""
    name: str
    accented: bool


@dataclass(slots=True)
class Evidence:
    """What all conversations together tell. Each conversation counts once for a wording and once for a procedure."""

    meant: dict[Key, dict[int, Meant]] = field(default_factory=lambda: defaultdict(dict))
    """By wording and conversation; the last meaning of a conversation counts."""
    asked: Counter[str] = field(default_factory=Counter)
    """Conversations that were answered about a procedure and did not object."""
    votes: dict[Answered, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    """Votes by answer: True for useful."""

    def add(self, trail: Sequence[Step], read: Reader) -> None:
        """Takes in one conversation."""
        found = meanings(trail, read)
        for place, (code, picked) in found.items():
            wording = read(trail[place].text)
            if not wording.goes_on and _REDACTED not in trail[place].text:
                meant = Meant(code, picked, wording.name, wording.accented)
                self.meant[wording.key][trail[place].conversation_id] = meant
        right = (step.code for place, step in enumerate(trail) if _stands(step) and place not in found)
        self.asked.update({code for code in right if code})
        for step in trail:
            if step.code and step.useful is not None:
                self.votes[step.code, step.aspects][step.useful] += 1


def meanings(trail: Sequence[Step], read: Reader) -> dict[int, tuple[str, bool]]:
    """What the typed messages of a conversation turned out to mean: by place the code, and whether it was picked."""
    found = {place: (code, True) for place, code in _picks(trail).items()}
    typed = [place for place, step in enumerate(trail) if not step.tapped]
    for place, next_place in reversed(list(pairwise(typed))):
        before, after = trail[place], trail[next_place]
        code = found[next_place][0] if next_place in found else after.code if _stands(after) else None
        if code and place not in found and _rephrased(before, after, code, read):
            found[place] = (code, False)
    return found


def _picks(trail: Sequence[Step]) -> dict[int, str]:
    """For each message that was asked back about, the offered procedure that was taken up, the last one if several.

    A button can be tapped later too; typed words answer only the question right before them.
    """
    found: dict[int, str] = {}
    asked: int | None = None
    for place, step in enumerate(trail):
        if step.outcome == _ASK_BACK:
            asked = None if step.tapped else place
        if asked is None or step.code not in trail[asked].offered or not _stands(step):
            continue
        if step.tapped or place == asked + 1:
            found[asked] = step.code
    return found


def _rephrased(before: Step, after: Step, code: str, read: Reader) -> bool:
    """Whether `after` says in other words what `before` meant, and was understood otherwise."""
    if before.outcome not in _REPHRASED or code == before.code or after.at - before.at > SOON:
        return False
    said, again = read(before.text), read(after.text)
    if again.goes_on and not again.corrects:
        return False
    objected = again.corrects or before.useful is False
    return said.key != again.key and (objected or code in before.candidates)


def _stands(step: Step) -> bool:
    """Whether it was answered and the citizen did not vote the answer down."""
    return step.code is not None and step.useful is not False
