"""Who may ask for a login, and to which addresses an answer may go.

A redirect address is registered exactly, or as a pattern with one free label for the municipality's host and a free end:
`http://*.localhost:8000/inloggen/*`. Everything else about it must be equal.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class RedirectPattern:
    """A registered redirect address. Raises `ValueError` when the registration itself is not safe."""

    text: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.text)
        path, host = parts.path, parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
            raise ValueError(f"not a redirect address: {self.text!r}")
        if "*" in host.removeprefix("*.") or "*" in path.removesuffix("*"):
            raise ValueError(f"only the first label and the end may be free: {self.text!r}")

    def accepts(self, uri: str) -> bool:
        """Whether an answer may go to `uri`."""
        parts = _strict(uri)
        if parts is None:
            return False
        mine = urlsplit(self.text)
        if parts.scheme != mine.scheme or parts.port != mine.port:
            return False
        return self._host_fits(parts.hostname or "", mine.hostname or "") and self._path_fits(
            parts.path or "/", mine.path or "/"
        )

    @staticmethod
    def _host_fits(host: str, mine: str) -> bool:
        if not mine.startswith("*."):
            return host == mine
        label, dot, rest = host.partition(".")
        return bool(dot) and rest == mine[2:] and _LABEL.fullmatch(label) is not None

    @staticmethod
    def _path_fits(path: str, mine: str) -> bool:
        if ".." in unquote(path).split("/"):
            return False
        return path.startswith(mine[:-1]) if mine.endswith("*") else path == mine


def _strict(uri: str) -> SplitResult | None:
    # Browsers and parsers read backslashes, control characters and a user part in different ways; none is accepted.
    if len(uri) > 2000 or not uri.isascii() or any(c <= " " or c in '\\"<>^`{|}' for c in uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    if parts.fragment or "#" in uri or parts.username is not None or parts.password is not None:
        return None
    return parts


@dataclass(frozen=True, slots=True)
class Client:
    """A registered application. Without a secret it is a public client, held by PKCE alone."""

    client_id: str
    redirects: tuple[RedirectPattern, ...]
    secret: str | None = field(default=None, repr=False)

    def may_return_to(self, uri: str) -> bool:
        """Whether `uri` is registered."""
        return any(pattern.accepts(uri) for pattern in self.redirects)

    def proves_itself(self, secret: str | None) -> bool:
        """Whether the given secret is right. A public client must not send one."""
        if self.secret is None:
            return secret is None
        return secret is not None and hmac.compare_digest(self.secret.encode(), secret.encode())
