"""Ask another installation over HTTP, at an address that a person typed in: the address may be wrong or hostile.

Only https, and only to addresses on the public internet, so that nobody can use us to look inside a network; what stands on a
private network (Diginetwork) or has no TLS must be named by who runs the platform (`VLIEGWIEL_EXCHANGE_ALLOW`). The name is
resolved once and the connection goes to the address that was checked, so that a name cannot change its mind in between.
Redirects are not followed. Time and size are bounded while reading.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpcore
from django.conf import settings

from vliegwiel.base.errors import Invalid, Unavailable

LONGEST_ADDRESS = 500
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 60.0
MOST_ANSWER = 20_000_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolver = Callable[[str, int], list[str]]
Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


class AddressRefused(Invalid):
    """We do not ask at this address. The sentence says why."""

    code, title = "address_refused", "Dit adres gebruiken wij niet"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, media type without parameters, body."""

    status: int
    kind: str
    body: bytes


def check_address(address: str) -> SplitResult:
    """The parts of an address that may be asked. Raises `AddressRefused`. Looks nothing up."""
    if len(address) > LONGEST_ADDRESS or any(c.isspace() or not c.isprintable() for c in address):
        raise AddressRefused("Dit is geen adres. Een adres begint met https:// en heeft geen spaties.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("Dit is geen adres. Een adres begint met https:// en heeft geen spaties.") from error
    if parts.scheme not in ("https", "http") or not host or not host.isascii():
        raise AddressRefused("Een adres begint met https:// en noemt een computer.")
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused("Zet geen naam, wachtwoord of # in het adres.")
    if parts.scheme == "http" and not _named(host, port or 80):
        raise AddressRefused("Dit adres is niet beveiligd. Gebruik https://.")
    return parts


def fetch(
    address: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    most: int = MOST_ANSWER,
    resolver: Resolver | None = None,
) -> Answer:
    """Ask once (POST when there is a body, else GET). Raises `AddressRefused` and `Unavailable`, both with a sentence.

    `most`: bytes that the answer may have. An answer with an error status is given, not raised; a redirect is refused.
    """
    parts = check_address(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    backend = _Guarded(resolver or _looked_up)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {
        "Host": host if parts.port is None else f"{host}:{port}",
        "Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "vliegwiel",
        **({"Content-Type": "application/json", "Content-Length": str(len(body))} if body is not None else {}),
        **(headers or {}),
    }  # fmt: skip
    url = httpcore.URL(
        scheme=parts.scheme.encode(), host=host.encode(), port=port, target=target.encode("ascii", "ignore")
    )
    timeout = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": CONNECT_SECONDS}
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend, retries=0, keepalive_expiry=0) as pool,
            pool.stream(
                "GET" if body is None else "POST",
                url,
                headers=list(sent.items()),
                content=body,
                extensions={"timeout": timeout},
            ) as response,
        ):
            return _read(response, most)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unavailable(f"{host} antwoordt niet. Probeer het later opnieuw.", retry_after=300) from error


def _read(response: httpcore.Response, most: int) -> Answer:
    told = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    if 300 <= response.status < 400:
        raise AddressRefused("Dit adres stuurt door naar een ander. Vul het adres in waar het op uitkomt.")
    if told.get(b"content-encoding", "identity") not in ("", "identity"):
        raise Unavailable("Het antwoord is ingepakt op een manier die wij niet vroegen.", retry_after=300)
    deadline = time.monotonic() + TOTAL_SECONDS
    parts: list[bytes] = []
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > most:
            raise Unavailable(f"Het antwoord is te groot: hoogstens {most // 1_000_000} MB.", retry_after=300)
        if time.monotonic() > deadline:
            raise Unavailable("Het antwoord komt te langzaam. Probeer het later opnieuw.", retry_after=300)
        parts.append(part)
    return Answer(response.status, told.get(b"content-type", "").partition(";")[0].strip().lower(), b"".join(parts))


class _Guarded(httpcore.NetworkBackend):
    """Connects only to addresses that were looked at."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of a host, when all of its addresses may be reached."""
        addresses = self._resolver(host, port)
        if not addresses:
            raise httpcore.ConnectError(f"no address for {host}")
        if not _named(host, port):
            for address in addresses:
                if not is_public(address):
                    raise AddressRefused(
                        f"{host} staat op een eigen netwerk. Wie het platform beheert, kan dit adres toestaan "
                        "(VLIEGWIEL_EXCHANGE_ALLOW)."
                    )
        return self._plain.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Options | None = None
    ) -> httpcore.NetworkStream:
        """Never."""
        raise AddressRefused("Dit is geen adres.")


def is_public(address: str) -> bool:
    """Whether an IP address is one on the public internet, also when it wraps another (mapped, NAT64, 6to4, Teredo)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or found in _NAT64:
            return False
    return found.is_global and not found.is_multicast


def _looked_up(host: str, port: int) -> list[str]:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761
        return ["127.0.0.1"]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _named(host: str, port: int) -> bool:
    """Whether who runs the platform allowed this host by name."""
    allowed = {one.strip().lower() for one in str(settings.EXCHANGE_ALLOW).split(",") if one.strip()}
    return host.lower() in allowed or f"{host.lower()}:{port}" in allowed
