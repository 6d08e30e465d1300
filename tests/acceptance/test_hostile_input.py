"""Whatever is sent: a clear sentence or a page that goes on, never an error of ours, nothing leaked and nothing typed lost."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path as FilePath
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.acceptance.hostile import NASTY, PDF, REFUSED, TAKEN, packed, values
from tests.casework.conftest import ALLOWANCE, BSN, LEIDEN, LICENCE, RegistersSay, clerk, offices, person, registers
from tests.casework.test_applying import fill_in
from tests.casework.test_deciding import page as case_of
from tests.web.citizen.conftest import Browser, mila, other, visitor
from tests.web.desk.forms import Page
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions, drafts, information
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.filledform import fill
from vliegwiel.casework.models import DraftUpload, Zaak
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.sessions import end_session, open_session
from vliegwiel.web.forms.posted import clean
from vliegwiel.web.request import session_cookie

__all__ = ["mila", "offices", "other", "registers", "visitor"]

TODAY = date(2026, 11, 24)
LIVE = ("GM0546", "GM0547", "GM0606", "GM0772", "GM0344", "GM0599", "GM0796")
PRODUCTS = ("rijbewijs-verlengen", "verhuizing-doorgeven", "bewonersparkeervergunning", "individuele-inkomenstoeslag")
# Half a trace of a program, or a word that only programmers know.
LEAKS = (
    "Traceback",
    "Exception",
    "psycopg",
    "django",
    "DoesNotExist",
    'File "/',
    'SELECT "',
    "NoneType",
    "vliegwiel.web",
)


def no_leak(text: str) -> None:
    """Nothing of our insides."""
    for word in LEAKS:
        assert word not in text, word


# -- what is typed ------------------------------------------------------------------------------------------------------


def forms() -> dict[str, Resolved]:
    """Every form that is really there, each different one once."""
    made = (resolve(code, key, TODAY) for code in LIVE for key in PRODUCTS)
    return {resolved.hash: resolved for resolved in made}


def test_every_question_of_every_real_form_takes_five_hundred_values_of_each_kind() -> None:
    """Each value in its own form: read to an answer or to a sentence, and whatever was typed before stays as it was."""
    tried: Counter[FieldKind] = Counter()
    seen: set[tuple[object, ...]] = set()
    data = {name: value for name, value in person().items() if value is not None}
    for resolved in forms().values():
        for step in resolved.steps:
            for field in step.fields:
                same = (field.kind, field.key, field.choices, field.low, field.high, field.earliest, field.latest)
                if same in seen or field.kind is FieldKind.BESTAND:
                    continue
                seen.add(same)
                for value in values(f"{resolved.key}/{field.key}", 120 if tried[field.kind] > 500 else 520):
                    typed = {field.key: [clean(value)] * (1 if field.kind is not FieldKind.MEERKEUZE else 2)}
                    form = fill(resolved, data, typed, {}, channel="internet", done=[step.key], today=TODAY)
                    for wrong in form.wrong:
                        assert wrong.sentence.endswith("."), wrong
                        no_leak(wrong.sentence)
                    tried[field.kind] += 1
    assert all(many >= 500 for many in tried.values()), tried
    assert len(tried) >= 10, tried


@pytest.mark.parametrize("product", PRODUCTS)
def test_hostile_values_through_the_real_pages(mila: Browser, offices: RegistersSay, product: str) -> None:
    """Every field of a page at once, for every page: refused in words with all that was typed still there, or taken."""
    draft = mila.begin(product)
    assert mila.who is not None
    tally: Counter[int] = Counter()
    steps = [step.key for step in queries.draft_page(mila.who, draft).steps[:-1]]
    for step in steps:
        chosen = list(values(f"{product}/{step}", 0))[::3]
        for number in range(len(chosen)):
            if step not in [one.key for one in queries.draft_page(mila.who, draft).steps]:
                break  # an answer elsewhere made this page needless
            shown = queries.draft_page(mila.who, draft, step)
            sent: dict[str, object] = {"versie": str(shown.version)}
            typed: dict[str, str] = {}
            for place, field in enumerate(shown.fields):
                value = chosen[(number + 7 * place) % len(chosen)]
                if field.kind != "bestand":
                    sent[field.key] = typed[field.key] = value.encode("utf-8", "replace").decode()
            response = mila.client.post(f"/aanvraag/{draft}/{step}/", sent)
            tally[response.status_code] += 1
            assert response.status_code in (302, 422), (response.status_code, typed)
            text = response.content.decode()
            no_leak(text)
            if response.status_code == 422:
                still_there(text, typed, {field.key: field.kind for field in shown.fields})
    assert tally[422] > 20


def still_there(text: str, typed: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    """What was typed stands in the form again, harmless; and there is a sentence about what to do."""
    page = Page(text)
    form = page.form("/aanvraag/")
    assert "Fout:" in page.text
    assert "<script>alert" not in text
    assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", text)
    for key, value in typed.items():
        if kinds[key] in ("tekst", "lange_tekst", "email", "telefoon", "getal", "geld", "kenteken", "iban"):
            given = form.fields.get(key, [""])[0]
            assert given.replace("\n", " ").split() == html.unescape(clean(value)).replace("\n", " ").split() or (
                given == clean(value)
            ), key


def test_a_question_that_follows_from_another_is_asked_and_can_be_answered(
    mila: Browser, offices: RegistersSay
) -> None:
    """Without script the second question comes on the page that says it is missing."""
    draft = mila.begin("individuele-inkomenstoeslag")
    address = f"/aanvraag/{draft}/vorige/"
    page = Page(mila.client.get(address).content.decode())
    assert "vorige_datum" not in page.form("/vorige/").fields
    first = mila.client.post(address, page.form("/vorige/").filled(eerder="ja"))
    assert first.status_code == 422
    again = Page(first.content.decode())
    assert "Vul de datum van de vorige toeslag in." in again.text
    form = again.form("/vorige/")
    assert form.fields["eerder"] == ["ja"]
    assert mila.client.post(address, form.filled(vorige_datum=["1", "5", "2025"])).status_code == 302


def test_bewaren_keeps_what_could_not_be_an_answer(mila: Browser, offices: RegistersSay) -> None:
    draft = mila.begin("individuele-inkomenstoeslag")
    assert mila.who is not None
    for value in NASTY[::3]:
        shown = queries.draft_page(mila.who, draft)
        sent = {
            field.key: value.encode("utf-8", "replace").decode() for field in shown.fields if field.kind != "bestand"
        }
        response = mila.client.post(
            f"/aanvraag/{draft}/{shown.step.key}/", {**sent, "versie": str(shown.version), "bewaar": "1"}
        )
        if len(value) > 20_000:
            assert response.status_code == 422
            continue
        assert response.status_code == 302, value
        again = queries.draft_page(mila.who, draft)
        for field in again.fields:
            if field.key in sent:
                assert field.values == (clean(sent[field.key]),)


@pytest.mark.parametrize("text", [v for v in NASTY if len(v) > 2 and not v.isspace()][5::9])
def test_a_hostile_text_that_is_an_answer_goes_all_the_way_to_the_letter(
    offices: RegistersSay, mila: Browser, text: str
) -> None:
    """In what the resident writes, the note, the reason and the question: pages, CSV and PDF take it, and run nothing."""
    assert mila.who is not None
    offices.data = {
        **person(),
        "persoon.naam": clean(text)[:100] or "x",
        "persoon.aanschrijfnaam": clean(text)[:100] or "x",
    }
    draft = drafts.start_draft(mila.who, "individuele-inkomenstoeslag")
    fill_in(mila.who, draft, {**ALLOWANCE, "inspanning": (f"Ik schreef dit op: {clean(text)[:1500]}",)})
    zaak = drafts.submit(mila.who, draft, version=queries.check_answers(mila.who, draft).version)
    desk = Client(HTTP_HOST="leiden.localhost")
    tess = clerk("tess")
    desk.cookies[session_cookie()] = open_session(tess, "")
    sendable = text.encode("utf-8", "replace").decode()
    for address, sent in (
        ("notitie", {"notitie": sendable}),
        ("document-toevoegen", {"titel": sendable, "bestand": SimpleUploadedFile("x.pdf", PDF)}),
        ("vragen", {"titel": sendable, "tekst": sendable, "dagen": "14", "bestanden": "nee"}),
    ):
        version = str(case_of(tess, zaak).version)
        response = desk.post(f"/werk/zaak/{zaak}/{address}/", {**sent, "versie": version})
        assert response.status_code in (302, 400, 422), (address, response.status_code)
        no_leak(response.content.decode())
    case = case_of(tess, zaak)
    if case.questions:
        mila.post(f"/mijn/zaak/{zaak}/vraag/{case.questions[0].id}/", {"antwoord": sendable})
        assert mila.status in (200, 422)
    run_waiting()
    case = case_of(tess, zaak)
    choice = DecisionInput(
        case.version, outcome="weigeren", deviation=f"Daarom wijken wij hier af van de wet. {clean(text)[:500]}"
    )
    if decisions.decide(tess, zaak, choice).waits_for_second:
        koen = clerk("koen")
        decisions.confirm(koen, zaak, version=case_of(koen, zaak).version)
    run_waiting()
    for client, address in (
        (desk, f"/werk/zaak/{zaak}/"), (desk, f"/werk/zaak/{zaak}/verloop/"), (desk, "/werk/?weergave=afgerond"),
        (desk, "/werk/werk.csv?weergave=afgerond"), (mila.client, f"/mijn/zaak/{zaak}/"), (mila.client, "/mijn/"),
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        shown = response.content.decode()
        no_leak(shown.replace(html.escape(text), ""))
        if response["Content-Type"].startswith("text/html"):
            assert "<script>alert" not in shown
            assert "<svg onload" not in shown
            assert "<img src=x" not in shown
        else:
            assert not re.search(r'(^|;)"?[=@|+]', shown, re.M), "a spreadsheet would run it"
    letters = queries.status_page(mila.who, zaak).documents
    assert any(one.media_type == "application/pdf" for one in letters)
    for one in letters:
        assert mila.client.get(f"/mijn/zaak/{zaak}/stuk/{one.id}/").status_code == 200


# -- files --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_the_files(mila: Browser, offices: RegistersSay) -> tuple[Browser, UUID, str, str]:
    """A page that asks for a file: the browser, the draft, the step and the field."""
    assert mila.who is not None
    draft = drafts.start_draft(mila.who, "individuele-inkomenstoeslag")
    for step in queries.draft_page(mila.who, draft).steps[:-1]:
        shown = queries.draft_page(mila.who, draft, step.key)
        for field in shown.fields:
            if field.kind == "bestand":
                return mila, draft, step.key, field.key
    raise AssertionError("no page asks for a file")


def send_file(at: tuple[Browser, UUID, str, str], *files: tuple[str, bytes, str], **more: str) -> tuple[int, str]:
    """Send files as a browser does, with a media type that may lie."""
    browser, draft, step, key = at
    assert browser.who is not None
    version = str(queries.draft_page(browser.who, draft, step).version)
    body = {key: [SimpleUploadedFile(name, content, kind) for name, content, kind in files], "versie": version, **more}
    response = browser.client.post(f"/aanvraag/{draft}/{step}/", body)
    return response.status_code, response.content.decode()


def kept(draft: UUID) -> list[DraftUpload]:
    """The files of a draft."""
    with scope(LEIDEN):
        return list(DraftUpload.objects.filter(draft_id=draft).order_by("added"))


@pytest.mark.parametrize(("name", "content"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_a_file_that_is_not_what_it_says_is_refused_in_words(
    at_the_files: tuple[Browser, UUID, str, str], name: str, content: bytes
) -> None:
    for kind in ("application/pdf", "text/html", "image/png; charset=x"):
        status, text = send_file(at_the_files, (name, content, kind))
        assert status == 422, name
        no_leak(text)
        assert "Fout:" in Page(text).text
    assert kept(at_the_files[1]) == []


@pytest.mark.parametrize(("name", "content"), TAKEN, ids=lambda v: ascii(v)[:40] if isinstance(v, str) else "")
def test_a_good_file_is_kept_under_a_name_that_does_no_harm(
    at_the_files: tuple[Browser, UUID, str, str], name: str, content: bytes
) -> None:
    browser, draft, step, _ = at_the_files
    # Django's own upload object cleans names; this one does not, as another client would not.
    file = SimpleUploadedFile("x.pdf", content, "text/html")
    file.__dict__["_name"] = name
    status, text = send_file_named(at_the_files, name, content)
    assert status in (302, 422)
    no_leak(text)
    (row,) = kept(draft)
    assert not set('/\\:*?"<>|\r\n\x00\u202e') & set(row.name)
    assert len(row.name) <= 200
    assert not row.name.startswith(".")
    folder = FilePath(settings.STORAGES["default"]["OPTIONS"]["location"]).resolve()
    found = [path for path in folder.rglob("*") if path.is_file() and path.name.startswith(FilePath(row.key).stem)]
    assert len(found) == 1
    assert found[0].resolve().is_relative_to(folder)
    assert "<script>alert" not in browser.client.get(f"/aanvraag/{draft}/{step}/").content.decode()


def send_file_named(at: tuple[Browser, UUID, str, str], name: str, content: bytes) -> tuple[int, str]:
    """A multipart body by hand, with the name exactly as given."""
    browser, draft, step, key = at
    assert browser.who is not None
    version = str(queries.draft_page(browser.who, draft, step).version)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r\n", "%0D%0A")
    body = (
        (
            f'--grens\r\nContent-Disposition: form-data; name="versie"\r\n\r\n{version}\r\n--grens\r\n'
            f'Content-Disposition: form-data; name="{key}"; filename="{quoted}"\r\nContent-Type: text/html\r\n\r\n'
        ).encode()
        + content
        + b"\r\n--grens--\r\n"
    )
    response = browser.client.generic("POST", f"/aanvraag/{draft}/{step}/", body, "multipart/form-data; boundary=grens")
    return response.status_code, response.content.decode()


def test_too_large_too_many_and_packed_too_far(at_the_files: tuple[Browser, UUID, str, str]) -> None:
    _, draft, _, _ = at_the_files
    large = PDF[:-6] + b"\0" * settings.UPLOAD_LIMIT + b"%%EOF\n"
    status, text = send_file(at_the_files, ("groot.pdf", large, "application/pdf"))
    assert status == 422
    assert "10 MB" in text
    assert kept(draft) == []
    # Two gigabytes of nothing in two megabytes: the names are read, nothing is unpacked.
    bomb = packed("[Content_Types].xml", "word/document.xml", size=128 << 20)
    assert len(bomb) < 1 << 20
    status, text = send_file(at_the_files, ("bom.docx", bomb, "application/zip"))
    assert status in (302, 422)
    status, text = send_file(at_the_files, *[(f"{n}.pdf", PDF, "application/pdf") for n in range(10)])
    assert status in (302, 422)
    assert len(kept(draft)) <= 10
    status, text = send_file(at_the_files, ("nog een.pdf", PDF, "application/pdf"))
    assert status == 422
    assert "hoogstens 10 bestanden" in Page(text).text
    status, text = send_file(at_the_files, *[(f"{n}.pdf", PDF, "application/pdf") for n in range(12)])
    assert status == 413
    no_leak(text)


def test_a_bad_file_takes_no_good_one_and_no_answer_along(at_the_files: tuple[Browser, UUID, str, str]) -> None:
    _, draft, _, _ = at_the_files
    status, text = send_file(at_the_files, ("goed.pdf", PDF, ""), ("fout.pdf", b"MZ", ""))
    assert status == 422
    assert [row.name for row in kept(draft)] == ["goed.pdf"]
    assert "goed.pdf" in Page(text).text
    assert "fout.pdf" in Page(text).text


# -- who says who they are ----------------------------------------------------------------------------------------------

FORGED = [
    "x", "x" * 43, "../../etc/passwd", "' OR 1=1 --", "é" * 30, "a" * 10_000, "\x7f" * 43, "null", "{}",
    "eyJhbGciOiJub25lIn0.e30.",
    "0" * 43, "-" * 43, "%00" * 14,
]  # fmt: skip


@pytest.mark.parametrize("token", FORGED, ids=lambda t: ascii(t)[:20])
def test_a_forged_session_is_nobody(visitor: Browser, token: str) -> None:
    visitor.client.cookies[session_cookie()] = token
    for path in ("/mijn/", "/werk/", f"/aanvraag/{UUID(int=7)}/", "/"):
        response = visitor.client.get(path)
        assert response.status_code == (200 if path == "/" else 302), path
        assert response.status_code == 200 or response["Location"].startswith("/inloggen/")
    response = visitor.client.post("/werk/toewijzen/", {"zaak": "x"})
    assert response.status_code == 401


def test_a_changed_ended_or_old_session_is_nobody(
    offices: RegistersSay, visitor: Browser, clock: Callable[..., object]
) -> None:
    who = Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Mila")
    token = open_session(who, "")
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    ended = open_session(who, "")
    end_session(LEIDEN, ended)
    for worthless in (changed, ended, token[:20], token + token, token.swapcase()):
        visitor.client.cookies[session_cookie()] = worthless
        assert visitor.client.get("/mijn/").status_code == 302
    visitor.client.cookies[session_cookie()] = token
    assert visitor.client.get("/mijn/").status_code == 200
    from datetime import UTC, datetime

    clock(datetime(2026, 11, 24, 16, tzinfo=UTC))
    assert visitor.client.get("/mijn/").status_code == 302


def test_what_was_typed_when_the_session_ended_is_still_there_after_logging_in(
    mila: Browser, offices: RegistersSay
) -> None:
    draft = mila.begin("rijbewijs-verlengen")
    typed = {"email": "mila@voorbeeld.nl", "telefoon": "0612345678", "versie": "1"}
    mila.client.cookies.pop(session_cookie())
    own = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    response = mila.client.post(f"/aanvraag/{draft}/contact/", typed, **own)
    assert response.status_code == 401
    form = Page(response.content.decode()).form("/contact/")
    assert {key: form.fields[key] for key in typed} == {key: [value] for key, value in typed.items()}
    assert mila.who is not None
    mila.client.cookies[session_cookie()] = open_session(mila.who, "")
    assert mila.client.post(form.action, form.filled(), **own).status_code == 302


# -- forms of others ----------------------------------------------------------------------------------------------------


def test_a_form_without_our_mark_does_nothing_and_says_so(mila: Browser, offices: RegistersSay) -> None:
    draft = mila.begin("rijbewijs-verlengen")
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="leiden.localhost")
    strict.cookies[session_cookie()] = mila.client.cookies[session_cookie()].value
    page = strict.get(f"/aanvraag/{draft}/contact/").content.decode()
    mark = Page(page).form("/contact/").fields["csrfmiddlewaretoken"][0]
    typed = {"email": "mila@voorbeeld.nl", "telefoon": "", "versie": "1"}
    address = f"/aanvraag/{draft}/contact/"
    tries: Sequence[tuple[dict[str, str], dict[str, str]]] = (
        (typed, {}),
        ({**typed, "csrfmiddlewaretoken": ""}, {}),
        ({**typed, "csrfmiddlewaretoken": "x" * 64}, {}),
        ({**typed, "csrfmiddlewaretoken": mark[:-1]}, {}),
        ({**typed, "csrfmiddlewaretoken": "é'\x00" * 20}, {}),
        ({**typed, "csrfmiddlewaretoken": mark}, {"HTTP_ORIGIN": "https://kwaad.example"}),
        ({**typed, "csrfmiddlewaretoken": mark}, {"HTTP_ORIGIN": "null"}),
        ({**typed, "csrfmiddlewaretoken": mark}, {"HTTP_ORIGIN": "http://utrecht.localhost"}),
        ({**typed, "csrfmiddlewaretoken": mark}, {"HTTP_ORIGIN": "http://leiden.localhost.kwaad.example"}),
    )
    for body, headers in tries:
        response = strict.post(address, body, **headers)
        text = response.content.decode()
        assert response.status_code == 403, headers
        assert "Wij konden niet zien of dit van u kwam" in text
        assert "mila@voorbeeld.nl" not in text, "what another site sent is not put in a form of ours"
        answer = strict.post(address, body, HTTP_ACCEPT="application/json", **headers)
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["code"] == "csrf"
    own = strict.post(address, {**typed, "csrfmiddlewaretoken": "oud"}, HTTP_SEC_FETCH_SITE="same-origin")
    assert own.status_code == 403
    assert Page(own.content.decode()).form("/contact/").fields["email"] == ["mila@voorbeeld.nl"], "our own page: kept"
    assert mila.who is not None
    assert queries.draft_page(mila.who, draft).version == 1
    good = strict.post(address, {**typed, "csrfmiddlewaretoken": mark}, HTTP_ORIGIN="http://leiden.localhost")
    assert good.status_code == 302


# -- hosts, headers, addresses, bodies ----------------------------------------------------------------------------------

HOSTS = [
    "kwaad.example", "leiden.localhost.kwaad.example", "leiden.localhost:8000@kwaad.example", "leiden.localhost:99999",
    "leiden..localhost",
    "leiden.localhost:80:80", "[::1", "[::1]:x", "127.0.0.1:8000/x", "leiden localhost", "\x00", "LEIDEN.LOCALHOST",
    "leiden.localhost.",
    "a" * 5000, "é.localhost", "localhost:", "-", "",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS, ids=lambda h: ascii(h)[:30])
def test_a_strange_host_gets_a_page_and_leads_nowhere(offices: RegistersSay, host: str) -> None:
    client = Client(HTTP_HOST=host)
    for path in ("/", "/mijn/", "/inloggen/", "/taal/en/", "/bestaat-niet"):
        response = client.get(path, HTTP_X_FORWARDED_HOST="kwaad.example", HTTP_FORWARDED="host=kwaad.example")
        assert response.status_code in (200, 301, 302, 400, 404, 503), (path, response.status_code)
        text = response.content.decode()
        assert "kwaad.example" not in response.headers.get("Location", "")
        no_leak(text)
        if response.status_code in (400, 404):
            assert "<h1" in text
            assert 'lang="nl"' in text


def test_huge_and_strange_headers_and_queries_are_answered(mila: Browser, offices: RegistersSay) -> None:
    strange: Sequence[dict[str, str]] = (
        {"HTTP_ACCEPT": "*/*;q=x," * 2000}, {"HTTP_ACCEPT": "\x00"}, {"HTTP_ACCEPT_LANGUAGE": "en;q=" + "9" * 5000},
        {"HTTP_X_REQUEST_ID": "a\r\nSet-Cookie: x=y"}, {"HTTP_X_REQUEST_ID": "x" * 9000}, {"HTTP_RANGE": "bytes=0-,-1,9-2"},
        {"HTTP_IF_MODIFIED_SINCE": "x" * 3000}, {"HTTP_COOKIE": "; ".join(f"c{n}=x" for n in range(2000))},
        {"HTTP_COOKIE": "sessie=" + "x" * 60_000}, {"HTTP_COOKIE": "taal=../../x; csrftoken=\"\\"},
        {"HTTP_REFERER": "javascript:alert(1)"}, {"HTTP_TRACEPARENT": "00-" + "f" * 900}, {"CONTENT_LENGTH": "99999999"},
        {"CONTENT_LENGTH": "-1"}, {"CONTENT_LENGTH": "x"}, {"CONTENT_TYPE": "multipart/form-data; boundary=" + "b" * 5000},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}, {"HTTP_EXPECT": "100-continue"},
        {"HTTP_TRANSFER_ENCODING": "chunked, chunked"},
    )  # fmt: skip
    for headers in strange:
        for path in ("/", "/mijn/", "/werk/"):
            response = mila.client.get(path, **headers)
            assert response.status_code in (200, 302, 400, 403), (headers, path, response.status_code)
            assert "\n" not in response["X-Request-Id"]
            assert "x=y" not in response.cookies.output()
            no_leak(response.content.decode())
    queries_ = [
        "q=" + "a" * 100_000,
        "&".join(f"q{n}={n}" for n in range(10_000)),
        "q=%ff%fe%00",
        "q[]=1&q[a]=2",
        "%",
        "&&&==;;",
        "q=%u0000",
    ]
    queries_ += ["naar=//kwaad.example", "naar=https:%2f%2fkwaad.example"]
    queries_ += [f"gedaan={value}" for value in ("<script>", "bewaard", "%00")] + [
        "naar=//kwaad.example",
        "naar=https:%2f%2fkwaad.example",
    ]
    for query in queries_:
        for path in ("/", "/mijn/gezien/", "/taal/en/", "/inloggen/", "/product/rijbewijs-verlengen/"):
            response = mila.client.get(f"{path}?{query}")
            assert response.status_code in (200, 302, 400, 404, 413, 503), (query[:40], path, response.status_code)
            assert "kwaad.example" not in response.headers.get("Location", "").replace("%2F", "/").partition("naar=")[0]
            no_leak(response.content.decode())
            mila.client.cookies.pop("taal", None)


IDS = [
    "0", "-1", "1", "00000000000000000000000000000000", "{01a20cf6-0000-7000-8000-00000000dead}",
    "01A20CF6-0000-7000-8000-00000000DEAD",
    "01a20cf6-0000-7000-8000-00000000deadx", "01a20cf6_0000_7000_8000_00000000dead", "%00", "..", "%2e%2e%2f", "null",
    "' OR 1=1", "9" * 400,
    "01a20cf6-0000-7000-8000-00000000dea\u0664", "urn:uuid:01a20cf6-0000-7000-8000-00000000dead", "~", "*",
    "01a20cf6-0000-7000-8000-00000000dead",
]  # fmt: skip


@pytest.mark.parametrize("given", IDS, ids=lambda i: ascii(i)[:20])
def test_an_id_in_any_form_is_found_or_not_and_never_a_failure(
    mila: Browser, offices: RegistersSay, given: str
) -> None:
    desk = Client(HTTP_HOST="leiden.localhost")
    desk.cookies[session_cookie()] = open_session(clerk("tess"), "")
    for client, before, after in (
        (mila.client, "/mijn/zaak/", "/"), (mila.client, "/aanvraag/", "/"), (mila.client, "/aanvraag/", "/contact/"),
        (mila.client, "/product/", "/"), (mila.client, "/taal/", "/"), (desk, "/werk/zaak/", "/"),
        (desk, "/werk/zaak/", "/notitie/"),
        (desk, "/werk/mandaten/", "/intrekken/"), (desk, "/werk/weergaven/", "/weg/"),
    ):  # fmt: skip
        for method in ("GET", "POST"):
            response = client.generic(method, f"{before}{given}{after}")
            assert response.status_code in (301, 302, 400, 403, 404, 405), (before, method, response.status_code)
            text = response.content.decode()
            no_leak(text)
            if response.status_code == 404:
                assert "<h1" in text
                problem = client.generic(method, f"{before}{given}{after}", HTTP_ACCEPT="application/problem+json")
                assert problem["Content-Type"] == "application/problem+json"
    response = desk.post(
        "/werk/toewijzen/", {"zaak": [given, f"{given}.1", f"{given}.{given}"], "doe": "bekijk", "naar": given}
    )
    assert response.status_code == 200
    response = mila.client.get(f"/mijn/gezien/?zaak={given}&blad={given}")
    assert response.status_code in (200, 404)


def test_doubled_parameters_and_other_languages_of_programs(mila: Browser, offices: RegistersSay) -> None:
    draft = mila.begin("rijbewijs-verlengen")
    address = f"/aanvraag/{draft}/contact/"
    doubled = {"email": ["a@voorbeeld.nl", "b@voorbeeld.nl"], "telefoon": [""] * 300, "versie": ["1", "2", "x"]}
    response = mila.client.post(address, doubled)
    assert response.status_code in (302, 400, 412, 422)
    bodies = (
        (b'{"email": "a@voorbeeld.nl", "versie": 1}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", "text/xml"),
        (b"\x80\x04\x95", "application/x-python-pickle"),
        (b"email=a%40voorbeeld.nl&versie=1", "text/plain"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"email=%ff%fe&versie=%00", "application/x-www-form-urlencoded"),
    )
    for body, kind in bodies:
        response = mila.client.generic("POST", address, body, kind)
        text = response.content.decode()
        assert response.status_code in (400, 412, 422), (kind, response.status_code)
        assert 'lang="nl"' in text
        no_leak(text)
        problem = mila.client.generic("POST", address, body, kind, HTTP_ACCEPT="application/json")
        assert problem.status_code in (400, 412, 422)
    for version in ("", "-1", "1e3", "²", "99999999999", "1 ", "\x00", "0x1", "1" * 9):
        response = mila.client.post(address, {"email": "a@voorbeeld.nl", "versie": version})
        assert response.status_code in (302, 400, 412, 422), version


def test_a_stale_form_keeps_what_was_typed(mila: Browser, offices: RegistersSay) -> None:
    """Two windows: the second is told, and nothing it typed is gone."""
    draft = mila.begin("rijbewijs-verlengen")
    address = f"/aanvraag/{draft}/contact/"
    assert mila.client.post(address, {"email": "een@voorbeeld.nl", "versie": "1"}).status_code == 302
    response = mila.client.post(address, {"email": "twee@voorbeeld.nl", "telefoon": "0612345678", "versie": "1"})
    assert response.status_code == 412
    form = Page(response.content.decode()).form("/contact/")
    assert form.fields["email"] == ["twee@voorbeeld.nl"]
    assert form.fields["telefoon"] == ["0612345678"]
    assert form.fields["versie"] == ["2"], "sending it again is a choice that counts"
    assert mila.client.post(address, form.filled()).status_code == 302


def test_what_came_too_late_can_be_copied(mila: Browser, offices: RegistersSay) -> None:
    """The question was closed while the answer was being written."""
    assert mila.who is not None
    tess = clerk("tess")
    draft = drafts.start_draft(mila.who, "rijbewijs-verlengen")
    fill_in(mila.who, draft, LICENCE)
    zaak = drafts.submit(mila.who, draft, version=queries.check_answers(mila.who, draft).version)
    question = information.ask(tess, zaak, version=case_of(tess, zaak).version, title="Foto", text="Stuur een foto.")
    information.resume(
        tess, question, version=case_of(tess, zaak).version, reason="Niet meer nodig, wij hebben hem al."
    )
    address = f"/mijn/zaak/{zaak}/vraag/{question}/"
    typed = "Een lang verhaal <b>over</b> mijn foto."
    response = mila.client.post(address, {"antwoord": typed}, HTTP_SEC_FETCH_SITE="same-origin")
    assert response.status_code == 409
    assert typed in Page(response.content.decode()).text
    response = mila.client.post(address, {"antwoord": typed}, HTTP_SEC_FETCH_SITE="cross-site")
    assert "Een lang verhaal" not in response.content.decode()
    broken = mila.client.generic(
        "POST",
        "/werk/toewijzen/",
        b"--x\r\n",
        "multipart/form-data; boundary=" + "x" * 300,
        HTTP_SEC_FETCH_SITE="same-origin",
    )
    assert broken.status_code in (400, 401)


def test_a_reason_that_cannot_be_used_is_asked_again_with_what_was_typed(mila: Browser, offices: RegistersSay) -> None:
    assert mila.who is not None
    draft = drafts.start_draft(mila.who, "rijbewijs-verlengen")
    fill_in(mila.who, draft, LICENCE)
    zaak = drafts.submit(mila.who, draft, version=queries.check_answers(mila.who, draft).version)
    address = f"/mijn/zaak/{zaak}/intrekken/"
    long = "Ik wil niet meer. " * 60
    for reason, version in ((long, "1"), ("Ik wil niet meer.", "7")):
        response = mila.client.post(address, {"reden": reason, "versie": version})
        assert response.status_code in (400, 412, 422)
        assert reason.strip()[:300] in Page(response.content.decode()).form("/intrekken/").fields["reden"][0]
    with scope(LEIDEN):
        assert not Zaak.objects.get(id=zaak).withdrawn
