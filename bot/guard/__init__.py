"""The guard: checks what is about to be sent against the records it was composed from (docs/adr/0007)."""

from bot.guard.check import Guard

__all__ = ["Guard"]
