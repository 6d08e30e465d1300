"""A municipality's SensorThings service as programs call it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from django.test import Client

from vliegwiel.rounds.actions.clients import add_client
from vliegwiel.trust.identity import System

LEIDEN, UTRECHT = "GM0546", "GM0344"
HOSTS = {LEIDEN: "leiden.localhost", UTRECHT: "utrecht.localhost"}
ROOT = "/sensorthings/v1.1"
SAFE = "/()'$=&;,:@*"


def token(municipality: str = LEIDEN, *, name: str = "proefprogramma", write: bool = True) -> str:
    return add_client(System(municipality, "proef"), name=name, may_write=write)[1]


@dataclass
class Service:
    """Calls with a token; answers are read as JSON, and `status` is that of the last one."""

    token: str = ""
    municipality: str = LEIDEN
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def call(self, method: str, address: str, body: object = None, kind: str = "application/json") -> Any:
        parts = urlsplit(address)
        path = parts.path if parts.path.startswith(ROOT) else f"{ROOT}/{parts.path}"
        url = quote(path, safe=SAFE) + (f"?{quote(parts.query, safe=SAFE + '%+')}" if parts.query else "")
        extra: dict[str, Any] = {"HTTP_HOST": HOSTS[self.municipality]}
        if self.token:
            extra["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        sent = body if isinstance(body, bytes) else msgspec.json.encode(body) if body is not None else b""
        response = self.client.generic(method, url, sent, content_type=kind, **extra)
        self.status, self.headers = response.status_code, dict(response.headers)
        if "json" in response.headers.get("Content-Type", ""):
            return msgspec.json.decode(response.content)
        return response.content.decode()

    def get(self, address: str) -> Any:
        return self.call("GET", address)

    def post(self, address: str, body: object) -> str:
        """Make something; its id."""
        made = self.call("POST", address, body)
        assert self.status == 201, made
        return made["@iot.id"]

    def names(self, address: str) -> list[str]:
        """The names of the entities of a set."""
        found = self.get(address)
        assert self.status == 200, found
        return [one["name"] for one in found["value"]]

    def results(self, address: str) -> list[Any]:
        found = self.get(address)
        assert self.status == 200, found
        return [one["result"] for one in found["value"]]


def link(key: str) -> dict[str, str]:
    return {"@iot.id": key}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def place(name: str, shape: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "description": name, "encodingType": "application/geo+json", "location": shape, **more}


def feature(name: str, shape: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "description": name, "encodingType": "application/geo+json", "feature": shape, **more}


SENSOR = {
    "name": "Ultrasoon", "description": "Meet de afstand tot het afval", "encodingType": "text/html", "metadata": "https://example.org",
}  # fmt: skip
LEVEL = {"name": "vulgraad", "definition": "https://example.org/vulgraad", "description": "Hoe vol het is"}
PERCENT = {"name": "procent", "symbol": "%", "definition": "https://ucum.org/#para-29"}


def stream(name: str = "vulgraad van C1", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "description": name,
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": PERCENT,
        **more,
    }


def thing(name: str = "C1", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": f"Container {name}", **more}


def whole(name: str = "C1", **more: Any) -> dict[str, Any]:
    """A thing with a place and a datastream with two observations, in one go."""
    return thing(
        name,
        properties={"soort": "rest", "liters": 5000, "verdiept": True},
        Locations=[place(f"plek {name}", point(4.49, 52.16))],
        Datastreams=[
            stream(
                f"vulgraad van {name}",
                Sensor=SENSOR,
                ObservedProperty=LEVEL,
                Observations=[
                    {"phenomenonTime": "2026-11-01T06:00:00Z", "result": 20},
                    {"phenomenonTime": "2026-11-01T12:00:00Z", "result": 62.5},
                ],
            )
        ],
        **more,
    )
