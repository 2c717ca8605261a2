"""Drafts from the knowledge: the words of its records with their sources, never more than a few."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.review.suggesting import MOST, agency_of, suggest
from index.library import Library


def test_the_procedure_that_the_case_is_about_comes_first_with_its_source(library: Library) -> None:
    first = suggest(library, "giấy tờ cần những chi", "1.001193")[0]
    assert first.title == "Đăng ký khai sinh"
    assert first.text.startswith("Hồ sơ cần có")
    assert first.agency == agency_of(library, "1.001193")
    (source,) = first.sources
    assert "1.001193" in source.title
    assert source.url is not None
    assert source.url.startswith("https://")


def test_a_question_typed_without_diacritics_finds_its_procedure(library: Library) -> None:
    assert suggest(library, "con moi sinh lam giay khai sinh o mo")[0].title == "Đăng ký khai sinh"


def test_a_question_on_plans_gets_their_statement_with_document_and_section(library: Library) -> None:
    found = suggest(library, "Nghị quyết 05-NQ/TU đặt chỉ tiêu dịch vụ công trực tuyến bao nhiêu phần trăm")
    assert any(source.section for draft in found for source in draft.sources)


def test_an_unknown_code_and_a_text_without_words_suggest_nothing(library: Library) -> None:
    assert suggest(library, "", "9.999999") == suggest(library, "?!") == []
    assert agency_of(library, None) is agency_of(library, "9.999999") is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_never_more_than_a_few_and_each_has_words_and_a_source(library: Library, text: str) -> None:
    found = suggest(library, text)
    assert len(found) <= MOST + 1
    assert all(draft.text and draft.sources for draft in found)
