"""Who may add a source of sensor messages, and what a source may name."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.rounds.sensors import LEIDEN, PLATFORM
from vliegwiel.base.errors import Forbidden, Invalid, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.sources import add_mqtt_source, add_webhook_source, renew_token, switch_source
from vliegwiel.rounds.decoding.envelopes import EnvelopeFormat
from vliegwiel.rounds.listening.process import group
from vliegwiel.rounds.models import SensorSource
from vliegwiel.rounds.setaside import kept_aside, sources_of
from vliegwiel.rounds.sources import BrokerAddress, Source, mqtt_sources, webhook_source
from vliegwiel.trust.identity import Role, Staff, System

OWN = f"{LEIDEN}/v3/containers@ttn/devices/+/up"
CLERK = Staff(LEIDEN, "clerk", "Clerk", frozenset({Role.MEDEWERKER}))


def add(**changes: str) -> UUID:
    values = {"name": "net", "form": "things_stack_v3", "topic": OWN} | changes
    return add_mqtt_source(PLATFORM, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "naam"),
        ({"name": "x" * 121}, "naam"),
        ({"name": "a\nb"}, "naam"),
        ({"form": "xml"}, "vorm"),
        ({"decoder": "verzonnen"}, "sensortype"),
        ({"topic": ""}, "onderwerp"),
        ({"topic": "#"}, "onderwerp"),
        ({"topic": "GM0344/#"}, "onderwerp"),
        ({"topic": f"{LEIDEN}5/#"}, "onderwerp"),
        ({"topic": f"{LEIDEN}/#/up"}, "onderwerp"),
        ({"topic": f"{LEIDEN}/a+/up"}, "onderwerp"),
        ({"topic": "$SYS/#", "address": "mqtts://broker.example:8883"}, "onderwerp"),
        ({"address": "http://broker.example"}, "adres"),
        ({"address": "mqtts://name:secret@broker.example"}, "adres"),
        ({"address": "mqtts://broker.example:99999"}, "adres"),
        ({"username": "x"}, "adres"),
        ({"address": "mqtts://broker.example", "secret_name": "DATABASE_URL"}, "wachtwoord_in"),
        ({"address": "mqtts://broker.example", "secret_name": "VLIEGWIEL_SECRET"}, "wachtwoord_in"),
    ],
)
def test_what_a_source_may_not_name_is_refused_at_its_field(changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(**changes)
    assert field in {param.name for param in caught.value.invalid}
    with scope(LEIDEN):
        assert not SensorSource.objects.exists()


@pytest.mark.django_db
def test_a_source_of_a_network_with_its_own_broker_may_have_any_topic() -> None:
    add(
        topic="v3/containers@ttn/devices/+/up", address="mqtts://eu1.cloud.thethings.network:8883",
        username="containers@ttn", secret_name="VLIEGWIEL_MQTT_SECRET_LEIDEN",
    )  # fmt: skip
    (source,) = mqtt_sources()
    assert (source.municipality, source.topic) == (LEIDEN, "v3/containers@ttn/devices/+/up")


@pytest.mark.django_db
def test_only_who_keeps_sensors_adds_renews_and_switches_and_only_the_own_ones() -> None:
    source, _ = add_webhook_source(PLATFORM, name="haak", form="plain")
    with pytest.raises(Forbidden):
        add_mqtt_source(CLERK, name="x", form="plain", topic=OWN)
    with pytest.raises(Forbidden):
        renew_token(CLERK, source)
    with pytest.raises(Forbidden):
        switch_source(CLERK, source, active=False)
    with pytest.raises(Forbidden):
        kept_aside(CLERK)
    elsewhere = System("GM0344", "proef")
    for unknown in (source, uuid4()):
        with pytest.raises(NotFound):
            renew_token(elsewhere, unknown)
    assert sources_of(elsewhere) == ()
    assert kept_aside(elsewhere) == ()


@pytest.mark.django_db
def test_a_name_is_used_once_and_a_source_that_is_off_is_not_listened_to() -> None:
    source = add()
    with pytest.raises(Invalid, match="naam"):
        add()
    assert [found.id for found in mqtt_sources()] == [source]
    switch_source(PLATFORM, source, active=False)
    assert mqtt_sources() == ()
    (row,) = sources_of(PLATFORM)
    assert (row.active, row.devices, row.aside) == (False, 0, 0)


@pytest.mark.django_db
def test_a_broker_gives_no_token_and_a_webhook_is_found_by_its_own_only() -> None:
    with pytest.raises(Invalid):
        renew_token(PLATFORM, add())
    _, token = add_webhook_source(PLATFORM, name="haak", form="plain")
    assert webhook_source(LEIDEN, token) is not None
    assert webhook_source(LEIDEN, token + "x") is None
    assert webhook_source("GM0344", token) is None


def source(**changes: str) -> Source:
    values = {"municipality": LEIDEN, "name": "net", "topic": OWN} | changes
    return Source(id=uuid4(), form=EnvelopeFormat.PLAIN, **values)  # type: ignore[arg-type]


def test_sources_at_one_broker_share_a_connection_and_a_missing_password_leaves_one_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VLIEGWIEL_MQTT_SECRET_A", "geheim")
    monkeypatch.delenv("VLIEGWIEL_MQTT_SECRET_B", raising=False)
    own, more = source(), source(topic=f"{LEIDEN}/x/#")
    other = source(address="mqtts://broker.example", username="u", secret_name="VLIEGWIEL_MQTT_SECRET_A")
    without = source(address="mqtts://broker.example", username="u", secret_name="VLIEGWIEL_MQTT_SECRET_B")
    found = group([own, other, more, without], "mqtt://platform:key%2F1@127.0.0.1:1999")
    assert [(where.broker.host, where.broker.port, where.broker.tls) for where in found] == [
        ("127.0.0.1", 1999, False),
        ("broker.example", 8883, True),
    ]
    assert found[0].sources == (own, more)
    assert found[0].broker.password == "key/1"
    assert found[1].sources == (other,)
    assert "geheim" not in repr(found)
    assert "key/1" not in repr(found)
    assert group([own], "") == ()


@pytest.mark.parametrize("url", ["", "mqtt://", "http://x", "mqtt://x/topic", "mqtt://x?y=1", "mqtt://x:0x1"])
def test_what_is_no_address_of_a_broker_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of the library or ours
        BrokerAddress.parse(url)
