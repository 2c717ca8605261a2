"""What a conversation may be in the middle of besides questions: a booking, a report, stars, its data, danger.

The engine answers questions; everything that begins, goes on or ends across several messages is asked for here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.appointments.choices import PREFIX as BOOKING
from bot.appointments.hearing import speaks_of_appointments
from bot.appointments.offices import OfficeFinder
from bot.appointments.requests import Result
from bot.booking_turn import BookingTurn
from bot.cues import Cues
from bot.ratings.turn import RatingTurn
from bot.reports.requests import ReportResult
from bot.reports.turn import ReportTurn
from bot.rights import choices as rights
from bot.rights.requests import DataResult
from bot.rights.turn import RightsTurn
from bot.safety.turn import SafetyTurn, alarm
from bot.types import Message, Outcome, State, Turn
from bot.votes import vote_of, voted
from index.aspects import Asked
from index.library import Library
from index.query import Query


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of one conversation, at one message."""

    library: Library
    finder: OfficeFinder
    state: State
    message: Message

    @property
    def booking(self) -> BookingTurn:
        """The booking's part."""
        return BookingTurn(self.library, self.finder, self.state, self.message)

    @property
    def reports(self) -> ReportTurn:
        """The report's part."""
        return ReportTurn(self.library, self.finder, self.state, self.message)

    @property
    def ratings(self) -> RatingTurn:
        """The part of stars."""
        return RatingTurn(self.state, self.message, self.library.version)

    @property
    def safety(self) -> SafetyTurn:
        """The part of danger."""
        return SafetyTurn(self.state, self.message, self.library.version)

    @property
    def alarm(self) -> str | None:
        """What the message warns of."""
        return alarm(self.message)

    def before_all(self) -> Turn | None:
        """A message that is no question whatever else is under way: about one's data, stars, or a report's code."""
        data = RightsTurn(self.library, self.state, self.message).heard()
        return data or self.ratings.written() or self.reports.looked_up()

    def tapped(self, choice: str) -> Turn | None:
        """A choice of one of the threads'; None: it is a procedure's, or leads nowhere any more."""
        vote = vote_of(choice)
        if vote is not None:
            return voted(vote, self.state, self.library.version)
        if choice.startswith(rights.PREFIX):
            return RightsTurn(self.library, self.state, self.message).tapped(choice)
        reported = self.reports.tapped(choice) or self.ratings.tapped(choice)
        return reported or (self.booking.tapped(choice) if choice.startswith(BOOKING) else None)

    def first_look(self, query: Query, cues: Cues, asked: Asked) -> Turn | None:
        """What a message does for what is under way; None: nothing, it is a question."""
        reported = self.reports.first_look(query, cues, asked)
        if reported is None and self.state.booking is not None and self.state.report is None:
            reported = self.reports.said(query, asked)
        return reported or self.booking.first_look()

    def begun(self, query: Query, cues: Cues, asked: Asked) -> Turn | None:
        """A message that begins something; None: it does not."""
        if speaks_of_appointments(query, cues):
            return self.booking.begun()
        return self.reports.begun(query, cues, asked)

    def threaded(self, turn: Turn) -> Turn:
        """A turn with the thread taken up again that it interrupted."""
        return self.reports.threaded(turn) or self.booking.threaded(turn)

    def resumed(self, turn: Turn, result: Result | DataResult | ReportResult) -> Turn:
        """Goes on with a turn after its request. `state` is the turn's."""
        if isinstance(result, DataResult):
            return RightsTurn(self.library, self.state, self.message).resumed(turn, result)
        if isinstance(result, ReportResult):
            ended = self.reports.resumed(turn, result)
            resumes = ended.request is None and ended.state.report is None and ended.outcome is Outcome.REPORT
            return self.booking.threaded(ended) if resumes else ended
        ended = self.booking.resumed(turn, result)
        return self.reports.threaded(ended) or ended
