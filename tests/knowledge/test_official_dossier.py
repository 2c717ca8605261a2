"""The list of papers: papers, cases and notes told apart."""

from __future__ import annotations

import pytest

from knowledge.models import Document
from knowledge.official_dossier import RawDocument, case_name, form_name, read_dossier


def papers(*items: RawDocument) -> list[Document]:
    return read_dossier(items).documents


def test_a_clean_paper() -> None:
    item = RawDocument("- a) Tờ khai  theo mẫu;", form="1. Tờ khai.docx", originals=1)
    assert papers(item) == [Document(name="Tờ khai theo mẫu", originals=1, form="1. Tờ khai")]


def test_counts_of_zero_are_the_portals_silence() -> None:
    (paper,) = papers(RawDocument("Hộ chiếu"))
    assert (paper.originals, paper.copies) == (None, None)


def test_the_same_paper_stands_once() -> None:
    assert len(papers(RawDocument("Hộ chiếu"), RawDocument("- Hộ chiếu;"))) == 1


@pytest.mark.parametrize(
    ("heading", "case"),
    [
        ("", None),
        ("* Giấy tờ phải nộp:", None),
        ("Thành phần hồ sơ:", None),
        ("01 bộ hồ sơ", None),
        ("* Lưu ý :", None),
        ("- Trường hợp ủy quyền:", "Trường hợp ủy quyền"),
        ("1.1. Đối với chuyên gia", "Đối với chuyên gia"),
    ],
)
def test_headings_become_cases(heading: str, case: str | None) -> None:
    assert case_name(heading) == case


def test_papers_to_show() -> None:
    shown, handed, both = papers(
        RawDocument("Hộ chiếu", case="* Giấy tờ phải xuất trình:"),
        RawDocument("Tờ khai", case="* Giấy tờ phải nộp:"),
        RawDocument("Giấy chứng sinh", case="Giấy tờ phải nộp, xuất trình"),
    )
    assert (shown.kind, handed.kind, both.kind) == ("show", "submit", "submit")
    assert shown.case is None


def test_notes_are_no_papers() -> None:
    dossier = read_dossier(
        [
            RawDocument("Tờ khai", originals=1),
            RawDocument("- Bản chụp phải rõ nét.", case="* Lưu ý:"),
            RawDocument("Lưu ý: Cá nhân có quyền chọn nơi nộp."),
            RawDocument("- Đối với chứng nhận kiểu loại xe:"),
            RawDocument(" ; ", originals=1),
        ]
    )
    assert [paper.name for paper in dossier.documents] == ["Tờ khai"]
    assert dossier.notes == ["Bản chụp phải rõ nét", "Cá nhân có quyền chọn nơi nộp"]
    assert dossier.odd == ["Có giấy tờ không ghi tên"]


@pytest.mark.parametrize("name", ["Chưa quy định cụ thể", "Không có", "Giấy tờ phải nộp", "- Giấy tờ phải xuất trình:"])
def test_what_names_no_paper_is_none(name: str) -> None:
    assert read_dossier([RawDocument(name, originals=1)]).documents == []


def test_several_papers_in_one_item_are_split_where_each_is_clear() -> None:
    names = [
        paper.name
        for paper in papers(RawDocument("Đơn đề nghị; Bản sao hộ chiếu; Ảnh chân dung cỡ 4x6", originals=1))
    ]
    assert names == ["Đơn đề nghị", "Bản sao hộ chiếu", "Ảnh chân dung cỡ 4x6"]


@pytest.mark.parametrize(
    "name",
    [
        "Một trong các giấy tờ sau: Hộ chiếu; Thẻ căn cước",
        "Giấy chứng nhận đăng ký; hoặc Giấy phép kinh doanh",
        "Danh sách (ghi rõ số thứ tự; tên tác giả; kích thước)",
        "Nghị quyết của Đại hội; việc hoàn trả vốn góp",
    ],
)
def test_alternatives_and_enumerations_stay_whole(name: str) -> None:
    assert [paper.name for paper in papers(RawDocument(name))] == [name]


def test_the_sentences_after_a_long_name_are_a_note() -> None:
    name = "Bản sao giấy phép lao động còn thời hạn đã được cấp"
    note = "Trường hợp khai thác được thông tin trong cơ sở dữ liệu thì không phải nộp. " * 2
    (paper,) = papers(RawDocument(f"{name}. {note}", copies=1))
    assert paper.name == name
    assert paper.note is not None
    assert paper.note.startswith("Trường hợp")


def test_optional() -> None:
    needed, optional = papers(RawDocument("Tờ khai"), RawDocument("Giấy ủy quyền (nếu có);"))
    assert (needed.optional, optional.optional) == (False, True)


def test_form_names_lose_the_ending_of_their_file() -> None:
    assert form_name("Mẫu CT01.docx") == "Mẫu CT01"
    assert form_name("") is None
