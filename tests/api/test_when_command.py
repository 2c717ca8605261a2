"""The command `banhoi when`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app

NOW = "2026-11-22T09:00"


def when(*words: str) -> Result:
    return CliRunner().invoke(app, ["when", *words])


def as_json(*words: str) -> Any:
    result = when(*words, "--now", NOW, "--json")
    assert result.exit_code == 0
    return json.loads(result.output)


def test_it_says_in_vietnamese_how_a_date_is_understood() -> None:
    result = when("mốt 8h30", "--now", NOW)
    assert result.exit_code == 0
    assert "Hiểu là: thứ ba, 24/11/2026, 8 giờ 30" in result.output
    assert "Đã đọc: “mốt 8h30”" in result.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tuần sau trừ thứ sáu", "Trừ: từ chủ nhật, 22/11/2026 trở đi, chỉ thứ sáu"),
        ("càng sớm càng tốt", "Muốn lịch sớm nhất."),
        ("hôm qua", "Đã qua: “hôm qua”."),
        ("31/2", "Không có ngày giờ này: “31/2”."),
        ("chủ nhật", "hoặc chủ nhật, 29/11/2026"),
        ("tối nay", "Ngoài giờ mở cửa: “tối”."),
        ("mai mốt tui ghé", "Chưa rõ ngày nào: “mai mốt”."),
        ("mai 3 giờ", "15 giờ (hiểu là buổi chiều)"),
        ("mai khoảng 9h", "khoảng 9 giờ"),
        ("đầu giờ chiều mai", "bắt đầu từ 13 giờ đến trước 14 giờ 30"),
        ("mai giờ nào cũng được", "giờ nào cũng được"),
        ("trước 10h", "ngày nào cũng được, bắt đầu trước 10 giờ"),
        ("tối mai", "bắt đầu từ 18 giờ"),
        ("tuần sau", "từ thứ hai, 23/11/2026 đến chủ nhật, 29/11/2026"),
        ("làm căn cước cần gì", "Không thấy ngày giờ nào trong câu này."),
    ],
)
def test_everything_is_told(text: str, told: str) -> None:
    assert told in when(text, "--now", NOW).output


def test_json_holds_all_of_it() -> None:
    found = as_json("làm căn cước sáng thứ năm ở Hải Lăng")
    (option,) = found["options"]
    assert option["days"] == {"first": "2026-11-26", "last": "2026-11-26", "weekdays": [1, 2, 3, 4, 5, 6, 7]}
    assert option["times"] == {"first": "06:00", "before": "12:00", "inferred": False}
    assert found["rest"] == "làm căn cước ở Hải Lăng"
    assert found["now"] == "2026-11-22T09:00:00+07:00"
    assert as_json("mốt 8h30")["options"][0]["times"] == {"at": "08:30", "about": False, "inferred": False}
    assert as_json("31/2")["problems"] == [{"kind": "impossible", "span": [0, 4], "readings": []}]
    assert as_json("mai")["options"][0]["times"] is None
    assert as_json("8h")["options"][0]["days"] is None


def test_now_may_carry_a_time_zone() -> None:
    assert "24/11/2026" in when("mai", "--now", "2026-11-22T18:00+00:00").output


@pytest.mark.parametrize(
    "now", ["hôm nay", "22/11/2026", "2026-02-31T09:00", "0001-01-01T00:00+14:00", "9999-12-31T09:00", ""]
)
def test_a_bad_now_is_named(now: str) -> None:
    result = when("mai", "--now", now)
    assert result.exit_code == 1
    assert "2026-11-22T09:00" in result.output


def test_without_now_it_is_now() -> None:
    assert "Hiểu là" in when("mai").output
