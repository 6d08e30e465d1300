"""Rijbewijs verlengen for all 687 RvIG test persons, from the register over HTTP to what the law says, and for a sample of
every kind on to a decision: nobody crashes it, every outcome names its article, and who is special is treated as special."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pytest

from tests.acceptance.rvig import LEIDEN, LIVE, PRODUCT, TODAY, Person, Registry, ask_all, product_at
from tests.acceptance.rvig import product as product_of
from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.errors import Invalid
from vliegwiel.casework.gathering import silence
from vliegwiel.casework.lawpages import Mark, Reason
from vliegwiel.casework.lawview import reasons
from vliegwiel.catalogue.assess import Assessment, Origin, assess, automatic
from vliegwiel.catalogue.known import known
from vliegwiel.catalogue.model import Resolved
from vliegwiel.law import TraceNode
from vliegwiel.registers.facts import Gathered, Value
from vliegwiel.registers.gather import gather
from vliegwiel.trust.identity import Level
from vliegwiel.trust.logins import LoginFailed, _citizen

# All in one process, so that the persons are loaded and asked once.
pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("rvig")]
# Data of the law, with the data of the register they are made of.
IN_LAW = {
    "geboortedatum": frozenset({"persoon.geboortedatum"}),
    "overleden": frozenset({"persoon.overleden"}),
    "ingeschreven": frozenset({"persoon.ingezetene", "persoon.gemeente"}),
    "in_nederland_sinds": frozenset({"persoon.in_nederland_sinds"}),
}
GRANTED = {"toekennen", "deels"}


@dataclass(frozen=True)
class Judged:
    """A person with what the registers said and what the law then says of an application over the internet."""

    person: Person
    product: Resolved
    said: Gathered
    known: Mapping[str, Value]
    assessment: Assessment
    reasons: tuple[Reason, ...]

    @property
    def at_home(self) -> bool:
        """Whether it was asked at the municipality the person is registered in."""
        return self.person.town == self.product.municipality

    def __repr__(self) -> str:
        return (
            f"{self.person.key}: {self.assessment.outcome} {self.assessment.missing} {[r.text for r in self.reasons]}"
        )


def judge(
    person: Person, said: Gathered, more: Mapping[str, Value] | None = None, *, at: Resolved | None = None
) -> Judged:
    """Let the law decide as casework does, at the person's municipality or, when that is not live, at Leiden."""
    product = at or product_of(person.town)
    data: dict[str, Value] = {name: datum.value for name, datum in said.data.items() if datum.known}
    data |= {"spoed": False, **(more or {})}
    facts = known(product, municipality=product.municipality, channel="internet", today=TODAY, data=data)
    doubtful = tuple(datum.name for datum in said.doubtful())
    origins = {
        name: Origin(datum.source, not datum.in_onderzoek, datum.fetched_at) for name, datum in said.data.items()
    }
    found = assess(product, facts, TODAY, origins=origins, doubtful=doubtful)
    return Judged(person, product, said, facts, found, reasons(product, found))


@pytest.fixture(scope="module")
def judged(rvig: Registry) -> dict[str, Judged]:
    """All persons with a number, by the key of their list."""
    said = ask_all(rvig)
    return {person.key: judge(person, said[person.key]) for person in rvig.with_bsn}


@pytest.fixture(scope="module")
def at_home(judged: Mapping[str, Judged]) -> tuple[Judged, ...]:
    """Everyone of whom the register says who it is, at the municipality of registration, whether that is live or not."""
    return tuple(
        one if one.at_home else judge(one.person, one.said, at=product_at(one.person.town))
        for one in judged.values()
        if "persoon.gemeente" in one.said.data
    )


def test_all_persons_are_loaded_and_asked(rvig: Registry, judged: Mapping[str, Judged]) -> None:
    assert len(rvig.persons) == 687
    assert rvig.load_lines[0] == "687 persoonslijsten geladen: 685 met bsn, 2 zonder"
    assert len(judged) == 685
    assert not [one for one in judged.values() if one.said.unavailable], "no register was down"


