"""Replies that are not answers about a procedure: greeting, asking back, unknown, elsewhere, booking, report."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalog import say
from bot.cues import Cues
from bot.types import Block, Choice, Citation, Reply
from knowledge.models import Elsewhere, Faq, Group, Procedure


def _text(*keys: str) -> Reply:
    return Reply(blocks=tuple(Block(kind="text", text=say(key)) for key in keys))


def empty() -> Reply:
    """The message has no words."""
    return _text("empty")


def social(cues: Cues) -> Reply:
    """Greeting, thanks, farewell, or who the bot is."""
    if "who" in cues:
        return Reply(blocks=(*_text("who").blocks, _examples()))
    if "thanks" in cues:
        return _text("thanks")
    if "goodbye" in cues:
        return _text("goodbye")
    return Reply(blocks=(*_text("greeting").blocks, _examples()))


def _examples() -> Block:
    items = tuple(say(f"example_{number}") for number in (1, 2, 3))
    return Block(kind="list", text=say("greeting_examples"), items=items)


def unknown(hotline: str | None) -> Reply:
    """Nothing in the data answers it: say so, and that officials will see the question."""
    return Reply(blocks=(*_text("unknown", "forwarded").blocks, *_hotline(hotline)))


def blocked(hotline: str | None) -> Reply:
    """The answer did not stand up to the check against its records: say so, and that officials will see it."""
    return Reply(blocks=(*_text("blocked", "forwarded").blocks, *_hotline(hotline)))


def office_unknown(hotline: str | None) -> Reply:
    """Opening hours, addresses and telephone numbers are not in the data."""
    return Reply(blocks=(*_text("office_unknown", "forwarded").blocks, *_hotline(hotline)))


def _hotline(hotline: str | None) -> tuple[Block, ...]:
    return (Block(kind="text", text=say("hotline", hotline=hotline)),) if hotline else ()


def which_procedure() -> Reply:
    """An aspect was asked for, but of nothing known."""
    return _text("which_procedure")


def old_choice(code: str | None) -> Reply:
    """A button that leads nowhere any more."""
    if code is None:
        return _text("old_choice")
    return Reply(blocks=(Block(kind="text", text=say("withdrawn", code=code)), *_text("old_choice").blocks))


def ask_group(group: Group) -> Reply:
    """The one question that tells the siblings apart, with a button for each."""
    choices = tuple(
        Choice(id=f"p:{variant.code}", label=variant.label, code=variant.code) for variant in group.variants
    )
    return _ask(group.question, choices)


def ask_which(procedures: Sequence[Procedure]) -> Reply:
    """Which of these procedures is meant?"""
    choices = tuple(
        Choice(id=f"p:{procedure.code}", label=_short(procedure.display_name), code=procedure.code)
        for procedure in procedures
    )
    return _ask(say("ask_back_default"), choices)


def _ask(question: str, choices: tuple[Choice, ...]) -> Reply:
    blocks = (Block(kind="text", text=question), Block(kind="note", text=say("ask_back_hint")))
    return Reply(blocks=blocks, choices=choices)


def _short(name: str, limit: int = 90) -> str:
    return name if len(name) <= limit else name[: limit - 1].rsplit(" ", 1)[0] + "…"


def elsewhere(entry: Elsewhere) -> Reply:
    """Handled elsewhere: where, if we know."""
    sources: tuple[Citation, ...] = ()
    if entry.source is not None:
        sources = (Citation(title=entry.source.title or entry.id, url=entry.source.url, date=entry.source.as_of),)
    return Reply(blocks=(Block(kind="text", text=entry.answer), *_text("forwarded").blocks), citations=sources)


def faq(entry: Faq) -> Reply:
    """An approved answer to a question."""
    source = Citation(title=entry.source.title or entry.author, url=entry.source.url, date=entry.source.as_of)
    return Reply(blocks=(Block(kind="text", text=entry.answer),), citations=(source,))
