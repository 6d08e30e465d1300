"""Who supervises can see who looked at what, newest first, of the own municipality only; and that leaves a line too."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from tests.trust.people import BSN, CITIZEN, CLERK, LEIDEN, PRIVACY, SYSTEM, UTRECHT
from vliegwiel.base.clock import today
from vliegwiel.base.errors import Forbidden
from vliegwiel.trust import traces
from vliegwiel.trust.identity import Actor, ActorKind
from vliegwiel.trust.looks import LookFilter, looks
from vliegwiel.trust.processing import record, seen

pytestmark = pytest.mark.django_db
ZAAK = uuid.UUID("0190c0de-0000-7000-8000-000000000001")


def look(
    actor: Actor = CLERK, *, bsn: str = BSN, activity: str = "zaak-behandelen", municipality: str = LEIDEN
) -> None:
    with traces.operation("GET /werk/zaak/"):
        record(
            actor, municipality=municipality, bsn=bsn, data=["naam", "adres"], activity=activity,
            reason="behandelen van uw aanvraag", zaak_id=ZAAK,
        )  # fmt: skip


def wanted(**changes: object) -> LookFilter:
    day = today()
    return LookFilter(**{"since": day, "until": day, **changes})  # type: ignore[arg-type]  # a test says which fields


def test_lines_come_newest_first_with_who_what_and_why() -> None:
    look()
    look(SYSTEM, activity="termijn-bewaken")
    found = looks(PRIVACY, wanted())
    assert [line.kind for line in found.looks] == [ActorKind.SYSTEEM, ActorKind.MEDEWERKER]
    assert found.looks[1].actor_id == CLERK.subject
    assert found.looks[1].data == ("naam", "adres")
    assert found.looks[1].zaak_id == ZAAK
    assert (found.total, found.more, found.pages) == (2, False, 1)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 4),
        ({"bsn": "999990020"}, 1),
        ({"zaak_id": ZAAK}, 4),
        ({"zaak_id": uuid.UUID(int=5)}, 0),
        ({"activity": "termijn-bewaken"}, 1),
        ({"activity": "bestaat-niet"}, 0),
        ({"actor_id": CLERK.subject}, 2),
        ({"actor_id": "' OR 1=1 --"}, 0),
        ({"since": date(2020, 1, 1), "until": today() - timedelta(days=1)}, 0),
    ],
)
def test_filters_narrow_the_list(changes: dict[str, object], count: int) -> None:
    look()
    look(bsn="999990020")
    look(SYSTEM, activity="termijn-bewaken")
    look(CITIZEN, activity="eigen-gegevens-inzien")
    assert looks(PRIVACY, wanted(**changes)).total == count


def test_a_citizen_is_not_known_by_pseudonym() -> None:
    look(CITIZEN, activity="eigen-gegevens-inzien")
    assert looks(PRIVACY, wanted()).looks[0].actor_id == ""


def test_another_municipality_is_not_in_sight() -> None:
    look(municipality=UTRECHT)
    assert looks(PRIVACY, wanted()).total == 0


def test_only_who_supervises_may_read_it_and_the_refusal_says_who() -> None:
    with pytest.raises(Forbidden, match="privacy officer"):
        looks(CLERK, wanted())


def test_asking_for_a_person_is_a_look_that_person_will_see() -> None:
    look()
    assert looks(PRIVACY, wanted(bsn=BSN)).total == 1
    assert seen(CITIZEN)[0].reason == "nagaan of uw gegevens volgens de regels zijn bekeken"


def test_a_page_that_is_not_there_is_the_last_one() -> None:
    for _ in range(3):
        look()
    found = looks(PRIVACY, wanted(), page=9, size=2)
    assert (found.page, found.pages, len(found.looks)) == (2, 2, 1)
