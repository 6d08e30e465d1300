"""Rights come from roles and mandates only; a mandate gives some rights, for some products, for some time."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from tests.trust.people import (
    ADMIN,
    CITIZEN,
    CLERK,
    LEIDEN,
    LEIDERDORP,
    PRIVACY,
    SYSTEM,
    TEAM_LEAD,
    UTRECHT,
    VISITOR,
)
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.base.tenancy import current_scope, scope
from vliegwiel.trust.actions import destroy_personal_data, end_staff_sessions, give_mandate, withdraw_mandate
from vliegwiel.trust.identity import Citizen, Level, Role, Staff
from vliegwiel.trust.models import Event, Mandate
from vliegwiel.trust.queries import mandates_of
from vliegwiel.trust.rights import (
    MANDATABLE,
    RIGHTS_OF_ROLE,
    Grant,
    LoginNeeded,
    Right,
    StaffLoginNeeded,
    allowed,
    may,
    require,
    require_citizen,
    rights_of,
    scope_of,
    working_scope,
)

TOESLAG = "individuele_inkomenstoeslag"
READ_AND_DECIDE = (Right.ZAAK_LEZEN, Right.ZAAK_BEHANDELEN, Right.ZAAK_BESLUITEN)

# Who has what at home. Written out, so that a change of the table is a change of this test.
MATRIX = {
    Right.ZAAK_LEZEN: {Role.MEDEWERKER, Role.TEAMLEIDER},
    Right.ZAAK_BEHANDELEN: {Role.MEDEWERKER, Role.TEAMLEIDER},
    Right.ZAAK_BESLUITEN: {Role.MEDEWERKER, Role.TEAMLEIDER},
    Right.ZAAK_TOEWIJZEN: {Role.TEAMLEIDER},
    Right.ZAAK_VERNIETIGEN: {Role.PRIVACY_OFFICER},
    Right.DEFINITIE_BEHEREN: {Role.FUNCTIONEEL_BEHEERDER},
    Right.MANDAAT_BEHEREN: {Role.TEAMLEIDER, Role.FUNCTIONEEL_BEHEERDER},
    Right.LOGBOEK_LEZEN: {Role.PRIVACY_OFFICER},
    Right.SESSIE_BEHEREN: {Role.FUNCTIONEEL_BEHEERDER, Role.PRIVACY_OFFICER},
    Right.METING_LEZEN: {Role.FUNCTIONEEL_BEHEERDER, Role.RONDEPLANNER},
    Right.SENSOR_BEHEREN: {Role.FUNCTIONEEL_BEHEERDER, Role.RONDEPLANNER},
    Right.RONDE_LEZEN: {Role.RONDEPLANNER},
    Right.RONDE_PLANNEN: {Role.RONDEPLANNER},
    Right.RONDE_RIJDEN: {Role.RONDEPLANNER, Role.CHAUFFEUR},
}


def test_the_matrix_is_complete() -> None:
    assert set(MATRIX) == set(Right)
    assert set(RIGHTS_OF_ROLE) == set(Role)


@pytest.mark.parametrize(("right", "role"), list(itertools.product(Right, Role)))
@pytest.mark.django_db
def test_a_role_gives_exactly_its_rights_and_only_at_home(right: Right, role: Role) -> None:
    person = Staff(LEIDEN, "x", "X", frozenset({role}))
    assert may(person, right, municipality=LEIDEN) == (role in MATRIX[right])
    assert may(person, right, municipality=LEIDEN, product="x") == (role in MATRIX[right])
    assert not may(person, right, municipality=UTRECHT)
    assert not may(person, right, municipality=UTRECHT, product="x")
    if role not in MATRIX[right]:
        with pytest.raises(Forbidden, match="Dit mag een"):
            require(person, right, municipality=LEIDEN)


@pytest.mark.parametrize("right", Right)
@pytest.mark.django_db
def test_citizens_and_visitors_have_no_rights_of_staff(right: Right) -> None:
    assert not may(CITIZEN, right, municipality=LEIDEN)
    assert not may(VISITOR, right, municipality=LEIDEN)
    with pytest.raises(Forbidden):
        require(CITIZEN, right, municipality=LEIDEN)
    with pytest.raises(StaffLoginNeeded):
        require(VISITOR, right, municipality=LEIDEN)


def test_the_platform_itself_manages_nothing() -> None:
    rounds = {Right.METING_LEZEN, Right.SENSOR_BEHEREN, Right.RONDE_LEZEN, Right.RONDE_PLANNEN, Right.RONDE_RIJDEN}
    assert rights_of(SYSTEM) == MANDATABLE - {Right.ZAAK_TOEWIJZEN} | {Right.ZAAK_VERNIETIGEN} | rounds
    assert may(SYSTEM, Right.ZAAK_BESLUITEN, municipality=LEIDEN)
    assert not may(SYSTEM, Right.ZAAK_BESLUITEN, municipality=UTRECHT)


def test_several_roles_add_up_and_no_role_is_nothing() -> None:
    both = Staff(LEIDEN, "x", "X", frozenset({Role.MEDEWERKER, Role.PRIVACY_OFFICER}))
    assert rights_of(both) == RIGHTS_OF_ROLE[Role.MEDEWERKER] | RIGHTS_OF_ROLE[Role.PRIVACY_OFFICER]
    assert rights_of(Staff(LEIDEN, "x", "X", frozenset())) == frozenset()


def give(**changes: object) -> uuid.UUID:
    terms: dict[str, object] = {
        "mandataris": LEIDEN,
        "products": [TOESLAG],
        "rights": READ_AND_DECIDE,
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2030, 12, 31),
        "besluit": "Mandaatbesluit Leiderdorp 2026",
    }
    return give_mandate(ADMIN, **{**terms, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_mandate_gives_its_rights_for_its_products_only() -> None:
    give()
    assert allowed(CLERK) == (
        Grant(LEIDEN, None, RIGHTS_OF_ROLE[Role.MEDEWERKER]),
        Grant(LEIDERDORP, frozenset({TOESLAG}), frozenset(READ_AND_DECIDE)),
    )
    assert working_scope(CLERK) == (LEIDEN, LEIDERDORP)
    assert may(CLERK, Right.ZAAK_BESLUITEN, municipality=LEIDERDORP, product=TOESLAG)
    assert not may(CLERK, Right.ZAAK_BESLUITEN, municipality=LEIDERDORP, product="rijbewijs")
    assert not may(CLERK, Right.ZAAK_LEZEN, municipality=LEIDERDORP), "for all products it was not given"
    assert not may(TEAM_LEAD, Right.ZAAK_TOEWIJZEN, municipality=LEIDERDORP, product=TOESLAG)
    assert not may(CLERK, Right.ZAAK_LEZEN, municipality=UTRECHT, product=TOESLAG)


@pytest.mark.django_db
def test_a_mandate_gives_nobody_more_than_they_have_at_home() -> None:
    give(rights=tuple(MANDATABLE))
    assert not may(CLERK, Right.ZAAK_TOEWIJZEN, municipality=LEIDERDORP, product=TOESLAG)
    assert may(TEAM_LEAD, Right.ZAAK_TOEWIJZEN, municipality=LEIDERDORP, product=TOESLAG)
    assert working_scope(PRIVACY) == (LEIDEN,), "who may do nothing there does not see it either"
    assert working_scope(SYSTEM) == (LEIDEN,)
    assert working_scope(CITIZEN) == (LEIDEN,)


@pytest.mark.django_db
def test_a_mandate_works_one_way() -> None:
    give()
    other = Staff(LEIDERDORP, "y", "Y", frozenset({Role.TEAMLEIDER}))
    assert working_scope(other) == (LEIDERDORP,)
    assert not may(other, Right.ZAAK_LEZEN, municipality=LEIDEN, product=TOESLAG)


@pytest.mark.django_db
def test_rights_of_one_mandate_never_mix_with_products_of_another() -> None:
    give(rights=[Right.ZAAK_LEZEN], products=["parkeren"])
    give()
    assert may(CLERK, Right.ZAAK_LEZEN, municipality=LEIDERDORP, product="parkeren")
    assert not may(CLERK, Right.ZAAK_BESLUITEN, municipality=LEIDERDORP, product="parkeren")


@pytest.mark.parametrize(
    ("day", "valid"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)],
)
@pytest.mark.django_db
def test_a_mandate_counts_from_its_first_to_its_last_day(clock: Callable[..., object], day: date, valid: bool) -> None:
    clock(date(2025, 12, 1))
    give(valid_until=date(2026, 6, 30))
    clock(day)
    assert (LEIDERDORP in working_scope(CLERK)) == valid
    assert mandates_of(CLERK)[0].valid == valid


@pytest.mark.django_db
def test_a_withdrawn_mandate_ends_at_once_and_both_leave_an_event() -> None:
    mandate = give()
    withdraw_mandate(ADMIN, mandate)
    assert working_scope(CLERK) == (LEIDEN,)
    with pytest.raises(Conflict):
        withdraw_mandate(ADMIN, mandate)
    with scope(LEIDERDORP):
        assert sorted(Event.objects.values_list("kind", flat=True)) == ["mandaat.gegeven", "mandaat.ingetrokken"]
    with scope(LEIDEN):
        assert not Event.objects.exists()


@pytest.mark.django_db
def test_both_sides_see_a_mandate_and_nobody_else() -> None:
    mandate = give()
    utrecht = Staff(UTRECHT, "u", "U", frozenset({Role.FUNCTIONEEL_BEHEERDER}))
    assert [c.id for c in mandates_of(CLERK)] == [mandate]
    assert [c.id for c in mandates_of(ADMIN)] == [mandate]
    assert mandates_of(utrecht) == []
    with pytest.raises(NotFound):
        withdraw_mandate(utrecht, mandate)


@pytest.mark.django_db
def test_the_mandataris_can_read_a_mandate_but_never_write_it() -> None:
    mandate = give()
    with scope(LEIDEN), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_mandate")
        assert cursor.fetchone() == (1,)
        cursor.execute("UPDATE trust_mandate SET products = '{alles}' WHERE id = %s", [mandate])
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(
                """INSERT INTO trust_mandate (municipality_id, id, mandataris, products, rights, valid_from, besluit,
                    given_by, given_at, withdrawn_by)
                VALUES (%s, %s, %s, '{x}', '{zaak_lezen}', '2026-01-01', 'x', 'x', now(), '')""",
                [LEIDERDORP, uuid.uuid4(), LEIDEN],
            )
    with pytest.raises(NotFound):
        withdraw_mandate(TEAM_LEAD, mandate)


@pytest.mark.django_db
def test_only_who_manages_mandates_gives_them() -> None:
    clerk = Staff(LEIDERDORP, "y", "Y", frozenset({Role.MEDEWERKER}))
    with pytest.raises(Forbidden):
        give_mandate(
            clerk,
            mandataris=LEIDEN,
            products=[TOESLAG],
            rights=READ_AND_DECIDE,
            valid_from=date(2026, 1, 1),
            besluit="x",
        )
    with scope(LEIDERDORP):
        assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mandataris", LEIDERDORP),
        ("mandataris", "GM9999"),
        ("mandataris", "GM0620"),  # Vianen: ended in 2019
        ("products", []),
        ("products", ["Geen Sleutel"]),
        ("rights", [Right.ZAAK_BESLUITEN]),
        ("rights", [Right.ZAAK_LEZEN, Right.LOGBOEK_LEZEN]),
        ("rights", []),
        ("besluit", "  "),
        ("besluit", "x" * 301),
        ("valid_until", date(2020, 1, 1)),
    ],
)
@pytest.mark.django_db
def test_a_mandate_that_makes_no_sense_is_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        give(**{field: value})
    assert [p.name for p in refused.value.invalid] == [field]


@pytest.mark.django_db
def test_the_scope_of_staff_costs_one_statement_and_nothing_when_nested() -> None:
    give()
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        with scope_of(CLERK):
            assert current_scope() == {LEIDEN, LEIDERDORP}
            with scope_of(CLERK):
                require(CLERK, Right.ZAAK_LEZEN, municipality=LEIDERDORP, product=TOESLAG)
                working_scope(CLERK)
        assert current_scope() == frozenset()
    # The savepoints and the setting back are those of the test's own outer transaction.
    assert len([s for s in statements if "SAVEPOINT" not in s["sql"] and "set_config" not in s["sql"]]) == 1


@pytest.mark.django_db
def test_the_database_holds_the_same_scope_as_the_application() -> None:
    give()
    with scope(LEIDERDORP):
        Mandate.objects.get()
    with scope_of(CLERK), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('vliegwiel.scope')")
        (setting,) = cursor.fetchone()
        assert set(setting.split(",")) == current_scope() == {LEIDEN, LEIDERDORP}
        with scope(LEIDERDORP):
            cursor.execute("SELECT current_setting('vliegwiel.scope')")
            assert cursor.fetchone() == (LEIDERDORP,)
            with scope_of(CLERK):
                assert current_scope() == {LEIDEN, LEIDERDORP}
        cursor.execute("SELECT current_setting('vliegwiel.scope')")
        assert set(cursor.fetchone()[0].split(",")) == {LEIDEN, LEIDERDORP}


@pytest.mark.django_db
def test_the_rights_of_one_actor_are_not_those_of_another_inside_the_same_scope() -> None:
    give()
    with scope_of(CLERK):
        assert working_scope(PRIVACY) == (LEIDEN,)
        assert allowed(CITIZEN) == ()
        with scope_of(CITIZEN):
            assert current_scope() == {LEIDEN}
            assert allowed(CLERK)[1].municipality == LEIDERDORP


@pytest.mark.parametrize("needed", Level)
@pytest.mark.parametrize("had", Level)
def test_a_citizen_needs_the_level_that_is_asked(needed: Level, had: Level) -> None:
    person = Citizen(LEIDEN, "999990019", had)
    if had >= needed:
        assert require_citizen(person, level=needed) is person
    else:
        with pytest.raises(LoginNeeded) as refused:
            require_citizen(person, level=needed)
        assert refused.value.needed == needed


@pytest.mark.parametrize("actor", [VISITOR, CLERK, SYSTEM])
def test_others_are_no_citizen(actor: object) -> None:
    with pytest.raises(LoginNeeded) as refused:
        require_citizen(actor, level=Level.SUBSTANTIEEL)  # type: ignore[arg-type]
    assert refused.value.needed == Level.SUBSTANTIEEL


@pytest.mark.django_db
def test_destroying_and_ending_sessions_are_for_who_may() -> None:
    with pytest.raises(Forbidden):
        destroy_personal_data(CLERK, municipality=LEIDEN, zaak_id=uuid.uuid4(), reason="x")
    assert destroy_personal_data(PRIVACY, municipality=LEIDEN, zaak_id=uuid.uuid4(), reason="x") == 0
    with pytest.raises(Forbidden):
        destroy_personal_data(PRIVACY, municipality=UTRECHT, zaak_id=uuid.uuid4(), reason="x")
    with pytest.raises(Forbidden):
        end_staff_sessions(CLERK, "somebody")
    assert end_staff_sessions(PRIVACY, "somebody") == 0