def test_every_outcome_is_one_the_product_knows_and_names_its_article(judged: Mapping[str, Judged]) -> None:
    keys = {outcome.key for outcome in product_of(LEIDEN).outcomes}
    tally = Counter(one.assessment.outcome for one in judged.values())
    assert set(tally) <= keys | {None}
    assert all(tally[outcome] for outcome in ("toekennen", "deels", "weigeren", "balie")), tally
    for one in judged.values():
        outcome = one.assessment.outcome
        assert any(reason.article for reason in one.reasons), one
        if outcome == "weigeren":
            assert any(reason.mark is Mark.NO and reason.article for reason in one.reasons), one
        if outcome == "balie":
            assert one.assessment.reason or any(r.mark is Mark.NO and r.article for r in one.reasons), one
        if outcome is None:
            assert one.assessment.missing, one
            assert any(reason.mark is Mark.ASK and reason.article for reason in one.reasons), one


def test_the_deceased_are_refused_with_the_article(judged: Mapping[str, Judged]) -> None:
    dead = [one for one in judged.values() if one.person.dead and one.person.bsn not in twice_of(judged)]
    assert len(dead) == 20
    for one in dead:
        assert one.assessment.outcome == "weigeren", one
        assert [r.article for r in one.reasons if "overleden" in r.text] == ["Reglement rijbewijzen, artikel 27"], one


def nodes(trace: Iterable[TraceNode]) -> Iterator[TraceNode]:
    """Every node of a trace."""
    for node in trace:
        yield node
        yield from nodes(node.children)


def twice_of(judged: Mapping[str, Judged]) -> set[str]:
    tally = Counter(one.person.bsn for one in judged.values())
    return {bsn for bsn, times in tally.items() if times > 1}


@pytest.mark.parametrize(("reason", "many"), [("E", 56), ("R", 20), ("M", 1)])
def test_who_left_or_never_lived_here_is_refused_and_sent_to_the_rdw(
    judged: Mapping[str, Judged], reason: str, many: int
) -> None:
    twice = twice_of(judged)
    gone = [one for one in judged.values() if one.person.suspended == reason and one.person.bsn not in twice]
    assert many - 2 <= len(gone) <= many
    for one in gone:
        assert one.assessment.outcome == "weigeren", one
        (pointer,) = [r for r in one.reasons if "bij de RDW (artikel 28)" in r.text]
        assert (pointer.mark, pointer.article) == (Mark.NO, "Reglement rijbewijzen, artikel 27")


def test_who_lives_elsewhere_is_refused_and_told_where_to_ask(judged: Mapping[str, Judged]) -> None:
    elsewhere = [one for one in judged.values() if one.person.lives_here and not one.at_home and one.said.data]
    elsewhere = [one for one in elsewhere if "persoon.gemeente" in one.said.data]
    assert len(elsewhere) > 300
    for one in elsewhere:
        assert one.assessment.outcome == "weigeren", one
        assert any("waar u ingeschreven staat" in reason.text for reason in one.reasons), one


def test_who_lives_here_is_never_refused_for_not_living_here(at_home: tuple[Judged, ...]) -> None:
    here = [one for one in at_home if one.person.lives_here]
    assert len(here) > 500
    for one in here:
        assert not any("niet ingeschreven" in reason.text for reason in one.reasons), one
    tally = Counter(one.assessment.outcome for one in here)
    assert min(tally[outcome] for outcome in ("toekennen", "balie", "weigeren")) > 40, tally


def test_a_refusal_of_somebody_who_lives_here_names_what_is_wrong(at_home: tuple[Judged, ...]) -> None:
    """Taken, no statement of fitness, or less than six months in the country: nothing else refuses."""
    for one in at_home:
        if one.person.lives_here and one.assessment.outcome == "weigeren":
            wrong = [r for r in one.reasons if r.mark is Mark.NO]
            assert any(
                word in r.text for r in wrong for word in ("ingenomen of ongeldig", "geschikt", "zes maanden")
            ), one


