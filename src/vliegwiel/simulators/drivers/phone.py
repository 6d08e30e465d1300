"""A driver with a phone: the pages of the platform over HTTP, with a login at the provider of the demonstration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final, TypeVar

import httpx
import msgspec

REASONS: Final = ("Er staat een auto voor", "De weg is dicht", "Er ligt afval naast")
BLOCKED: Final = 0.04
"""Part of the stops that cannot be done."""
LEVELS: Final = ("", "", "50", "75", "100")
_T = TypeVar("_T", bound=msgspec.Struct)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FORM = re.compile(r'<form[^>]*action="([^"]+)"', re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Stop(msgspec.Struct, frozen=True):
    """A stop as the driver's page tells it to programs."""

    id: str
    soort: str
    container: str
    stand: str


class Round(msgspec.Struct, frozen=True):
    """The round of a truck."""

    wagen: str
    stand: str
    stops: tuple[Stop, ...]

    @property
    def coming(self) -> Stop | None:
        """The next container to empty."""
        return next((s for s in self.stops if s.soort == "container" and s.stand == "planned"), None)


class Trucks(msgspec.Struct, frozen=True):
    """The trucks that drive today."""

    wagens: tuple[str, ...]


class _Here(httpx.HTTPTransport):
    """Finds `leiden.localhost` on this machine, as browsers do and most resolvers do not."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.host.endswith("localhost"):
            return super().handle_request(request)
        here = httpx.Request(
            request.method, request.url.copy_with(host="127.0.0.1"), headers=request.headers, stream=request.stream,
            extensions=request.extensions,
        )  # fmt: skip
        return super().handle_request(here)


@dataclass
class Driver:
    """Somebody who drives. `subject` is how the provider of the demonstration knows them."""

    client: httpx.Client
    subject: str
    random: Random

    @classmethod
    def of(cls, address: str, subject: str, seed: int = 1) -> Driver:
        """A driver of the municipality whose pages are at `address`."""
        client = httpx.Client(base_url=address, transport=_Here(), follow_redirects=True, timeout=30, trust_env=False)
        return cls(client, subject, Random(seed))  # noqa: S311  # a play, nothing secret

    def log_in(self) -> None:
        """Come in by the page of the trucks. Raises `httpx.HTTPError` when that does not work (yet)."""
        page = self.client.get("/rondes/wagens/")
        page.raise_for_status()
        if "/rondes/wagens/" in str(page.url):
            return
        form = _FORM.search(page.text)
        if form is None:
            raise httpx.HTTPError("the page to log in has no form")
        fields = {**dict(_HIDDEN.findall(page.text)), "persoon": self.subject}
        self.client.post(str(page.url.join(form[1])), data=fields).raise_for_status()

    def trucks(self) -> tuple[str, ...]:
        """The trucks that drive today."""
        return self._read("/rondes/wagens/", Trucks).wagens

    def round(self, truck: str) -> Round:
        """The round of a truck as it is now."""
        return self._read(f"/rondes/wagen/{truck}/", Round)

    def do(self, truck: str, stop: Stop) -> None:
        """Do a stop, or find that it cannot be done."""
        page = self.client.get(f"/rondes/wagen/{truck}/")
        token = _TOKEN.search(page.text)
        blocked = self.random.random() < BLOCKED
        fields = {
            "csrfmiddlewaretoken": token[1] if token else "",
            "wat": "kon-niet" if blocked else "geleegd",
            "reden": self.random.choice(REASONS) if blocked else "",
            "vol": "" if blocked else self.random.choice(LEVELS),
            "om": datetime.now(UTC).isoformat(),
        }
        answer = self.client.post(f"/rondes/stop/{stop.id}/", data=fields, headers={"Accept": "application/json"})
        answer.raise_for_status()

    def _read(self, path: str, type_: type[_T]) -> _T:
        answer = self.client.get(path, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=type_)
