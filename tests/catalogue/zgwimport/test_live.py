"""A live Catalogi API is read page by page, with a token, wherever its answers say they stand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.catalogue.zgwimport.disguises import Disguised, disguise
from vliegwiel.base.errors import Forbidden, Invalid, TooLarge
from vliegwiel.catalogue.exchange.fetching import AddressRefused
from vliegwiel.catalogue.zgwimport import live
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.resources import RESOURCES

SECRET = "geheim-van-de-toepassing-dat-lang-genoeg-is"


class Catalogue(BaseHTTPRequestHandler):
    """A Catalogi API: pages of ten, and a wrong host in the address of the next page, as behind a proxy."""

    made: ClassVar[Disguised]
    endless = False

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            self.answer(403, {"detail": "geen token"})
            return
        jwt.decode(token, OctKey.import_key(SECRET))
        names = {path: name for name, path in RESOURCES.items()}
        name = names.get(parts.path.removeprefix("/catalogi/api/v1/"))
        if name is None:
            self.answer(404, {})
            return
        rows = self.made.resources.get(name, [])
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        more = len(rows) > page * 10 or self.endless
        following = f"http://intern:8000{parts.path}?page={page + 1}" if more else None
        self.answer(
            200, {"count": len(rows), "next": following, "previous": None, "results": rows[(page - 1) * 10 : page * 10]}
        )

    def answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        return None


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    Catalogue.made = disguise(15, 3)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Catalogue)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    with override_settings(EXCHANGE_ALLOW="127.0.0.1"):
        yield f"http://127.0.0.1:{server.server_port}/catalogi/api/v1/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_all_pages_are_read_and_give_what_the_export_gives(address: str) -> None:
    token = live.application_token("vliegwiel", SECRET)
    assert live.read_api(address, token=token).case_types == read_archive(Catalogue.made.archive()).case_types


def test_who_is_not_let_in_and_who_asks_elsewhere_reads_what_to_do(address: str) -> None:
    with pytest.raises(Forbidden, match="token"):
        live.read_api(address)
    with pytest.raises(Invalid, match="geen Catalogi API"):
        live.read_api(address.replace("/catalogi/", "/elders/"), token=live.application_token("x", SECRET))
    with override_settings(EXCHANGE_ALLOW=""), pytest.raises(AddressRefused):
        live.read_api(address)


def test_a_catalogue_that_never_ends_is_left(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Catalogue, "endless", True)
    monkeypatch.setattr(live, "MOST_PAGES", 20)
    with pytest.raises(TooLarge, match="export"):
        live.read_api(address, token=live.application_token("x", SECRET))