def test_secrecy_is_known_of_everyone_who_asked_for_it(judged: Mapping[str, Judged]) -> None:
    secret = [one for one in judged.values() if one.person.secret and one.person.bsn not in twice_of(judged)]
    assert len(secret) >= 44
    assert all(one.said.data["persoon.geheimhouding"].value is True for one in secret)
    others = [one for one in judged.values() if not one.person.secret and "persoon.geheimhouding" in one.said.data]
    assert all(one.said.data["persoon.geheimhouding"].value is False for one in others)


def test_what_is_under_investigation_is_marked_and_decides_nothing_by_itself(at_home: tuple[Judged, ...]) -> None:
    doubtful = [one for one in at_home if one.assessment.doubtful]
    assert len(doubtful) >= 30
    seen: set[str] = set()
    for one in doubtful:
        assert one.person.in_doubt, one
        assert not automatic(one.product, one.assessment, one.known), one
        for node in nodes(one.assessment.decision.trace):
            made_of = (
                IN_LAW.get(node.name, frozenset())
                if node.kind == "gegeven" and node.state != "onbekend"
                else frozenset()
            )
            if made_of & set(one.assessment.doubtful):
                assert not node.verified, (one, node.name)
                seen.add(node.name)
    assert seen >= {"ingeschreven", "geboortedatum"}, seen


def test_a_date_of_birth_that_is_not_known_is_asked_and_never_guessed(at_home: tuple[Judged, ...]) -> None:
    unknown = [one for one in at_home if not one.person.birth_known]
    assert len(unknown) >= 12
    for one in unknown:
        assert one.assessment.outcome not in GRANTED, one
        assert not one.said.data["persoon.geboortedatum"].known
    asked = [one for one in unknown if "persoon.geboortedatum" in one.assessment.missing]
    assert asked, "at least one of them lives here and has a licence"
    for one in asked:
        answered = judge(one.person, one.said, {"persoon.geboortedatum": date(1970, 5, 4)}, at=one.product)
        assert answered.assessment.outcome in {*GRANTED, "balie", "weigeren"}, answered


def test_nobody_is_granted_what_an_unknown_datum_could_refuse(at_home: tuple[Judged, ...]) -> None:
    for one in at_home:
        if one.assessment.outcome in GRANTED:
            for name in ("persoon.geboortedatum", "persoon.gemeente", "persoon.ingezetene", "rijbewijs.status"):
                assert one.said.data[name].known, (one, name)


def test_a_number_on_two_lists_belongs_to_nobody_until_somebody_looked(judged: Mapping[str, Judged]) -> None:
    twice = twice_of(judged)
    shared = [one for one in judged.values() if one.person.bsn in twice]
    assert (len(twice), len(shared)) == (5, 10)
    for one in shared:
        if silence(one.said):
            assert silence(one.said) == ("BRP/niet_eenduidig",)
            assert not [name for name in one.said.data if name.startswith("persoon.")], "neither list is shown"
            assert one.assessment.outcome is None, one
        else:
            # One of the two lists was closed, so the other one is meant.
            assert one.said.data["persoon.naam"].known


def test_who_has_no_number_cannot_log_in_and_nobody_is_asked_about(rvig: Registry) -> None:
    without = [person for person in rvig.persons if not person.bsn]
    assert len(without) == 2
    assert not is_bsn("")
    claims = {"sub": "x", "name": "Iemand", "acr": "urn:etoegang:core:assurance-class:loa3", "bsn": ""}
    with pytest.raises(LoginFailed):
        _citizen(LEIDEN, claims, Level.BASIS)
    with pytest.raises(Invalid):
        gather(["persoon.naam"], "", "proef", LEIDEN, registers_=rvig.registers())


def test_the_product_of_a_live_municipality_is_the_one_it_offers(db: None, clock: Callable[..., object]) -> None:
    from vliegwiel.catalogue.actions import adopt_demo
    from vliegwiel.catalogue.queries import product_for

    clock(TODAY)
    adopt_demo((PRODUCT,))
    assert {town: product_for(town, PRODUCT).hash for town in LIVE} == {town: product_of(town).hash for town in LIVE}
