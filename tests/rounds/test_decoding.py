"""What sensors and networks send is read as their makers say, zero included, and nothing that comes in can do harm."""

from __future__ import annotations

import base64
import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rounds.networks import EMPTY_WILSEN, WILSEN, chirp, things
from vliegwiel.base.sourcedecode import loads
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.rounds.decoding.decoding import Mounting, decode, level_from_distance
from vliegwiel.rounds.decoding.envelopes import LARGEST, EnvelopeFormat, open_envelope
from vliegwiel.rounds.decoding.library import FOLDER, sensor_types, unfulfilled
from vliegwiel.rounds.decoding.messages import (
    MEASURES,
    Envelope,
    Notice,
    Outcome,
    Quantity,
    Reason,
    Unreadable,
    Uplink,
)
from vliegwiel.rounds.decoding.payload import Misfit, read
from vliegwiel.rounds.decoding.sensortype import SensorType

FUZZ = int(os.environ.get("VLIEGWIEL_SENSOR_FUZZ", "100000"))
SEED = int(os.environ.get("VLIEGWIEL_SENSOR_FUZZ_SEED", "20261124"))


def opened(form: EnvelopeFormat, body: bytes, topic: str = "") -> Envelope:
    envelope = open_envelope(form, body, topic)
    assert isinstance(envelope, Envelope), envelope
    return envelope


def uplink(outcome: Outcome) -> Uplink:
    assert isinstance(outcome, Uplink), outcome
    return outcome


# --- types of sensors -----------------------------------------------------------------------------------------------


def test_each_type_does_what_its_examples_promise_and_says_where_it_was_read() -> None:
    types = sensor_types()
    assert len(types) >= 5
    for kind in types.values():
        assert unfulfilled(kind) == []
        assert all(source.address.startswith("https://") for source in kind.sources)
        assert {Quantity.FILL_LEVEL, Quantity.DISTANCE} & set(kind.quantities), f"{kind.key} says nothing of a level"


def test_at_least_five_types_were_proven_with_messages_of_their_source() -> None:
    assert sum(kind.verified for kind in sensor_types().values()) >= 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("soort: u8, maal: 20", "soort: u9, maal: 20"), "u9"),
        (("lengte: 17", "lengte: 6"), "steekt uit het bericht"),
        (("grootheid: afstand", "grootheid: lengte"), "lengte"),
        (("geverifieerd: nee", "geverifieerd: ja"), "voorbeeld uit de bron"),
        (("bits: [1, 1]", "bits: [7, 3]"), "twee bits"),
        (("plaats: 9", "plek: 9"), "plek"),
        (("maal: 20", "maal: __import__('os')"), "maal"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_line(change: tuple[str, str], says: str) -> None:
    text = (FOLDER / "sensoneo-single-3.yaml").read_text()
    assert loads(text, SensorType).key == "sensoneo-single-3"
    with pytest.raises(SourceInvalid) as caught:
        loads(text.replace(*change), SensorType)
    assert any(says in str(error) and error.line > 0 for error in caught.value.errors)


def test_a_file_with_the_name_of_another_sensor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text((FOLDER / "sensoneo-single-3.yaml").read_text())
    with pytest.raises(SourceInvalid, match="other"):
        sensor_types(tmp_path)


def test_a_number_by_which_a_sensor_says_that_it_did_not_measure_is_no_reading() -> None:
    text = (FOLDER / "milesight-em310-udl.yaml").read_text()
    kind = loads(
        text.replace("plaats: 0, soort: u16, volgorde: klein", "plaats: 0, soort: u16, geen_meting: [65535]"),
        SensorType,
    )
    found = read(kind, 85, bytes.fromhex("01755C0382FFFF"))
    assert not isinstance(found, Misfit)
    assert Quantity.DISTANCE not in found.readings
    assert found.notes == ["afstand: de sensor heeft niet gemeten"]


def test_a_message_that_was_cut_off_gives_nothing_rather_than_half() -> None:
    for kind in sensor_types().values():
        for example in kind.examples:
            whole = bytes.fromhex(example.payload)
            found = read(kind, example.port, whole[:-1])
            if isinstance(found, Misfit):
                assert found.reason in {Reason.CUT_OFF, Reason.UNKNOWN_MESSAGE}
            else:
                assert len(found.readings) <= len(example.gives)


# --- zero -----------------------------------------------------------------------------------------------------------


def test_zero_percent_survives_the_things_stack_in_the_bytes() -> None:
    outcome = uplink(decode(opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN)), sensor_types()[WILSEN]))
    assert outcome.value(Quantity.FILL_LEVEL) == 0.0


