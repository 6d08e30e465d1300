"""Whatever is posted, what comes out can be stored and shown, and nothing a person could have meant is lost."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.web.forms import posted

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=300)


@given(ANY_TEXT)
@settings(max_examples=500)
def test_a_posted_text_can_always_be_stored(value: str) -> None:
    text = posted.clean(value)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text
    assert "\\u0000" not in json.dumps(text)
    assert posted.clean(text) == text


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), max_size=200))
def test_ordinary_words_stay_as_they_were_typed(value: str) -> None:
    import unicodedata

    assert posted.clean(value) == unicodedata.normalize("NFC", value)


def test_direction_tricks_are_taken_out() -> None:
    assert posted.clean("factuur\u202efdp.exe") == "factuurfdp.exe"


def test_newlines_become_one_kind_and_tabs_stay() -> None:
    assert posted.clean("een\r\ntwee\rdrie\tvier") == "een\ntwee\ndrie\tvier"


def test_what_is_too_long_is_cut_and_said() -> None:
    request = RequestFactory().post("/", {"verhaal": "a" * (posted.LONGEST + 5), "naam": "Mila"})
    answers = posted.read(request, ["verhaal", "naam", "niets"])
    assert len(answers.texts["verhaal"][0]) == posted.LONGEST
    assert answers.too_long == {"verhaal"}
    assert answers.texts["naam"] == ("Mila",)
    assert answers.texts["niets"] == ()


def test_a_file_where_text_belongs_is_no_text_and_the_other_way_round() -> None:
    request = RequestFactory().post("/", {"naam": SimpleUploadedFile("a.pdf", b"%PDF-"), "bijlage": "geen bestand"})
    answers = posted.read(request, ["naam", "bijlage"])
    assert answers.texts["naam"] == ()
    assert answers.texts["bijlage"] == ("geen bestand",)
    assert "bijlage" not in answers.files


def test_a_field_sent_a_thousand_times_counts_a_hundred_times() -> None:
    request = RequestFactory().post("/", {"keuze": [str(i) for i in range(400)]})
    assert len(posted.read(request, ["keuze"]).texts["keuze"]) == posted.MOST_VALUES


@pytest.mark.parametrize("text", ["", "-1", "1e9", "twee", "9" * 30, "٣"])
def test_a_version_that_was_changed_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        posted.version(RequestFactory().post("/", {"versie": text}))
