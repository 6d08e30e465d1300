"""Logs: one JSON object a line for machines, a readable line for a person at a terminal, no personal data in either.

Each record carries the request id and the municipality that `context` bound, and the fields given in `extra`. What looks
like a bsn, an e-mail address or a telephone number is masked wherever it stands: in the message, its arguments, the fields
and the trace of an exception. PostgreSQL's DETAIL lines are left out, because they quote rows. The mask is the last line of
defence; code that logs personal data is wrong all the same.

| variable | meaning | default |
| --- | --- | --- |
| VLIEGWIEL_LOG | `json` or `text` | `text` at a terminal, else `json` |
| VLIEGWIEL_LOG_LEVEL | lowest level that is written | `INFO` |
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TextIO

from .bsn import is_bsn

_NOTHING: Mapping[str, str] = MappingProxyType({})
_bound: ContextVar[Mapping[str, str]] = ContextVar("vliegwiel_log", default=_NOTHING)

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
# Nine digits, or eight where the leading zero was lost; also written in groups (1112.22.333, 111 222 333). Not inside a
# longer number or a hexadecimal hash.
_NINE = re.compile(r"(?<![0-9A-Fa-f])(?:\d{9}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}[ .]\d{2}[ .]\d{3})(?![0-9A-Fa-f])")
_EIGHT = re.compile(r"(?<![0-9A-Fa-f])\d{8}(?![0-9A-Fa-f])")
_EMAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+31|0031|0)[ -]?[1-9](?:[ -]?\d){8}(?![0-9A-Za-z])")
_DETAIL = re.compile(r"^DETAIL: .*$", re.MULTILINE)


def mask(text: str) -> str:
    """`text` without what looks like personal data. Identifiers (UUIDs) stay readable."""
    if "DETAIL" not in text and not any(c.isdigit() or c in "@%" for c in text):
        return text
    text = text.replace("\x00", "")
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    masked = _UUID.sub(keep, text)
    masked = _DETAIL.sub("DETAIL: [weggelaten]", masked)
    masked = _EMAIL.sub("[e-mail]", masked)
    masked = _PHONE.sub("[telefoon]", masked)
    masked = _NINE.sub("[bsn]", masked)
    masked = _EIGHT.sub(lambda m: "[bsn]" if is_bsn(f"0{m[0]}") else m[0], masked)
    return re.sub("\x00(\\d+)\x00", lambda m: kept[int(m[1])], masked)


@contextmanager
def context(**fields: str) -> Iterator[None]:
    """Bind fields (`request_id`, `municipality`, `job`) to every record made inside the block; empty values are left out."""
    token = _bound.set({**_bound.get(), **{k: v for k, v in fields.items() if v}})
    try:
        yield
    finally:
        _bound.reset(token)


def request_id() -> str:
    """The id of the request or job at hand, or an empty text outside one."""
    return _bound.get().get("request_id", "")


def new_request_id(given: str = "") -> str:
    """An id for a request: the one a proxy gave when it has the shape of an id, else a new one."""
    return given if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", given) and mask(given) == given else uuid.uuid4().hex


def _fields(record: logging.LogRecord) -> dict[str, object]:
    extra = {k: v for k, v in vars(record).items() if k not in _STANDARD and not k.startswith("_")}
    return {**getattr(record, "_bound", _bound.get()), **{k: _clean(v) for k, v in extra.items()}}


def _clean(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        text = str(value)
        return value if mask(text) == text else mask(text)
    if isinstance(value, Mapping):
        return {mask(str(k)): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(v) for v in value]
    return mask(str(value))


class _Masked(logging.Formatter):
    def message(self, record: logging.LogRecord) -> str:
        try:
            return mask(record.getMessage())
        except (TypeError, ValueError):  # arguments that do not fit the message must not cost the line
            return mask(f"{record.msg} {record.args}")

    def trace(self, record: logging.LogRecord) -> str:
        return mask(self.formatException(record.exc_info)) if record.exc_info and record.exc_info[0] else ""


class JsonFormatter(_Masked):
    """One object a line: tijd, niveau, bron, bericht, what was bound, what was given, and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, object] = {
            "tijd": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "bron": record.name,
            "bericht": self.message(record),
            **_fields(record),
        }
        if trace := self.trace(record):
            row["fout"] = trace
        return json.dumps(row, ensure_ascii=False, default=str)


class TextFormatter(_Masked):
    """For a person: the time, the level when it is not ordinary, where it comes from, and what happened."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        fields = " ".join(f"{k}={v}" for k, v in _fields(record).items() if k not in {"worker", "job", "action"})
        line = f"{moment} {level}{record.name.removeprefix('vliegwiel.')}: {self.message(record)}"
        trace = self.trace(record)
        return line + (f" ({fields})" if fields else "") + (f"\n{trace}" if trace else "")


class _Bind(logging.Filter):
    """Notes what was bound when the record was made: a handler may run in another thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        record._bound = _bound.get()
        return True


def configure(*, stream: TextIO | None = None, style: str | None = None, level: str = "INFO") -> None:
    """Set up logging for this process; every process of the platform calls it first.

    `level` counts where the environment says nothing. Raises `ValueError` for a level or style that does not exist.
    """
    stream = stream or sys.stderr
    style = style or os.environ.get("VLIEGWIEL_LOG") or ("text" if stream.isatty() else "json")
    level = (os.environ.get("VLIEGWIEL_LOG_LEVEL") or level).upper()
    if level not in _LEVELS:
        raise ValueError(f"VLIEGWIEL_LOG_LEVEL is {level!r}; allowed: {', '.join(_LEVELS)}")
    if style not in {"json", "text"}:
        raise ValueError(f"VLIEGWIEL_LOG is {style!r}; allowed: json, text")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    handler.addFilter(_Bind())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])
    # Libraries that tell each job, request and connection; what matters of it the platform says itself.
    for noisy in ("procrastinate", "httpx", "httpcore", "asyncio", "psycopg.pool", "botocore", "granian.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, _LEVELS[level]))
    # Django logs each 4xx as a warning with its path; the request line of the platform says it already.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.captureWarnings(True)
