"""The ids of the choices about a citizen's data."""

PREFIX = "r:"
SHOW = "r:show"
ASK = "r:ask"
DELETE = "r:delete"
"""Deletes; counts only as the answer to the question that the bot has just asked."""
KEEP = "r:keep"
