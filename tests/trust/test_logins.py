"""Logging in and out: the answer counts once, in the browser that asked, for who and where it was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.trust.people import BSN, CITIZEN, CLERK, LEIDEN, UTRECHT
from tests.trust.provider import CLIENT, ISSUER, LyingProvider
from vliegwiel.base.errors import Forbidden, Unavailable
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import logins, sessions
from vliegwiel.trust.assurance import ACR_OF_LEVEL, level_of
from vliegwiel.trust.identity import ActorKind, Anonymous, Citizen, Level, Role, Staff
from vliegwiel.trust.logins import LoggedIn, LoginCancelled, LoginStart, begin_login, finish_login, local_path, logout
from vliegwiel.trust.models import Event, LoginAttempt, LoginSession
from vliegwiel.trust.oidc import LoginFailed, Provider, ProviderClient
from vliegwiel.trust.sessions import actor_of, clear_ended, end_sessions_of, open_session, session_of

pytestmark = pytest.mark.django_db
BACK = "http://leiden.localhost:8000/inloggen/terug/"
BURGER, MEDEWERKER = ActorKind.BURGER, ActorKind.MEDEWERKER


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> LyingProvider:
    lying = LyingProvider()
    settings.OIDC_CITIZEN_ISSUER = settings.OIDC_STAFF_ISSUER = ISSUER
    client = ProviderClient(Provider(ISSUER, CLIENT), lying.http())
    monkeypatch.setattr(logins, "client_of", lambda provider: client)
    return lying


def begin(kind: ActorKind = BURGER, **more: object) -> LoginStart:
    return begin_login(LEIDEN, kind, redirect_uri=BACK, **more)  # type: ignore[arg-type]


def finish(
    start: LoginStart,
    query: dict[str, str],
    kind: ActorKind = BURGER,
    municipality: str = LEIDEN,
    cookies: dict[str, str] | None = None,
    **more: str,
) -> LoggedIn:
    held = {start.cookie_name: start.cookie_value} if cookies is None else cookies
    return finish_login(municipality, kind, query, held, redirect_uri=BACK, **more)


def as_staff(provider: LyingProvider, **claims: object) -> None:
    provider.drop = ("bsn", "acr")
    provider.claims.update(
        {
            "sub": "clerk-1",
            "name": "J. Jansen",
            "gemeente": LEIDEN,
            "roles": ["medewerker"],
            "teams": ["Parkeren"],
            **claims,
        }
    )


def test_a_citizen_logs_in_and_goes_where_they_wanted(provider: LyingProvider) -> None:
    start = begin(return_to="/aanvraag/1/?x=2", level=Level.MIDDEN)
    done = finish(start, provider.login(start.url))
    assert done.actor == Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Noor")
    assert done.return_to == "/aanvraag/1/?x=2"
    assert done.cookie_to_drop == start.cookie_name
    assert actor_of(LEIDEN, done.token) == done.actor
    with scope(LEIDEN):
        assert [e.kind for e in Event.objects.all()] == ["sessie.begonnen"]
        assert not LoginAttempt.objects.exists()


def test_staff_log_in_with_their_roles(provider: LyingProvider) -> None:
    as_staff(provider, roles=["medewerker", "teamleider", "koning", 7])
    start = begin(MEDEWERKER, return_to="/werk/")
    done = finish(start, provider.login(start.url), MEDEWERKER)
    assert done.actor == Staff(
        LEIDEN, "clerk-1", "J. Jansen", frozenset({Role.MEDEWERKER, Role.TEAMLEIDER}), frozenset({"Parkeren"})
    )
    assert actor_of(LEIDEN, done.token) == done.actor


@pytest.mark.parametrize(
    "claims",
    [
        {"gemeente": UTRECHT},
        {"gemeente": [LEIDEN]},
        {"gemeente": None},
        {"roles": []},
        {"roles": "medewerker"},
        {"roles": ["koning"]},
    ],
    ids=str,
)
def test_staff_of_another_municipality_or_without_a_role_are_refused(
    provider: LyingProvider, claims: dict[str, object]
) -> None:
    as_staff(provider, **claims)
    start = begin(MEDEWERKER)
    with pytest.raises(Forbidden):
        finish(start, provider.login(start.url), MEDEWERKER)
    with scope(LEIDEN):
        assert not LoginSession.objects.exists()


@pytest.mark.parametrize(
    "bsn", [None, "", "123456789", "99999001", "999990018", 999990019, "９９９９９００１９", ["999990019"]]
)
def test_a_citizen_without_a_right_bsn_is_refused(provider: LyingProvider, bsn: object) -> None:
    provider.claims["bsn"] = bsn
    start = begin()
    with pytest.raises(LoginFailed):
        finish(start, provider.login(start.url))


@pytest.mark.parametrize(
    ("acr", "wanted", "taken"),
    [
        (ACR_OF_LEVEL[Level.BASIS], Level.BASIS, True),
        (ACR_OF_LEVEL[Level.BASIS], Level.MIDDEN, False),
        (ACR_OF_LEVEL[Level.MIDDEN], Level.SUBSTANTIEEL, False),
        (ACR_OF_LEVEL[Level.HOOG], Level.SUBSTANTIEEL, True),
        ("http://eidas.europa.eu/LoA/substantial", Level.SUBSTANTIEEL, True),
        ("http://eidas.europa.eu/LoA/low", Level.MIDDEN, False),
        ("urn:unknown", Level.BASIS, False),
        (None, Level.BASIS, False),
        (["x"], Level.BASIS, False),
    ],
)
def test_the_level_must_be_known_and_high_enough(
    provider: LyingProvider, acr: object, wanted: Level, taken: bool
) -> None:
    provider.claims["acr"] = acr
    start = begin(level=wanted)
    query = provider.login(start.url)
    if taken:
        assert finish(start, query).actor.level >= wanted  # type: ignore[union-attr]
    else:
        with pytest.raises(LoginFailed):
            finish(start, query)


def test_the_lowest_level_that_will_do_is_asked(provider: LyingProvider) -> None:
    start = begin(level=Level.HOOG)
    assert parse_qs(urlsplit(start.url).query)["acr_values"] == [ACR_OF_LEVEL[Level.HOOG]]
    assert level_of(ACR_OF_LEVEL[Level.HOOG]) == Level.HOOG
    assert "acr_values" not in parse_qs(urlsplit(begin(MEDEWERKER).url).query)


def test_stepping_up_replaces_the_session(provider: LyingProvider) -> None:
    provider.claims["acr"] = ACR_OF_LEVEL[Level.MIDDEN]
    first = begin()
    weak = finish(first, provider.login(first.url))
    provider.claims.clear()
    second = begin(level=Level.SUBSTANTIEEL)
    strong = finish(second, provider.login(second.url), replaces=weak.token)
    assert strong.token != weak.token
    assert actor_of(LEIDEN, weak.token) == Anonymous(LEIDEN)
    assert actor_of(LEIDEN, strong.token) == Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Noor")


def test_an_answer_counts_once(provider: LyingProvider) -> None:
    start = begin()
    query = provider.login(start.url)
    finish(start, query)
    with pytest.raises(LoginFailed, match="al gebruikt"):
        finish(start, query)


def test_an_answer_in_another_browser_is_refused_and_used_up(provider: LyingProvider) -> None:
    start = begin()
    query = provider.login(start.url)
    with pytest.raises(LoginFailed, match="dezelfde browser"):
        finish(start, query, cookies={})
    with pytest.raises(LoginFailed):
        finish(start, query)


def test_a_victim_cannot_be_logged_in_as_somebody_else_by_a_link(provider: LyingProvider) -> None:
    """The attacker's own answer, opened in the browser of a victim who is logging in too."""
    attacker, victim = begin(), begin()
    query = provider.login(attacker.url)
    with pytest.raises(LoginFailed):
        finish(victim, query)


