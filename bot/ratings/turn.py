"""The part of a turn that is about satisfaction: when to ask, what a tap means, and a reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from booking.types import ZONE
from bot.catalog import say
from bot.cues import Cues
from bot.ratings import choices
from bot.ratings.choices import REASONS_BAD, REASONS_GOOD, Tap
from bot.ratings.memory import RatingMemory
from bot.types import Block, Choice, Message, Outcome, Rating, Reply, State, Turn
from index.text import fold_all, tokens

ASKED_AFTER = 4
"""Answers after which stars are asked for although nobody has said thanks."""
GOOD_FROM = 4
_STARS = re.compile(r"([1-5]) sao")
_PARTICLES = frozenset({"da", "a", "nha", "nhe", "nghe", "oi", "voi"})
_ENDINGS = ("thanks", "goodbye")
_LONGEST = 1000
_OF_ANSWERS = frozenset({"right", "clear", "quick", "wrong", "unclear", "lacking", "slow"})
_OF_VISITS = frozenset({"clear", "quick", "kind", "unclear", "slow", "rude"})


@dataclass(frozen=True, slots=True)
class RatingTurn:
    """The part of one turn."""

    state: State
    message: Message
    knowledge_version: str

    def written(self) -> Turn | None:
        """A message that says how satisfied somebody is in the words offered, or why after "Viết thêm" was tapped."""
        named = self._named()
        return self.tapped(named) if named is not None else self._comment()

    def _named(self) -> str | None:
        """The choice offered for rating whose label the message is, or its stars: "hài lòng ạ", "4 sao"."""
        if self.message.choice is not None:
            return None
        said = _bare(self.message.text)
        stars = _STARS.fullmatch(said)
        for choice in self.state.offered:
            tap = choices.read(choice.id)
            if tap is not None and (_bare(choice.label) == said or (stars is not None and tap.act == stars[1])):
                return choice.id
        return None

    def _comment(self) -> Turn | None:
        """A message that says why, after "Viết thêm" was tapped; None for any other."""
        memory = self.state.rating
        if not memory.writing or memory.subject is None:
            return None
        if self.message.choice is not None or not self.message.text.strip() or self.message.text.startswith("/"):
            return None
        comment = " ".join(self.message.text.split())[:_LONGEST]
        rating = _rating(Tap("w", memory.subject), comment=comment)
        return self._turn(Reply(blocks=(_text("thanks"),)), rating, memory.model_copy(update={"writing": False}))

    def tapped(self, choice: str) -> Turn | None:
        """A choice that rates; None for any other."""
        tap = choices.read(choice)
        if tap is None:
            return None
        memory = self.state.rating.model_copy(update={"subject": tap.subject, "writing": tap.act == "w"})
        if tap.act == "w":
            return self._turn(Reply(blocks=(_text("write"),)), None, memory)
        if tap.act.isdecimal():
            stars = int(tap.act)
            return self._turn(_why(stars, tap.subject), _rating(tap, stars=stars), memory)
        return self._turn(Reply(blocks=(_text("thanks"),)), _rating(tap, reason=tap.act), memory)

    def asked(self, turn: Turn, cues: Cues | None) -> Turn:
        """The turn that counts its answer, and asks for stars where the talk ends and none were asked today."""
        memory = turn.state.rating
        if turn.outcome is not Outcome.VOTE:
            memory = memory.model_copy(update={"writing": False})
        if turn.outcome is Outcome.ANSWER and self.message.id is not None:
            counted = {"answers": memory.answers + 1, "answer": self.message.id}
            memory = memory.model_copy(update=counted)
        if memory.answer is None or not self._is_time(turn, memory, cues):
            return _with(turn, memory)
        stars = star_choices(choices.of_message(memory.answer))
        memory = memory.model_copy(update={"asked_on": self._today, "answers": 0})
        offered = (*turn.reply.choices, *stars)
        reply = turn.reply.model_copy(update={"blocks": (*turn.reply.blocks, _note("ask")), "choices": offered})
        state = turn.state.model_copy(update={"offered": offered})
        return _with(turn.model_copy(update={"reply": reply, "state": state}), memory)

    def _is_time(self, turn: Turn, memory: RatingMemory, cues: Cues | None) -> bool:
        if memory.asked_on == self._today or turn.state.booking or turn.state.report or turn.request is not None:
            return False
        ended = turn.outcome is Outcome.SMALL_TALK and cues is not None and any(cue in cues for cue in _ENDINGS)
        return ended or (turn.outcome is Outcome.ANSWER and memory.answers >= ASKED_AFTER)

    @property
    def _today(self) -> date:
        return self.message.at.astimezone(ZONE).date()

    def _turn(self, reply: Reply, rating: Rating | None, memory: RatingMemory) -> Turn:
        """The conversation is left where it was; only the choices that were shown last may be picked by number."""
        state = self.state.model_copy(update={"rating": memory, "last_at": self.message.at})
        version = self.knowledge_version
        return Turn(state=state, reply=reply, outcome=Outcome.VOTE, rating=rating, knowledge_version=version)


def star_choices(subject: str) -> tuple[Choice, ...]:
    """One to five stars in the words of SIPAS, so that where choices are numbered the number is the stars."""
    return tuple(Choice(id=choices.rate(n, subject), label=say(f"rate_star_{n}")) for n in "12345")


def _why(stars: int, subject: str) -> Reply:
    good = stars >= GOOD_FROM
    fitting = _OF_ANSWERS if subject.startswith("m") else _OF_VISITS
    reasons = [*(reason for reason in (REASONS_GOOD if good else REASONS_BAD) if reason in fitting), "write"]
    buttons = [
        Choice(id=choices.rate("w" if r == "write" else r, subject), label=say(f"rate_reason_{r}")) for r in reasons
    ]
    return Reply(blocks=(_text("thanks_good" if good else "thanks_bad"),), choices=tuple(buttons))


def _rating(tap: Tap, *, stars: int | None = None, reason: str | None = None, comment: str | None = None) -> Rating:
    return Rating(message=tap.message, reference=tap.reference, stars=stars, reason=reason, comment=comment)


def _with(turn: Turn, memory: RatingMemory) -> Turn:
    return turn.model_copy(update={"state": turn.state.model_copy(update={"rating": memory})})


def _bare(text: str) -> str:
    """Words without diacritics and particles."""
    return " ".join(word for word in fold_all(tokens(text)) if word not in _PARTICLES)


def _text(key: str) -> Block:
    return Block(kind="text", text=say(f"rate_{key}"))


def _note(key: str) -> Block:
    return Block(kind="note", text=say(f"rate_{key}"))
