"""The sentences of this room, kept apart from its logic: pages for citizens, messages for operators."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "data"


@cache
def _catalogue(name: str) -> Mapping[str, str]:
    loaded: dict[str, str] = yaml.safe_load((_DATA / f"{name}.vi.yaml").read_text("utf-8"))
    return loaded


def page_text(key: str, **values: object) -> str:
    """A sentence of the pages and of the REST interface. An unknown key or name is a `KeyError`."""
    return _catalogue("pages")[key].format(**values)


def staff_text(key: str, **values: object) -> str:
    """A sentence of the pages for officers."""
    return _catalogue("staff")[key].format(**values)


def booking_text(key: str, **values: object) -> str:
    """A sentence of the pages for appointments."""
    return _catalogue("booking")[key].format(**values)


def counter_text(key: str, **values: object) -> str:
    """A sentence of the screens at the counter."""
    return _catalogue("counter")[key].format(**values)


def counter_words(key: str) -> str | None:
    """A sentence of those screens that needs no names, if there is one."""
    return _catalogue("counter").get(key)


def review_text(key: str, **values: object) -> str:
    """A sentence of the screens where officers answer."""
    return _catalogue("review")[key].format(**values)


def review_words(key: str) -> str | None:
    """A sentence of those screens that needs no names, if there is one."""
    return _catalogue("review").get(key)


def figures_text(key: str, **values: object) -> str:
    """A sentence of the dashboards and of the monthly report."""
    return _catalogue("figures")[key].format(**values)


def figures_words(key: str) -> str | None:
    """A sentence of those that needs no names, if there is one."""
    return _catalogue("figures").get(key)


def open_data_texts() -> Mapping[str, str]:
    """What the open data say about themselves; `{k}` and `{date}` are filled in by the writer."""
    return _catalogue("open_data")


def operator_text(key: str, **values: object) -> str:
    """A sentence for the person who runs the service."""
    return _catalogue("operator")[key].format(**values)
