"""One register over HTTP: time limits, a few tries within one deadline, a breaker, and answers that are not trusted.

What goes wrong on the way is `RegisterUnavailable`, what the register refuses is `RegisterRefused`. Logs tell the register,
the operation, how it went and how long it took; never an address, a parameter or a body.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from urllib.parse import quote

import httpx
import msgspec
import stamina

from vliegwiel.base.typed import prepare
from vliegwiel.trust import traces

from .breaker import CircuitBreaker
from .errors import RegisterRefused, RegisterUnavailable
from .facts import Register

# The HTTP library logs every address it asks, and those of the BAG are home addresses.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)
log = logging.getLogger(__name__)

T = TypeVar("T")
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_JSON = ("application/json", "application/hal+json", "application/problem+json")
_CHANCE = random.SystemRandom()
# What decoding raises; the last for lists in lists in lists without end.
_NOT_UNDERSTOOD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LONGEST_PROBLEM = 16_384
_LONGEST_PURPOSE = 200


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """How to reach one register. Times in seconds.

    base_url: without a slash at the end; empty means "not connected". api_key: sent as X-API-KEY. oin: the number of the
    organisation that asks. ca_file, certificate, private_key: paths (PEM) for TLS with our own certificate.
    total_seconds bounds everything together, tries included.
    """

    base_url: str
    api_key: str = field(default="", repr=False)
    oin: str = ""
    ca_file: str = ""
    certificate: str = ""
    private_key: str = ""
    connect_seconds: float = 1.0
    read_seconds: float = 2.0
    total_seconds: float = 3.0
    attempts: int = 3
    max_bytes: int = 1 << 20
    breaker_failures: int = 5
    breaker_seconds: float = 5.0


class _Transient(Exception):
    """It may go better next time. `seconds` is what the register asked us to wait."""

    def __init__(self, what: str, seconds: float = 0.0) -> None:
        super().__init__(what)
        self.what = what
        self.seconds = seconds


class _ProblemCode(msgspec.Struct):
    code: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that may be asked twice without harm. `operation` is its name in logs."""

    method: Literal["GET", "POST"]
    path: str = field(repr=False)
    operation: str
    purpose: str
    body: bytes | None = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


