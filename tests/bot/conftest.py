"""The engine over the shipped content, searched by words alone, and a small language for dialogues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.types import Message, State, Turn
from index.artefact import LibraryHolder
from index.library import Library
from knowledge.assemble import assemble
from knowledge.content import CONTENT_DIR, load_content
from knowledge.database import KnowledgeBase, open_database, write_database
from knowledge.importing import import_procedures

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Dialogue:
    """One conversation with the engine; a minute passes between messages."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.state = State()
        self.at = START
        self.turn: Turn | None = None

    def say(self, text: str, after: timedelta = timedelta(minutes=1)) -> Turn:
        """A typed message."""
        return self._take(Message(text=text, at=self._tick(after)))

    def tap(self, choice: str) -> Turn:
        """A tapped choice."""
        return self._take(Message(choice=choice, at=self._tick(timedelta(minutes=1))))

    def _tick(self, after: timedelta) -> datetime:
        self.at += after
        return self.at

    def _take(self, message: Message) -> Turn:
        self.turn = self.engine.respond(self.state, message)
        self.state = self.turn.state
        return self.turn


@pytest.fixture(scope="session")
def library(shipped_build: Path) -> Library:
    """The shipped content, opened."""
    return LibraryHolder(shipped_build)()


@pytest.fixture(scope="session")
def engine(library: Library) -> Engine:
    """The engine over it."""
    return Engine(lambda: library)


@pytest.fixture
def start(engine: Engine) -> Callable[[], Dialogue]:
    """Starts a new conversation."""
    return lambda: Dialogue(engine)


@pytest.fixture
def dialogue(start: Callable[[], Dialogue]) -> Dialogue:
    """A new conversation."""
    return start()


@pytest.fixture(scope="session")
def shipped(library: Library) -> KnowledgeBase:
    """The shipped content alone."""
    return library.knowledge


@pytest.fixture(scope="session")
def official(full_export: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The whole export of the portal with our cards laid over it."""
    data_dir = tmp_path_factory.mktemp("official")
    import_procedures(full_export, data_dir)
    write_database(data_dir / "knowledge.db", assemble(load_content(CONTENT_DIR), data_dir))
    return open_database(data_dir / "knowledge.db")
