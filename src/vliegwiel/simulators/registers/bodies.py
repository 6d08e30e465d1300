"""Reading a request body with an end to how much."""

from __future__ import annotations

import msgspec
from starlette.requests import Request

MAX_BODY = 65_536
# What decoding raises when a body is no JSON; the last for lists in lists in lists without end.
NOT_JSON = (msgspec.DecodeError, RecursionError)


class TooMuch(Exception):
    """The body is larger than `MAX_BODY`."""


async def body_of(request: Request) -> bytes:
    """The body. Raises `TooMuch`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooMuch
    return body
