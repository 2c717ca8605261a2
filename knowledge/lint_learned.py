"""Checks what was learned before it is written: it must lead somewhere, and to one place only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.assemble import Knowledge
from knowledge.content import Content
from knowledge.learned import Learned, lay_over
from knowledge.lint_names import Words, name_faults
from knowledge.lint_texts import text_faults


def learned_faults(knowledge: Knowledge, learned: Learned, words: Words) -> list[str]:
    """What speaks against laying `learned` over the knowledge, in Vietnamese; nothing where all is well.

    Only faults that it would bring in: what the content itself lacks is the business of `knowledge.lint`.
    `words` is how search reads a name.
    """
    procedures, groups = dict(knowledge.procedures), dict(knowledge.groups)
    unknown = lay_over(procedures, groups, learned)
    before = set(_name_faults(knowledge, Content(dict(knowledge.procedures), dict(knowledge.groups)), words))
    after = _name_faults(knowledge, Content(procedures, groups), words)
    texts = (f"{field}: {message}" for field, message in text_faults(learned))
    return [*unknown, *texts, *(fault for fault in after if fault not in before)]


def _name_faults(knowledge: Knowledge, content: Content, words: Words) -> Iterator[str]:
    content.faqs, content.elsewhere = dict(knowledge.faqs), dict(knowledge.elsewhere)
    for kind in ("procedures", "groups", "faqs", "elsewhere"):
        content.files |= {(kind, ident): Path() for ident in getattr(content, kind)}
    return (f"{fault.ident}: {fault.message}" for fault in name_faults(content, words))
