"""What no browser sends, to the running platform: broken requests, strange bytes and crowds; it answers, and goes on."""

from __future__ import annotations

import contextlib
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.fixtures_site import Site

END = b"\r\n\r\n"
BROKEN = (
    b"", b"\r\n", b"\x00" * 2000, b"GET\r\n\r\n", b"GET / HTTP/9.9" + END, b"GET / HTTP/1.1" + END, b"POST / HTTP/1.1\r\nHost: x",
    b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\nHost: utrecht.localhost" + END,
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\nX: " + b"x" * 200_000 + END,
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\n" + b"A: b\r\n" * 3000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\n Folded: x" + END,
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\nCookie: sessie=\xff\xfe\x80" + END,
    b"GET /%ff%fe%00/..%2f..%2fetc/passwd HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"GET http://kwaad.example/ HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"GET //kwaad.example/.. HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: leiden.localhost" + END,
    b"OPTIONS * HTTP/1.1\r\nHost: leiden.localhost" + END, b"CONNECT kwaad.example:443 HTTP/1.1\r\nHost: x" + END,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"POST /werk/ HTTP/1.1\r\nHost: leiden.localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET",
    b"POST /werk/toewijzen/ HTTP/1.1\r\nHost: leiden.localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0" + END,
    b"POST /werk/toewijzen/ HTTP/1.1\r\nHost: leiden.localhost\r\nContent-Length: 9999999999\r\n\r\nx",
    b"POST /werk/toewijzen/ HTTP/1.1\r\nHost: leiden.localhost\r\nContent-Length: -5\r\n\r\nx",
    b"GET / HTTP/1.1\r\nHost: leiden.localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x" + END,
)  # fmt: skip


def raw(site: Site, sent: bytes) -> bytes:
    """What comes back on a bare connection within a moment."""
    answer = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as wire, contextlib.suppress(OSError):
        wire.sendall(sent)
        wire.shutdown(socket.SHUT_WR)
        wire.settimeout(3)
        while part := wire.recv(65536):
            answer += part
    return answer


@pytest.mark.slow
def test_broken_requests_leave_the_platform_whole(site: Site) -> None:
    web = site.children()["web"]
    for sent in BROKEN:
        answer = raw(site, sent)
        status = answer.split(b" ", 2)[1:2]
        assert not status or not status[0].startswith(b"5") or status[0] in (b"501", b"505"), (sent[:80], answer[:200])
        assert b"root:" not in answer
        assert b"Traceback" not in answer
        assert b"Location: http://kwaad" not in answer
    assert site.client("leiden").get("/").status_code == 200
    assert site.children()["web"] == web, "the same process still serves"


@pytest.mark.slow
def test_a_crowd_at_the_first_moment_crashes_nothing(site: Site) -> None:
    """Sixty people begin an application at once: many threads meet code that has not run yet."""
    web = site.children()["web"]
    pages = [
        (town, path)
        for town in ("leiden", "utrecht", "schiedam", "rotterdam", "eindhoven")
        for path in (
            "/",
            "/product/rijbewijs-verlengen/",
            "/product/individuele-inkomenstoeslag/past-dit/",
            "/inloggen/",
            "/mijn/",
        )
    ]

    def visit(page: tuple[str, str]) -> int:
        town, path = page
        address = site.url(town, path).replace(f"{town}.localhost", "127.0.0.1")
        return httpx.get(
            address, headers={"Host": f"{town}.localhost:{site.port}"}, timeout=60, trust_env=False
        ).status_code

    with ThreadPoolExecutor(24) as crowd:
        statuses = Counter(crowd.map(visit, pages * 3))
    assert set(statuses) <= {200, 302}, statuses
    assert site.children()["web"] == web
    assert "Segmentation" not in site.log()
