"""Messages of sensors over HTTP: the answer comes when they are stored, and only with the token of a source."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client

from tests.rounds.networks import WILSEN, chirp, things, wilsen
from tests.rounds.sensors import LEIDEN, PLATFORM, container
from vliegwiel.base.clock import now
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions import arriving
from vliegwiel.rounds.actions.containers import NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.actions.sources import add_webhook_source, renew_token, switch_source
from vliegwiel.rounds.decoding.messages import Quantity, Reason
from vliegwiel.rounds.models import Observation, SensorSource, SetAside

pytestmark = pytest.mark.django_db
PATH = "/sensoren/v1/berichten"
EUI = "AC1F09FFFE08FBA1"


@pytest.fixture
def webhook() -> tuple[UUID, str]:
    return make("things_stack_v3")


def make(form: str) -> tuple[UUID, str]:
    source, token = add_webhook_source(PLATFORM, name=form, form=form, decoder=WILSEN)
    place_containers(PLATFORM, [container(f"C-{form}")])
    hang_sensors(PLATFORM, source, [NewSensor(f"C-{form}", EUI, "", (Quantity.FILL_LEVEL,))])
    return source, token


def client(token: str, host: str = "leiden.localhost") -> Client:
    return Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {token}")


def body(level: int, counter: int = 1) -> bytes:
    return things(wilsen(level), f_cnt=counter, received_at=now().isoformat().replace("+00:00", "Z"))


def levels() -> list[float | None]:
    with scope(LEIDEN):
        return list(Observation.objects.order_by("result").values_list("result", flat=True))


def test_a_message_is_stored_when_the_answer_comes_and_counts_once(webhook: tuple[UUID, str]) -> None:
    _, token = webhook
    message = body(0)
    answer = client(token).post(PATH, message, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"ontvangen": 1, "opgeslagen": 1, "dubbel": 0, "apart": 0})
    again = client(token).post(PATH, message, content_type="application/json")
    assert again.json() == {"ontvangen": 1, "opgeslagen": 0, "dubbel": 1, "apart": 0}
    assert levels() == [0.0]


def test_several_messages_a_line_each_and_what_is_no_good_is_kept_aside(webhook: tuple[UUID, str]) -> None:
    _, token = webhook
    lines = b"\n".join([body(10, 1), b"rommel", body(20, 2), b"", b"{}"])
    answer = client(token).post(PATH, lines, content_type="application/x-ndjson")
    assert answer.json() == {"ontvangen": 4, "opgeslagen": 2, "dubbel": 0, "apart": 2}
    assert levels() == [10.0, 20.0]
    with scope(LEIDEN):
        assert set(SetAside.objects.values_list("code", flat=True)) == {Reason.NOT_JSON, Reason.NO_DEVICE}


def test_chirpstack_tells_in_the_address_what_kind_of_event_it_is() -> None:
    _, token = make("chirpstack_v4")
    moment = now().isoformat()
    up = client(token).post(f"{PATH}?event=up", chirp(wilsen(7), time=moment), content_type="application/json")
    assert up.json()["opgeslagen"] == 1
    join = client(token).post(f"{PATH}?event=join", chirp(b"", time=moment), content_type="application/json")
    assert join.json() == {"ontvangen": 1, "opgeslagen": 0, "dubbel": 0, "apart": 0}


@pytest.mark.parametrize("token", ["", "vw_gegokt", "x" * 5000, "é", "\x00"])
def test_without_the_token_of_a_source_nothing_comes_in(webhook: tuple[UUID, str], token: str) -> None:
    answer = client(token).post(PATH, body(5), content_type="application/json")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert levels() == []


def test_a_token_is_good_in_its_own_municipality_while_its_source_is_on_and_until_it_is_renewed(
    webhook: tuple[UUID, str],
) -> None:
    source, token = webhook
    assert client(token, "utrecht.localhost").post(PATH, body(5), content_type="application/json").status_code == 401
    switch_source(PLATFORM, source, active=False)
    assert client(token).post(PATH, body(5), content_type="application/json").status_code == 401
    switch_source(PLATFORM, source, active=True)
    fresh = renew_token(PLATFORM, source)
    assert client(token).post(PATH, body(5), content_type="application/json").status_code == 401
    assert client(fresh).post(PATH, body(5), content_type="application/json").status_code == 200
    with scope(LEIDEN):
        assert fresh not in json.dumps(list(SensorSource.objects.values()), default=str), "the token itself is not kept"


def test_what_is_too_much_or_nothing_or_asked_another_way_is_refused(webhook: tuple[UUID, str]) -> None:
    _, token = webhook
    post: Callable[..., object] = client(token).post
    for data, kind, status in (
        (b"x" * 1_100_000, "application/json", 413),
        (b"{}\n" * 2001, "application/x-ndjson", 413),
        (b"", "application/json", 400),
        (b"\n\n", "application/x-ndjson", 400),
    ):
        assert post(PATH, data, content_type=kind).status_code == status  # type: ignore[attr-defined]
    assert client(token).get(PATH).status_code == 405


def test_when_the_database_is_away_the_sender_is_asked_to_send_again(
    webhook: tuple[UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("away (test)")

    monkeypatch.setattr(arriving, "store", away)
    answer = client(webhook[1]).post(PATH, body(5), content_type="application/json")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_one_message_that_cannot_be_stored_does_not_take_the_others_with_it(
    webhook: tuple[UUID, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = arriving.store

    def choosy(municipality: str, source: UUID, batch: list[arriving.Arrived]) -> arriving.Stored:
        if any(b'"f_cnt": 13' in one.raw and not isinstance(one.outcome, arriving.Unreadable) for one in batch):
            raise ValueError("unlucky (test)")
        return real(municipality, source, batch)

    monkeypatch.setattr(arriving, "store", choosy)
    lines = b"\n".join(body(counter, counter) for counter in range(10, 20))
    answer = client(webhook[1]).post(PATH, lines, content_type="application/x-ndjson")
    assert answer.json() == {"ontvangen": 10, "opgeslagen": 9, "dubbel": 0, "apart": 1}
    with scope(LEIDEN):
        assert list(SetAside.objects.values_list("code", flat=True)) == [Reason.UNSTORABLE]
