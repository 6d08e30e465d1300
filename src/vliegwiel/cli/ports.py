"""Which ports the platform listens on, and who is in the way."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import psutil

from .output import Exit, Refused

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of the pages, of the simulated login, of the simulated registers, and of the broker of the demonstration."""

    web: int
    oidc: int
    registers: int
    mqtt: int


def choose(web: int) -> Ports:
    """The ports to use: `web` and the three after it; for 0, any four that are free.

    Raises `Refused` when one is taken.
    """
    if web == 0:
        return Ports(*_free(4))
    ports = Ports(web, web + 1, web + 2, web + 3)
    for port in (ports.web, ports.oidc, ports.registers, ports.mqtt):
        if not is_free(port):
            raise Refused(
                f"Poort {port} is bezet{_by_whom(port)}. Kies andere poorten met --port (bijvoorbeeld --port 8100)"
                " of zet VLIEGWIEL_PORT.",
                Exit.MISSING,
            )
    return ports


def is_free(port: int) -> bool:
    """Whether a server can listen on this port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def _free(count: int) -> list[int]:
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _by_whom(port: int) -> str:
    try:
        for row in psutil.net_connections(kind="tcp"):
            if row.status == psutil.CONN_LISTEN and row.laddr and row.laddr.port == port and row.pid:
                return f" (door {psutil.Process(row.pid).name()}, proces {row.pid})"
    except psutil.Error:  # other people's processes may not be looked at
        return ""
    return ""
