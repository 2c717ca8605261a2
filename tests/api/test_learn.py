# ruff: noqa: F811 - fixtures are imported by name
"""`banhoi learn`: from conversations to suggestions, to what an officer accepted, to an answer that knows the word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.intake import Incoming
from api.pipeline import Answered, Pipeline
from bot.engine import Engine
from bot.types import Message, Outcome, State, Turn
from index.artefact import LibraryHolder
from knowledge.learned import learned_file
from store.engine import open_engine
from tests.api.pipeline_support import START
from tests.index.support import copy_content
from tests.store.databases import backend, database_url, postgres, sqlite_template  # noqa: F401

CHILD, LOST = "1.014062", "1.014064"
VAGUE, GROUP = "làm thẻ măng non", "làm căn cước công dân"
UNKNOWN, CORRECTED = "thẻ nhựa gắn chíp", "không phải, ý tôi là làm căn cước cho con"
MARRIAGE = "đăng ký kết hôn cần giấy tờ gì"
Banhoi = Callable[..., Result]


class Mishearing:
    """An engine that takes one wording for a vague one, as engines do with words that nobody taught them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def knowledge_version(self) -> str:
        return self.engine.knowledge_version

    def respond(self, state: State, message: Message) -> Turn:
        heard = {VAGUE: GROUP}.get(message.text, message.text)
        return self.engine.respond(state, message.model_copy(update={"text": heard}))


