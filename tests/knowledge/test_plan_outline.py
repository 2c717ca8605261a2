"""Headings of plan documents, and the path of each section."""

from __future__ import annotations

import pytest

from knowledge.plan_outline import PREFACE, is_heading, read_outline
from knowledge.plan_readers import Block


def sections(*blocks: Block) -> list[tuple[str, str]]:
    return [(section.id, section.heading) for section in read_outline(blocks).sections]


@pytest.mark.parametrize(
    "block",
    [
        Block("I. MỤC TIÊU"),
        Block("1. Mục tiêu chung"),
        Block("2.1. Hạ tầng"),
        Block("a) Về thể chế"),
        Block("Phát triển hạ tầng số", rank=2),
        Block("b) Giai đoạn 2028 - 2030", rank=6),
    ],
)
def test_headings(block: Block) -> None:
    assert is_heading(block)


@pytest.mark.parametrize(
    "block",
    [
        Block("Đẩy mạnh tuyên truyền."),
        Block("1. Rà soát, hoàn thiện các quy định của địa phương."),
        Block("a) Xây dựng kế hoạch;"),
        Block("- Đồng bộ, toàn diện", rank=6),
        Block("Đơn vị chủ trì: Công an xã", rank=6),
        Block("- Thời gian thực hiện: Hằng năm"),
        Block("1. Tỷ lệ | 90%", cells=("1.", "Tỷ lệ", "90%")),
        Block("1. " + "rất dài " * 30),
    ],
)
def test_no_headings(block: Block) -> None:
    assert not is_heading(block)


def test_paths_follow_the_numbering_whatever_the_signs() -> None:
    assert sections(
        Block("I. MỤC TIÊU", rank=4),
        Block("1. Mục tiêu chung", rank=5),
        Block("2. Mục tiêu cụ thể", rank=2),
        Block("a) Giai đoạn 1", rank=6),
        Block("II. NHIỆM VỤ", rank=2),
        Block("2. Trọng tâm", rank=3),
        Block("2.1. Hạ tầng", rank=4),
        Block("2.1.1. Mạng", rank=5),
        Block("2.2. Dữ liệu", rank=4),
    )[1:] == [
        ("I", "MỤC TIÊU"),
        ("I.1", "Mục tiêu chung"),
        ("I.2", "Mục tiêu cụ thể"),
        ("I.2.a", "Giai đoạn 1"),
        ("II", "NHIỆM VỤ"),
        ("II.2", "Trọng tâm"),
        ("II.2.1", "Hạ tầng"),
        ("II.2.1.1", "Mạng"),
        ("II.2.2", "Dữ liệu"),
    ]


def test_headings_without_numbers_nest_by_their_level() -> None:
    idents = [
        ident
        for ident, _ in sections(
            Block("A", rank=1), Block("B", rank=2), Block("C", rank=2), Block("D", rank=1)
        )
    ]
    assert idents == [PREFACE, "h1", "h1.h2", "h1.h3", "h4"]


def test_a_number_used_twice_stays_apart() -> None:
    assert [ident for ident, _ in sections(Block("1. Một"), Block("1. Hai"))] == [PREFACE, "1", "1-2"]


def test_lines_know_their_section_and_the_headings_above() -> None:
    outline = read_outline([Block("Mở đầu."), Block("I. MỤC TIÊU"), Block("1. Chung"), Block("Đạt 90%.")])
    assert [(line.section, line.path) for line in outline.lines] == [
        (PREFACE, ()),
        ("I.1", ("MỤC TIÊU", "Chung")),
    ]


def test_recipients_and_signatures_are_left_out_but_not_an_appendix() -> None:
    outline = read_outline(
        [
            Block("Nội dung."),
            Block("Nơi nhận:", rank=6),
            Block("- Lưu: VT."),
            Block("PHỤ LỤC", rank=1),
            Block("Bảng."),
        ]
    )
    assert [line.text for line in outline.lines] == ["Nội dung.", "Bảng."]
