"""What all commands share: the console, settings, failing with a clear message, the embedder."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from api.settings import Settings, SettingsError, load_settings
from index.embed import Embedder, EmbedderUnavailable, open_embedder


@cache
def console() -> Console:
    """Standard error, so that what a command prints as its result stays alone on standard output."""
    return Console(stderr=True)


def fail(message: str) -> NoReturn:
    """End the program with a message for the operator, without a traceback."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(code=1)


def load_or_exit() -> Settings:
    """The settings; unsafe or unknown ones end the program."""
    try:
        return load_settings(os.environ)
    except SettingsError as error:
        fail(str(error))


def open_embedder_or_none(setting: str, data_dir: Path) -> Embedder | None:
    """The embedder; where it cannot be had, says why and goes on without: search then goes by words."""
    try:
        return open_embedder(setting, data_dir / "cache", lambda line: console().print(line, markup=False))
    except EmbedderUnavailable as error:
        console().print(f"Không có bộ nhúng, chỉ tìm theo từ: {error}", markup=False)
        return None
