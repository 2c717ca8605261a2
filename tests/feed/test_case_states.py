"""How a case moves: whatever officers do, in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feed.case_states import OPEN, Status, Step, after, steps

walks = st.lists(st.sampled_from(Step), max_size=30)


def walk(taken: list[Step]) -> list[tuple[Status, Step, Status]]:
    """The steps that were open, each with where it began and where it led."""
    status, path = Status.NEW, []
    for step in taken:
        reached = after(status, step)
        if reached is not None:
            path.append((status, step, reached))
            status = reached
    return path


@given(walks)
def test_nothing_is_answered_that_was_not_submitted_and_approved(taken: list[Step]) -> None:
    for before, step, reached in walk(taken):
        if reached is Status.ANSWERED and before is not Status.ANSWERED:
            assert (before, step) == (Status.SUBMITTED, Step.APPROVE)
        if reached is Status.SUBMITTED and before is not Status.SUBMITTED:
            assert step is Step.SUBMIT


@given(walks)
def test_what_is_closed_or_answered_changes_only_by_reopening_or_withdrawing(taken: list[Step]) -> None:
    for before, step, reached in walk(taken):
        if before not in OPEN and reached != before:
            assert step in (Step.REOPEN, Step.WITHDRAW)
            assert reached is Status.ASSIGNED


@given(walks)
def test_a_new_case_does_not_become_new_again(taken: list[Step]) -> None:
    states = [reached for _, _, reached in walk(taken)]
    left = next((place for place, state in enumerate(states) if state is not Status.NEW), len(states))
    assert Status.NEW not in states[left:]


def test_from_every_state_an_answer_can_still_be_reached() -> None:
    for start in Status:
        reached, found = {start}, [start]
        while found:
            state = found.pop()
            ahead = {after(state, step) for step in steps(state)} - {None} - reached
            reached |= ahead  # type: ignore[arg-type]
            found += ahead  # type: ignore[arg-type]
        assert Status.ANSWERED in reached


def test_a_waiting_answer_is_neither_overwritten_nor_closed_away() -> None:
    assert steps(Status.SUBMITTED).isdisjoint({Step.DRAFT, Step.SUBMIT, Step.CLOSE})
