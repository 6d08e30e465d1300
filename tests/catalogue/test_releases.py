"""A new release of the package: who can goes along, who cannot stays where it was; municipalities that become one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.catalogue.publishing import keeper, publish_text
from tests.catalogue.test_following import VARIANT
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Invalid, NotFound
from vliegwiel.base.jobs import run_waiting
from vliegwiel.catalogue import queries as catalogue
from vliegwiel.catalogue.adopting import actions, queries
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.models import NoticeState
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.versions import actions as versions
from vliegwiel.catalogue.versions import releasing, shelves
from vliegwiel.catalogue.versions.queries import history

pytestmark = pytest.mark.django_db

LEIDEN, LEIDERDORP, UTRECHT = "GM0546", "GM0547", "GM0344"
KEY = "verhuizing-doorgeven"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with set_to(TODAY):
        yield


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the definitions that a test may change, as a new version of the package would."""
    folder = tmp_path / "definitions"
    for below in ("patronen", "blokken"):
        shutil.copytree(DEFINITIONS / below, folder / below)
    (folder / "producten").mkdir()
    shutil.copy(DEFINITIONS / f"producten/{KEY}.yaml", folder / "producten")
    found = Library(folder)
    for module in (releasing, shelves, catalogue):
        monkeypatch.setattr(module, "library", lambda: found)
    return folder


def change(folder: Path, old: str, new: str) -> None:
    path = folder / f"producten/{KEY}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_new_release_reaches_who_fits_and_holds_back_who_must_choose(package: Path) -> None:
    first = releasing.note_release()
    assert first is not None
    assert releasing.note_release() is None
    publish_text(LEIDEN, "variant", KEY, VARIANT.format(name="Leiden", code=LEIDEN, cost="U betaalt niets."))
    for code in (LEIDEN, LEIDERDORP):
        actions.adopt(keeper("anna", code), code, KEY)
    before = product_for(LEIDEN, KEY)
    change(package, "  kosten: Gratis.", "  kosten: Dit kost niets.")
    change(package, "versie: 1.0.0", "versie: 1.1.0")
    second = releasing.note_release()
    assert second is not None
    assert (second.before, second.changed) == (first.number, 1)
    run_waiting()
    assert product_for(LEIDERDORP, KEY).page.cost == "Dit kost niets."
    assert product_for(LEIDEN, KEY) == before
    (notice,) = queries.notices(keeper("anna"))
    assert (notice.state, notice.publisher, notice.to_version) == (NoticeState.NEW, "", "1.1.0")
    assert [one["path"] for one in notice.conflicts] == ["pagina.kosten"]
    actions.accept_notice(keeper("anna"), notice.id, {"pagina.kosten": "theirs"})
    actions.confirm_notice(keeper("bart"), notice.id)
    assert product_for(LEIDEN, KEY).page.cost == "Dit kost niets."
    assert product_for(LEIDEN, KEY).version == "1.1.0"
    assert [one.version for one in history(LEIDEN, "product", KEY)] == ["1.1.0", "1.0.0"]


def test_what_is_gone_from_the_package_stays_for_who_offers_it(package: Path) -> None:
    releasing.note_release()
    actions.adopt(keeper("anna"), LEIDEN, KEY)
    before = product_for(LEIDEN, KEY)
    (package / f"producten/{KEY}.yaml").unlink()
    releasing.note_release()
    run_waiting()
    assert product_for(LEIDEN, KEY) == before
    (notice,) = queries.notices(keeper("anna"))
    assert notice.effect == "onbruikbaar"
    with pytest.raises(Invalid):
        actions.accept_notice(keeper("anna"), notice.id)


def test_a_new_municipality_makes_its_variant_of_those_it_carries_on_and_chooses_where_they_differ() -> None:
    for code, cost in ((LEIDEN, "U betaalt niets."), (LEIDERDORP, "Gratis voor iedereen.")):
        publish_text(code, "variant", KEY, VARIANT.format(name=code, code=code, cost=cost))
    anna = keeper("anna", UTRECHT)
    towns = (LEIDEN, LEIDERDORP)
    with pytest.raises(Invalid) as refused:
        actions.join_variants(anna, KEY, predecessors=towns)
    assert [one.name for one in refused.value.invalid] == ["pagina.kosten"]
    assert LEIDERDORP in refused.value.invalid[0].reason
    found = actions.join_variants(anna, KEY, predecessors=towns, choices={"pagina.kosten": LEIDERDORP})
    assert found.accounted == found.given == 4
    assert found.shared == ("stappen.wanneer.velden.verhuisdatum.uitleg",)
    with pytest.raises(Conflict):
        actions.join_variants(anna, KEY, predecessors=towns, choices={"pagina.kosten": LEIDEN})
    offered = versions.offer_for_approval(
        anna, "variant", KEY, summary="Samengevoegd.", reason="Twee gemeenten zijn er een."
    )
    versions.approve_and_publish(keeper("bart", UTRECHT), "variant", KEY, seen=offered.hash)
    actions.adopt(anna, UTRECHT, KEY)
    assert product_for(UTRECHT, KEY).page.cost == "Gratis voor iedereen."
    with pytest.raises(NotFound):
        actions.joined(UTRECHT, KEY)


def test_who_becomes_one_follows_from_the_facts() -> None:
    assert actions.towns_before("GM1992") == ("GM0501", "GM0530", "GM0614")
    # Who takes a neighbour in carries itself on too.
    assert actions.towns_before("GM0385") == ("GM0385", "GM0478")
