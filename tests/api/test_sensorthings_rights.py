"""Who sees and changes what: rights and municipalities hold on every path, count and expansion."""

from __future__ import annotations

from base64 import b64encode

from django.test import Client

from tests.api.service import HOSTS, LEIDEN, LEVEL, ROOT, SENSOR, UTRECHT, Service, link, stream, thing, token, whole
from vliegwiel.rounds.actions.clients import open_readings
from vliegwiel.trust.identity import Role, Staff, System
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

SETS = (
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
    "FeaturesOfInterest",
)  # fmt: skip


def test_without_a_token_nothing_is_read_until_a_municipality_opens_its_readings(service: Service) -> None:
    service.post("Things", whole())
    visitor = Service()
    visitor.get("")
    assert visitor.status == 200
    for address in (*SETS, "Things/$count", "Observations?$count=true&$top=0"):
        found = visitor.get(address)
        assert visitor.status == 401
        assert visitor.headers["WWW-Authenticate"].startswith("Bearer")
        assert "value" not in found
    open_readings(System(LEIDEN, "proef"))
    assert visitor.names("Things") == ["C1"]
    visitor.call("POST", "Things", thing())
    assert visitor.status == 401
    other = Service(municipality=UTRECHT)
    other.get("Things")
    assert other.status == 401


def test_a_token_that_is_wrong_opens_nothing_even_where_everyone_may_read(service: Service) -> None:
    open_readings(System(LEIDEN, "proef"))
    for wrong in ("x", service.token[:-1], service.token.upper(), "\xe9", "a" * 5000):
        Service(wrong).get("Things")
        bad = Service(wrong)
        bad.get("Things")
        assert bad.status == 401, wrong[:10]


def test_a_token_of_one_municipality_is_worth_nothing_at_another(service: Service) -> None:
    stranger = Service(service.token, UTRECHT)
    stranger.get("Things")
    assert stranger.status == 401


def test_a_token_that_may_only_read_changes_nothing(service: Service) -> None:
    key = service.post("Things", whole())
    reader = Service(token(name="lezer", write=False))
    assert reader.names("Things") == ["C1"]
    patch = [{"op": "replace", "path": "/name", "value": "x"}]
    for method, address, body, kind in (
        ("POST", "Things", thing(), "application/json"),
        ("POST", "CreateObservations", [], "application/json"),
        ("PATCH", f"Things('{key}')", {"name": "x"}, "application/json"),
        ("PATCH", f"Things('{key}')", patch, "application/json-patch+json"),
        ("PUT", f"Things('{key}')", thing("x"), "application/json"),
        ("DELETE", f"Things('{key}')", None, "application/json"),
    ):
        reader.call(method, address, body, kind)
        assert reader.status == 403, (method, address)
    assert service.names("Things") == ["C1"]


def test_nothing_of_another_municipality_can_be_seen_counted_linked_or_changed(service: Service) -> None:
    other = Service(token(UTRECHT), UTRECHT)
    key = other.post("Things", whole("U1"))
    (datastream,) = other.get("Datastreams")["value"]
    (sensor,) = other.get("Sensors")["value"]
    (level,) = other.get("ObservedProperties")["value"]
    observation = other.get("Observations")["value"][0]["@iot.id"]
    for name in SETS:
        assert service.get(f"{name}?$count=true") == {"@iot.count": 0, "value": []}
    for address in (
        f"Things('{key}')",
        f"Things('{key}')/Datastreams",
        f"Things('{key}')/Datastreams/$count",
        f"Datastreams('{datastream['@iot.id']}')/Observations?$count=true",
        f"Observations('{observation}')",
        f"Observations('{observation}')/Datastream",
        f"Sensors('{sensor['@iot.id']}')/Datastreams",
    ):
        service.get(address)
        assert service.status == 404, address
    own = service.post("Things", thing("L1"))
    mixed = stream(Thing=link(own), Sensor=link(sensor["@iot.id"]), ObservedProperty=LEVEL)
    for address, body in (
        ("Datastreams", mixed),
        ("Datastreams", stream(Thing=link(key), Sensor=SENSOR, ObservedProperty=LEVEL)),
        ("Observations", {"result": 1, "Datastream": link(datastream["@iot.id"])}),
        ("Things", thing("x", Datastreams=[link(datastream["@iot.id"])])),
        ("HistoricalLocations", {"time": "2026-01-01T00:00:00Z", "Thing": link(key), "Locations": []}),
    ):
        service.call("POST", address, body)
        assert service.status == 400, address
    service.call("POST", f"Things('{key}')/Datastreams", stream(Sensor=SENSOR, ObservedProperty=LEVEL))
    assert service.status == 404
    many = [{"Datastream": link(datastream["@iot.id"]), "components": ["result"], "dataArray": [[1]]}]
    assert service.call("POST", "CreateObservations", many)[0].startswith("error")
    for method in ("PATCH", "DELETE"):
        for address in (f"Things('{key}')", f"Observations('{observation}')", f"Sensors('{sensor['@iot.id']}')"):
            service.call(method, address, {} if method == "PATCH" else None)
            assert service.status == 404, (method, address)
    service.call("PATCH", f"Things('{own}')", {"Datastreams": [link(datastream["@iot.id"])]})
    assert service.status == 400
    assert other.get("Observations/$count") == "2"
    assert other.get(f"ObservedProperties('{level['@iot.id']}')/Datastreams?$count=true")["@iot.count"] == 1


def _logged_in(role: Role, municipality: str = LEIDEN) -> Client:
    client = Client(HTTP_HOST=HOSTS[municipality])
    client.cookies[session_cookie()] = open_session(Staff(municipality, "mw-1", "M. Planner", frozenset({role})), "")
    return client


def test_a_login_of_the_browser_reads_with_the_rights_of_the_role_and_never_writes(service: Service) -> None:
    service.post("Things", whole())
    planner, clerk = _logged_in(Role.RONDEPLANNER), _logged_in(Role.MEDEWERKER)
    assert planner.get(f"{ROOT}/Things").status_code == 200
    assert clerk.get(f"{ROOT}/Things").status_code == 403
    posted = planner.post(f"{ROOT}/Things", thing(), content_type="application/json")
    assert posted.status_code == 401
    assert posted.headers["Content-Type"] == "application/problem+json"


def test_a_client_that_only_knows_a_password_can_show_its_token_as_one(service: Service) -> None:
    def call(value: str) -> int:
        return Client().get(f"{ROOT}/Things", HTTP_HOST=HOSTS[LEIDEN], HTTP_AUTHORIZATION=value).status_code

    assert call("Basic " + b64encode(f"wie-dan-ook:{service.token}".encode()).decode()) == 200
    for wrong in (
        "Basic x",
        "Basic " + b64encode(b"\xff:\xff").decode(),
        "Basic",
        "Bearer",
        "Basic " + b64encode(b"a").decode(),
    ):
        assert call(wrong) == 401, wrong


def test_scripts_of_other_sites_may_read_but_not_with_a_login(service: Service) -> None:
    response = Client().options(f"{ROOT}/Things", HTTP_HOST=HOSTS[LEIDEN])
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
