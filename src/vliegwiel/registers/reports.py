"""The facility to which wrong data are reported, one for all registers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from vliegwiel.base.typed import prepare

from .connection import Ask, Connection, ConnectionSettings
from .errors import RegisterRefused
from .facts import Register


class Report(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A report: who reports, about whom, what and why. `kenmerk` is our own number; sending it twice is harmless."""

    kenmerk: str
    register: Register
    meldende_gemeente: str
    burgerservicenummer: str
    rubrieken: tuple[str, ...]
    toelichting: str
    datum_melding: datetime


class _Taken(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    dossiernummer: str
    kenmerk: str
    status: str
    ontvangen: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The register took the report under this file number."""

    kenmerk: str
    dossiernummer: str
    status: str
    received: datetime


class ReportClient:
    """Sends reports. Each register has its own breaker, because behind the facility each has its own desk."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._connections = {register: Connection(register, settings) for register in Register}

    def send(self, report: Report) -> Receipt:
        """Deliver a report. Raises `RegisterUnavailable` (send it again later) or `RegisterRefused`."""
        return self._ask("POST", "/meldingen", report.register, msgspec.json.encode(report))

    def status(self, register: Register, dossiernummer: str) -> Receipt:
        """How a report stands. Raises as `send`."""
        if not dossiernummer.isalnum():
            raise RegisterRefused(register, "dossiernummer")
        return self._ask("GET", f"/meldingen/{dossiernummer}", register, None)

    def close(self) -> None:
        """Let go of connections."""
        for connection in self._connections.values():
            connection.close()

    def _ask(self, method: Literal["GET", "POST"], path: str, register: Register, body: bytes | None) -> Receipt:
        ask = Ask(method, path, "terugmelding", "terugmelding", body=body)
        taken = self._connections[register].ask(ask, _Taken)
        if taken is None:
            raise RegisterRefused(register, "status404")
        return Receipt(taken.kenmerk, taken.dossiernummer, taken.status, taken.ontvangen)


prepare(_Taken)
