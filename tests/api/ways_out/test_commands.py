"""`banhoi key`, `banhoi webhook`, `banhoi open-data`: what they say, and that no secret is shown twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data directory of the test's own."""
    monkeypatch.setenv("BANHOI_DATA_DIR", str(tmp_path))


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_key_is_shown_once() -> None:
    assert "Chưa có khóa nào" in run("key", "list")
    shown = run("key", "add", "ioc", "--scope", "cases", "--scope", "figures", "--days", "30")
    key = next(word for word in shown.split() if word.startswith("bh_"))
    listed = run("key", "list")
    assert "ioc · cases, figures · đến" in listed
    assert key not in listed
    assert "đã có" in run("key", "add", "ioc", "--scope", "cases", code=1)
    run("key", "revoke", "ioc")
    assert "đã thu hồi" in run("key", "list")
    assert "Không có khóa" in run("key", "revoke", "ioc", code=1)


@pytest.mark.parametrize("name", ["A", "ioc key", "x", "../etc", "ioc\r\nX: y", "-"])
def test_names_are_plain(name: str) -> None:
    assert "không hợp lệ" in run("key", "add", "--scope", "cases", "--", name, code=1)


def test_a_webhook_is_registered_and_stopped() -> None:
    assert "Chưa đăng ký" in run("webhook", "list")
    shown = run("webhook", "add", "ioc", "https://ioc.example.vn/x", "--event", "case.opened")
    secret = next(word.rstrip() for word in shown.split() if word.startswith("whsec_"))
    listed = run("webhook", "list")
    assert "ioc · https://ioc.example.vn/x · case.opened · chờ 0, đã bỏ 0" in listed
    assert secret not in listed
    run("webhook", "stop", "ioc")
    assert "đã dừng" in run("webhook", "list")


@pytest.mark.parametrize(
    "url", ["http://ioc.example.vn/", "https://127.0.0.1/", "https://[::1]/", "file:///etc/passwd"]
)
def test_a_webhook_does_not_lead_inside(url: str) -> None:
    run("webhook", "add", "ioc", url, "--event", "case.opened", code=1)
    assert "Chưa đăng ký" in run("webhook", "list")


def test_open_data_from_the_shell(tmp_path: Path) -> None:
    assert "Đã ghi dữ liệu mở" in run("open-data", str(tmp_path / "open"))
    assert (tmp_path / "open" / "latest" / "counts.csv").is_file()
    (tmp_path / "file").write_text("x")
    assert "Không ghi được" in run("open-data", str(tmp_path / "file"), code=1)
