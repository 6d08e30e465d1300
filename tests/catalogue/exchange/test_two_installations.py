"""Two installations, each with its own database, share a product over HTTP: both ways, and nothing that was tampered with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import msgspec
import pytest
from django.test import override_settings

from tests.catalogue.exchange.installations import Installation, keystore_here
from tests.fixtures_site import LocalNames
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from vliegwiel.catalogue.canonical import text_hash
from vliegwiel.catalogue.exchange import actions, bundle, feed, hearing, proposing, queries
from vliegwiel.catalogue.exchange.bundle import BundleRefused, Content
from vliegwiel.catalogue.versions import actions as versions
from vliegwiel.catalogue.versions.queries import current, text_now
from vliegwiel.trust.identity import Role, Staff
from vliegwiel.trust.keystore import Keystore

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from vliegwiel.base.postgres import EmbeddedPostgres, Urls

LEIDEN, UTRECHT = "GM0546", "GM0344"
KEY = "verhuizing-doorgeven"
TODAY = date(2026, 11, 24)


def keeper(name: str, municipality: str) -> Staff:
    return Staff(municipality, f"beheer-{name}", name.title(), frozenset({Role.FUNCTIONEEL_BEHEERDER}))


ANNA, BART = keeper("anna", LEIDEN), keeper("bart", LEIDEN)
UMA, UGO = keeper("uma", UTRECHT), keeper("ugo", UTRECHT)


@dataclass
class Pair:
    """Leiden on the one installation, Utrecht on the other; each knows the key of the other."""

    leiden: Installation
    utrecht: Installation
    leiden_hears: UUID
    utrecht_hears: UUID


@pytest.fixture
def pair(
    fresh_database: Urls,
    postgres: EmbeddedPostgres,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pair]:
    other = postgres.create_database("uitwisseling", template="template_vliegwiel")
    monkeypatch.setattr(feed, "keystore", keystore_here)
    leiden = Installation(fresh_database.app, Keystore((bytes([1] * 32),)))
    utrecht = Installation(other.app, Keystore((bytes([2] * 32),)))
    leiden.serve()
    utrecht.serve()
    try:
        with override_settings(EXCHANGE_ALLOW="leiden.localhost,utrecht.localhost"), set_to(TODAY):
            keys = {}
            for place, code in ((leiden, LEIDEN), (utrecht, UTRECHT)):
                with place.here():
                    keys[code] = feed.public_keys(code)[0]
            with leiden.here():
                one = actions.add_peer(ANNA, code=UTRECHT, url=utrecht.address("utrecht"), public_key=keys[UTRECHT])
            with utrecht.here():
                two = actions.add_peer(UMA, code=LEIDEN, url=f"{leiden.address('leiden')}/", public_key=keys[LEIDEN])
            yield Pair(leiden, utrecht, one, two)
    finally:
        leiden.stop()
        utrecht.stop()
        postgres.drop_database("uitwisseling")


def publish(writer: Staff, second: Staff, *, old: str, new: str, kind: str = "product", key: str = KEY) -> str:
    """A change, by two persons; gives its hash."""
    draft = versions.start_draft(writer, kind, key)
    if old in draft.text:
        versions.save_draft(writer, kind, key, draft.text.replace(old, new, 1))
    offered = versions.offer_for_approval(writer, kind, key, summary="Andere woorden.", reason="Het was onduidelijk.")
    return versions.approve_and_publish(second, kind, key, seen=offered.hash).hash


SUMMARY = "samenvatting: "


def summary_line(key: str = KEY) -> str:
    text = text_now(LEIDEN, "product", key).text
    return next(line for line in text.splitlines() if SUMMARY in line)


def test_a_product_goes_over_is_improved_there_and_comes_back_and_the_other_way_round(pair: Pair) -> None:
    with pair.leiden.here():
        line = summary_line()
        hash_ = publish(ANNA, BART, old=line, new="  samenvatting: Geef door waar u gaat wonen.")
    with pair.utrecht.here():
        heard = hearing.pull(UTRECHT, pair.utrecht_hears)
        assert heard.fresh == 1
        (offer,) = queries.received(UMA)
        assert (offer.publisher, offer.key, offer.hash, offer.state) == (LEIDEN, KEY, hash_, "nieuw")
        # Nothing runs because it came in.
        assert current(UTRECHT, KEY).page.summary != "Geef door waar u gaat wonen."
        assert queries.received_one(UMA, offer.id).remarks == ()
        actions.accept_received(UMA, offer.id)
        assert current(UTRECHT, KEY).page.summary == "Geef door waar u gaat wonen."
        # Back: Utrecht makes it better and proposes that.
        text = text_now(UTRECHT, "product", KEY).text.replace("waar u gaat wonen.", "waar u straks woont.", 1)
        proposal = proposing.propose(
            UMA, pair.utrecht_hears, "product", KEY, text=text, reason="Straks is duidelijker."
        )
        proposing.send(UTRECHT, proposal)
        proposing.send(UTRECHT, proposal)
        assert proposing.look_for_answer(UTRECHT, proposal) == "verstuurd"
    with pair.leiden.here():
        (incoming,) = queries.proposals(BART)
        assert (incoming.other, incoming.base, incoming.reason) == (UTRECHT, hash_, "Straks is duidelijker.")
        proposing.answer_proposal(BART, incoming.id, accept=True, answer="Mooi.")
        better = publish(BART, ANNA, old="\0", new="")
    with pair.utrecht.here():
        assert proposing.look_for_answer(UTRECHT, proposal) == "overgenomen"
        assert queries.proposals(UMA)[0].answer == "Mooi."
        hearing.pull(UTRECHT, pair.utrecht_hears)
        (offer,) = queries.received(UMA)
        assert offer.hash == better
        actions.accept_received(UGO, offer.id)
        assert current(UTRECHT, KEY).page.summary == "Geef door waar u straks woont."
    the_other_way_round(pair)


def the_other_way_round(pair: Pair) -> None:
    other = "container-vol"
    with pair.utrecht.here():
        publish(UMA, UGO, key=other, old=summary_line(other), new="  samenvatting: Utrecht zegt het zo.")
    with pair.leiden.here():
        assert actions.pull_now(ANNA, pair.leiden_hears).fresh == 1
        assert actions.pull_now(ANNA, pair.leiden_hears).fresh == 0
        (offer,) = queries.received(ANNA)
        (published,) = actions.accept_received(ANNA, offer.id)
        assert published.hash == offer.hash
        assert current(LEIDEN, other).page.summary == "Utrecht zegt het zo."
        # What came from Utrecht is not given on as if Leiden made it.
        given = bundle.read(feed.page(LEIDEN, 0), set(feed.public_keys(LEIDEN))).stukken
        assert {one.sleutel for one in given if one.soort == "product"} == {KEY}
        publish(ANNA, BART, key=other, old="Utrecht zegt het zo.", new="Leiden zegt het anders.")
    with pair.utrecht.here():
        publish(UMA, UGO, key=other, old="Utrecht zegt het zo.", new="Utrecht zegt het beter.")
    with pair.leiden.here():
        actions.pull_now(ANNA, pair.leiden_hears)
        (offer,) = queries.received(ANNA)
        with pytest.raises(Conflict, match="zelf al versie"):
            actions.accept_received(ANNA, offer.id)


def test_a_product_brings_the_pattern_along_that_we_do_not_have_and_its_end_is_heard(pair: Pair) -> None:
    with pair.leiden.here():
        before = text_now(LEIDEN, "patroon", "melding").text
        line = next(one for one in before.splitlines() if one.startswith("naam: "))
        publish(ANNA, BART, kind="patroon", key="melding", old=line, new="naam: Melding of aangifte")
        publish(ANNA, BART, old=summary_line(), new="  samenvatting: Op het nieuwe patroon.")
    with pair.utrecht.here():
        hearing.pull(UTRECHT, pair.utrecht_hears)
        offers = {one.kind: one for one in queries.received(UMA)}
        taken = actions.accept_received(UMA, offers["product"].id)
        assert [one.kind for one in taken] == ["patroon", "product"]
        assert text_now(UTRECHT, "patroon", "melding").version == taken[0].version
        with pytest.raises(Conflict, match="al over beslist"):
            actions.accept_received(UMA, offers["patroon"].id)
    a_deprecation_is_heard_and_what_is_over_is_not_taken_over(pair)


def a_deprecation_is_heard_and_what_is_over_is_not_taken_over(pair: Pair) -> None:
    with pair.leiden.here():
        publish(ANNA, BART, old="  samenvatting: Op het nieuwe patroon.", new="  samenvatting: Kort leven.")
    with pair.utrecht.here():
        hearing.pull(UTRECHT, pair.utrecht_hears)
    with pair.leiden.here():
        version = text_now(LEIDEN, "product", KEY).version
        versions.deprecate(
            ANNA, "product", KEY, version, start=date(2026, 1, 1), until=date(2026, 2, 1), reason="Fout."
        )
    with pair.utrecht.here():
        assert hearing.pull(UTRECHT, pair.utrecht_hears).fresh == 0
        (offer,) = queries.received(UMA)
        assert offer.deprecated_until == date(2026, 2, 1)
        with pytest.raises(Conflict, match="geldt niet meer"):
            actions.accept_received(UMA, offer.id)


def changing(part: bytes, into: bytes) -> Any:
    return lambda body: body.replace(part, into)


def test_a_bundle_that_was_tampered_with_is_refused_and_nothing_is_kept(pair: Pair) -> None:
    with pair.leiden.here():
        publish(ANNA, BART, old=summary_line(), new="  samenvatting: Eerlijk.")
    pair.leiden.tamper = changing(b"Eerlijk.", b"Vervalst")
    with pair.utrecht.here():
        with pytest.raises(BundleRefused, match="handtekening klopt niet"):
            hearing.pull(UTRECHT, pair.utrecht_hears)
        assert queries.received(UMA, "") == ()
        (peer,) = queries.peers(UMA)
        assert "handtekening" in peer.trouble
        assert peer.failures == 1
        pair.leiden.tamper = None
        assert hearing.pull(UTRECHT, pair.utrecht_hears).fresh == 1
        assert queries.peers(UMA)[0].trouble == ""


def test_an_unknown_newer_format_and_a_page_of_someone_else_are_refused_with_a_sentence(pair: Pair) -> None:
    pair.leiden.tamper = lambda body: json.dumps({"formaat": bundle.FORMAT, "versie": 9, "nieuw": True}).encode()
    with pair.utrecht.here():
        with pytest.raises(BundleRefused, match=r"nieuwer formaat \(9\).*Werk het platform bij"):
            hearing.pull(UTRECHT, pair.utrecht_hears)
        assert "nieuwer formaat (9)" in queries.peers(UMA)[0].trouble
    with pair.leiden.here():
        other_part = feed.page(LEIDEN, 1)
        other_code = feed.signed(Content([], "GM0547"))
    for wrong, says in ((other_part, "ander deel"), (other_code, "niet kennen")):
        pair.leiden.tamper = lambda body, wrong=wrong: wrong
        with pair.utrecht.here(), pytest.raises(BundleRefused, match=says):
            hearing.pull(UTRECHT, pair.utrecht_hears)
    pair.leiden.stop()
    with pair.utrecht.here():
        with pytest.raises(Unavailable, match="antwoordt niet"):
            hearing.pull(UTRECHT, pair.utrecht_hears)
        assert queries.peers(UMA)[0].failures == 4


def only_what_was_asked_for_comes_in(pair: Pair) -> None:
    with pair.leiden.here():
        key = feed.public_keys(LEIDEN)[0]
    with pair.utrecht.here():
        actions.remove_peer(UMA, pair.utrecht_hears)
        peer = actions.add_peer(
            UMA,
            code=LEIDEN,
            url=pair.leiden.address("leiden"),
            public_key=key,
            kinds=["product"],
            keys=["container-vol"],
        )
        assert hearing.pull(UTRECHT, peer).fresh == 0
        assert "soort=product" in pair.leiden.asked[-1]


def test_versions_come_page_by_page_each_once_and_only_what_was_asked_for(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE", 2)
    with pair.leiden.here():
        line = summary_line()
        hashes = []
        for number in range(3):
            hashes.append(publish(ANNA, BART, old=line, new=f"  samenvatting: Keer {number}."))
            line = f"  samenvatting: Keer {number}."
    with pair.utrecht.here():
        heard = hearing.pull(UTRECHT, pair.utrecht_hears)
        assert (heard.pages, heard.fresh) == (2, 3)
        states = {one.hash: one.state for one in queries.received(UMA, "")}
        assert [states[one] for one in hashes] == ["vervangen"] * 2 + ["nieuw"]
    only_what_was_asked_for_comes_in(pair)


def test_a_stranger_proposes_nothing_and_a_friend_cannot_do_so_for_another(pair: Pair) -> None:
    with pair.utrecht.here():
        text = text_now(UTRECHT, "product", KEY).text.replace("versie: ", "versie: 9", 1)
        proposal = proposing.propose(UMA, pair.utrecht_hears, "product", KEY, text=text, reason="Beter.")
        proposing.send(UTRECHT, proposal)
        with pytest.raises(Conflict, match="al voorgesteld"):
            proposing.propose(UMA, pair.utrecht_hears, "product", KEY, text=text, reason="Nog eens.")
        with pytest.raises(Invalid, match="waarom"):
            proposing.propose(UMA, pair.utrecht_hears, "product", KEY, text=text, reason=" ")
    with pair.leiden.here():
        stranger = Installation(pair.utrecht.url, Keystore((bytes([9] * 32),)))
    suggestion = bundle.Suggestion(LEIDEN, "", "Vertrouw mij.")
    piece = bundle.Piece(hash=text_hash(text), sleutel=KEY, soort="product", tekst=text)
    with stranger.here():
        data = feed.signed(Content([piece], UTRECHT, voorstel=suggestion))
    with httpx.Client(transport=LocalNames(), trust_env=False) as client:
        answer = client.post(f"{pair.leiden.address('leiden')}/voorstellen", content=data)
        assert answer.status_code == 403
        assert "kennen uw gemeente niet" in answer.json()["detail"]
        with pair.utrecht.here():
            data = feed.signed(Content([piece], UTRECHT, voorstel=msgspec.structs.replace(suggestion, aan="GM0547")))
        assert client.post(f"{pair.leiden.address('leiden')}/voorstellen", content=data).status_code == 400
    with pair.leiden.here():
        (incoming,) = queries.proposals(ANNA)
        with pytest.raises(Invalid, match="waarom"):
            proposing.answer_proposal(ANNA, incoming.id, accept=False)
        proposing.answer_proposal(ANNA, incoming.id, accept=False, answer="Wij wachten op de wet.")
        with pytest.raises(Conflict, match="al beantwoord"):
            proposing.answer_proposal(ANNA, incoming.id, accept=True)
    with pair.utrecht.here():
        assert proposing.look_for_answer(UTRECHT, proposal) == "geweigerd"


def test_only_who_keeps_definitions_may_share_and_an_address_says_who_it_is(pair: Pair) -> None:
    with pair.utrecht.here():
        met = hearing.meet(pair.leiden.address("leiden"))
        assert (met.code, met.name) == (LEIDEN, "Leiden")
        assert [one.public_key for one in queries.peers(UMA)] == list(met.keys)
        with pytest.raises(Invalid, match="geen uitwisseling"):
            hearing.meet(f"http://leiden.localhost:{pair.leiden.port}/")
    clerk = Staff(UTRECHT, "clerk", "Kees", frozenset({Role.MEDEWERKER}))
    with pair.utrecht.here():
        for act in (
            lambda: actions.remove_peer(clerk, pair.utrecht_hears),
            lambda: actions.pull_now(clerk, pair.utrecht_hears),
            lambda: queries.peers(clerk),
            lambda: queries.received(clerk),
            lambda: proposing.propose(clerk, pair.utrecht_hears, "product", KEY, reason="x"),
        ):
            with pytest.raises(Forbidden):
                act()
        with pytest.raises(NotFound):
            actions.pull_now(keeper("anna", LEIDEN), pair.utrecht_hears)
    with pair.utrecht.here(), pytest.raises(Invalid) as caught:
        actions.add_peer(UMA, code=UTRECHT, url="http://elders.example", public_key="kort", kinds=["wet"])
    assert {one.name for one in caught.value.invalid} == {"code", "url", "public_key", "kinds"}
