"""What a file is follows from its content. Disguised, oversized, empty and unknown files get a sentence that says what to do."""

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import Invalid, TooLarge, VliegwielError
from vliegwiel.casework.uploads import accept, recognise, safe_name

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
EXE = b"MZ\x90\x00" + b"\0" * 200


def docx(*extra: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *extra):
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "stored"),
    [
        ("brief.pdf", PDF, "brief.pdf"),
        ("Foto.JPEG", JPG, "Foto.jpg"),
        ("scan.png", PNG, "scan.png"),
        ("verslag.docx", docx(), "verslag.docx"),
        ("zonder naam", PDF, "zonder naam.pdf"),
        ("../../etc/passwd.pdf", PDF, "passwd.pdf"),
        ("C:\\map\\b\u202efdp.pdf", PDF, "bfdp.pdf"),
        ("\x00.pdf", PDF, "pdf.pdf"),
    ],
)
def test_a_good_file_is_kept_under_a_safe_name(name: str, content: bytes, stored: str) -> None:
    accepted = accept("bijlage", name, io.BytesIO(content))
    assert accepted.name == stored
    assert len(accepted.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("leeg.pdf", b"", "leeg"),
        ("foto.jpg", PDF, "PDF-bestand"),
        ("factuur.pdf", EXE, "kunnen wij niet gebruiken"),
        ("factuur.pdf", b"<html><script>alert(1)</script>", "kunnen wij niet gebruiken"),
        ("factuur.pdf", b"%PDF-1.4 half", "kunnen wij niet gebruiken"),
        ("archief.docx", docx("word/vbaProject.bin"), "kunnen wij niet gebruiken"),
        ("archief.zip", docx()[:-10], "kunnen wij niet gebruiken"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(name: str, content: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word) as caught:
        accept("bijlage", name, io.BytesIO(content))
    assert caught.value.invalid[0].name == "bijlage"


def test_a_question_may_allow_fewer_kinds() -> None:
    with pytest.raises(Invalid, match="Stuur een JPG- of PNG-bestand"):
        accept("foto", "brief.pdf", io.BytesIO(PDF), kinds=("jpg", "png"))


def test_a_file_over_the_limit_is_refused_without_reading_it_all() -> None:
    class Endless(io.RawIOBase):
        read_in_all = 0

        def read(self, size: int = -1) -> bytes:
            self.read_in_all += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(TooLarge, match="hoogstens 1 MB"):
        accept("bijlage", "groot.pdf", endless, limit=1 << 20)  # type: ignore[arg-type]
    assert endless.read_in_all <= (1 << 20) + 1


def test_the_scanner_of_the_installation_has_the_last_word(settings: object) -> None:
    settings.UPLOAD_SCANNER = f"{__name__}.scanner"  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match="niet veilig"):
        accept("bijlage", "brief.pdf", io.BytesIO(PDF))


scanner: Callable[[bytes], str] = lambda content: "Eicar"  # noqa: E731  # named by the setting above


@given(st.text(), st.binary())
def test_no_file_makes_us_stumble(name: str, content: bytes) -> None:
    recognise(content)
    assert safe_name(name)
    with contextlib.suppress(VliegwielError):
        accept("bijlage", name, io.BytesIO(content))
