"""Fixtures of the ways out: both databases."""

from tests.store.databases import (  # noqa: F401 - fixtures
    backend,
    database_url,
    empty_url,
    engine,
    postgres,
    sqlite_template,
)
