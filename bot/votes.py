"""Votes on an answer: the two choices under it, and what a tap on one of them means."""

from __future__ import annotations

import re

from bot.catalog import say
from bot.types import VOTE_PREFIX, Block, Choice, Message, Outcome, Reply, State, Turn, Vote

_VOTE = re.compile(rf"{VOTE_PREFIX}(up|down):(\d{{1,18}})")


def with_votes(turn: Turn, message: Message) -> Turn:
    """The turn with the two votes as the last choices under its answer, where the message can be named."""
    if turn.outcome is not Outcome.ANSWER or message.id is None:
        return turn
    choices = (*turn.reply.choices, *vote_choices(message.id))
    reply = turn.reply.model_copy(update={"choices": choices})
    state = turn.state.model_copy(update={"offered": choices})
    return turn.model_copy(update={"reply": reply, "state": state})


def vote_choices(message: int) -> tuple[Choice, Choice]:
    """The two votes on the answer to a message."""
    up = Choice(id=f"{VOTE_PREFIX}up:{message}", label=say("vote_up"))
    return up, Choice(id=f"{VOTE_PREFIX}down:{message}", label=say("vote_down"))


def vote_of(choice: str) -> Vote | None:
    """The vote that a choice's id stands for; None when it is another choice."""
    found = _VOTE.fullmatch(choice)
    return Vote(message=int(found[2]), useful=found[1] == "up") if found else None


def thanks(vote: Vote) -> str:
    """What is said to a vote."""
    return say("voted_up" if vote.useful else "voted_down")


def voted(vote: Vote, state: State, knowledge_version: str) -> Turn:
    """The turn that takes a vote and leaves the conversation where it was."""
    return Turn(
        state=state,
        reply=Reply(blocks=(Block(kind="text", text=thanks(vote)),)),
        outcome=Outcome.VOTE,
        vote=vote,
        knowledge_version=knowledge_version,
    )