def test_an_answer_with_a_mixed_up_secret_is_refused(provider: LyingProvider) -> None:
    start, other = begin(), begin()
    query = provider.login(start.url)
    with pytest.raises(LoginFailed):
        finish(start, query, cookies={start.cookie_name: other.cookie_value})


def test_two_tabs_can_log_in_at_the_same_time(provider: LyingProvider) -> None:
    one, two = begin(return_to="/1/"), begin(return_to="/2/")
    cookies = {s.cookie_name: s.cookie_value for s in (one, two)}
    assert len(cookies) == 2
    provider.claims.clear()
    assert finish(two, provider.login(two.url), cookies=cookies).return_to == "/2/"
    provider.claims.clear()
    assert finish(one, provider.login(one.url), cookies=cookies).return_to == "/1/"


def test_an_answer_counts_for_its_municipality_and_kind_only(provider: LyingProvider) -> None:
    start = begin()
    query = provider.login(start.url)
    with pytest.raises(LoginFailed):
        finish(start, query, municipality=UTRECHT)
    with pytest.raises(LoginFailed):
        finish(start, query, MEDEWERKER)
    assert finish(start, query)


def test_an_answer_that_comes_too_late_is_refused(provider: LyingProvider, clock: Callable[..., object]) -> None:
    start = begin()
    query = provider.login(start.url)
    clock(datetime.now(UTC) + timedelta(minutes=10, seconds=1))
    with pytest.raises(LoginFailed, match="te lang"):
        finish(start, query)


