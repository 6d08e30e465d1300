"""Whatever is asked or sent, the answer is one of the standard: never an error of ours, never more than was allowed.

`VLIEGWIEL_QUERIES` sets how many made-up questions are asked (40 by default).
"""

from __future__ import annotations

import os
from decimal import Decimal
from typing import cast
from urllib.parse import quote

import msgspec
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.service import Service, whole
from vliegwiel.api.sensorthings.lexing import QueryInvalid
from vliegwiel.api.sensorthings.parsing import parse, parse_filter
from vliegwiel.base.errors import VliegwielError
from vliegwiel.rounds.sensing import expressions as e
from vliegwiel.rounds.sensing import reading
from vliegwiel.rounds.sensing.functions import FUNCTIONS, Function
from vliegwiel.rounds.sensing.geometry import NAMES
from vliegwiel.rounds.sensing.values import Kind

MANY = int(os.environ.get("VLIEGWIEL_QUERIES", "40"))
ASKED = settings(max_examples=MANY, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

OPTIONS = ["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count", "$skiptoken", "$resultFormat"]
OPERATORS = ["eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "mod", "and", "or"]
WORDS = [
    "name", "id", "@iot.id", "properties", "properties/liters", "Datastreams/name", "Datastreams/Observations/result",
    "Locations/location", "Datastreams/phenomenonTime", "HistoricalLocations/time", "Datastreams/unitOfMeasurement/symbol",
    "Datastreams/Observations/phenomenonTime", "Datastreams/Observations/FeatureOfInterest/feature",
    "Datastreams/Thing/Locations/properties/a/0", "description",
]  # fmt: skip
CONSTANTS = [
    "1", "0", "-5.25", "1e200", "'C1'", "'it''s'", "''", "true", "false", "null", "2026-11-01T06:00:00Z", "2026-11-01",
    "06:00:00", "duration'P1DT2H'", "2026-11-01T06:00:00Z/2026-11-02T06:00:00Z", "geography'POINT(4.49 52.16)'",
    "geography'POLYGON((4 52, 5 52, 5 53, 4 53, 4 52))'", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
]  # fmt: skip


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    names = sorted({*FUNCTIONS, *NAMES, "now"})
    return st.one_of(
        st.tuples(pair, st.sampled_from(OPERATORS)).map(lambda both: f"({both[0][0]}) {both[1]} ({both[0][1]})"),
        inner.map(lambda one: f"not ({one})"),
        inner.map(lambda one: f"-({one})"),
        pair.map(lambda both: f"{both[0]} in ({both[1]})"),
        st.tuples(st.sampled_from(names), st.lists(inner, max_size=3)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
    )


FILTERS = st.recursive(st.sampled_from(WORDS + CONSTANTS), _deeper, max_leaves=6)


@pytest.fixture
def full(service: Service) -> Service:
    service.post("Things", whole("C1"))
    service.post("Things", whole("C2"))
    return service


@ASKED
@given(filter_=FILTERS, order=FILTERS, desc=st.booleans())
def test_a_question_is_answered_or_refused(full: Service, filter_: str, order: str, desc: bool) -> None:
    for address in (
        f"Things?$filter={filter_}",
        f"Things?$orderby={order}{' desc' if desc else ''}&$top=1",
        f"Things?$expand=Datastreams($filter=Thing/Datastreams/name ne 'x' or {filter_.replace('Datastreams/', '')})",
    ):
        found = full.get(address)
        assert full.status in {200, 400}, (address, found)
        assert full.status == 200 or found["detail"], address
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@ASKED
@given(
    text=st.text(max_size=60),
    option=st.sampled_from(
        ["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count", "$skiptoken", "$resultFormat"]
    ),
)
def test_any_text_in_an_option_is_answered_or_refused(full: Service, text: str, option: str) -> None:
    full.get(f"Observations?{option}={quote(text.encode(errors='replace'))}")
    assert full.status in {200, 400}, (option, text)


@ASKED
@given(path=st.text(alphabet=st.sampled_from("/()'$ThingsDatastreams0a-\x00é%. "), max_size=40))
def test_any_address_is_answered_or_not_found(full: Service, path: str) -> None:
    full.get(quote(path, safe="/()'$"))
    assert full.status in {200, 204, 301, 400, 404, 405}, path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["name", "description", "properties", "Datastreams", "Locations", "location", "result", "Datastream", "@iot.id",
             "encodingType", "phenomenonTime", "components", "dataArray", "Things", "Sensor", "time", "x"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@ASKED
@given(
    body=JSON,
    address=st.sampled_from(
        ["Things", "Locations", "Datastreams", "Observations", "CreateObservations", "HistoricalLocations"]
    ),
)
def test_any_body_is_taken_or_refused(full: Service, body: object, address: str) -> None:
    try:
        sent = msgspec.json.encode(body)
    except UnicodeEncodeError:
        return
    found = full.call("POST", address, sent)
    assert full.status in {201, 400, 413}, (address, body, found)


@settings(max_examples=100)
@given(value=st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**20, places=9))
def test_a_number_is_read_exactly(value: Decimal) -> None:
    assert parse_filter(f"x eq {value:f}") == e.Compare(
        e.Comparator.EQ, e.Path(("x",)), e.Number(Decimal(f"{value:f}"))
    )


@settings(max_examples=100)
@given(text=st.text(max_size=40))
def test_a_text_between_quotes_is_read_as_it_is(text: str) -> None:
    quoted = text.replace("'", "''")
    assert parse_filter(f"x eq '{quoted}'") == e.Compare(e.Comparator.EQ, e.Path(("x",)), e.Text(text))


def test_operators_bind_as_the_standard_says() -> None:
    for loose, strict in {
        "a or b and c": "a or (b and c)",
        "not a and b": "(not a) and b",
        "not a eq b": "not (a eq b)",
        "a add b mul c": "a add (b mul c)",
        "a sub b sub c": "(a sub b) sub c",
        "a add 1 gt b": "(a add 1) gt b",
        "-a mul b": "(-a) mul b",
        "a eq 1 or b eq 2 and c eq 3": "(a eq 1) or ((b eq 2) and (c eq 3))",
        "a in (1, 2) and b": "(a in (1, 2)) and b",
    }.items():
        assert parse_filter(loose) == parse_filter(strict), loose


def test_what_is_too_deep_too_long_or_too_much_is_refused_at_once() -> None:
    for option, text in (
        ("$filter", "(" * 5_000 + "true" + ")" * 5_000),
        ("$filter", "not " * 5_000 + "true"),
        ("$filter", "-" * 5_000 + "1 eq 1"),
        ("$filter", " or ".join(["true"] * 2_000)),
        ("$filter", "length(" * 2_000),
        ("$filter", "a" * 20_000),
        ("$expand", "/".join(["Datastreams", "Thing"] * 500)),
        ("$expand", "Datastreams($expand=Thing($expand=" * 300),
        ("$filter", "'" * 3_001),
    ):
        with pytest.raises(QueryInvalid):
            parse({option: text})


def test_an_expansion_can_neither_be_endless_nor_bring_everything(
    full: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = "Datastreams/Thing/" * 5
    full.get(f"Things?$expand={deep.rstrip('/')}")
    assert full.status == 400
    wide = ",".join(
        f"Datastreams/Thing/Locations/Things/Datastreams/{name}" for name in ("Sensor", "Observations", "Thing")
    )
    full.get(f"Things?$expand={wide}")
    assert full.status == 200
    monkeypatch.setattr(reading, "MOST_ROWS", 4)
    found = full.get("Things?$expand=Datastreams/Observations")
    for thing in found["value"]:
        (datastream,) = thing["Datastreams"]
        assert len(datastream["Observations"]) == 1
        rest = full.get(datastream["Observations@iot.nextLink"])
        assert len(rest["value"]) == 1


def test_a_question_that_takes_too_long_is_ended(full: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Function((Kind.NUMBER,), Kind.NUMBER, ("(SELECT 1::float8 FROM pg_sleep(20))",))
    monkeypatch.setitem(cast(dict[str, Function], FUNCTIONS), "floor", slow)
    monkeypatch.setattr(reading, "LONGEST_SECONDS", 0.05)
    found = full.get("Observations?$filter=floor(result) eq 1")
    assert (full.status, found["code"]) == (400, "too_heavy")
    assert full.get("Observations/$count") == "4"


def test_a_defect_of_ours_is_told_as_json(full: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError("stuk")

    monkeypatch.setattr("vliegwiel.api.sensorthings.views.read_set", broken)
    full.client.raise_request_exception = False
    found = full.get("Things")
    assert full.status == 500
    assert full.headers["Content-Type"] == "application/problem+json"
    assert "stuk" not in msgspec.json.encode(found).decode()


def test_errors_of_questions_are_errors_of_the_platform() -> None:
    assert issubclass(QueryInvalid, VliegwielError)