def test_zero_percent_survives_where_the_things_stack_left_it_out_of_what_it_decoded() -> None:
    # A webhook can leave out the bytes; The Things Stack then also leaves out `"fillinglvl": 0`.
    body = things(None, decoded_payload={"proxx_mm": 2410, "temp": 20.0, "battery_vol": 3.6})
    outcome = uplink(decode(opened(EnvelopeFormat.THINGS_STACK, body), sensor_types()[WILSEN]))
    assert outcome.value(Quantity.FILL_LEVEL) == 0.0
    assert outcome.value(Quantity.DISTANCE) == 2410.0


def test_a_level_that_was_not_measured_is_not_taken_for_zero() -> None:
    body = things(None, decoded_payload={"serial_nr": "48000000630682", "battery_vol": 3.6, "lora_count": 704})
    outcome = uplink(decode(opened(EnvelopeFormat.THINGS_STACK, body), sensor_types()[WILSEN]))
    assert outcome.value(Quantity.FILL_LEVEL) is None


def test_a_counter_and_a_port_that_were_left_out_are_zero() -> None:
    envelope = opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN, f_cnt=..., f_port=...))
    assert (envelope.counter, envelope.port) == (0, 0)
    envelope = opened(EnvelopeFormat.CHIRPSTACK, chirp(EMPTY_WILSEN, fCnt=..., fPort=...))
    assert (envelope.counter, envelope.port) == (0, 0)


def test_what_the_sensor_sent_counts_above_what_the_network_made_of_it() -> None:
    body = things(EMPTY_WILSEN, decoded_payload={"fillinglvl": 99})
    outcome = uplink(decode(opened(EnvelopeFormat.THINGS_STACK, body), sensor_types()[WILSEN]))
    assert outcome.value(Quantity.FILL_LEVEL) == 0.0


# --- envelopes ------------------------------------------------------------------------------------------------------


def test_both_networks_give_the_same_readings_of_the_same_bytes() -> None:
    kind = sensor_types()[WILSEN]
    first = uplink(decode(opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN)), kind))
    second = uplink(decode(opened(EnvelopeFormat.CHIRPSTACK, chirp(EMPTY_WILSEN)), kind))
    assert first.readings == second.readings
    assert first.device == second.device == "AC1F09FFFE08FBA1"


def test_the_moment_is_that_of_the_network_to_the_microsecond() -> None:
    assert opened(EnvelopeFormat.THINGS_STACK, things()).time == datetime(2026, 6, 19, 1, 18, 6, 959577, tzinfo=UTC)
    assert opened(EnvelopeFormat.CHIRPSTACK, chirp(b"\x00")).time == datetime(
        2026, 7, 18, 9, 34, 15, 775023, tzinfo=UTC
    )
    plain = opened(
        EnvelopeFormat.PLAIN, b'{"apparaat":"bak-1","tijd":"2026-10-25T02:30:00+02:00","waarden":{"vulgraad":0}}'
    )
    assert plain.time == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_delivery_that_comes_again_has_the_same_identifier_and_the_next_one_another() -> None:
    once = opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN)).message_id
    again = json.loads(things(EMPTY_WILSEN)) | {"received_at": "2026-06-19T01:19:00Z"}
    assert opened(EnvelopeFormat.THINGS_STACK, json.dumps(again).encode()).message_id == once
    assert opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN, f_cnt=17)).message_id != once
    # Without a session key (ABP) the counter starts again after a restart: another moment is another message.
    abp = opened(EnvelopeFormat.THINGS_STACK, things(EMPTY_WILSEN, session_key_id=...)).message_id
    later = things(EMPTY_WILSEN, session_key_id=..., received_at="2026-06-20T01:18:06Z")
    assert opened(EnvelopeFormat.THINGS_STACK, later).message_id != abp
    assert (
        opened(EnvelopeFormat.CHIRPSTACK, chirp(b"\x01")).message_id
        == opened(EnvelopeFormat.CHIRPSTACK, chirp(b"\x01")).message_id
    )
    assert len(once) <= 64


def test_a_join_or_a_confirmation_is_no_mistake() -> None:
    join = {"end_device_ids": {"dev_eui": "AC1F09FFFE08FBA1"}, "join_accept": {"session_key_id": "x"}}
    assert open_envelope(EnvelopeFormat.THINGS_STACK, json.dumps(join).encode()) == Notice(
        "AC1F09FFFE08FBA1", "join_accept"
    )
    status = open_envelope(EnvelopeFormat.CHIRPSTACK, chirp(b""), "application/1/device/ac1f09fffe08fba1/event/status")
    assert status == Notice("AC1F09FFFE08FBA1", "status")
    ack = opened(
        EnvelopeFormat.THINGS_STACK,
        things(bytes.fromhex("80000103190104180" + "11E4B1E00000000000000000000000081"), f_port=3),
    )
    assert decode(ack, sensor_types()["dingtek-df702"]) == Notice("AC1F09FFFE08FBA1", "bevestiging van een instelling")