@pytest.mark.parametrize("iss", [None, "https://evil.example", ""])
def test_an_answer_of_another_provider_is_refused(provider: LyingProvider, iss: str | None) -> None:
    start = begin()
    query = provider.login(start.url)
    if iss is None:
        del query["iss"]
    else:
        query["iss"] = iss
    with pytest.raises(LoginFailed):
        finish(start, query)
    assert not [r for r in provider.asked if r.url.path.endswith("/token")], "the code must not be sent anywhere"


def test_who_gives_up_is_told_so(provider: LyingProvider) -> None:
    start = begin()
    query = provider.login(start.url)
    answer = {"state": query["state"], "iss": ISSUER, "error": "access_denied"}
    with pytest.raises(LoginCancelled):
        finish(start, answer)


@pytest.mark.parametrize(
    "query",
    [{}, {"state": ""}, {"state": "x", "code": "y"}, {"state": "\ud800"}, {"state": "a\x00b"}, {"state": "x" * 10_000}],
    ids=repr,
)
def test_a_made_up_answer_is_refused(provider: LyingProvider, query: dict[str, str]) -> None:
    start = begin()
    with pytest.raises(LoginFailed):
        finish(start, query)


@pytest.mark.parametrize("code", ["", "x" * 3000])
def test_an_answer_without_a_sensible_code_is_refused(provider: LyingProvider, code: str) -> None:
    start = begin()
    with pytest.raises(LoginFailed):
        finish(start, {**provider.login(start.url), "code": code})


def test_a_wrong_nonce_is_refused(provider: LyingProvider) -> None:
    provider.claims["nonce"] = "of another login"
    start = begin()
    with pytest.raises(LoginFailed):
        finish(start, provider.login(start.url))


def test_a_provider_that_is_down_is_said_to_be_down(provider: LyingProvider) -> None:
    start = begin()
    query = provider.login(start.url)
    provider.down = True
    with pytest.raises(Unavailable):
        finish(start, query)


def test_without_a_provider_there_is_no_login(settings: Any) -> None:
    settings.OIDC_CITIZEN_ISSUER = ""
    with pytest.raises(Unavailable):
        begin()


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "evil", "/a\nb", "/a b",
        "/" + "a" * 2001, "/\x00", "/\ud800", "\\\\evil", "///evil.example", "/\t/evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_logging_in(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize("path", ["/", "/mijn/", "/aanvraag/1/stap/?a=b&c=%20d#x", "/zoek/?q=caf%C3%A9"])
def test_a_path_of_our_own_is_kept(path: str) -> None:
    assert local_path(path) == path


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_looking_up_a_session_costs_one_statement() -> None:
    token = open_session(CITIZEN, "t")
    with scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        assert actor_of(LEIDEN, token) == CITIZEN
    assert len(statements) == 1


def test_the_database_alone_shows_neither_token_nor_person() -> None:
    token = open_session(CITIZEN, "the-id-token")
    with scope(LEIDEN), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM trust_loginsession s")
        (row,) = cursor.fetchone()
    for secret in (token, BSN, "Vries", "the-id-token"):
        assert secret not in row
        assert secret.encode().hex() not in row


def test_a_session_counts_on_the_pages_of_its_municipality_only() -> None:
    token = open_session(CITIZEN, "")
    assert actor_of(UTRECHT, token) == Anonymous(UTRECHT)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "\x00" * 43, "é" * 43, "\ud800" * 30])
