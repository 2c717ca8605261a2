"""The audit log of review is complete: every step of officers that there is leaves its entry, with who and when."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from feed import answer_templates, answers, cases
from feed.cases import Chosen, Labels
from feed.change import Change
from feed.labels.types import Flag, Kind, Sentiment
from store.tables import audit
from tests.feed.review_support import LATER, NOW, Desk, draft

MODULES = (cases, answers, answer_templates)
LABELS = Labels(Kind.COMPLAINT, Sentiment.NEGATIVE, frozenset({Flag.DANGER}), "xa_vinh_thuy")
START: dict[str, tuple[str, ...]] = {
    "answers.approve": ("submit",),
    "answers.reject": ("submit",),
    "answers.publish": ("submit", "approve"),
    "answers.unpublish": ("submit", "approve"),
    "answers.withdraw": ("submit", "approve"),
    "cases.reopen": ("close",),
}
"""What has to be done before a step."""
STEPS: dict[str, tuple[str, Callable[[Change, int, int], Awaitable[Any]]]] = {
    "cases.assign": ("case_assigned", lambda c, i, v: cases.assign(c, i, v, "Sở Y tế", None)),
    "cases.set_deadline": ("case_deadline_set", lambda c, i, v: cases.set_deadline(c, i, v, LATER, "chờ Sở")),
    "cases.add_note": ("case_note_added", lambda c, i, v: cases.add_note(c, i, "đã gọi")),
    "cases.see_contact": ("report_contact_seen", lambda c, i, v: cases.see_contact(c, i)),
    "cases.close": ("case_closed", lambda c, i, v: cases.close(c, i, v, "trùng")),
    "cases.reopen": ("case_reopened", lambda c, i, v: cases.reopen(c, i, v, LATER, "hỏi lại")),
    "cases.correct_labels": ("case_labels_corrected", lambda c, i, v: cases.correct_labels(c, i, v, LABELS)),
    "cases.assign_all": ("case_assigned", lambda c, i, v: cases.assign_all(c, [Chosen(i, v)], "Sở Y tế", None)),
    "cases.close_all": ("case_closed", lambda c, i, v: cases.close_all(c, [Chosen(i, v)], "trùng")),
    "answers.save_draft": ("answer_drafted", lambda c, i, v: answers.save_draft(c, i, v, draft())),
    "answers.submit": ("answer_submitted", lambda c, i, v: answers.submit(c, i, v, draft())),
    "answers.approve": ("answer_approved", lambda c, i, v: answers.approve(c, i, v, reason="một mình")),
    "answers.reject": ("answer_rejected", lambda c, i, v: answers.reject(c, i, v, "thiếu nguồn")),
    "answers.publish": (
        "answer_published",
        lambda c, i, v: answers.publish(c, i, v, "Báo ai?", LATER, reason="một mình"),
    ),
    "answers.unpublish": ("answer_unpublished", lambda c, i, v: answers.unpublish(c, i, v, "sắp đổi")),
    "answers.withdraw": ("answer_withdrawn", lambda c, i, v: answers.withdraw(c, i, v, "sai", LATER)),
    "answer_templates.add": ("template_added", lambda c, i, v: answer_templates.add(c, "Cảm ơn", "Cảm ơn bà con.")),
    "answer_templates.edit": (
        "template_changed",
        lambda c, i, v: answer_templates.edit(c, i, "Cảm ơn nhiều", "Cảm ơn bà con."),
    ),
    "answer_templates.remove": ("template_removed", lambda c, i, v: answer_templates.remove(c, i)),
}
BY_NAME = {name.rpartition(".")[2]: step for name, (_, step) in STEPS.items()}


def steps_of(module: ModuleType) -> list[str]:
    """Every step that officers take through a module: what is public there and takes a `Change`."""
    return [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, step in inspect.getmembers(module, inspect.iscoroutinefunction)
        if step.__module__ == module.__name__
        and not name.startswith("_")
        and "change" in inspect.signature(step).parameters
    ]


def test_every_step_is_listed() -> None:
    assert sorted(name for module in MODULES for name in steps_of(module)) == sorted(STEPS)


@pytest.mark.parametrize("name", STEPS)
async def test_every_step_writes_an_entry(engine: AsyncEngine, name: str) -> None:
    desk = Desk(engine)
    action, step = STEPS[name]
    of_template = name.startswith("answer_templates.")
    case_id = await desk.case()
    async with desk.by("quan", "admin") as change:
        version = 0
        for before in START.get(name, ()):
            await BY_NAME[before](change, case_id, version)
            version += 1
        subject = 1 if of_template else case_id
        if of_template and not name.endswith("add"):
            await answer_templates.add(change, "Cảm ơn", "Cảm ơn")
    known = len(await desk.rows(audit))
    async with desk.by("quan", "admin") as change:
        await step(change, subject, version)
    new = (await desk.rows(audit))[known:]
    (entry,) = [row for row in new if row.action == action]
    assert entry.subject == f"{'template' if of_template else 'case'}:{subject}"
    assert (entry.actor, entry.at, entry.detail["role"]) == (desk.officers["quan"].name, NOW, "admin")


@pytest.mark.parametrize("name", [name for name in STEPS if "_all" not in name and not name.startswith("answer_")])
async def test_a_refused_step_writes_none(engine: AsyncEngine, name: str) -> None:
    desk = Desk(engine)
    with pytest.raises(Exception, match=r"."):
        async with desk.by("quan", "admin") as change:
            await STEPS[name][1](change, 999, 0)
    assert await desk.rows(audit) == []