class Connection:
    """A register that can be asked, from any thread."""

    def __init__(
        self, register: Register, settings: ConnectionSettings, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.register = register
        self.settings = settings
        self.breaker = CircuitBreaker(
            failures=settings.breaker_failures, seconds=settings.breaker_seconds, monotonic=monotonic
        )
        self._monotonic = monotonic
        self._client: httpx.Client | None = None
        self._making = threading.Lock()

    def close(self) -> None:
        """Let go of open connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def ask(self, question: Ask, kind: type[T]) -> T | None:
        """The answer, strictly decoded as `kind`; None when the register says there is no such thing (404).

        Raises `RegisterUnavailable` or `RegisterRefused`.
        """
        if not self.settings.base_url:
            raise RegisterUnavailable(self.register, retry_after=300)
        if not self.breaker.allows():
            log.warning("register skipped", extra={"register": self.register, "operation": question.operation})
            raise RegisterUnavailable(self.register, retry_after=self.breaker.retry_after())
        started = self._monotonic()
        try:
            answer = self._persist(question, kind, started + self.settings.total_seconds)
        except _Transient as failure:
            self.breaker.failed()
            self._log(question, started, failure.what, logging.WARNING)
            raise RegisterUnavailable(self.register, retry_after=self.breaker.retry_after() + 4) from None
        except RegisterRefused as refused:
            # It answers: that is what the breaker watches.
            self.breaker.succeeded()
            self._log(question, started, f"refused: {refused.reason}", logging.ERROR)
            raise
        self.breaker.succeeded()
        self._log(question, started, "ok", logging.INFO)
        return answer

    # -- inside ----------------------------------------------------------------------------------------------------

    def _persist(self, question: Ask, kind: type[T], deadline: float) -> T | None:
        for attempt in stamina.retry_context(
            on=self._worth_another_try(deadline),
            attempts=self.settings.attempts,
            timeout=self.settings.total_seconds,
            wait_initial=0.05,
            wait_max=0.5,
            wait_jitter=0.1,
        ):
            with attempt:
                return self._once(question, kind, deadline)
        raise _Transient("no attempt left")  # pragma: no cover - the last attempt raises by itself

    def _worth_another_try(self, deadline: float) -> Callable[[Exception], bool | float]:
        def decide(failure: Exception) -> bool | float:
            if not isinstance(failure, _Transient):
                return False
            left = deadline - self._monotonic()
            if failure.seconds:
                # The jitter keeps those who were told the same from coming back together.
                wait = failure.seconds + _CHANCE.uniform(0, 0.1)
                return wait if wait < left else False
            return left > 0.1

        return decide

    def _once(self, question: Ask, kind: type[T], deadline: float) -> T | None:
        left = deadline - self._monotonic()
        if left <= 0.01:
            raise _Transient("deadline passed")
        limits = httpx.Timeout(
            min(self.settings.read_seconds, left), connect=min(self.settings.connect_seconds, left), pool=left
        )
        try:
            with self._http().stream(
                question.method,
                f"{self.settings.base_url}{question.path}",
                params=dict(question.query) or None,
                content=question.body,
                headers=self._headers(question),
                timeout=limits,
            ) as response:
                return self._understand(response, kind, deadline)
        except httpx.TimeoutException as wrong:
            raise _Transient("time-out") from wrong
        except (httpx.RequestError, httpx.InvalidURL) as wrong:
            raise _Transient(type(wrong).__name__) from wrong
        except OSError as wrong:
            # Our own certificate or key cannot be read: the register is out of reach until somebody mends that.
            raise _Transient(f"certificate ({type(wrong).__name__})") from wrong

    def _understand(self, response: httpx.Response, kind: type[T], deadline: float) -> T | None:
        status = response.status_code
        if status in _TRANSIENT:
            raise _Transient(f"status {status}", _retry_after(response))
        kind_of_body = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if status == 404 and kind_of_body == "application/problem+json":
            return None
        if status not in {200, 201}:
            raise RegisterRefused(self.register, self._problem_code(response, deadline))
        if kind_of_body not in _JSON:
            raise _Transient("no JSON")
        body = self._read(response, self.settings.max_bytes, deadline)
        try:
            return msgspec.json.decode(body, type=kind)
        except _NOT_UNDERSTOOD as wrong:
            # The message may hold a value of a person; only its kind is kept.
            raise _Transient(f"not understood ({type(wrong).__name__})") from None

    def _problem_code(self, response: httpx.Response, deadline: float) -> str:
        try:
            code = msgspec.json.decode(self._read(response, _LONGEST_PROBLEM, deadline), type=_ProblemCode).code
        except (*_NOT_UNDERSTOOD, _Transient):
            code = ""
        return code if code.isascii() and code.isalnum() and len(code) <= 40 else f"status{response.status_code}"

    def _read(self, response: httpx.Response, limit: int, deadline: float) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            # We asked for plain: a few packed bytes could become gigabytes.
            raise _Transient("packed answer")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > limit:
                raise _Transient("answer too large")
            if self._monotonic() > deadline:
                raise _Transient("answer too slow")
        return bytes(body)

    def _headers(self, question: Ask) -> dict[str, str]:
        headers = {
            "Accept": "application/hal+json" if question.method == "GET" else "application/json",
            "Accept-Encoding": "identity",
            # Purposes are sentences in Dutch; a header holds ASCII only.
            "X-Doelbinding": quote(question.purpose[:_LONGEST_PURPOSE], safe=" "),
        }
        if (operation := traces.current()) is not None:
            headers["traceparent"] = operation.traceparent
        if question.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if self.settings.api_key:
            headers["X-API-KEY"] = self.settings.api_key
        if self.settings.oin:
            headers["X-Origin-OIN"] = self.settings.oin
        return headers

    def _http(self) -> httpx.Client:
        with self._making:
            if self._client is None:
                self._client = httpx.Client(
                    verify=_tls(self.settings),
                    follow_redirects=False,
                    trust_env=False,
                    limits=httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=4.0),
                )
            return self._client

    def _log(self, question: Ask, started: float, outcome: str, level: int) -> None:
        spent = round((self._monotonic() - started) * 1000, 1)
        extra = {"register": self.register.value, "operation": question.operation, "outcome": outcome, "ms": spent}
        log.log(level, "register asked", extra=extra)


def _tls(settings: ConnectionSettings) -> ssl.SSLContext | bool:
    if not settings.base_url.startswith("https:"):
        return False
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.certificate:
        context.load_cert_chain(settings.certificate, settings.private_key or None)
    return context


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "")
    return min(float(text), 60.0) if text.isdigit() else 0.0


prepare(_ProblemCode)
