"""The command `banhoi`: what an operator types, what it says, and how it fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from index.artefact import FORMAT, current_build
from knowledge.importing import procedures_file
from tests.bot.guard.support import Liar
from tests.index.support import copy_content, edit

Banhoi = Callable[..., Result]
PORTAL_RECORD = {
    "code": "1.001193",
    "name": "Thủ tục đăng ký khai sinh",
    "field": "Hộ tịch",
    "level": ["Cấp Xã"],
    "methods": [{"channel": "Trực tiếp", "time_limit": "40 ngày"}],
    "crawl_date": "2026-07-18",
    "source_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1",
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "dữ liệu"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return copy_content(tmp_path / "content")


@pytest.fixture
def banhoi(data_dir: Path) -> Banhoi:
    """Runs the command in this process."""
    def run(*words: str | Path, **settings: str) -> Result:
        env = {"BANHOI_EMBEDDER": "none", "BANHOI_DATA_DIR": str(data_dir)}
        env |= {f"BANHOI_{name.upper()}": value for name, value in settings.items()}
        return CliRunner().invoke(app, [str(word) for word in words], env=env)

    return run


def said(result: Result) -> str:
    """Everything printed, as one line, since the terminal breaks lines at its width."""
    return " ".join(result.output.split())


def assert_failed(result: Result, *parts: str) -> None:
    """It ended with 1 and a message, not with a traceback."""
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    for part in parts:
        assert part in said(result)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Two questions of our own."""
    rows = [
        {"question": "mất căn cước làm lại ở đâu", "expect_codes": ["1.014064"], "behaviour": "answer"},
        {"question": "đăng ký kết hôn", "expect_codes": ["1.014061"], "behaviour": "answer"},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


class TestCheck:
    """`banhoi check`"""

    def test_sound_content(self, banhoi: Banhoi, content: Path) -> None:
        result = banhoi("check", content)
        assert result.exit_code == 0
        assert "6 thủ tục" in said(result)
        assert "không có lỗi" in said(result)

    def test_the_shipped_content_is_sound(self, banhoi: Banhoi) -> None:
        assert banhoi("check").exit_code == 0

    def test_every_fault_with_file_line_and_field(self, banhoi: Banhoi, content: Path) -> None:
        edit(content / "procedures/ho-tich/1.001193.yaml", "popularity: 5", "popularity: 9")
        edit(content / "procedures/can-cuoc/1.014061.yaml", "popularity: 5", "colour: red")
        result = banhoi("check", content)
        assert_failed(result)
        lines = result.output.splitlines()
        assert any("1.001193.yaml:" in line and ": popularity: " in line for line in lines)
        assert any("1.014061.yaml:" in line and ": colour: " in line for line in lines)

    def test_what_fits_the_model_and_is_still_wrong(self, banhoi: Banhoi, content: Path) -> None:
        edit(content / "procedures/ho-tich/1.001193.yaml", "\naliases:\n", "\naliases:\n  - đăng ký kết hôn\n")
        result = banhoi("check", content)
        assert result.exit_code == 1
        assert "1.001193.yaml: 1.001193: aliases: " in said(result)
        assert "1 lỗi" in said(result)

    def test_warnings_stand_apart_and_do_not_fail(self, banhoi: Banhoi, content: Path) -> None:
        result = banhoi("check", content)
        heading = result.output.index("Cảnh báo:")
        assert "không có thẻ nào" not in result.output[:heading]
        assert "không có thẻ nào" in result.output[heading:]
        assert result.exit_code == 0

    def test_against_the_official_data(self, banhoi: Banhoi, content: Path, tmp_path: Path) -> None:
        export = tmp_path / "export.jsonl"
        export.write_text(json.dumps(PORTAL_RECORD), encoding="utf-8")
        result = banhoi("check", content, "--official", export)
        assert result.exit_code == 1
        assert "1.001193.yaml: 1.001193: time_limits: " in said(result)
        assert "1.000894: code: " in said(result)

    def test_official_data_that_cannot_be_read(self, banhoi: Banhoi, content: Path, tmp_path: Path) -> None:
        assert_failed(banhoi("check", content, "--official", tmp_path / "none.gz"), "không có tệp này")

    def test_a_mistyped_folder(self, banhoi: Banhoi, tmp_path: Path) -> None:
        assert_failed(banhoi("check", tmp_path / "contnet"), "contnet", "không có thư mục này")


class TestBuild:
    """`banhoi build`"""

    def test_once_and_again(self, banhoi: Banhoi, content: Path, data_dir: Path) -> None:
        first = banhoi("build", "--content", content)
        assert first.exit_code == 0
        assert "Đã dựng" in said(first)
        assert current_build(data_dir).name in said(first)
        assert "Không có gì thay đổi" in said(banhoi("build", "--content", content))
        assert "Đã dựng" in said(banhoi("build", "--content", content, "--force"))

    def test_broken_content(self, banhoi: Banhoi, content: Path, data_dir: Path) -> None:
        edit(content / "procedures/ho-tich/1.001193.yaml", "popularity: 5", "popularity: [")
        assert_failed(banhoi("build", "--content", content), "1.001193.yaml:", "không phải YAML hợp lệ")
        assert not (data_dir / "current").exists()

    def test_a_folder_without_content(self, banhoi: Banhoi, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert_failed(banhoi("build", "--content", tmp_path / "empty"), "Không có thủ tục nào")

    def test_a_data_directory_that_is_a_file(self, banhoi: Banhoi, content: Path, data_dir: Path) -> None:
        data_dir.write_text("")
        assert_failed(banhoi("build", "--content", content), "Không dựng được dữ liệu")

    def test_a_damaged_import(self, banhoi: Banhoi, content: Path, data_dir: Path) -> None:
        procedures_file(data_dir).parent.mkdir(parents=True, exist_ok=True)
        procedures_file(data_dir).write_bytes(b"no record")
        assert_failed(banhoi("build", "--content", content), "bị hỏng")


class TestEval:
    """`banhoi eval`"""

    @pytest.fixture
    def built(self, banhoi: Banhoi, content: Path) -> Banhoi:
        assert banhoi("build", "--content", content).exit_code == 0
        return banhoi

    def test_the_table(self, built: Banhoi, questions: Path) -> None:
        result = built("eval", questions)
        assert result.exit_code == 0
        assert result.stdout.startswith("questions.jsonl: 2 turns judged, 6 procedures indexed")
        assert "| right first | 50.0 % (1/2) |" in result.stdout
        assert "engine latency: median" in result.stdout
        assert "unsupported claims: 0\n" in result.stdout

    def test_what_the_guard_withheld(
        self, built: Banhoi, questions: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.engine.FieldComposer", Liar)
        output = built("eval", questions, "--misses").stdout
        assert "unsupported claims: 2\n" in output
        assert "- unsupported: mất căn cước làm lại ở đâu → procedure:1.014064: time “99 ngày”" in output

    def test_misses(self, built: Banhoi, questions: Path) -> None:
        lines = built("eval", questions, "--misses").stdout.splitlines()
        misses = [line for line in lines if line.startswith("- ")]
        assert len(misses) == 1
        assert "đăng ký kết hôn → " in misses[0]

    def test_every_turn_as_json(self, built: Banhoi, questions: Path, tmp_path: Path) -> None:
        out = tmp_path / "turns.json"
        assert built("eval", questions, "--json", out).exit_code == 0
        turns = json.loads(out.read_text(encoding="utf-8"))
        assert [turn["first"] for turn in turns] == [True, False]

    @pytest.mark.parametrize(("option", "share"), [("--replay", "100.0 % (1/1)"), ("--no-replay", "0.0 % (0/1)")])
    def test_a_recorded_conversation_goes_on_from_what_was_said_in_it(
        self, built: Banhoi, questions: Path, option: str, share: str
    ) -> None:
        said = "Bà con hỏi việc nào? 1) Đăng ký khai sinh 2) Đăng ký kết hôn"
        row = {"question": "2", "prev_assistant": said, "expect_codes": ["1.000894"], "behaviour": "answer"}
        questions.write_text(json.dumps(row), encoding="utf-8")
        assert f"| right first | {share} |" in built("eval", questions, option).stdout

    def test_turns_that_cannot_be_written(self, built: Banhoi, questions: Path, tmp_path: Path) -> None:
        result = built("eval", questions, "--json", tmp_path / "missing" / "turns.json")
        assert_failed(result, "Không ghi được", "turns.json")

    def test_a_bad_line(self, built: Banhoi, questions: Path) -> None:
        questions.write_text('{"question": "a"}\n{"question"\n', encoding="utf-8")
        assert_failed(built("eval", questions), "questions.jsonl:2:")

    def test_a_missing_set(self, built: Banhoi, tmp_path: Path) -> None:
        assert_failed(built("eval", tmp_path / "none.jsonl"), "none.jsonl")

    def test_before_the_first_build(self, banhoi: Banhoi, questions: Path) -> None:
        assert_failed(banhoi("eval", questions), "banhoi build")

    def test_a_build_of_another_release(
        self, built: Banhoi, questions: Path, content: Path, data_dir: Path
    ) -> None:
        manifest = current_build(data_dir) / "manifest.json"
        edit(manifest, f'"format": {FORMAT}', f'"format": {FORMAT - 1}')
        assert_failed(built("eval", questions), "thuộc phiên bản khác", "banhoi build")
        assert "Đã dựng" in said(built("build", "--content", content))
        assert built("eval", questions).exit_code == 0

    def test_a_damaged_build(self, built: Banhoi, questions: Path, data_dir: Path) -> None:
        (current_build(data_dir) / "search.db").write_bytes(b"")
        assert_failed(built("eval", questions), "search.db", "banhoi build --force")


@pytest.mark.parametrize("command", [["build"], ["ask", "gì"], ["eval", "set"], ["run"], ["chat"]])
@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"host": "0.0.0.0"}, ["BANHOI_ALLOWED_HOSTS"]),
        ({"telegram_mode": "polling"}, ["BANHOI_TELEGRAM_TOKEN"]),
        ({"public_url": "http://hoi.vn"}, ["BANHOI_PUBLIC_URL"]),
        ({"prot": "80"}, ["BANHOI_PROT", "BANHOI_PORT"]),
        ({"database_url": "mysql://u:matkhau@h/d"}, ["BANHOI_DATABASE_URL"]),
    ],
)
def test_unsafe_settings_are_refused_by_every_command(
    banhoi: Banhoi, command: list[str], settings: dict[str, str], parts: list[str], data_dir: Path
) -> None:
    result = banhoi(*command, **settings)
    assert_failed(result, "Cấu hình chưa dùng được", *parts)
    assert "matkhau" not in result.output
    assert not data_dir.exists()


def test_without_words_it_tells_its_commands(banhoi: Banhoi) -> None:
    output = banhoi("--help").output
    for command in ("run", "ask", "chat", "build", "check", "eval", "import", "import-plan", "learn", "account"):
        assert command in output


Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ask(shipped_build: Path, data_dir: Path) -> Ask:
    """`banhoi ask` as a program of its own, over the shipped content."""
    shutil.copytree(shipped_build, data_dir)

    def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"BANHOI_EMBEDDER": "none", "BANHOI_DATA_DIR": str(data_dir), **settings}
        command = [sys.executable, "-m", "api.cli", "ask", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_ask_answers_as_rest_does(ask: Ask) -> None:
    done = ask("mất căn cước làm lại ở đâu", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert "1.014064" in json.dumps(answer)


def test_ask_with_a_database_that_cannot_be_used(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"no database " * 1000)
    done = ask("gì", BANHOI_DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path / 'no.db'}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_ask_with_a_damaged_build(ask: Ask, data_dir: Path) -> None:
    (current_build(data_dir) / "search.db").write_bytes(b"")
    done = ask("gì")
    assert (done.returncode, done.stdout) == (1, "")
    assert "banhoi build --force" in done.stderr
    assert "Traceback" not in done.stderr
