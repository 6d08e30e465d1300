"""Asking a register over a bad network: bounded in time and size, tried again only when that helps, never a word in logs."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from tests.fixtures_simulators import RegisterSimulator
from vliegwiel.registers.breaker import State
from vliegwiel.registers.brpdata import PersonenAntwoord
from vliegwiel.registers.connection import Ask, Connection, ConnectionSettings
from vliegwiel.registers.errors import RegisterRefused, RegisterUnavailable
from vliegwiel.registers.facts import Register

BSN = "999998365"
BODY = json.dumps(
    {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": [BSN], "fields": ["naam"]}
).encode()
PERSON = Ask("POST", "/personen", "persoon", "rijbewijs verlengen", body=BODY)
PERSONEN = "/haalcentraal/api/brp/personen"
TOTAL = 3.0
Making = Callable[..., Connection]


@pytest.fixture
def make(register_simulator: RegisterSimulator) -> Iterator[Making]:
    made: list[Connection] = []

    def connection(monotonic: Callable[[], float] = time.monotonic, **settings: Any) -> Connection:
        usual = ConnectionSettings(register_simulator.brp_url, api_key=register_simulator.key)
        made.append(Connection(Register.BRP, replace(usual, **settings), monotonic=monotonic))
        return made[-1]

    yield connection
    for one in made:
        one.close()


def name_in(answer: PersonenAntwoord | None) -> str:
    assert answer
    return answer.personen[0].naam.geslachtsnaam


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def test_a_good_answer_is_decoded(make: Making) -> None:
    assert name_in(make().ask(PERSON, PersonenAntwoord)) == "Duinkerk"


def test_who_asks_and_why_goes_along(make: Making, register_simulator: RegisterSimulator) -> None:
    connection = make(oin="00000001234567890000")
    connection.ask(replace(PERSON, purpose="Verzoek om een één jaar geldige ✓ vergunning"), PersonenAntwoord)
    headers = register_simulator.requests()[0]["headers"]
    assert isinstance(headers, dict)
    assert headers["x-api-key"] == register_simulator.key
    assert headers["x-origin-oin"] == "00000001234567890000"
    assert headers["x-doelbinding"] == "Verzoek om een %C3%A9%C3%A9n jaar geldige %E2%9C%93 vergunning"
    assert headers["accept-encoding"] == "identity"


def test_a_slow_answer_within_the_time_is_taken(make: Making, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail(PERSONEN, "slow", seconds=1.2)
    assert name_in(make().ask(PERSON, PersonenAntwoord)) == "Duinkerk"
    assert len(register_simulator.requests()) == 1


@pytest.mark.parametrize(
    ("fault", "settings"),
    [
        ("timeout", {}),
        ("reset", {}),
        ("truncated", {}),
        ("garbage", {}),
        ("oversized", {}),
        ("drip", {"seconds": 20.0}),
        ("status", {"status": 500}),
        ("status", {"status": 503}),
        ("status", {"status": 429}),
    ],
    ids=lambda value: str(value if isinstance(value, str) else value.get("status", "")),
)
def test_whatever_breaks_is_unavailable_within_the_total_time(
    make: Making, register_simulator: RegisterSimulator, fault: str, settings: dict[str, int]
) -> None:
    register_simulator.fail(PERSONEN, fault, **settings)
    with at_most(TOTAL + 0.5), pytest.raises(RegisterUnavailable) as wrong:
        make().ask(PERSON, PersonenAntwoord)
    assert wrong.value.register is Register.BRP
    assert 1 <= wrong.value.retry_after <= 60
    assert wrong.value.title
    assert str(wrong.value) == "Het bevolkingsregister antwoordt nu niet. Wij proberen het later opnieuw."


@pytest.mark.parametrize(
    ("fault", "settings"),
    [
        ("reset", {}),
        ("truncated", {}),
        ("garbage", {}),
        ("status", {"status": 502}),
        ("status", {"status": 503}),
    ],
)
def test_a_short_fault_is_overcome_by_trying_again(
    make: Making, register_simulator: RegisterSimulator, fault: str, settings: dict[str, int]
) -> None:
    register_simulator.fail(PERSONEN, fault, times=2, **settings)
    connection = make()
    assert name_in(connection.ask(PERSON, PersonenAntwoord)) == "Duinkerk"
    assert len(register_simulator.requests()) == 3
    assert connection.breaker.state is State.CLOSED


def test_it_stops_trying_after_so_many_times(make: Making, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail(PERSONEN, "status", status=500)
    with pytest.raises(RegisterUnavailable):
        make(attempts=3).ask(PERSON, PersonenAntwoord)
    assert len(register_simulator.requests()) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 415, 301])
def test_a_refusal_is_not_tried_again_and_does_not_open_the_breaker(
    make: Making, register_simulator: RegisterSimulator, status: int
) -> None:
    connection = make(breaker_failures=1)
    fault = "redirect" if status == 301 else "status"
    register_simulator.fail(PERSONEN, fault, status=status)
    if status == 404:
        assert connection.ask(PERSON, PersonenAntwoord) is None
    else:
        with pytest.raises(RegisterRefused) as wrong:
            connection.ask(PERSON, PersonenAntwoord)
        assert wrong.value.reason
        assert "http" not in str(wrong.value)
    assert len(register_simulator.requests()) == 1
    assert connection.breaker.state is State.CLOSED


def test_a_redirect_is_never_followed(make: Making, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail(PERSONEN, "redirect")
    with pytest.raises(RegisterRefused) as wrong:
        make().ask(PERSON, PersonenAntwoord)
    assert wrong.value.reason == "status302"


def test_a_wrong_key_and_a_wrong_question_keep_the_code_of_the_register(make: Making) -> None:
    with pytest.raises(RegisterRefused) as wrong:
        make(api_key="fout").ask(PERSON, PersonenAntwoord)
    assert wrong.value.reason == "authentication"
    with pytest.raises(RegisterRefused) as wrong:
        make().ask(replace(PERSON, body=BODY.replace(b"naam", b"naan")), PersonenAntwoord)
    assert wrong.value.reason == "paramsValidation"


def test_after_failing_often_the_register_is_left_alone_and_later_let_back(
    make: Making, register_simulator: RegisterSimulator
) -> None:
    at = [1000.0]
    connection = make(lambda: at[0], attempts=1, breaker_failures=3, breaker_seconds=5.0)
    register_simulator.fail(PERSONEN, "status", status=503)
    for _ in range(3):
        with pytest.raises(RegisterUnavailable):
            connection.ask(PERSON, PersonenAntwoord)
    assert connection.breaker.state is State.OPEN
    register_simulator.forget()
    with at_most(0.05), pytest.raises(RegisterUnavailable) as wrong:
        connection.ask(PERSON, PersonenAntwoord)
    assert wrong.value.retry_after == 5
    assert register_simulator.requests() == []
    at[0] += 5.1
    with pytest.raises(RegisterUnavailable):
        connection.ask(PERSON, PersonenAntwoord)
    register_simulator.heal()
    at[0] += 10.1
    assert name_in(connection.ask(PERSON, PersonenAntwoord)) == "Duinkerk"
    assert connection.breaker.state is State.CLOSED


def test_nothing_is_listening(make: Making) -> None:
    with at_most(TOTAL), pytest.raises(RegisterUnavailable):
        make(base_url="http://127.0.0.1:9/api").ask(PERSON, PersonenAntwoord)


def test_an_address_that_does_not_answer_at_all_costs_no_more_than_the_total(make: Making) -> None:
    with at_most(TOTAL + 0.5), pytest.raises(RegisterUnavailable):
        make(base_url="http://192.0.2.1/api").ask(PERSON, PersonenAntwoord)


@pytest.mark.parametrize("base_url", ["", "http://[::bad/api", "ftp://localhost/x"])
def test_a_register_that_is_not_or_wrongly_connected_is_unavailable(make: Making, base_url: str) -> None:
    with pytest.raises(RegisterUnavailable):
        make(base_url=base_url).ask(PERSON, PersonenAntwoord)


def test_a_certificate_that_cannot_be_read_is_unavailable_not_a_crash(make: Making) -> None:
    for settings in ({"ca_file": "/nergens/ca.pem"}, {"certificate": "/nergens/ons.pem"}):
        with pytest.raises(RegisterUnavailable):
            make(base_url="https://127.0.0.1:9", **settings).ask(PERSON, PersonenAntwoord)


def test_many_threads_share_one_connection(make: Making, register_simulator: RegisterSimulator) -> None:
    connection = make()
    with ThreadPoolExecutor(16) as pool:
        names = list(pool.map(lambda _: name_in(connection.ask(PERSON, PersonenAntwoord)), range(80)))
    assert names == ["Duinkerk"] * 80
    assert len(register_simulator.requests()) == 80


# -- answers that no register gives, but an attacker or a broken proxy does -----------------------------------------------


class _Answering(BaseHTTPRequestHandler):
    """Gives what the server holds."""

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        server.asked += 1
        self.send_response(server.status)
        for name, value in server.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    status = 200
    headers: list[tuple[str, str]]
    body = b""
    asked = 0


@pytest.fixture
def odd() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Answering)
    server.headers = [("Content-Type", "application/json")]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url_of(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"type": 3}',
        b'{"type": "RaadpleegMetBurgerservicenummer", "personen": [{"leeftijd": "41"}]}',
        b'{"type": "x", "personen": [{"geboorte": {"datum": {"type": "Datum", "datum": "2026-02-30"}}}]}',
        b'{"type": "x", "personen": [{"geboorte": {"datum": {"type": "Verzonnen"}}}]}',
        b'{"type": "x", "personen": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"type": "x", "nieuw": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"type": "\xff"}',
        b'{"type": "x"} en meer',
    ],
    ids=[
        "empty",
        "null",
        "list",
        "no type",
        "number",
        "text for number",
        "no such day",
        "no such kind",
        "deep",
        "deep and new",
        "bytes",
        "more",
    ],
)
def test_an_answer_of_another_form_is_not_taken(make: Making, odd: _Server, body: bytes) -> None:
    odd.body = body
    with pytest.raises(RegisterUnavailable):
        make(base_url=url_of(odd), attempts=1).ask(PERSON, PersonenAntwoord)


def test_an_answer_that_is_not_called_json_is_not_taken(make: Making, odd: _Server) -> None:
    odd.body, odd.headers = b'{"type": "x"}', [("Content-Type", "text/html")]
    with pytest.raises(RegisterUnavailable):
        make(base_url=url_of(odd), attempts=1).ask(PERSON, PersonenAntwoord)


def test_a_packed_answer_is_not_unpacked(make: Making, odd: _Server) -> None:
    odd.body, odd.headers = (
        b"\x1f\x8b" + b"0" * 100,
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
    )
    with pytest.raises(RegisterUnavailable):
        make(base_url=url_of(odd), attempts=1).ask(PERSON, PersonenAntwoord)


def test_fields_that_a_later_version_adds_do_no_harm(make: Making, odd: _Server) -> None:
    odd.body = b'{"type": "x", "nieuw": 1, "personen": [{"burgerservicenummer": "999998365", "nieuw": {"a": []}}]}'
    answer = make(base_url=url_of(odd)).ask(PERSON, PersonenAntwoord)
    assert answer
    assert answer.personen[0].burgerservicenummer == BSN


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"code": "unauthorized"}', "unauthorized"),
        (b'{"code": "999998365 woont op de Dam"}', "status418"),
        (b'{"code": "' + b"a" * 41 + b'"}', "status418"),
        (b"<html>", "status418"),
        (b" " * 20_000, "status418"),
    ],
)
def test_a_refusal_brings_no_text_of_others_into_our_errors(
    make: Making, odd: _Server, body: bytes, reason: str
) -> None:
    odd.status, odd.body = 418, body
    with pytest.raises(RegisterRefused) as wrong:
        make(base_url=url_of(odd)).ask(PERSON, PersonenAntwoord)
    assert wrong.value.reason == reason


@pytest.mark.parametrize(("after", "asked"), [("1", 3), ("60", 1), ("morgen", 3), ("-5", 3), ("99999999999999", 1)])
def test_retry_after_is_obeyed_when_it_fits_in_the_time_that_is_left(
    make: Making, odd: _Server, after: str, asked: int
) -> None:
    odd.status, odd.headers = 503, [("Content-Type", "application/json"), ("Retry-After", after)]
    with at_most(TOTAL + 0.5), pytest.raises(RegisterUnavailable):
        make(base_url=url_of(odd)).ask(PERSON, PersonenAntwoord)
    assert odd.asked == asked


def test_logs_tell_how_it_went_and_nothing_about_anybody(
    make: Making, register_simulator: RegisterSimulator, odd: _Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    make().ask(PERSON, PersonenAntwoord)
    odd.body = b'{"type": "x", "personen": [{"leeftijd": "geheime waarde"}]}'
    with pytest.raises(RegisterUnavailable) as wrong:
        make(base_url=url_of(odd), attempts=2).ask(PERSON, PersonenAntwoord)
    register_simulator.fail(PERSONEN, "status", status=403)
    with pytest.raises(RegisterRefused):
        make().ask(PERSON, PersonenAntwoord)
    outcomes = [vars(record)["outcome"] for record in caplog.records if record.name == "vliegwiel.registers.connection"]
    assert outcomes == ["ok", "not understood (ValidationError)", "refused: autorisation"]
    said = " ".join(str(vars(record)) for record in caplog.records) + repr(wrong.value) + str(wrong.value.__cause__)
    for secret in (BSN, "Duinkerk", "geheime waarde", register_simulator.key, "rijbewijs verlengen"):
        assert secret not in said


def test_settings_do_not_show_the_key() -> None:
    assert "geheim" not in repr(ConnectionSettings("http://x", api_key="geheim"))
    assert BSN not in repr(PERSON)
    assert msgspec.structs.asdict(PersonenAntwoord(type="x"))["personen"] == ()
