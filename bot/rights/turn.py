"""The part of a turn that is about a citizen's data: asked for in words or by a button, answered from a result."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rights import choices, saying
from bot.rights.hearing import Wanted, agrees, wanted
from bot.rights.requests import (
    DataDeleted,
    DataKept,
    DataRequest,
    DataResult,
    DeleteData,
    PrepareDeletion,
    ShowData,
)
from bot.types import Message, Outcome, Reply, State, Turn
from index.library import Library

_REQUESTS: dict[str, DataRequest] = {choices.SHOW: ShowData(), choices.ASK: PrepareDeletion()}


@dataclass(frozen=True, slots=True)
class RightsTurn:
    """The part of one turn."""

    library: Library
    state: State
    message: Message

    def heard(self) -> Turn | None:
        """A message that asks for the data, or answers whether they shall be deleted; None: neither."""
        if self.message.choice is not None:
            return None
        if self._was_asked and (agreed := agrees(self.message.text)) is not None:
            return self.tapped(choices.DELETE if agreed else choices.KEEP)
        match wanted(self.message.text):
            case Wanted.SHOW:
                return self._requesting(ShowData())
            case Wanted.DELETE:
                return self._requesting(PrepareDeletion())
        return None

    def tapped(self, choice: str) -> Turn | None:
        """A choice of these; None when it is none.

        The one that deletes is taken only right after the question: what it would cancel has to have been named.
        """
        if choice == choices.KEEP:
            return self._turn(saying.left_alone())
        if choice == choices.DELETE:
            return self._requesting(DeleteData() if self._was_asked else PrepareDeletion())
        request = _REQUESTS.get(choice)
        return self._requesting(request) if request else None

    def resumed(self, turn: Turn, result: DataResult) -> Turn:
        """Ends the turn with what it was told."""
        match result:
            case DataKept():
                deleting = isinstance(turn.request, PrepareDeletion)
                reply = (saying.asked if deleting else saying.shown)(result, self._office)
            case DataDeleted():
                reply = saying.deleted(result, self._office)
                state = State(last_outcome=Outcome.ERASED, last_at=self.message.at)
                return self._turn(reply).model_copy(
                    update={"state": state, "outcome": Outcome.ERASED, "grounds": (result,)}
                )
            case _:
                reply = saying.refused()
        return self._turn(reply).model_copy(update={"grounds": (result,)})

    @property
    def _was_asked(self) -> bool:
        asked = self.state.last_outcome is Outcome.RIGHTS
        return asked and any(choice.id == choices.DELETE for choice in self.state.offered)

    def _requesting(self, request: DataRequest) -> Turn:
        return self._turn(saying.wait()).model_copy(update={"request": request})

    def _turn(self, reply: Reply) -> Turn:
        changed = {"offered": reply.choices, "last_outcome": Outcome.RIGHTS, "last_at": self.message.at}
        return Turn(
            state=self.state.model_copy(update=changed),
            reply=reply,
            outcome=Outcome.RIGHTS,
            knowledge_version=self.library.version,
        )

    def _office(self, ident: str) -> str:
        office = self.library.knowledge.offices.get(ident)
        return office.name if office else ident

