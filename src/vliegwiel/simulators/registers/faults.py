"""Breaking the registers on purpose, and remembering what was asked: only when started with `--control`.

What is broken is said per start of a path. Everything that can happen on a network is there: slowness, errors with the
body the register would write, no answer, half an answer, an endless one, nonsense, and a connection that is cut.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .problems import Api, problem

PREFIX = "/_control"
_REMEMBERED = 1000
_OVERSIZED = 64 * 1024 * 1024
Kind = Literal["slow", "status", "timeout", "garbage", "truncated", "oversized", "redirect", "drip", "reset"]


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """What goes wrong for paths that start with `path`. `times` counts down; None is until it is healed."""

    path: str
    kind: Kind
    status: int = 500
    seconds: float = 0.0
    times: int | None = None


class Faults:
    """Middleware that lets requests go wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._faults: list[Fault] = []
        self._seen: deque[dict[str, object]] = deque(maxlen=_REMEMBERED)

    def routes(self) -> list[Route]:
        """Control: set and heal faults, read and forget what was asked."""
        return [
            Route(f"{PREFIX}/faults", self.set_fault, methods=["POST"]),
            Route(f"{PREFIX}/faults", self.heal, methods=["DELETE"]),
            Route(f"{PREFIX}/requests", self.requests, methods=["GET"]),
            Route(f"{PREFIX}/requests", self.forget, methods=["DELETE"]),
        ]

    async def set_fault(self, request: Request) -> Response:
        """Add a fault."""
        try:
            self._faults.append(msgspec.json.decode(await request.body(), type=Fault))
        except msgspec.DecodeError:
            return problem(400, request.url.path, detail="No such fault.")
        return Response(status_code=204)

    async def heal(self, request: Request) -> Response:
        """Everything works again."""
        self._faults.clear()
        return Response(status_code=204)

    async def requests(self, request: Request) -> Response:
        """What was asked, oldest first."""
        return JSONResponse(list(self._seen))

    async def forget(self, request: Request) -> Response:
        """Forget it."""
        self._seen.clear()
        return Response(status_code=204)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or go wrong."""
        if scope["type"] != "http" or str(scope["path"]).startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        messages = await _whole_body(receive)
        self._remember(scope, messages)
        fault = self._applicable(str(scope["path"]))
        replay = _Replay(messages, receive)
        if fault is None:
            await self._app(scope, replay, send)
        else:
            await self._go_wrong(fault, scope, replay, send)

    def _remember(self, scope: Scope, messages: list[Message]) -> None:
        body = b"".join(message.get("body", b"") for message in messages)
        self._seen.append(
            {
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode("latin-1"),
                "headers": {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
                "body": body.decode("utf-8", "replace"),
            }
        )

    def _applicable(self, path: str) -> Fault | None:
        for fault in self._faults:
            if path.startswith(fault.path) and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def _go_wrong(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case "timeout":
                await _until_gone(receive, fault.seconds or 60.0)
            case "reset":
                _close(scope, reset=True)
                await _until_gone(receive, 5.0)
            case "status":
                await problem(fault.status, scope["path"], api=_api_of(scope["path"]))(scope, receive, send)
            case "redirect":
                await Response(status_code=302, headers={"Location": "http://127.0.0.1:9/elders"})(scope, receive, send)
            case _:
                await _spoiled(fault, scope, receive, send)


class _Replay:
    """Gives the messages that were read already, then what comes."""

    def __init__(self, messages: list[Message], receive: Receive) -> None:
        self._messages = deque(messages)
        self._receive = receive

    async def __call__(self) -> Message:
        return self._messages.popleft() if self._messages else await self._receive()


async def _whole_body(receive: Receive) -> list[Message]:
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request" or not message.get("more_body"):
            return messages


async def _until_gone(receive: Receive, seconds: float) -> None:
    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


async def _spoiled(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    if fault.kind == "truncated":
        headers.append((b"content-length", b"1000"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if fault.kind == "garbage":
        await send({"type": "http.response.body", "body": b'{"type": "RaadpleegMet\xff\xfe<html>'})
    elif fault.kind == "truncated":
        await send({"type": "http.response.body", "body": b'{"type": "Raad', "more_body": True})
        _close(scope, reset=False)
        await _until_gone(receive, 5.0)
    elif fault.kind == "oversized":
        for _ in range(_OVERSIZED // 65536):
            await send({"type": "http.response.body", "body": b" " * 65536, "more_body": True})
        await send({"type": "http.response.body", "body": b"{}"})
    else:
        for _ in range(int(fault.seconds / 0.1)):
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"{}"})


def _api_of(path: str) -> Api:
    return "bag" if path.startswith("/lvbag/") else "rdw" if path.startswith("/rdw/") else "brp"


class CuttableProtocol(H11Protocol):
    """HTTP over a connection that a fault can cut, as a failing machine or firewall does."""

    def handle_events(self) -> None:
        """Let the application reach its own connection."""
        super().handle_events()
        if getattr(self, "scope", None) is not None:
            self.scope["state"]["vliegwiel.transport"] = self.transport


def _close(scope: Scope, *, reset: bool) -> None:
    transport = scope.get("state", {}).get("vliegwiel.transport")
    if not isinstance(transport, asyncio.Transport):
        return
    if reset:
        # Without lingering, closing sends a reset instead of an orderly end.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
