"""The documents keep up with the program: settings, commands, options, links. Nothing is of one machine only."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.main import get_group

from api.cli import app
from api.settings import Settings

ROOT = Path(__file__).parents[1]
README, README_VI = ROOT / "README.md", ROOT / "README.vi.md"
ONLY_TESTS_READ = {"BANHOI_SHARED", "BANHOI_NO_SKIPS"}
_MACHINE = re.compile(
    rb"(?<![\w.$}-])/(?:work|tmp|root|home/\w+|opt)/(?!/)[\w.]|pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org"
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def tracked(pattern: str = "*") -> list[Path]:
    """Files of the repository, those that wait for their first commit too."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def commands() -> dict[str, set[str]]:
    """The commands of `banhoi` by name, with their options."""
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in get_group(app).commands.items()
    }


def documents() -> list[Path]:
    """Every Markdown file."""
    return tracked("*.md")


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(BANHOI_\w+)` \| (.*?) \|", README.read_text("utf-8"), re.MULTILINE))
    assert set(rows) == {f"BANHOI_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int) and field.default != "":
            assert rows[f"BANHOI_{name.upper()}"] == f"`{field.default}`"


@pytest.mark.parametrize("document", documents(), ids=identify)
def test_every_variable_named_in_a_document_exists(document: Path) -> None:
    named = set(re.findall(r"BANHOI_[A-Z_]*[A-Z]", document.read_text("utf-8")))
    assert named <= {f"BANHOI_{name.upper()}" for name in Settings.model_fields} | ONLY_TESTS_READ


@pytest.mark.parametrize("readme", [README, README_VI], ids=identify)
def test_every_command_is_documented(readme: Path) -> None:
    assert set(re.findall(r"^\| `banhoi ([a-z-]+)", readme.read_text("utf-8"), re.MULTILINE)) == set(commands())


def test_every_option_is_documented() -> None:
    for row in re.findall(r"^\| `banhoi .*", README.read_text("utf-8"), re.MULTILINE):
        name = row.split("`")[1].split()[1]
        assert commands()[name] == set(re.findall(r"--[a-z-]+", row)), name


@pytest.mark.parametrize("document", documents(), ids=identify)
def test_every_command_named_in_a_document_exists(document: Path) -> None:
    named = re.findall(r"(?:^|[`/ ])banhoi ([a-z-]+)(?=[` \n])", document.read_text("utf-8"), re.MULTILINE)
    assert {name for name in named if name.islower()} <= set(commands()) | {"is", "and"}


@pytest.mark.parametrize("document", documents(), ids=identify)
def test_links_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", document.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / unquote(path)).resolve() if path else document
        assert file.exists(), target
        if anchor:
            assert anchor in set(anchors(file)), target


def anchors(document: Path) -> Iterator[str]:
    """What a heading's link is called."""
    for heading in re.findall(r"^#+ (.*)$", _FENCE.sub("", document.read_text("utf-8")), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_every_page_is_in_the_index_of_the_documentation() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {str(path.relative_to(ROOT / "docs")) for path in tracked("docs/*.md")}
    assert {page for page in pages if not page.startswith("adr/")} - {"README.md"} <= set(_LINK.findall(index))


def test_decisions_are_numbered_without_gap_or_twice() -> None:
    numbers = [int(path.name[:4]) for path in tracked("docs/adr/*.md")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", ["README.md", "constraints.txt", "pyproject.toml"])
def test_torch_is_no_part_of_the_default_install(name: str) -> None:
    assert not re.search(r"^\s*\"?torch\b", (ROOT / name).read_text("utf-8"), re.MULTILINE)


def test_nothing_names_a_registry_or_a_place_on_one_machine() -> None:
    found = [
        f"{identify(path)}: {match.group().decode()}"
        for path in tracked()
        if path != Path(__file__)
        for match in _MACHINE.finditer(path.read_bytes())
    ]
    assert found == []


def test_constraints_are_exact_and_hold_all_that_is_required() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in required}
    assert names <= {normal(line.partition("==")[0]) for line in lines}


def normal(name: str) -> str:
    """A distribution's name as comparisons want it."""
    return re.sub(r"[-_.]+", "-", name).lower()
