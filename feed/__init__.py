"""The question log and what officials make of it."""