def test_a_made_up_token_is_a_visitor(token: str) -> None:
    open_session(CITIZEN, "")
    assert actor_of(LEIDEN, token) == Anonymous(LEIDEN)


@pytest.mark.parametrize(("actor", "idle"), [(CITIZEN, timedelta(minutes=15)), (CLERK, timedelta(hours=1))])
def test_a_session_ends_without_activity(clock: Callable[..., object], actor: Citizen | Staff, idle: timedelta) -> None:
    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock(begun)
    token = open_session(actor, "")
    clock(begun + idle - timedelta(seconds=1))
    assert actor_of(LEIDEN, token) == actor, "this look is activity"
    clock(begun + 2 * idle - timedelta(seconds=2))
    assert actor_of(LEIDEN, token) == actor
    clock(begun + 3 * idle - timedelta(seconds=2))
    assert actor_of(LEIDEN, token) == Anonymous(LEIDEN)


@pytest.mark.parametrize(("actor", "most"), [(CITIZEN, timedelta(hours=4)), (CLERK, timedelta(hours=8))])
def test_a_session_ends_in_any_case(clock: Callable[..., object], actor: Citizen | Staff, most: timedelta) -> None:
    begun = moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock(begun)
    token = open_session(actor, "")
    while (moment := moment + timedelta(minutes=10)) < begun + most:
        clock(moment)
        session = session_of(LEIDEN, token)
        assert session is not None
        assert session.ends_at <= session.latest == begun + most
    clock(begun + most)
    assert session_of(LEIDEN, token) is None


def test_activity_is_noted_now_and_then_rather_than_at_every_request(clock: Callable[..., object]) -> None:
    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock(begun)
    token = open_session(CITIZEN, "")
    clock(begun + timedelta(seconds=20))
    with scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        actor_of(LEIDEN, token)
    assert len(statements) == 1
    clock(begun + timedelta(seconds=31))
    with scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        actor_of(LEIDEN, token)
    assert len(statements) == 2


def test_logging_out_ends_the_session_here_and_leads_to_the_provider(provider: LyingProvider) -> None:
    start = begin()
    done = finish(start, provider.login(start.url))
    url = logout(LEIDEN, done.token, return_to="http://leiden.localhost:8000/")
    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    assert asked["post_logout_redirect_uri"] == ["http://leiden.localhost:8000/"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert actor_of(LEIDEN, done.token) == Anonymous(LEIDEN)
    assert logout(LEIDEN, done.token, return_to="http://leiden.localhost:8000/") is None


def test_logging_out_works_when_the_provider_is_down(provider: LyingProvider) -> None:
    token = open_session(CITIZEN, "t")
    provider.down = True
    assert logout(LEIDEN, token, return_to="http://x.example/") is None
    assert actor_of(LEIDEN, token) == Anonymous(LEIDEN)


def test_all_sessions_of_one_person_can_be_ended() -> None:
    mine = [open_session(CITIZEN, "") for _ in range(3)]
    other = open_session(Citizen(LEIDEN, "999990020", Level.BASIS), "")
    staff = open_session(CLERK, "")
    assert end_sessions_of(CITIZEN, but=mine[0]) == 2
    assert [isinstance(actor_of(LEIDEN, t), Citizen) for t in mine] == [True, False, False]
    assert isinstance(actor_of(LEIDEN, other), Citizen)
    assert end_sessions_of(Staff(LEIDEN, CLERK.subject, "", frozenset())) == 1
    assert actor_of(LEIDEN, staff) == Anonymous(LEIDEN)


def test_what_ended_is_cleared_and_nothing_else(provider: LyingProvider, clock: Callable[..., object]) -> None:
    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock(begun)
    old = open_session(CITIZEN, "")
    begin()
    clock(begun + timedelta(minutes=16))
    fresh = open_session(CITIZEN, "")
    staff = open_session(CLERK, "")
    assert clear_ended([LEIDEN, UTRECHT]) == 2
    assert actor_of(LEIDEN, old) == Anonymous(LEIDEN)
    assert actor_of(LEIDEN, fresh) == CITIZEN
    assert actor_of(LEIDEN, staff) == CLERK


def test_every_login_has_a_token_of_its_own() -> None:
    tokens = {open_session(CITIZEN, "") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens), "256 bits"
    assert sessions.LIMITS[BURGER].idle <= timedelta(minutes=15)
