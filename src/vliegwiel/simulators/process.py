"""How a simulator runs as a process of its own: one port, one line when it is ready, and gone when its starter is gone."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

LIMIT_CONCURRENCY = 200


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises `OSError` when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches off Nagle's delay (40 ms for every answer) only where the socket says it is TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def serve(
    application: Starlette,
    bound: socket.socket,
    *,
    ready: dict[str, str],
    stop_with_stdin: bool,
    protocol: type[H11Protocol] = H11Protocol,
) -> None:
    """Serve until a signal, or until standard input closes (`stop_with_stdin`): then the starter is gone.

    Prints `ready` as one line of JSON when connections are accepted, so that nobody has to poll or guess. Nothing else is
    printed: requests hold personal data, so there is no access log.
    """
    server = _AnnouncingServer(
        uvicorn.Config(
            application,
            http=protocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            limit_concurrency=LIMIT_CONCURRENCY,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
        ),
        lambda: print(json.dumps(ready), flush=True),
    )
    if stop_with_stdin:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    server.run(sockets=[bound])


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._announce()


def _stop_at_end_of_input(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    server.should_exit = True
