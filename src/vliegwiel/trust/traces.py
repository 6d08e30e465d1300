"""Which operation is going on: the trace of Logboek Dataverwerkingen and of W3C Trace Context.

A face opens `operation(...)` around each request or job. Whatever is looked at inside it is one Dataverwerking with one
trace; the same look twice within it is one look. A request to another party carries `traceparent()`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from vliegwiel.base.clock import now

_TRACEPARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Foreign:
    """The operation of another party that asked us: its trace, its operation, and who it is (a URI)."""

    trace_id: str
    operation_id: str
    entity: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that is going on. Ids are lower-case hexadecimal: 16 bytes for the trace, 8 for the operation."""

    trace_id: str
    operation_id: str
    name: str
    start: datetime
    foreign: Foreign | None = None

    @property
    def traceparent(self) -> str:
        """The header for a request to another party (W3C Trace Context, version 00, sampled)."""
        return f"00-{self.trace_id}-{self.operation_id}-01"


_current: ContextVar[Operation | None] = ContextVar("vliegwiel_operation", default=None)


def begin(name: str, traceparent: str = "", entity: str = "") -> Operation:
    """A new operation with a new trace. A well-formed `traceparent` of another party (`entity`: a URI naming it, which we
    must know ourselves) is kept as the foreign operation; anything else in it is ignored."""
    match = _TRACEPARENT.fullmatch(traceparent) if entity else None
    foreign = None
    if match and set(match["trace"]) != {"0"} and set(match["span"]) != {"0"}:
        foreign = Foreign(match["trace"], match["span"], entity)
    return Operation(secrets.token_hex(16), secrets.token_hex(8), name, now(), foreign)


@contextmanager
def operation(name: str, traceparent: str = "", entity: str = "") -> Iterator[Operation]:
    """Everything inside the block belongs to one operation. Nested, it belongs to the outer one."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    begun = begin(name, traceparent, entity)
    token = _current.set(begun)
    try:
        yield begun
    finally:
        _current.reset(token)


def name(name_: str) -> None:
    """Give the operation that is going on the name that only became known on the way: the route of a request."""
    if (begun := _current.get()) is not None:
        _current.set(replace(begun, name=name_))


def current() -> Operation | None:
    """The operation that is going on, if a face opened one."""
    return _current.get()
