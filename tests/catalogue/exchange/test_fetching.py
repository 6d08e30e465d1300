"""An address that somebody typed in can be wrong or hostile: it never leads inside a network, around a corner, or on for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings

from vliegwiel.base.errors import Unavailable
from vliegwiel.catalogue.exchange.fetching import AddressRefused, check_address, fetch, is_public


class Strange(BaseHTTPRequestHandler):
    """Answers in the ways that must not hurt."""

    def do_GET(self) -> None:
        match self.path:
            case "/door":
                self.answer(302, b"", Location="http://169.254.169.254/latest")
            case "/groot":
                self.answer(200, b"x" * 3_000_000)
            case "/ingepakt":
                self.answer(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
            case "/liegt":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"kort")
            case _:
                self.answer(200, self.headers["Host"].encode(), **{"Content-Type": "application/json; charset=utf-8"})

    def do_POST(self) -> None:
        self.answer(201, self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return None


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Strange)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "address",
    [
        "", "leiden.nl", "ftp://leiden.nl", "file:///etc/passwd", "gopher://x", "http://leiden.nl/", "https://", "https://a b/",
        "https://naam:geheim@leiden.nl/", "https://leiden.nl/#x", "https://leiden.nl:99999/", "https://[::1/", "https://\nx/",
        "https://leiden.nl/" + "x" * 600, "https://lëiden.nl/", "//leiden.nl", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(AddressRefused):
        fetch(address, resolver=lambda host, port: pytest.fail("looked up"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1%eth0", "192.0.2.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_public_however_they_are_written(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused, match="eigen netwerk"):
        fetch("https://onschuldig.example/", resolver=lambda host, port: [address])


def test_public_addresses_are_public() -> None:
    assert is_public("8.8.8.8")
    assert is_public("2a00:1450:400e:80e::200e")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused):
        fetch("https://wisselend.example/", resolver=lambda host, port: ["8.8.8.8", "127.0.0.1"])


def test_numbers_that_mean_a_private_address_are_refused_too() -> None:
    for host in ("127.1", "2130706433", "0x7f000001", "localhost", "x.localhost"):
        with pytest.raises((AddressRefused, Unavailable)):
            fetch(f"https://{host}/")


def test_a_host_that_was_allowed_by_name_can_be_asked_and_the_name_goes_along(port: int) -> None:
    with override_settings(EXCHANGE_ALLOW=f"leiden.localhost:{port}"):
        found = fetch(f"http://leiden.localhost:{port}/")
        assert (found.status, found.kind) == (200, "application/json")
        assert found.body == f"leiden.localhost:{port}".encode()
        assert fetch(f"http://leiden.localhost:{port}/", body=b"{}").body == b"{}"
        with pytest.raises(AddressRefused):
            check_address("http://leiden.localhost:1/")


def test_redirects_large_answers_packed_answers_and_broken_answers_are_refused(port: int) -> None:
    with override_settings(EXCHANGE_ALLOW="127.0.0.1"):
        base = f"http://127.0.0.1:{port}"
        with pytest.raises(AddressRefused, match="stuurt door"):
            fetch(f"{base}/door")
        with pytest.raises(Unavailable, match="te groot"):
            fetch(f"{base}/groot", most=1_000_000)
        with pytest.raises(Unavailable, match="ingepakt"):
            fetch(f"{base}/ingepakt")
        with pytest.raises(Unavailable, match="antwoordt niet"):
            fetch(f"{base}/liegt")


def test_nobody_home_is_said_with_when_to_try_again() -> None:
    with override_settings(EXCHANGE_ALLOW="127.0.0.1"), pytest.raises(Unavailable) as caught:
        fetch("http://127.0.0.1:1/")
    assert caught.value.retry_after == 300