@pytest.mark.parametrize(
    ("form", "body", "reason"),
    [
        (EnvelopeFormat.THINGS_STACK, b"", Reason.NOT_JSON),
        (EnvelopeFormat.THINGS_STACK, b"\xff\xfe{}", Reason.NOT_JSON),
        (EnvelopeFormat.THINGS_STACK, b"[" * 60_000, Reason.OTHER_SHAPE),
        (EnvelopeFormat.THINGS_STACK, b'{"a":' * 10_000, Reason.NOT_JSON),
        (EnvelopeFormat.THINGS_STACK, b"[]", Reason.OTHER_SHAPE),
        (EnvelopeFormat.THINGS_STACK, b"{}", Reason.NO_DEVICE),
        (EnvelopeFormat.THINGS_STACK, b"{}" + b" " * LARGEST, Reason.TOO_LARGE),
        (EnvelopeFormat.THINGS_STACK, things(received_at="gisteren"), Reason.NO_TIME),
        (EnvelopeFormat.THINGS_STACK, things(received_at="2026-02-30T00:00:00Z"), Reason.NO_TIME),
        (EnvelopeFormat.THINGS_STACK, things(received_at="2026-06-19T01:18:06"), Reason.NO_TIME),
        (EnvelopeFormat.THINGS_STACK, things(received_at="0001-01-01T00:00:00+23:59"), Reason.NO_TIME),
        (EnvelopeFormat.THINGS_STACK, things(frm_payload="AA=A"), Reason.NOT_BASE64),
        (EnvelopeFormat.THINGS_STACK, things(frm_payload="é"), Reason.NOT_BASE64),
        (EnvelopeFormat.THINGS_STACK, things(f_cnt=-1), Reason.OTHER_SHAPE),
        (EnvelopeFormat.THINGS_STACK, things(f_cnt=10**30), Reason.OTHER_SHAPE),
        (EnvelopeFormat.CHIRPSTACK, chirp(b"", deviceInfo={"devEui": "'; DROP"}), Reason.NO_DEVICE),
        (EnvelopeFormat.CHIRPSTACK, chirp(b"", time=...), Reason.NO_TIME),
        (EnvelopeFormat.PLAIN, b'{"apparaat":"bak 1","tijd":"2026-01-01T00:00:00Z"}', Reason.NO_DEVICE),
        (EnvelopeFormat.PLAIN, b'{"apparaat":"b","tijd":"2026-01-01T00:00:00Z","bytes":"0"}', Reason.NOT_BASE64),
        (
            EnvelopeFormat.PLAIN,
            b'{"apparaat":"b","tijd":"2026-01-01T00:00:00Z","waarden":{"vulgraad":NaN}}',
            Reason.NOT_JSON,
        ),
    ],
)
def test_what_cannot_be_opened_says_why(form: EnvelopeFormat, body: bytes, reason: Reason) -> None:
    answer = open_envelope(form, body)
    assert isinstance(answer, Unreadable), answer
    assert answer.reason is reason
    assert 10 < len(answer.sentence) <= 300


def test_the_bytes_count_also_where_what_the_network_made_of_them_is_no_good() -> None:
    body = things(EMPTY_WILSEN).replace(
        b'"f_port"', b'"decoded_payload": {"x": ' + b"[" * 5000 + b"]" * 5000 + b'}, "f_port"'
    )
    answer = open_envelope(EnvelopeFormat.THINGS_STACK, body)
    assert isinstance(answer, Envelope | Unreadable)


# --- from distance to level -----------------------------------------------------------------------------------------


def test_a_distance_becomes_a_level_by_how_the_sensor_hangs() -> None:
    mounting = Mounting(empty_mm=2200, full_mm=200)
    assert [level_from_distance(mm, mounting) for mm in (2200, 1200, 200)] == [0.0, 50.0, 100.0]
    assert level_from_distance(2290, mounting) == 0.0, "just below the floor is empty"
    assert level_from_distance(110, mounting) == 100.0, "a bag against the sensor is full"
    assert level_from_distance(4000, mounting) == -90.0, "far below the floor is impossible, and must show"


