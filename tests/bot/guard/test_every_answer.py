"""Over all that is served: nothing unsupported in any answer, and what is changed in an answer is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from api.browse import sections
from bot import replies
from bot.guard import Guard
from bot.types import RecordKind, RecordRef, Reply
from index.library import Library
from knowledge.database import KnowledgeBase
from tests.bot.guard.mutations import mutations
from tests.bot.guard.support import Answer, answers_about, answers_from_plans, ref

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
LEAST_FOUND = {"digit": 0.99, "link": 0.99, "date": 0.99, "code": 0.99, "office": 0.95}


def other_replies(knowledge: KnowledgeBase) -> Iterator[Answer]:
    """Questions back, things handled elsewhere, and the pages of the procedures."""
    for group in knowledge.groups.values():
        yield replies.ask_group(group), ref(RecordKind.GROUP, group.id)
    for entry in knowledge.elsewhere.values():
        yield replies.elsewhere(entry), ref(RecordKind.ELSEWHERE, entry.id)
    for faq in knowledge.faqs.values():
        yield replies.faq(faq), ref(RecordKind.FAQ, faq.id)
    procedures = list(knowledge.procedures())
    for four in (procedures[n : n + 4] for n in range(0, len(procedures), 4)):
        sources = tuple(RecordRef(kind=RecordKind.PROCEDURE, id=procedure.code) for procedure in four)
        yield replies.ask_which(four), sources
    for procedure in procedures:
        sources = ref(RecordKind.PROCEDURE, procedure.code)
        yield Reply(blocks=tuple(block for section in sections(procedure) for block in section.blocks)), sources


def unsupported(answers: Iterable[Answer], knowledge: KnowledgeBase) -> list[object]:
    guard = Guard()
    return [
        (sources[0].id, item.kind, item.text)
        for reply, sources in answers
        for item in guard.check(reply, sources, knowledge)
    ]


def test_every_answer_about_every_card_is_borne_out(library: Library) -> None:
    knowledge = library.knowledge
    answers = (found for procedure in knowledge.procedures() for found in answers_about(procedure))
    assert unsupported(answers, knowledge) == []


def test_every_quote_of_a_plan_is_borne_out(library: Library) -> None:
    assert unsupported(answers_from_plans(library.knowledge), library.knowledge) == []


def test_every_other_reply_is_borne_out(library: Library) -> None:
    assert unsupported(other_replies(library.knowledge), library.knowledge) == []


def test_answers_about_official_records_are_borne_out(official: KnowledgeBase) -> None:
    """Every ninth of the whole export, cards laid over it."""
    codes = official.codes()[::9]
    procedures = (procedure for code in codes if (procedure := official.procedure(code)) is not None)
    assert unsupported((found for p in procedures for found in answers_about(p)), official) == []


@pytest.mark.parametrize("source", ["cards", "plans", "official"])
def test_what_is_changed_in_an_answer_is_found(
    source: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    knowledge = request.getfixturevalue("official" if source == "official" else "shipped")
    changed, found = Counter[str](), Counter[str]()
    guard, random = Guard(), Random(20261122)
    for reply, sources in _sample(source, knowledge):
        for kind, mutant, _around in mutations(reply, random):
            changed[kind] += 1
            found[kind] += bool(guard.check(mutant, sources, knowledge))
    shares = {kind: found[kind] / changed[kind] for kind in changed}
    with capsys.disabled():
        told = ", ".join(f"{kind} {100 * share:.2f} % of {changed[kind]}" for kind, share in shares.items())
        print(f"\nchanges found in answers from {source}: {told}")  # noqa: T201 - the figures are the result
    assert {kind for kind, share in shares.items() if share < LEAST_FOUND[kind]} == set()


def _sample(source: str, knowledge: KnowledgeBase) -> Iterator[Answer]:
    if source == "plans":
        yield from answers_from_plans(knowledge)
        return
    for code in knowledge.codes()[:: 5 if source == "cards" else 60]:
        procedure = knowledge.procedure(code)
        assert procedure is not None
        yield from answers_about(procedure)
