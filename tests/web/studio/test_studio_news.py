"""A new version in the studio: both sides with their reasons, somebody chooses, a colleague confirms."""

from __future__ import annotations

import pytest

from tests.casework.conftest import LEIDEN, RegistersSay, clerk
from tests.catalogue.publishing import publish, publish_text
from tests.catalogue.test_following import COST, KEY, UTRECHT, VARIANT
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.base.clock import today
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.adopting import spreading
from vliegwiel.catalogue.models import Adoption, Notice
from vliegwiel.catalogue.queries import product_for
from vliegwiel.trust.identity import Role

pytestmark = pytest.mark.django_db

NEWS = "/studio/nieuwe-versies/"
OFFER = f"/studio/producten/{KEY}/aanbieden/"


@pytest.fixture
def bas(offices: RegistersSay) -> Desk:
    """The colleague of the functional administrator."""
    return desk_of(clerk("bas", LEIDEN, Role.FUNCTIONEEL_BEHEERDER))


@pytest.fixture
def follows(fien: Desk) -> None:
    """Leiden follows Utrecht."""
    publish(UTRECHT, "product", KEY, old="  samenvatting: Geef", new="  samenvatting: Geef snel")
    with scope(LEIDEN):
        Adoption.objects.filter(product=KEY).delete()
    assert "U gaat de versies van Utrecht volgen." in fien.get(OFFER, van=UTRECHT).text
    fien.post(OFFER, {"doe": "aanbieden", "van": UTRECHT, "vanaf": today().isoformat(), "wijze": "volgen"})
    assert "U volgt de versies van Utrecht." in fien.get(OFFER).text


@pytest.fixture
def notice(follows: None) -> Notice:
    """Both changed what it costs."""
    publish_text(LEIDEN, "variant", KEY, VARIANT.format(name="Leiden", code=LEIDEN, cost="U betaalt niets."))
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (made,) = spreading.follow_publisher(LEIDEN, UTRECHT)
    return made


def test_a_clash_shows_both_sides_and_both_reasons_and_two_persons_settle_it(
    fien: Desk, bas: Desk, notice: Notice
) -> None:
    assert "1 nieuwe versie wacht op uw besluit" in fien.get(NEWS).text
    page = fien.get(f"{NEWS}{notice.id}/").text
    for words in (
        "Op 1 plaats moet u kiezen", "Gratis.", "U betaalt niets.", "Dit kost niets.", "Bij ons vraagt iedereen ernaar.",
        "Mensen begrepen het niet.", "Alle voorbeelden komen uit.", "blijft",
    ):  # fmt: skip
        assert words in page, words
    choice = {"pad.1": "pagina.kosten", "keuze.1": "eigen", "tekst.1": "Gratis: ook bij ons.", "doe": "overnemen"}
    fien.post(f"{NEWS}{notice.id}/", {"doe": "overnemen"})
    assert fien.status == 422
    assert "Een collega bevestigt ze" in fien.post(f"{NEWS}{notice.id}/", choice).text
    assert product_for(LEIDEN, KEY).page.cost == "U betaalt niets."
    fien.post(f"{NEWS}{notice.id}/", {"doe": "bevestigen"})
    assert fien.status == 403
    assert "Gratis: ook bij ons." in bas.get(f"{NEWS}{notice.id}/").text
    assert "Overgenomen." in bas.post(f"{NEWS}{notice.id}/", {"doe": "bevestigen"}).text
    assert product_for(LEIDEN, KEY).page.cost == "Gratis: ook bij ons."


def test_who_refuses_says_why_and_stays(fien: Desk, notice: Notice) -> None:
    fien.post(f"{NEWS}{notice.id}/", {"doe": "weigeren", "waarom": " "})
    assert fien.status == 422
    page = fien.post(f"{NEWS}{notice.id}/", {"doe": "weigeren", "waarom": "Eerst de raad."}).text
    assert "Eerst de raad." in page
    assert product_for(LEIDEN, KEY).page.cost == "U betaalt niets."


def test_a_draft_is_brought_together_with_what_became_live_meanwhile(fien: Desk, follows: None) -> None:
    draft = f"/studio/concepten/product/{KEY}/"
    mark = (
        fien.client.get(f"{draft}?pad=pagina").content.decode().partition('name="gezien" value="')[2].partition('"')[0]
    )
    fien.post(draft, {"pad": "pagina", "gezien": mark, "doe": "bewaar", "w.kosten": "Het is gratis."})
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    spreading.follow_publisher(LEIDEN, UTRECHT)
    assert "Er kwam een nieuwe versie terwijl u schreef" in fien.get(f"{draft}publiceren/").text
    page = fien.get(f"{draft}samenvoegen/").text
    assert "Het is gratis." in page
    assert "Dit kost niets." in page
    fien.post(f"{draft}samenvoegen/", {"pad.1": "pagina.kosten", "keuze.1": "ours"})
    assert "Het is gratis." in fien.get(f"{draft}verschil/").text
