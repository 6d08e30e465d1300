"""The zip of another system is read whatever it looks like, and refused with a sentence when it cannot be."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.catalogue.zgwimport.disguises import BASE, disguise
from vliegwiel.base.errors import Invalid, TooLarge
from vliegwiel.catalogue import selectielijst
from vliegwiel.catalogue.zgwimport import archive
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.foreign import days_of, span_of


def zipped(**files: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(f"{name}.json", content if isinstance(content, bytes | str) else json.dumps(content))
    return out.getvalue()


CASE = {"url": f"{BASE}/zaaktypen/1", "identificatie": "ZT-1", "omschrijving": "Kapvergunning", "doorlooptijd": "P56D"}


def test_statuses_come_in_their_order_and_the_last_is_the_end_where_none_is_marked() -> None:
    statuses = [
        {"zaaktype": CASE["url"], "omschrijving": name, "volgnummer": number}
        for name, number in (("Afgehandeld", 30), ("Ontvangen", 1), ("Advies", 7))
    ]
    (case,) = read_archive(zipped(ZaakType=[CASE], StatusType=statuses)).case_types
    assert [(status.name, status.final) for status in case.statuses] == [
        ("Ontvangen", False), ("Advies", False), ("Afgehandeld", True),
    ]  # fmt: skip


def test_a_folder_in_the_zip_and_pages_of_results_are_read_as_well() -> None:
    made = disguise(5, 1)
    assert len(read_archive(made.archive("catalogus-1/")).case_types) == 5
    paged = {name: {"count": len(rows), "next": None, "results": rows} for name, rows in made.resources.items()}
    assert read_archive(zipped(**paged)).case_types == read_archive(made.archive()).case_types


def test_the_newest_version_of_a_case_type_counts() -> None:
    older = {**CASE, "url": f"{BASE}/zaaktypen/0", "omschrijving": "Kap oud", "beginGeldigheid": "2020-01-01"}
    newer = {**CASE, "beginGeldigheid": "2024-01-01"}
    reading = read_archive(zipped(ZaakType=[newer, older]))
    assert [case.name for case in reading.case_types] == ["Kapvergunning"]
    assert reading.skipped == ("1 oudere versies van zaaktypen zijn overgeslagen: de nieuwste telt.",)


def test_the_number_in_the_selectielijst_is_found_by_its_id() -> None:
    address = f"https://andere.example/api/v1/procestypen/{selectielijst.procestype(11).id}"
    (case,) = read_archive(zipped(ZaakType=[{**CASE, "selectielijstProcestype": address}])).case_types
    assert case.process_type == 11


def test_what_is_not_right_is_counted_and_the_rest_is_read() -> None:
    statuses = [
        {"zaaktype": CASE["url"], "omschrijving": ["geen tekst"]},
        {"zaaktype": CASE["url"], "omschrijving": "Goed"},
    ]
    reading = read_archive(zipped(ZaakType=[CASE, {"omschrijving": None}], StatusType=statuses, RolType="geen json"))
    assert [status.name for status in reading.case_types[0].statuses] == ["Goed"]
    assert len(reading.skipped) == 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "geen leesbaar zip-bestand"),
        (b"PK\x03\x04 kapot", "geen leesbaar zip-bestand"),
        (zipped(StatusType=[]), "geen zaaktypen"),
        (zipped(ZaakType="[" * 100_000), "geen zaaktypen"),
        (zipped(ZaakType={"results": []}), "geen zaaktypen"),
    ],
)
def test_what_is_no_export_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_archive(data)


def test_a_zip_that_grows_without_bound_is_refused_while_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(TooLarge, match="uitpakken"):
        read_archive(zipped(ZaakType=b"[" + b" " * 5_000_000 + b"]"))


def test_a_zip_that_lies_about_its_size_does_not_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    data = bytearray(zipped(ZaakType=b"[" + b" " * 5_000_000 + b"]"))
    for start in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[start : start + 4] = (10).to_bytes(4, "little")
    with pytest.raises((Invalid, TooLarge)):
        read_archive(bytes(data))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(TooLarge, match="bestanden"):
        read_archive(zipped(**{f"x{number}": b"[]" for number in range(500)}))


@pytest.mark.parametrize(
    ("duration", "days", "span"),
    [("P56D", 56, "8 weken"), ("P8W", 56, "8 weken"), ("P10D", 10, "10 dagen"), ("P1D", 1, "1 dag"), ("P3M", 90, "3 maanden"),
     ("P1Y", 365, "1 jaar"), ("P1Y2M", 425, "14 maanden"), ("P1M3D", 33, "33 dagen"), ("PT3H", None, ""), ("morgen", None, "")],
)  # fmt: skip
def test_durations_are_read_as_terms(duration: str, days: int | None, span: str) -> None:
    assert (days_of(duration), span_of(duration)) == (days, span)
