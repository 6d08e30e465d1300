"""Sharing with other municipalities and reading case types, as a functional administrator does it in the studio."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework.conftest import LEIDEN, RegistersSay, clerk, offices, registers
from tests.catalogue.zgwimport.disguises import disguise
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.base.clock import now
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.canonical import text_hash
from vliegwiel.catalogue.exchange import bundle, feed, hearing, proposing, queries
from vliegwiel.catalogue.exchange.bundle import Content, Page, Piece, Suggestion
from vliegwiel.catalogue.exchange.fetching import Answer
from vliegwiel.catalogue.resolve import library
from vliegwiel.catalogue.versions.queries import current
from vliegwiel.trust.identity import Role, Staff

__all__ = ["offices", "registers"]

pytestmark = pytest.mark.django_db

KEY = "verhuizing-doorgeven"
UTRECHT = "GM0344"
THEIRS = Ed25519PrivateKey.from_private_bytes(bytes([5] * 32))
ADDRESS = "https://utrecht.elders.example/uitwisseling/v1"


@pytest.fixture
def fien(offices: RegistersSay) -> Desk:
    """The functional administrator of Leiden."""
    return desk_of(clerk("fien", LEIDEN, Role.FUNCTIONEEL_BEHEERDER))


def text_of_utrecht() -> str:
    text = library().text(f"producten/{KEY}.yaml") or ""
    line = next(one for one in text.splitlines() if one.startswith("  samenvatting: "))
    version = next(one for one in text.splitlines() if one.startswith("versie: "))
    return text.replace(line, "  samenvatting: Zo zegt Utrecht het.").replace(version, "versie: 7.0.0")


@pytest.fixture
def utrecht(monkeypatch: pytest.MonkeyPatch) -> None:
    """Utrecht on another installation: what it would answer over HTTP."""
    text = text_of_utrecht()
    piece = Piece(
        hash=text_hash(text), sleutel=KEY, soort="product", tekst=text, versie="7.0.0", samenvatting="Duidelijker.",
        gepubliceerd=now().isoformat(),
    )  # fmt: skip

    def answer(address: str, **_: object) -> Answer:
        if address == f"{ADDRESS}/":
            told = (
                f'{{"gemeente":"{UTRECHT}","naam":"Utrecht","sleutels":["{bundle.public_text(THEIRS.public_key())}"]}}'
            )
            return Answer(200, "application/json", told.encode())
        after = int(address.partition("na=")[2].partition("&")[0])
        content = Content([piece] if after < 3 else [], UTRECHT, blad=Page(False, after, 3), naam="Utrecht")
        return Answer(200, "application/json", bundle.make(content, [THEIRS]))

    monkeypatch.setattr(hearing.fetching, "fetch", answer)


PAGE = "/studio/delen/"


def followed(fien: Desk) -> str:
    """Follow Utrecht as a person does; gives the id of the peer."""
    met = fien.post(PAGE, {"doe": "volgen", "url": ADDRESS}).text
    assert "vergelijk de sleutel" in met
    key = bundle.public_text(THEIRS.public_key())
    fien.post(PAGE, {"doe": "volgen", "url": ADDRESS, "code": UTRECHT, "public_key": key})
    assert fien.status == 200
    (peer,) = queries.peers(fien.staff)
    return str(peer.id)


def test_an_administrator_follows_a_municipality_and_takes_over_what_it_published(fien: Desk, utrecht: None) -> None:
    assert "U volgt nog niemand" in fien.get(PAGE).text
    peer = followed(fien)
    page = fien.post(PAGE, {"doe": "ophalen", "peer": peer}).text
    assert "Duidelijker." in page
    (offer,) = queries.received(fien.staff)
    shown = fien.get(f"{PAGE}aanbod/{offer.id}/").text
    assert "Zo zegt Utrecht het." in shown
    assert "Neemt u dit over?" in shown
    done = fien.post(f"{PAGE}aanbod/{offer.id}/", {"doe": "overnemen"}).text
    assert "Overgenomen" in done
    assert current(LEIDEN, KEY).page.summary == "Zo zegt Utrecht het."
    again = fien.post(f"{PAGE}aanbod/{offer.id}/", {"doe": "overnemen"}).text
    assert fien.status == 409
    assert "al over beslist" in again


def test_not_taking_over_needs_a_reason_and_a_draft_can_be_begun_instead(fien: Desk, utrecht: None) -> None:
    fien.post(PAGE, {"doe": "ophalen", "peer": followed(fien)})
    (offer,) = queries.received(fien.staff)
    assert "Schrijf op waarom" in fien.post(f"{PAGE}aanbod/{offer.id}/", {"doe": "weigeren"}).text
    fien.post(f"{PAGE}aanbod/{offer.id}/", {"doe": "concept"})
    assert fien.address == f"/studio/concepten/product/{KEY}/"
    fien.post(f"{PAGE}aanbod/{offer.id}/", {"doe": "weigeren", "waarom": "Wij schrijven het anders."})
    assert queries.received(fien.staff) == ()
    assert "Wij schrijven het anders." in fien.get(PAGE).text


def test_a_proposal_of_another_municipality_is_read_and_becomes_a_draft(fien: Desk, utrecht: None) -> None:
    followed(fien)
    text = text_of_utrecht()
    piece = Piece(hash=text_hash(text), sleutel=KEY, soort="product", tekst=text)
    data = bundle.make(Content([piece], UTRECHT, voorstel=Suggestion(LEIDEN, "", "Zo snapt men het.")), [THEIRS])
    id_, _ = proposing.receive(LEIDEN, data)
    assert "Zo snapt men het." in fien.get(PAGE).text
    assert "Zo zegt Utrecht het." in fien.get(f"{PAGE}voorstel/{id_}/").text
    fien.post(f"{PAGE}voorstel/{id_}/", {"doe": "overnemen", "antwoord": "Dank."})
    assert fien.address == f"/studio/concepten/product/{KEY}/"
    assert proposing.state_of(LEIDEN, id_) == ("overgenomen", "Dank.")


def test_wrong_words_are_told_and_nothing_is_asked_of_a_strange_address(fien: Desk) -> None:
    page = fien.post(PAGE, {"doe": "volgen", "url": "http://10.0.0.1/"}).text
    assert fien.status == 400
    assert "niet beveiligd" in page
    fien.post(PAGE, {"doe": "ophalen", "peer": "geen-nummer"})
    assert fien.status == 404
    assert fien.get(f"{PAGE}aanbod/00000000-0000-0000-0000-000000000000/").text
    assert fien.status == 404


def test_how_others_follow_us_stands_on_the_page_with_our_key(fien: Desk) -> None:
    page = fien.get(PAGE).text
    assert feed.public_keys(LEIDEN)[0] in page
    assert "/uitwisseling/v1" in page


def test_a_clerk_sees_none_of_this(offices: RegistersSay) -> None:
    tess = desk_of(clerk("tess"))
    for address in (PAGE, "/studio/inlezen/"):
        tess.get(address)
        assert tess.status == 403
    assert isinstance(tess.staff, Staff)


def test_an_export_is_read_and_a_case_type_becomes_a_draft(fien: Desk) -> None:
    assert "Nog niets ingelezen" in fien.get("/studio/inlezen/").text
    upload = SimpleUploadedFile("export.zip", disguise(20, 4).archive())
    report = fien.post("/studio/inlezen/", {"bestand": upload}).text
    assert "20 zaaktypen" in report
    where = fien.address
    assert "Zaaktype;Identificatie" in fien.client.get(f"{where}zaaktypen.csv").content.decode()
    assert fien.client.get(f"{where}rapport.md").content.decode().startswith("# Ingelezen zaaktypen")
    fien.post(where, {"doe": "concept", "plaats": "0"})
    assert fien.address.startswith("/studio/concepten/")
    assert fien.status == 200
    fien.post(where, {"doe": "concept", "plaats": "99"})
    assert fien.status == 404
    assert "De lijst is weg" in fien.post(where, {"doe": "weg"}).text


@pytest.mark.parametrize("content", [b"", b"geen zip", b"PK\x03\x04"])
def test_what_is_no_export_is_refused_on_the_page(fien: Desk, content: bytes) -> None:
    page = fien.post("/studio/inlezen/", {"bestand": SimpleUploadedFile("x.zip", content)}).text
    assert fien.status == 400
    assert "zip-bestand" in page


def test_the_feed_is_public_and_says_what_is_wrong(fien: Desk) -> None:
    told = fien.client.get("/uitwisseling/v1/").json()
    assert told["sleutels"] == list(feed.public_keys(LEIDEN))
    page = bundle.read(fien.client.get("/uitwisseling/v1/stukken?na=0").content, set(told["sleutels"]))
    assert page.stukken == []
    for address, status in (
        ("/uitwisseling/v1/stukken?na=x", 400), ("/uitwisseling/v1/stukken?na=0&soort=../x", 400),
        ("/uitwisseling/v1/voorstellen", 405), ("/uitwisseling/v1/voorstellen/00000000-0000-0000-0000-000000000000", 404),
    ):  # fmt: skip
        assert fien.client.get(address).status_code == status, address
    large = fien.client.post("/uitwisseling/v1/voorstellen", b"x" * 1_600_000, content_type="application/json")
    assert large.status_code == 413
    post = fien.client.post("/uitwisseling/v1/voorstellen", b"{}", content_type="application/json")
    assert post.status_code == 400
    assert post.headers["Content-Type"] == "application/problem+json"
    with scope(LEIDEN):
        assert queries.proposals(fien.staff) == ()
