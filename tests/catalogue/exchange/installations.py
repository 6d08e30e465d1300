"""Two installations in one process: each with its own database, its own master key and its own web server on a free port.

Connections of Django belong to a thread, so each thread can look at another database. Between the two goes HTTP and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from vliegwiel.base.settings import database
from vliegwiel.trust.keystore import Keystore

_here: ContextVar[Installation] = ContextVar("installation")


def keystore_here() -> Keystore:
    """The keystore of the installation this thread works for."""
    return _here.get().keystore


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return None


@dataclass
class Installation:
    """One installation. `tamper`, when set, may change an answer on its way out."""

    url: str
    keystore: Keystore
    tamper: Any = None
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _server: Any = None

    @contextmanager
    def here(self) -> Iterator[None]:
        """Work in this installation, in this thread."""
        wrapper = connections["default"]
        wrapper.close()
        before = wrapper.settings_dict
        wrapper.settings_dict = {**before, **database(self.url)}
        token = _here.set(self)
        try:
            yield
        finally:
            _here.reset(token)
            wrapper.close()
            wrapper.settings_dict = before

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        with self.here():
            self.asked.append(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}")
            told: list[Any] = []
            response = WSGIHandler()(environ, lambda status, headers, *_: told.extend((status, headers)))
            body = b"".join(response)
            response.close()
            body = self.tamper(body) if self.tamper else body
            start_response(
                told[0], [*((k, v) for k, v in told[1] if k != "Content-Length"), ("Content-Length", str(len(body)))]
            )
            yield body

    def serve(self) -> None:
        """Answer from now on."""
        self._server = make_server("127.0.0.1", 0, self, server_class=_Server, handler_class=_Quiet)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def address(self, slug: str) -> str:
        """Where a municipality of this installation gives its definitions."""
        return f"http://{slug}.localhost:{self.port}/uitwisseling/v1"
