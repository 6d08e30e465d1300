"""What can go wrong, said once: for a page (a sentence in Dutch), an API (problem+json) and the command line (one line).

Every error that a person can cause or meet derives from `VliegwielError`. Faces translate; rooms only raise.
Sources: RFC 9457 (problem details), ZGW `invalidParams`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class InvalidParam:
    """One field that is not right: `name` (dotted path), `code` (stable, for machines), `reason` (Dutch, says what to do)."""

    name: str
    code: str
    reason: str


class VliegwielError(Exception):
    """Base of all errors that are part of the contract. `sentence` is Dutch (B1) and safe to show: no personal data."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Er ging iets mis"

    def __init__(self, sentence: str, *, invalid: Sequence[InvalidParam] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.invalid = tuple(invalid)


class Invalid(VliegwielError):
    """The input is not right. `invalid` names each field."""

    status, code, title = 400, "invalid", "De invoer klopt niet"


class NotLoggedIn(VliegwielError):
    """Nobody is logged in, or the level of assurance is too low."""

    status, code, title = 401, "not_authenticated", "U bent niet ingelogd"


class Forbidden(VliegwielError):
    """The actor may not do this. The sentence says who may."""

    status, code, title = 403, "permission_denied", "Dit mag u niet doen"


class NotFound(VliegwielError):
    """It is not there, or not for this actor: both look the same."""

    status, code, title = 404, "not_found", "Niet gevonden"


class Conflict(VliegwielError):
    """It cannot be done in the state it is in now."""

    status, code, title = 409, "conflict", "Dit kan nu niet"


class Stale(Conflict):
    """Somebody else changed it first. Says who (function, not name, towards citizens) and when."""

    status, code, title = 412, "stale", "Iemand anders was eerder"


class TooLarge(VliegwielError):
    """More bytes than allowed."""

    status, code, title = 413, "too_large", "Te groot"


class Unavailable(VliegwielError):
    """Something we need (a register, the database) does not answer. Try again after `retry_after` seconds."""

    status, code, title = 503, "unavailable", "Tijdelijk niet beschikbaar"

    def __init__(self, sentence: str, *, retry_after: int = 30) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Problem:
    """An RFC 9457 problem. `instance` is the request id, so that a person and a log line can find each other."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    invalid_params: tuple[InvalidParam, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The members in the order of the RFC; `invalidParams` only where there are any."""
        body: dict[str, object] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "code": self.code,
        }
        if self.invalid_params:
            body["invalidParams"] = [{"name": p.name, "code": p.code, "reason": p.reason} for p in self.invalid_params]
        return body


def problem(error: VliegwielError, instance: str) -> Problem:
    """Translate an error to problem details."""
    return Problem(
        type=f"urn:vliegwiel:fout:{error.code}",
        title=error.title,
        status=error.status,
        detail=error.sentence,
        instance=instance,
        code=error.code,
        invalid_params=error.invalid,
    )
