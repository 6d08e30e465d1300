"""The registers as this process is set up to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.conf import settings

from .bag import BagClient
from .brp import BrpClient
from .cache import AnswerCache
from .connection import Connection, ConnectionSettings
from .facts import Register
from .rdw import RdwClient
from .reports import ReportClient

CACHE_SECONDS = 60.0


class Registers:
    """Connections to all registers, with their memories. One per process; safe from any thread."""

    def __init__(
        self,
        brp: ConnectionSettings,
        bag: ConnectionSettings,
        rdw: ConnectionSettings,
        reports: ConnectionSettings,
        *,
        cache_seconds: float = CACHE_SECONDS,
        cache_size: int = 2048,
    ) -> None:
        self.brp = BrpClient(Connection(Register.BRP, brp))
        self.bag = BagClient(Connection(Register.BAG, bag))
        self.rdw = RdwClient(Connection(Register.RDW, rdw))
        self.reports = ReportClient(reports)
        # Several registers are asked at once; more threads than this would only wait.
        self.executor = ThreadPoolExecutor(max_workers=8, thread_name_prefix="registers")
        # One memory for each operation, so that the kind of answer in it is known.
        self._caches: Mapping[str, AnswerCache[Any]] = {
            operation: AnswerCache(seconds=cache_seconds, size=cache_size)
            for operation in ("brp.persoon", "brp.bewoners", "bag.woning", "rdw.rijbewijs", "rdw.voertuig")
        }

    def cache_for(self, operation: str) -> AnswerCache[Any]:
        """The memory for the answers of one operation."""
        return self._caches[operation]

    def forget(self) -> None:
        """Forget all answers."""
        for held in self._caches.values():
            held.forget()

    def close(self) -> None:
        """Let go of connections and threads."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        for connection in (self.brp.connection, self.bag.connection, self.rdw.connection):
            connection.close()
        self.reports.close()


def _connection(base_url: str) -> ConnectionSettings:
    return ConnectionSettings(
        base_url=base_url.rstrip("/"),
        api_key=settings.REGISTER_KEY,
        oin=settings.REGISTER_OIN,
        ca_file=settings.REGISTER_CA_FILE,
        certificate=settings.REGISTER_CERTIFICATE,
        private_key=settings.REGISTER_PRIVATE_KEY,
    )


@cache
def registers() -> Registers:
    """The registers of the settings (VLIEGWIEL_BRP_URL and so on), made once."""
    return Registers(
        _connection(settings.BRP_URL),
        _connection(settings.BAG_URL),
        _connection(settings.RDW_URL),
        _connection(settings.TERUGMELDING_URL),
    )
