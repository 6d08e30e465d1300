"""Whatever is typed or posted in a field: never a failure, always an answer or a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Engine
from django.test import RequestFactory
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.casework.conftest import RegistersSay
from tests.web.citizen.conftest import Browser, mila, offices, registers
from vliegwiel.casework.draftpages import field_view
from vliegwiel.catalogue import answers
from vliegwiel.catalogue.answers import AnswerWrong
from vliegwiel.catalogue.model import Choice, Field, FieldKind
from vliegwiel.web.forms import posted

__all__ = ["mila", "offices", "registers"]

NASTY = [
    "", " ", "\x00",
    "a\x00b", "\u202e\u0645\u0631\u062d\u0628\u0627", "\ud800", "\udfff\ud800", "\ufeff", "\u00ad" * 50, "🧨" * 100,
    "1e999", "-1e999",
    "NaN", "inf", "0x10", "1_000", "١٢٣", "½", "1.000.000,00,0", "--1", "+", "€", "1" * 400, "0" * 4999,
    "9" * 20_001,
    "0000-00-00", "31-02-2026", "29-2-2027", "99-99-9999", "2026-13-01", "1-1-1", "12/31/2026", "31-12-99999", "-1-1-2026",
    "' OR 1=1 --", "\"; DROP TABLE zaak; --", "${jndi:ldap://x}", "{{ 7*7 }}", "{% debug %}", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "&#0;", "%00", "../../etc/passwd", "=HYPERLINK(\"http://x\")", "javascript:alert(1)",
    "a@b", "a@b..nl", "a" * 64 + "@" + "b" * 250 + ".nl", "\"a b\"@voorbeeld.nl", "a@[127.0.0.1]",
    "naam@voorbeeld.nl\nBcc: x@y.nl",
    "NL91ABNA0417164301", "NL00ABNA0417164300", "06-", "+31 (0)6", "tel:112", "16-RSL-9'", "ÄÖ-12-34", "1234 SS", "0123 AB",
    "ja ja", "true", "null", "undefined", "[]", "{}", "ja\x00nee", "a" * 20_001, "\n" * 500, "e\u0301" * 3000, "\u0300" * 9000,
]  # fmt: skip

VALUE = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60),
    st.from_regex(r"[0-9eE.,+\- ]{0,30}"),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(lambda d: f"{d.day}-{d.month}-{d.year}"),
)
VALUES = st.lists(VALUE, min_size=5, max_size=8)
TODAY = date(2026, 11, 24)
KNOWN = {"mensen": ({"naam": "Jet", "geboortedatum": date(2015, 5, 1), "relatie": "kind"},)}


COMPONENT = Engine.get_default().from_string('{% cotton field :field="field" /%}')


def field_of(kind: FieldKind) -> Field:
    chooses = kind in {FieldKind.KEUZE, FieldKind.MEERKEUZE}
    return Field(
        key="veld",
        kind=kind,
        label="Een vraag",
        choices=(Choice("a", "Antwoord A"), Choice("b", "Antwoord B")) if chooses else (),
        options_from="mensen" if kind is FieldKind.PERSONEN else "",
        low=Decimal(0) if kind in {FieldKind.GETAL, FieldKind.GELD} else None,
    )


@pytest.mark.parametrize("kind", list(FieldKind))
@given(values=VALUES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_field_takes_any_value_and_answers_in_words(kind: FieldKind, values: Sequence[str]) -> None:
    """A hundred examples of five values or more: at least five hundred for each kind of field."""
    field = field_of(kind)
    typed = tuple(posted.clean(value) for value in values)
    sentences = [read_one(field, (value,)) for value in typed]
    sentence = read_one(field, typed)
    for said in (*sentences, sentence):
        assert not said or said.endswith("."), said
        assert "ongeldig" not in said.lower()
    html = COMPONENT.render(Context({"field": field_view(field, KNOWN, typed, sentence, name="veld")}))
    assert "<script" not in html
    assert "<img" not in html
    if kind not in {FieldKind.JA_NEE, FieldKind.KEUZE, FieldKind.MEERKEUZE, FieldKind.PERSONEN, FieldKind.BESTAND}:
        shown = {FieldKind.DATUM: 3, FieldKind.ADRES: 4}.get(kind, 1)
        for value in typed[:shown]:
            assert escape(value) in html, "what was typed is shown again"


def read_one(field: Field, typed: Sequence[str]) -> str:
    """The sentence when it cannot be an answer; empty when it is one, and then it survives being stored."""
    try:
        answer = answers.read(field, typed, known=KNOWN, today=TODAY)
    except AnswerWrong as wrong:
        return wrong.sentence
    if answer is not None:
        stored = answers.answer_from_json(field, answers.answer_to_json(answer))
        assert answers.to_text(field, stored, KNOWN)
    return ""


BODIES = st.one_of(
    st.binary(max_size=400),
    st.lists(
        st.tuples(st.sampled_from(["email", "telefoon", "versie", "bewaar", "verwijder", "x"]), VALUE), max_size=8
    ).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs).encode("utf-8", "surrogatepass")),
)
TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=hex",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=x; charset=hex",
        "multipart/form-data; boundary=x; charset=utf-7",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "application/json",
        "text/plain",
        "",
        "\u00e9/\u00e9",
    ]
)


def test_any_body_gets_a_page_and_never_a_failure(mila: Browser, offices: RegistersSay) -> None:
    mila.begin("rijbewijs-verlengen")
    address = mila.address
    seen: set[int] = set()

    @given(body=BODIES, content_type=TYPES)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def attack(body: bytes, content_type: str) -> None:
        response = mila.client.generic("POST", address, body, content_type)
        seen.add(response.status_code)
        assert response.status_code < 500, (body, content_type)
        assert b"Traceback" not in response.content

    attack()
    assert seen <= {200, 302, 400, 403, 412, 413, 422}
    assert mila.get(address).has_form("/contact/"), "the application is still there"


def multipart(name: str, value: bytes, *, filename: str = "", header: bytes = b"") -> bytes:
    what = f'; filename="{filename}"' if filename else ""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{what}\r\n'.encode()
    return head + header + b"\r\n" + value + b"\r\n--x--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        multipart("email", b"\xff\xfe\x00naam"),
        multipart("email", b"x", header=b"Content-Transfer-Encoding: base64\r\n"),
        multipart("email", b"x", header=b"Content-Type: text/plain; charset=hex\r\n"),
        multipart("email", b"x", filename="../../etc/passwd"),
        multipart("email", b"x", filename="\x00.pdf"),
        multipart("e" * 5000, b"x"),
        b"--x\r\n" * 300,
        b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
    ],
)
def test_strange_parts_are_answered_in_words(mila: Browser, body: bytes) -> None:
    mila.begin("rijbewijs-verlengen")
    response = mila.client.generic("POST", mila.address, body, "multipart/form-data; boundary=x")
    assert response.status_code in {400, 403, 412, 413, 422}
    assert "<h1" in response.content.decode()


def test_a_body_that_is_too_large_says_how_large_it_may_be(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    response = mila.client.generic(
        "POST", mila.address, b"email=" + b"a" * (3 << 20), "application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "10 MB" in response.content.decode()
    many = "&".join(f"v{i}=1" for i in range(600)).encode()
    assert mila.client.generic("POST", mila.address, many, "application/x-www-form-urlencoded").status_code == 413


@given(path=st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40))
@settings(max_examples=100, deadline=None)
def test_no_address_on_this_host_leads_elsewhere(path: str) -> None:
    from vliegwiel.web.request import own_path

    for candidate in (path, "/" + path, "//" + path, "/\\" + path, "https:" + path):
        kept = own_path(candidate)
        assert kept.startswith("/")
        assert not kept.startswith("//")
        assert "\\" not in kept
        assert RequestFactory().get("/").build_absolute_uri(kept).startswith("http://testserver/")
