"""Log lines that carry ids and causes, never a token, a citizen's words or personal data.

Everything goes through one chain: our own lines and those of the libraries. An error is told by its type and
by where it happened; its message is left out, because drivers and parsers quote the data they choked on.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

_PRIVATE = frozenset(
    "text body payload message query chat_id phone name username cookie headers".split()  # noqa: SIM905
)
"""Keys whose values are dropped: they may hold what a citizen wrote or who the citizen is."""
_SECRETS = (
    (re.compile(r"(?<!\d)\d{5,14}:[A-Za-z0-9_-]{20,}"), "[hidden]"),  # Telegram and Zalo Bot tokens
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [hidden]"),
    (re.compile(r"(?i)\b([a-z_]*(?:token|secret|password|api_?key|signature))(['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;]+"),
     r"\1\2[hidden]"),
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+@"), "[hidden]@"),
    (re.compile(r"(?<![\w.-])\+?\d(?:[ .-]?\d){8,14}(?![\w-])"), "[number]"),  # phones, identity cards
)  # fmt: skip
_FREE = frozenset({"timestamp", "request_id", "level"})
_SILENT = (
    "httpx", "httpcore", "httpx2", "httpcore2", "aiogram", "aiosqlite", "sqlalchemy", "uvicorn.access", "asyncio",
)  # fmt: skip
_FRAMES = 8


def configure_logging(
    form: Literal["console", "json"] = "console", level: str = "info", stream: TextIO | None = None
) -> None:
    """Sends structlog and the standard library through the same chain to `stream` (standard error)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_error,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _quieten()


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)
    return structlog.dev.ConsoleRenderer(colors=False, sort_keys=True)


def _quieten() -> None:
    for name in ("uvicorn", "uvicorn.error", *_SILENT):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True  # our own access line has the route, not the address


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drops private keys and hides what looks like a token, a password or a personal number."""
    for key in list(event):
        if key in _PRIVATE:
            del event[key]
        elif key not in _FREE and not key.startswith("_"):
            event[key] = _clean(event[key])
    return event


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items() if key not in _PRIVATE}
    return hide_secrets(str(value))


def hide_secrets(text: str) -> str:
    """`text` without what looks like a token, a password or a personal number."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by the error's type and the places it came through."""
    error = _error(event.pop("exc_info", None))
    event.pop("stack_info", None)
    if error is not None:
        event["error"] = type(error).__qualname__
        event["where"] = places(error.__traceback__)
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__qualname__
    return event


def _error(info: ExcInfo | BaseException | bool | None) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1]
    return sys.exc_info()[1] if info else None


def places(trace: TracebackType | None) -> list[str]:
    """The last frames of a traceback as `room/module.py:line function`."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