class World:
    """An operator's machine: content, data directory, database, and citizens who ask."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.content = copy_content(folder / "content")
        self.data_dir = folder / "var"
        self.file = folder / "suggestions.yaml"
        self.environment = {
            "BANHOI_EMBEDDER": "none",
            "BANHOI_DATA_DIR": str(self.data_dir),
            "BANHOI_DATABASE_URL": database_url,
        }
        self.database_url = database_url
        self.chats = 0

    def run(self, *words: str | Path) -> Result:
        """A command of the operator's."""
        return CliRunner().invoke(app, [str(word) for word in words], env=self.environment)

    def build(self) -> None:
        assert self.run("build", "--content", self.content).exit_code == 0

    def learn(self, *words: str | Path) -> Result:
        return self.run("learn", "--out", self.file, *words)

    def apply(self) -> Result:
        return self.run("learn", "--apply", self.file, "--content", self.content)

    def suggested(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = yaml.safe_load(self.file.read_text(encoding="utf-8"))["suggestions"]
        return entries

    def edit(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """The officer's hand in the file."""
        data = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        change(data["suggestions"])
        self.file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    def answer(self, text: str) -> Turn:
        """What a new citizen gets from the build in force."""
        library = LibraryHolder(self.data_dir)()
        return Engine(lambda: library).respond(State(), Message(text=text, at=START))

    def talk(self, *messages: str, channel: str = "web") -> Answered:
        """A new conversation, a message a minute; one that begins with ":" is a tap on that choice."""
        self.chats += 1
        return asyncio.run(self._talk(f"c{self.chats}", messages, channel))

    async def _talk(self, chat: str, messages: tuple[str, ...], channel: str) -> Answered:
        engine = open_engine(self.database_url)
        library = LibraryHolder(self.data_dir)()
        pipeline = Pipeline(engine, Mishearing(Engine(lambda: library)))
        answered: Answered | None = None
        try:
            for number, message in enumerate(messages):
                at = START + timedelta(days=self.chats, minutes=number)
                voting = message.removeprefix(":") + (str(answered.inbox_id) if answered and "v:" in message else "")
                choice = voting if message.startswith(":") else None
                text = "" if choice else message
                answered = await pipeline.ask(Incoming(channel, f"{chat}-{number}", chat, at, text, choice))
        finally:
            await engine.dispose()
        assert answered is not None
        return answered


def said(result: Result) -> str:
    return " ".join(result.output.split())


def accept_all(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        entry["accept"] = entry["kind"] != "review"


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> World:
    made = World(tmp_path, database_url)
    made.build()
    return made


def test_from_conversations_to_a_name_that_is_found(world: World) -> None:
    for text in (VAGUE, UNKNOWN):
        assert world.answer(text).outcome is not Outcome.ANSWER
    for pick in (f":p:{CHILD}", "2", "cho trẻ dưới 14 tuổi", f":p:{CHILD}"):
        assert world.talk(VAGUE, pick).turn.procedures[0].code == CHILD
    for _ in range(3):
        assert world.talk(UNKNOWN, CORRECTED).turn.procedures[0].code == CHILD
        world.talk(MARRIAGE, ":v:down:")
    build = world.answer(VAGUE).knowledge_version

    result = world.learn("--min", "3")
    assert result.exit_code == 0, result.output
    found = {(entry["kind"], entry["code"], entry["text"]): entry for entry in world.suggested()}
    assert found["alias", CHILD, VAGUE]["evidence"] == {
        "conversations": 4, "picked": 4, "rephrased": 0, "others": 0
    }  # fmt: skip
    assert found["alias", CHILD, UNKNOWN]["evidence"]["rephrased"] == 3
    assert found["review", "1.000894", "Hồ sơ"]["evidence"] == {"down": 3, "up": 0}
    assert not any(entry["accept"] for entry in world.suggested())

    assert "chưa có gợi ý nào" in said(world.apply())
    assert not learned_file(world.data_dir).exists(), "nothing changes by itself"
    world.build()
    assert world.answer(VAGUE).knowledge_version == build

    world.edit(accept_all)
    applied = world.apply()
    assert applied.exit_code == 0, applied.output
    assert world.answer(VAGUE).knowledge_version == build, "nothing changes before the next build"
    world.build()
    for text in (VAGUE, UNKNOWN, "lam the nhua gan chip"):
        turn = world.answer(text)
        assert turn.outcome is Outcome.ANSWER, text
        assert turn.procedures[0].code == CHILD, text

    world.file.unlink()
    world.learn("--min", "3")
    assert [entry["kind"] for entry in world.suggested() if entry["kind"] in ("alias", "ask")] == []


def test_divided_meanings_make_a_vague_name(world: World) -> None:
    for code in (CHILD, LOST, CHILD, LOST):
        world.talk(VAGUE, f":p:{code}")
    world.learn()
    (entry,) = [entry for entry in world.suggested() if entry["kind"] in ("alias", "ask")]
    assert (entry["kind"], entry["text"]) == ("ask", VAGUE)
    world.edit(accept_all)
    assert world.apply().exit_code == 0
    world.build()
    assert world.answer(VAGUE).outcome is Outcome.ASK_BACK


def test_since_and_trials_and_too_few(world: World) -> None:
    for _ in range(3):
        world.talk(VAGUE, f":p:{CHILD}", channel="terminal")
    assert "Chưa có gợi ý nào" in said(world.learn())
    for _ in range(3):
        world.talk(VAGUE, f":p:{CHILD}")
    assert "Chưa có gợi ý nào" in said(world.learn("--min", "4"))
    later = (START + timedelta(days=world.chats)).date().isoformat()
    assert "Chưa có gợi ý nào" in said(world.learn("--since", later))
    assert not world.file.exists()
    assert world.learn("--since", START.date().isoformat()).exit_code == 0
    assert world.file.exists()


def test_a_file_with_marks_is_not_overwritten(world: World) -> None:
    world.file.write_text("công của cán bộ", encoding="utf-8")
    result = world.learn()
    assert result.exit_code == 1
    assert "đã có" in said(result)
    assert world.file.read_text(encoding="utf-8") == "công của cán bộ"


def test_a_collision_is_refused_and_nothing_is_written(world: World) -> None:
    for _ in range(3):
        world.talk(VAGUE, f":p:{CHILD}")
    world.learn()

    def spoil(entries: list[dict[str, Any]]) -> None:
        accept_all(entries)
        entries.append({**entries[0], "text": "đăng ký kết hôn"})

    world.edit(spoil)
    result = world.apply()
    assert result.exit_code == 1
    assert "đăng ký kết hôn" in said(result)
    assert "Traceback" not in result.output
    assert not learned_file(world.data_dir).exists()


def test_what_was_learned_before_stays(world: World) -> None:
    for name in ("giấy mới", "giấy khác"):
        entry = {
            "kind": "alias", "code": CHILD, "name": "x", "text": f"{name} cho cháu", "evidence": {}, "accept": True,
        }  # fmt: skip
        body = {"until": "2026-11-22", "least": 3, "suggestions": [entry]}
        world.file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
        assert world.apply().exit_code == 0
    learned = yaml.safe_load(learned_file(world.data_dir).read_text(encoding="utf-8"))
    assert learned["aliases"] == {CHILD: ["giấy mới cho cháu", "giấy khác cho cháu"]}


@pytest.mark.parametrize("text", [None, "suggestions: [", "suggestions: []\nuntil: 2026-11-22\nleast: 3\ncolour: red"])
def test_a_file_that_cannot_be_read_is_named(world: World, text: str | None) -> None:
    if text is not None:
        world.file.write_text(text, encoding="utf-8")
    result = world.apply()
    assert result.exit_code == 1
    assert "suggestions.yaml" in said(result)
    assert "Traceback" not in result.output


def test_a_damaged_learned_file_stops_the_build_and_not_the_service(world: World) -> None:
    learned_file(world.data_dir).write_text("aliases: [", encoding="utf-8")
    result = world.run("build", "--content", world.content)
    assert result.exit_code == 1
    assert "learned.yaml" in said(result)
    assert world.answer(MARRIAGE).outcome is Outcome.ANSWER


def test_before_the_first_build(tmp_path: Path, database_url: str) -> None:
    result = World(tmp_path, database_url).learn()
    assert result.exit_code == 1
    assert "banhoi build" in said(result)
