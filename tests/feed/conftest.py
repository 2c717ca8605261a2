"""Fixtures of the feed's tests."""

from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    empty_url,
    engine,
    postgres,
    sqlite_template,
)
