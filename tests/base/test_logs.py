"""Logs tell what happened, with a request id, and never whose bsn it was."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base import logs
from vliegwiel.base.bsn import is_bsn


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is written to the log from now on."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(stream=stream, style="json")
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    logging.captureWarnings(False)


def bsns() -> st.SearchStrategy[str]:
    """Nine digits that pass the eleven test: the last digit follows from the others (10 is none, so the next is taken)."""

    def complete(start: int) -> str:
        digits = f"{start:08d}"
        last = sum(int(d) * w for d, w in zip(digits, range(9, 1, -1), strict=True)) % 11
        return complete(start + 1) if last == 10 else f"{digits}{last}"

    return st.integers(min_value=1_000_000, max_value=99_999_990).map(complete)


def test_a_record_carries_what_was_bound(lines: io.StringIO) -> None:
    with logs.context(request_id="r-12345678", municipality="GM0546"):
        logging.getLogger("vliegwiel.test").info("zaak geopend", extra={"zaak": "x"})
    row = json.loads(lines.getvalue())
    assert (row["request_id"], row["municipality"], row["zaak"], row["bericht"]) == (
        "r-12345678",
        "GM0546",
        "x",
        "zaak geopend",
    )
    assert row["niveau"] == "INFO"
    assert row["bron"] == "vliegwiel.test"


def test_what_was_bound_ends_with_its_block(lines: io.StringIO) -> None:
    with logs.context(request_id="buiten"), logs.context(request_id="binnen", job="x"):
        assert logs.request_id() == "binnen"
    logging.getLogger("vliegwiel.test").info("na")
    assert "request_id" not in json.loads(lines.getvalue())


def test_a_thread_started_with_the_context_logs_the_same_request(lines: io.StringIO) -> None:
    with logs.context(request_id="draad-0001"), ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, logging.getLogger("vliegwiel.test").info, "hallo").result()
    assert json.loads(lines.getvalue())["request_id"] == "draad-0001"


@given(
    bsn=bsns(),
    around=st.tuples(
        st.sampled_from(["", "bsn ", "(", "?bsn=", "'", "=", "/"]),
        st.sampled_from(["", " ", ")", "&x=1", "'", "/", "."]),
    ),
)
def test_no_bsn_gets_through_a_message(bsn: str, around: tuple[str, str]) -> None:
    assert bsn not in logs.mask(around[0] + bsn + around[1])


@given(bsn=bsns())
def test_no_bsn_gets_through_written_in_groups_or_without_its_zero(bsn: str) -> None:
    for text in (f"{bsn[:3]} {bsn[3:6]} {bsn[6:]}", f"{bsn[:4]}.{bsn[4:6]}.{bsn[6:]}", bsn.lstrip("0")):
        assert (
            len(text) < 8 or "[bsn]" in logs.mask(text) or not is_bsn(text.replace(" ", "").replace(".", "").zfill(9))
        )


@given(bsn=bsns())
def test_no_bsn_gets_through_arguments_fields_or_a_trace(bsn: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    log = logging.Logger("los")
    log.addHandler(handler)
    for formatter in (logs.JsonFormatter(), logs.TextFormatter()):
        handler.setFormatter(formatter)
        try:
            raise ValueError(f"onbekend: {bsn}")
        except ValueError:
            log.exception("fout bij %s", bsn, extra={"wie": bsn, "lijst": [bsn], "diep": {"a": {bsn: int(bsn)}}})
    assert bsn not in stream.getvalue()
    assert str(int(bsn)) not in stream.getvalue()


def test_rows_quoted_by_the_database_are_left_out() -> None:
    said = logs.mask("duplicate key\nDETAIL:  Failing row contains (Jansen, Dorpsstraat 1).\nCONTEXT: x")
    assert "Jansen" not in said
    assert "CONTEXT" in said


@pytest.mark.parametrize(
    "text", ["j.jansen@voorbeeld.nl", "06-12345678", "0612345678", "+31 6 12345678", "jan%40voorbeeld.nl"]
)
def test_addresses_and_numbers_of_people_are_masked(text: str) -> None:
    assert text not in logs.mask(f"bereikbaar op {text} overdag")


@given(st.uuids())
def test_identifiers_stay_readable(identifier: uuid.UUID) -> None:
    assert logs.mask(f"zaak {identifier} open") == f"zaak {identifier} open"


@pytest.mark.parametrize(
    "text",
    ["20261124", "14 071", "ZAAK-2026-0000000123", "3fa9999936530b", "duurde 12345678 ms", "2026-11-24T10:00:00"],
)
def test_ordinary_numbers_stay_readable(text: str) -> None:
    assert logs.mask(text) == text


def test_arguments_that_do_not_fit_cost_no_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "een %s en %s", ("een",), None)
    assert "een" in json.loads(logs.JsonFormatter().format(record))["bericht"]


def test_one_record_is_one_line_whatever_is_in_it(lines: io.StringIO) -> None:
    logging.getLogger("vliegwiel.test").info('regel\n{"niveau": "ERROR"}\r\nnog een')
    assert len(lines.getvalue().splitlines()) == 1


@pytest.mark.parametrize("given_id", ["", "kort", "999993653", "a b c d e f g h", "x" * 65, "regel\nbreuk-1234"])
def test_a_request_id_from_outside_must_look_like_one(given_id: str) -> None:
    assert logs.new_request_id(given_id) != given_id


def test_a_good_request_id_from_outside_is_kept() -> None:
    assert logs.new_request_id("abc-123_DEF45") == "abc-123_DEF45"


def test_a_level_that_does_not_exist_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLIEGWIEL_LOG_LEVEL", "LUID")
    with pytest.raises(ValueError, match="LUID"):
        logs.configure(stream=io.StringIO())