def test_the_level_of_the_sensor_itself_counts_above_the_distance() -> None:
    envelope = opened(EnvelopeFormat.THINGS_STACK, things(bytes.fromhex("040B0206B6030B063C06020141B5999A03510124")))
    outcome = uplink(decode(envelope, sensor_types()[WILSEN], Mounting(2000, 0)))
    assert outcome.value(Quantity.FILL_LEVEL) == 60.0
    envelope = opened(EnvelopeFormat.THINGS_STACK, things(bytes.fromhex("01755C038244080400" + "01"), f_port=85))
    outcome = uplink(decode(envelope, sensor_types()["milesight-em310-udl"], Mounting(2316, 316)))
    assert outcome.value(Quantity.FILL_LEVEL) == 10.0


@pytest.mark.parametrize(("empty", "full"), [(100, 100), (100, 200), (100, -1), (1e9, 0), (float("nan"), 0)])
def test_a_container_that_is_fuller_than_deep_cannot_be_mounted(empty: float, full: float) -> None:
    with pytest.raises(ValueError, match="container"):
        Mounting(empty, full)


# --- hostile input --------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(sensor_types())), st.integers(0, 255), st.binary(max_size=300))
def test_any_bytes_of_a_sensor_give_values_that_can_exist_or_a_reason(key: str, port: int, payload: bytes) -> None:
    found = read(sensor_types()[key], port, payload)
    if isinstance(found, Misfit):
        assert found.sentence
        return
    for quantity, value in found.readings.items():
        assert MEASURES[quantity].low <= value <= MEASURES[quantity].high


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    [
        "end_device_ids",
        "uplink_message",
        "received_at",
        "deviceInfo",
        "time",
        "data",
        "object",
        "apparaat",
        "tijd",
        "bytes",
        "waarden",
    ]
)


@given(st.sampled_from(EnvelopeFormat), st.dictionaries(_KEYS, _JSON), st.text(max_size=60))
def test_any_json_gives_an_answer(form: EnvelopeFormat, message: dict[str, object], topic: str) -> None:
    assert isinstance(open_envelope(form, json.dumps(message).encode(), topic), Envelope | Notice | Unreadable)


def test_garbage_of_all_kinds_gives_an_answer_and_never_an_error() -> None:
    """VLIEGWIEL_SENSOR_FUZZ says how many; the seed is printed."""
    print(f"VLIEGWIEL_SENSOR_FUZZ_SEED={SEED}")
    lot = random.Random(SEED)
    good = {
        EnvelopeFormat.THINGS_STACK: things(EMPTY_WILSEN),
        EnvelopeFormat.CHIRPSTACK: chirp(EMPTY_WILSEN),
        EnvelopeFormat.PLAIN: b'{"apparaat":"b","tijd":"2026-01-01T00:00:00Z","poort":1,"bytes":"0B06"}',
    }
    forms = list(EnvelopeFormat)
    kinds = list(sensor_types().values())
    answers: dict[str, int] = {}
    for _ in range(FUZZ):
        form = lot.choice(forms)
        body = spoiled(lot, good[form if lot.random() < 0.8 else lot.choice(forms)])
        outcome = open_envelope(form, body, lot.choice(["", "x/event/up", "\x00/event/join"]))
        if isinstance(outcome, Envelope):
            outcome = decode(outcome, lot.choice(kinds), lot.choice([None, Mounting(2000, 100)]))
        assert isinstance(outcome, Uplink | Notice | Unreadable)
        name = outcome.reason.value if isinstance(outcome, Unreadable) else type(outcome).__name__
        answers[name] = answers.get(name, 0) + 1
    print(answers)
    assert sum(answers.values()) == FUZZ
    assert len(answers) >= 6, "the garbage is of too few kinds to prove much"


def spoiled(lot: random.Random, body: bytes) -> bytes:
    """A message with bytes changed, cut, doubled or replaced by noise."""
    match lot.randrange(7):
        case 0:
            return lot.randbytes(lot.randrange(200))
        case 1:
            return body[: lot.randrange(len(body))]
        case 2:
            at = lot.randrange(len(body))
            return body[:at] + lot.randbytes(lot.randrange(1, 8)) + body[at + lot.randrange(8) :]
        case 3:
            payload = base64.b64encode(lot.randbytes(lot.randrange(60)))
            return body.replace(base64.b64encode(EMPTY_WILSEN), payload).replace(
                b'"0B06"', b'"%s"' % payload.hex()[:40].encode()
            )
        case 4:
            return body.replace(
                lot.choice([b'"', b":", b"{", b"1", b"Z"]), lot.choice([b"", b"[", b"null", b"-", b"e999"]), 2
            )
        case 5:
            return body + body
        case _:
            return lot.choice(
                [
                    b"null",
                    b"true",
                    b"0",
                    b'""',
                    b"[]",
                    b"{}",
                    b'{"uplink_message":{}}',
                    b'{"waarden":{"vulgraad":1e999}}',
                ]
            )
