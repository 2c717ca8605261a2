"""Vietnamese dates and times as people write them: from a free message to the days and times that somebody wishes."""

from bot.when.read import read
from bot.when.types import Clock, Days, Option, Problem, ProblemKind, Span, Times, Window, Wish

__all__ = ["Clock", "Days", "Option", "Problem", "ProblemKind", "Span", "Times", "Window", "Wish", "read"]
