"""A letter is PDF/A-2 that a screen reader can follow, holds what the law asks of a decision, and runs nothing it was given."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.casework.conftest import ALLOWANCE, LICENCE, RegistersSay
from tests.casework.test_applying import apply
from tests.casework.test_deciding import complete_all, page
from vliegwiel.base.jobs import run_waiting
from vliegwiel.casework import queries, typesetting
from vliegwiel.casework.actions import decisions, documents
from vliegwiel.casework.actions.decisions import DecisionInput, Judgement
from vliegwiel.casework.letter import Letter, LetterFailed, Line, Section, render
from vliegwiel.casework.models import PendingLetter
from vliegwiel.trust.identity import Citizen, Staff, System

MOMENT = datetime(2026, 11, 24, 11, tzinfo=UTC)


def letter(text: str = "Tekst.", title: str = "Besluit") -> Letter:
    """A letter with every kind of part in it."""
    return Letter(
        title=title, subject=text, number="2026-000-000-014", sender="Gemeente Leiden", sender_lines=(text,), addressee=(text,),
        meta=(("Datum", text),), salutation=text,
        sections=(Section(text, (text,), (Line(text, text),), ("A", "B", "C"), ((text, text, text),)),), closing=(text,),
        unverified=(text,),
    )  # fmt: skip


def fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """The font descriptors of all pages."""
    for one in pdf.pages:
        for font in (one.resources.get("/Font") or {}).values():
            for part in font.get("/DescendantFonts", [font]):
                if "/FontDescriptor" in part:
                    yield part.FontDescriptor


def test_a_letter_is_pdf_a_and_accessible() -> None:
    with pikepdf.open(io.BytesIO(render(letter(), MOMENT))) as pdf:
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "U")
            assert meta["pdfuaid:part"] == "1"
            assert meta["dc:title"] == "Besluit"
        intent = pdf.Root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in intent
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("nl")
        assert not pdf.is_encrypted
        for name in ("/JavaScript", "/EmbeddedFiles"):
            assert name not in (pdf.Root.get("/Names") or {})
        embedded = list(fonts(pdf))
        assert embedded
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()) for descriptor in embedded)


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert render(letter(), MOMENT) == render(letter(), MOMENT)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(("{}", "#{}", '#read("/etc/passwd") {}', "$ {} $", "]{}[", '"{}\\')),
)
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_letter_is_read_as_markup(text: str, around: str) -> None:
    """Whatever stands in it, it is set as text: it makes a letter, and no file or formula is reached."""
    assert render(letter(around.replace("{}", text), title="Besluit"), MOMENT).startswith(b"%PDF-")


def test_a_decision_letter_says_what_a_decision_must_say(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "individuele-inkomenstoeslag", ALLOWANCE)
    complete_all(tess, zaak)
    judged = {"uitzicht_op_inkomen": Judgement("nee", "U zoekt al jaren werk.")}
    preview = queries.letter_preview(tess, zaak, DecisionInput(page(tess, zaak).version, judged))
    text = "\n".join(
        part for paragraph in preview.paragraphs for part in (paragraph.heading, *paragraph.text, *paragraph.lines)
    )
    assert "Geachte mevrouw Zonneveer" in text
    assert "U zoekt al jaren werk." in text
    assert "Participatiewet, artikel 36" in text
    assert "tot en met 5 januari 2027" in text
    assert "Uw laatste" not in text
    assert "2312 HG Leiden" in text
    assert "nog niet bekend" not in text
    assert "{" not in text
    assert queries.letter_preview_pdf(tess, zaak, DecisionInput(1, judged)).startswith(b"%PDF-")


def test_a_letter_that_fails_is_made_later_and_never_twice(
    offices: RegistersSay, mila: Citizen, tess: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))

    def broken(*_: object) -> bytes:
        raise LetterFailed("out of ink")

    with monkeypatch.context() as patched:
        patched.setattr(typesetting, "render", broken)
        with pytest.raises(LetterFailed):
            run_waiting()
    waiting = page(tess, zaak).documents[-1]
    assert not waiting.ready
    documents.retry_letter(tess, waiting.id)
    run_waiting()
    made = page(tess, zaak).documents[-1]
    assert made.ready
    from vliegwiel.base.tenancy import scope

    with scope("GM0546"):
        pending = PendingLetter.objects.get(informatieobject_id=made.id)
    typesetting.make(System("GM0546", "brieven maken"), pending.id)
    lines = [event.text for event in queries.timeline(tess, zaak) if event.text.startswith("Brief gemaakt")]
    assert len(lines) == 1
