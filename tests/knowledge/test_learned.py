"""What was learned: laid over the content, checked for collisions, written whole, undone by taking it out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from index.query import bare_words
from knowledge.assemble import Knowledge, assemble
from knowledge.content import ContentError, load_content
from knowledge.learned import Learned, learned_file, load_learned, save_learned
from knowledge.lint_learned import learned_faults
from knowledge.suggestions import Suggestion, Suggestions, accepted, read_suggestions, write_suggestions
from tests.index.support import copy_content

BIRTH, MARRIAGE, LOST = "1.001193", "1.000894", "1.014064"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="module")
def knowledge(folder: Path) -> Knowledge:
    return assemble(load_content(folder), None)


def faults(knowledge: Knowledge, **learned: object) -> str:
    return "\n".join(learned_faults(knowledge, Learned.model_validate(learned), bare_words))


def test_names_and_priors_lie_over_the_content(folder: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    learned = Learned(
        aliases={BIRTH: ("giấy cho cháu mới chào đời", "Làm giấy khai sinh")},
        asks={"lam-can-cuoc": ("xin cái thẻ",)},
        popularity={MARRIAGE: 1},
    )
    save_learned(tmp_path, learned)
    assert load_learned(tmp_path) == learned
    laid = assemble(load_content(folder), tmp_path)
    before = knowledge.procedures[BIRTH].aliases
    assert laid.procedures[BIRTH].aliases == (*before, "giấy cho cháu mới chào đời")
    assert laid.groups["lam-can-cuoc"].asks[-1] == "xin cái thẻ"
    assert laid.procedures[MARRIAGE].popularity == 1
    assert laid.content_hash != knowledge.content_hash
    assert laid.remarks == knowledge.remarks
    learned_file(tmp_path).unlink()
    assert assemble(load_content(folder), tmp_path).content_hash == knowledge.content_hash


def test_what_lost_its_record_is_left_out_and_said(folder: Path, tmp_path: Path) -> None:
    save_learned(tmp_path, Learned(aliases={"9.999999": ("gì đó",)}, asks={"khong-co": ("gì",)}))
    remarks = assemble(load_content(folder), tmp_path).remarks
    assert any("9.999999" in remark for remark in remarks)
    assert any("khong-co" in remark for remark in remarks)


def test_a_damaged_file_names_its_line(tmp_path: Path) -> None:
    learned_file(tmp_path).write_text("aliases:\n  không-phải-mã: [a]\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"learned\.yaml:\d"):
        load_learned(tmp_path)


def test_joining_keeps_each_name_once_and_the_newer_prior() -> None:
    old = Learned(aliases={BIRTH: ("a b",)}, popularity={BIRTH: 3})
    new = Learned(aliases={BIRTH: ("A b", "c d"), LOST: ("e f",)}, popularity={BIRTH: 4})
    joined = old.joined(new)
    assert joined.aliases == {BIRTH: ("a b", "c d"), LOST: ("e f",)}
    assert joined.popularity == {BIRTH: 4}
    assert joined.count() == 4


def test_good_names_have_no_faults(knowledge: Knowledge) -> None:
    assert faults(knowledge, aliases={BIRTH: ["giấy cho cháu mới chào đời"]}, popularity={BIRTH: 4}) == ""


def test_a_name_of_another_procedure_is_refused(knowledge: Knowledge) -> None:
    taken = knowledge.procedures[MARRIAGE].aliases[0]
    for text in (taken, taken.upper()):
        said = faults(knowledge, aliases={BIRTH: [text]})
        assert taken in said
        assert MARRIAGE in said


def test_two_new_names_that_are_one_are_refused(knowledge: Knowledge) -> None:
    said = faults(knowledge, aliases={BIRTH: ["tờ của cháu"], MARRIAGE: ["tờ của chau"]})
    assert "tờ của chau" in said


def test_a_vague_name_of_a_group_is_refused(knowledge: Knowledge) -> None:
    assert "lam-can-cuoc" in faults(knowledge, aliases={LOST: ["xin thẻ căn cước"]})


@pytest.mark.parametrize(
    ("learned", "part"),
    [
        ({"aliases": {"9.999999": ["gì đó"]}}, "9.999999"),
        ({"asks": {"khong-co": ["gì đó"]}}, "khong-co"),
        ({"popularity": {"9.999999": 3}}, "9.999999"),
        ({"aliases": {BIRTH: ["xem https://x"]}}, "https://x"),
        ({"aliases": {BIRTH: ["giấy (mới"]}}, "giấy (mới"),
    ],
)
def test_what_leads_nowhere_or_is_malformed_is_refused(
    knowledge: Knowledge, learned: dict[str, object], part: str
) -> None:
    assert part in faults(knowledge, **learned)


def suggestion(**changes: object) -> Suggestion:
    made: dict[str, object] = {
        "kind": "alias", "code": BIRTH, "name": "Đăng ký khai sinh", "text": "giấy cho cháu",
        "evidence": {"conversations": 4}, "accept": True,
    }  # fmt: skip
    return Suggestion.model_validate(made | changes)


def test_only_accepted_suggestions_are_taken() -> None:
    learned = accepted(
        [
            suggestion(),
            suggestion(text="tờ của cháu"),
            suggestion(text="không nhận", accept=False),
            suggestion(kind="ask", code="lam-can-cuoc", text="xin cái thẻ"),
            suggestion(kind="popularity", value=2),
            suggestion(kind="review", accept=False),
        ]
    )
    assert learned == Learned(
        aliases={BIRTH: ("giấy cho cháu", "tờ của cháu")},
        asks={"lam-can-cuoc": ("xin cái thẻ",)},
        popularity={BIRTH: 2},
    )


def test_the_file_comes_back_as_it_was_and_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "suggestions.yaml"
    made = Suggestions.model_validate(
        {"until": "2026-11-22", "least": 3, "suggestions": [suggestion(), suggestion(kind="popularity", value=2)]}
    )
    write_suggestions(file, made)
    assert read_suggestions(file) == made
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))["suggestions"]
    assert list(entries[0])[:4] == ["kind", "code", "name", "text"]
    with pytest.raises(FileExistsError):
        write_suggestions(file, made)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"code": "khai-sinh"}, "mã thủ tục"),
        ({"kind": "popularity", "value": None}, "cần value"),
        ({"kind": "review"}, "sửa thẻ"),
        ({"kind": "other"}, "alias"),
        ({"text": " "}, "không được để trống"),
        ({"accept": "có"}, "true hoặc false"),
    ],
)
def test_a_slip_of_the_officer_is_named(changes: dict[str, object], part: str, tmp_path: Path) -> None:
    file = tmp_path / "suggestions.yaml"
    entry = suggestion().model_dump(mode="json") | changes
    text = yaml.safe_dump({"until": "2026-11-22", "least": 3, "suggestions": [entry]}, allow_unicode=True)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"suggestions\.yaml:\d+: suggestions\.0") as raised:
        read_suggestions(file)
    assert part in str(raised.value)
