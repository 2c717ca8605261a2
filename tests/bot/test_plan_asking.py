"""A question on plans, read: what is asked, of what, in which document, for which years."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.plan_asking import PlanAsk, Wanted, follow, go_on, read_ask
from bot.plan_cues import find_plan_cues
from index.plan_names import NameKind
from index.plan_periods import Period
from index.plan_units import unit_key
from index.query import analyse
from tests.index.plan_support import THREE, TWO
from tests.index.support import SMALL_RESTORER, any_message


def ask(text: str) -> PlanAsk:
    return read_ask(analyse(text, SMALL_RESTORER), TWO)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hồ sơ trực tuyến đạt bao nhiêu", Wanted.FIGURE),
        ("hồ sơ trực tuyến mấy %", Wanted.FIGURE),
        ("chỉ tiêu hồ sơ trực tuyến", Wanted.FIGURE),
        ("ai chủ trì tập huấn", Wanted.LEAD),
        ("tập huấn do đơn vị nào lo", Wanted.LEAD),
        ("ai phối hợp tập huấn", Wanted.COORDINATING),
        ("tập huấn phối hợp với ai", Wanted.COORDINATING),
        ("khi nào tập huấn xong", Wanted.DEADLINE),
        ("hạn chót tập huấn", Wanted.DEADLINE),
        ("công an xã có nhiệm vụ gì", Wanted.DUTIES),
        ("những việc nào của Phòng Kinh tế", Wanted.DUTIES),
        ("Sở Du lịch phải làm gì", Wanted.DUTIES),
        ("văn bản nào nói về 5G", Wanted.SOURCE),
        ("phủ sóng 5G ở mục nào", Wanted.SOURCE),
        ("ai ký kế hoạch 12", Wanted.SIGNER),
        ("nghị quyết 05 ban hành ngày nào", Wanted.ISSUED),
        ("kế hoạch của xã Vĩnh Thử số mấy", Wanted.NUMBER),
        ("kỹ năng số mấy phần trăm", Wanted.FIGURE),
        ("phủ sóng 5G ở thôn", Wanted.ANYTHING),
    ],
)
def test_what_is_asked(text: str, wanted: Wanted) -> None:
    assert ask(text).wanted is wanted


def test_ai_is_who_or_artificial_intelligence() -> None:
    assert "lead" in find_plan_cues(analyse("ai dạy kỹ năng số", SMALL_RESTORER)).places
    for text in ("ứng dụng ai vào thủ tục", "Đề án ứng dụng AI", "dùng AI soạn văn bản"):
        assert "lead" not in find_plan_cues(analyse(text, SMALL_RESTORER)).places


def test_the_matter_is_what_is_left() -> None:
    read = ask("Theo kế hoạch của xã Vĩnh Thử thì năm 2027 tỷ lệ hồ sơ trực tuyến là bao nhiêu phần trăm?")
    assert read.words == ("hồ", "sơ", "trực", "tuyến")
    assert read.pairs == ("hồ_sơ", "sơ_trực", "trực_tuyến")
    assert (read.plans, read.named) == ({"xa"}, NameKind.DOCUMENT)
    assert read.periods == (Period(2027, 2027),)


def test_what_every_document_is_on_tells_only_when_nothing_else_is_said() -> None:
    assert ask("kinh phí chuyển đổi số").words == ("kinh", "phí")
    assert ask("nói về chuyển đổi số").words == ("chuyển", "đổi", "số")


def test_levels_and_units_are_kept_apart_from_the_matter() -> None:
    assert ask("tập huấn cán bộ cấp tỉnh và cấp xã").levels == ("tinh", "xa")
    duties = ask("Phòng Kinh tế xã có nhiệm vụ gì về 5G")
    assert (duties.units, duties.words) == ({unit_key("Phòng Kinh tế xã")}, ("5g",))


@pytest.mark.parametrize(
    ("text", "compares"),
    [
        ("hồ sơ trực tuyến 2027 và 2030", True),
        ("hồ sơ trực tuyến 2026-2027", False),
        ("so sánh hồ sơ trực tuyến", True),
        ("hồ sơ trực tuyến của nghị quyết 05 và kế hoạch 12 bao nhiêu", True),
        ("hồ sơ trực tuyến của tỉnh và xã Vĩnh Thử bao nhiêu", True),
        ("đi từ Vĩnh Thử về Quảng Trị", False),
    ],
)
def test_when_something_is_compared(text: str, compares: bool) -> None:
    assert ask(text).compares is compares


def test_a_short_question_takes_the_rest_from_the_one_before() -> None:
    before = ask("năm 2027 xã Vĩnh Thử nộp hồ sơ trực tuyến bao nhiêu")
    year = follow(ask("còn năm 2030?"), before)
    assert (year.words, year.wanted, year.periods) == (before.words, Wanted.FIGURE, (Period(2030, 2030),))
    place = follow(ask("thế nghị quyết 05?"), before)
    assert (place.words, place.plans, place.periods) == (before.words, {"tinh"}, before.periods)
    matter = follow(ask("còn mạng di động"), before)
    assert (matter.words, matter.wanted, matter.plans) == (("mạng", "di", "động"), Wanted.FIGURE, {"xa"})
    compared = follow(ask("so với năm 2030"), before)
    assert compared.periods == (Period(2027, 2027), Period(2030, 2030))


def test_a_second_question_goes_on_with_the_matter_of_the_first() -> None:
    first = ask("năm 2027 hồ sơ trực tuyến bao nhiêu")
    second = go_on(ask("đứng thứ mấy"), first)
    assert set(first.words) <= set(second.words)
    assert second.periods == first.periods


@given(any_message)
def test_whatever_is_said_can_be_read(text: str) -> None:
    query = analyse(text, SMALL_RESTORER)
    for index in (TWO, THREE):
        read = read_ask(query, index)
        assert read.plans <= index.plans.keys()
        assert follow(read, read).wanted is read.wanted
