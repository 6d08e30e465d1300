"""The login provider speaks OpenID Connect as a stranger's client expects, and refuses what the standards refuse."""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken
from joserfc import jwt as jose_jwt
from joserfc.jwk import OctKey, RSAKey

from tests.fixtures_simulators import OidcProvider, running_oidc_provider
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.oidc.clients import Client, RedirectPattern
from vliegwiel.simulators.oidc.grants import Expiring, challenge_of
from vliegwiel.simulators.oidc.levels import Level, levels_from

HTTP = httpx.Client(timeout=10)  # one for all tests: making one loads the certificates of the system
NOOR = next(p for p in read_cast().personen if p.voornamen.startswith("Noor"))


class Form(HTMLParser):
    """The login form of a page: hidden fields and the choices."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag != "input":
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if given.get("type") == "hidden":
            self.hidden[name] = value
        elif given.get("type") == "radio":
            self.choices.setdefault(name, []).append(value)


@dataclass
class Flow:
    """One login, step by step, as a browser and a client make it."""

    provider: OidcProvider
    issuer: str
    verifier: str
    state: str
    nonce: str

    @classmethod
    def start(cls, provider: OidcProvider, issuer: str) -> Flow:
        return cls(provider, issuer, secrets.token_urlsafe(48), secrets.token_urlsafe(16), secrets.token_urlsafe(16))

    def parameters(self, **changes: str | None) -> dict[str, str]:
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.provider.redirect,
            "scope": "openid profile",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def authorize(self, **changes: str | None) -> httpx.Response:
        return HTTP.get(f"{self.issuer}/authorize", params=self.parameters(**changes))

    def choose(
        self, page: httpx.Response, persona: str, level: str | None = "substantieel", **more: str
    ) -> httpx.Response:
        form = {**Form(page.text).hidden, "persoon": persona, "actie": "inloggen", **more}
        if level:
            form["niveau"] = level
        return HTTP.post(f"{self.issuer}/login", data=form)

    def code(self, persona: str = NOOR.bsn, level: str | None = "substantieel") -> str:
        answer = self.choose(self.authorize(), persona, level)
        assert answer.status_code == 303, answer.text
        given = parse_qs(urlsplit(answer.headers["location"]).query)
        assert given["state"] == [self.state]
        assert given["iss"] == [self.issuer]
        return given["code"][0]

    def exchange(self, code: str, **changes: str | None) -> httpx.Response:
        body: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.provider.redirect,
            "client_id": self.provider.client_id,
            "code_verifier": self.verifier,
            **changes,
        }
        return HTTP.post(f"{self.issuer}/token", data={k: v for k, v in body.items() if v is not None})


@pytest.fixture
def flow(oidc_provider: OidcProvider) -> Flow:
    return Flow.start(oidc_provider, oidc_provider.citizen_issuer)


@pytest.fixture
def staff_flow(oidc_provider: OidcProvider) -> Flow:
    return Flow.start(oidc_provider, oidc_provider.staff_issuer)


def _verified(flow: Flow, id_token: str) -> CodeIDToken:
    """The claims, verified by a library that is not the provider's, from the discovery document on."""
    configuration = HTTP.get(f"{flow.issuer}/.well-known/openid-configuration").json()
    keys = JsonWebKey.import_key_set(HTTP.get(configuration["jwks_uri"]).json())
    options = {
        "iss": {"essential": True, "value": flow.issuer},
        "aud": {"essential": True, "value": flow.provider.client_id},
        "nonce": {"essential": True, "value": flow.nonce},
    }
    claims = JsonWebToken(configuration["id_token_signing_alg_values_supported"]).decode(
        id_token, keys, claims_cls=CodeIDToken, claims_options=options, claims_params={"nonce": flow.nonce}
    )
    claims.validate()
    return claims


def test_a_strangers_client_logs_a_citizen_in(flow: Flow) -> None:
    configuration = HTTP.get(f"{flow.issuer}/.well-known/openid-configuration").json()
    assert configuration["issuer"] == flow.issuer
    client = OAuth2Client(
        flow.provider.client_id,
        token_endpoint_auth_method="none",
        redirect_uri=flow.provider.redirect,
        scope="openid profile",
        code_challenge_method="S256",
    )
    address, state = client.create_authorization_url(
        configuration["authorization_endpoint"], code_verifier=flow.verifier, nonce=flow.nonce
    )
    page = HTTP.get(address)
    answer = flow.choose(page, NOOR.bsn)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == [state]
    token = client.fetch_token(
        configuration["token_endpoint"], authorization_response=answer.headers["location"], code_verifier=flow.verifier
    )
    claims = _verified(flow, token["id_token"])
    assert claims["bsn"] == NOOR.bsn
    assert claims["name"] == NOOR.naam
    assert claims["acr"] == "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"
    assert NOOR.bsn not in claims["sub"]
    info = HTTP.get(configuration["userinfo_endpoint"], headers={"Authorization": f"Bearer {token['access_token']}"})
    assert info.json()["sub"] == claims["sub"]
    assert info.json()["bsn"] == NOOR.bsn


def test_staff_log_in_with_municipality_roles_and_teams(staff_flow: Flow) -> None:
    answer = staff_flow.exchange(staff_flow.code("lei-teamleider", level=None))
    claims = _verified(staff_flow, answer.json()["id_token"])
    assert claims["gemeente"] == "GM0546"
    assert claims["roles"] == ["medewerker", "teamleider"]
    assert "Burgerzaken" in claims["teams"]
    assert "bsn" not in claims


def test_a_subject_stays_the_same_and_differs_per_person(flow: Flow, oidc_provider: OidcProvider) -> None:
    def subject(bsn: str) -> str:
        one = Flow.start(oidc_provider, oidc_provider.citizen_issuer)
        return str(_verified(one, one.exchange(one.code(bsn)).json()["id_token"])["sub"])

    other = read_cast().personen[1].bsn
    assert subject(NOOR.bsn) == subject(NOOR.bsn) != subject(other)


def test_any_test_number_can_be_played(flow: Flow) -> None:
    page = flow.authorize()
    answer = flow.choose(page, "ander", "hoog", bsn="999990639")
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    claims = _verified(flow, flow.exchange(code).json()["id_token"])
    assert claims["bsn"] == "999990639"
    assert claims["acr"].endswith(":SmartcardPKI")


@pytest.mark.parametrize("bsn", ["123456789", "", "99999063", "abcdefghi", "٩٩٩٩٩٠٦٣٩", "999990639'--"])
def test_what_is_no_bsn_is_asked_again_and_nothing_is_lost(flow: Flow, bsn: str) -> None:
    answer = flow.choose(flow.authorize(), "ander", "midden", bsn=bsn)
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    assert 'href="#bsn"' in answer.text
    assert 'value="midden" checked' in answer.text.replace(' id="niveau"', "")
    assert flow.choose(answer, NOOR.bsn).status_code == 303


def test_a_higher_level_can_be_demanded(flow: Flow) -> None:
    page = flow.authorize(acr_values=Level.SUBSTANTIEEL.value)
    assert Form(page.text).choices["niveau"] == ["substantieel", "hoog"]
    assert flow.choose(page, NOOR.bsn, "basis").status_code == 422
    assert flow.choose(page, NOOR.bsn, "hoog").status_code == 303


def test_who_does_not_want_to_log_in_goes_back_with_the_reason(flow: Flow) -> None:
    page = flow.authorize()
    answer = HTTP.post(f"{flow.issuer}/login", data={**Form(page.text).hidden, "actie": "annuleren"})
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    assert given["error"] == ["access_denied"]
    assert given["state"] == [flow.state]


# -- what must be refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verifier",
    [None, "", "short", "x" * 42, "x" * 129, "another-verifier-of-the-right-length-and-alphabet", "ë" * 50],
)
def test_a_wrong_verifier_gives_nothing_and_burns_the_code(flow: Flow, verifier: str | None) -> None:
    code = flow.code()
    answer = flow.exchange(code, code_verifier=verifier)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"
    assert "no-store" in answer.headers["cache-control"]
    assert flow.exchange(code).status_code == 400


def test_a_code_works_once_and_a_second_use_takes_the_token_back(flow: Flow) -> None:
    code = flow.code()
    access = flow.exchange(code).json()["access_token"]
    bearer = {"Authorization": f"Bearer {access}"}
    assert HTTP.get(f"{flow.issuer}/userinfo", headers=bearer).status_code == 200
    again = flow.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    refused = HTTP.get(f"{flow.issuer}/userinfo", headers=bearer)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_code_of_citizens_is_worth_nothing_to_staff(flow: Flow, staff_flow: Flow) -> None:
    staff_flow.verifier = flow.verifier
    assert staff_flow.exchange(flow.code()).json()["error"] == "invalid_grant"


def test_a_code_belongs_to_its_redirect_address(flow: Flow) -> None:
    answer = flow.exchange(flow.code(), redirect_uri="http://utrecht.localhost:8000/inloggen/terug/")
    assert answer.json()["error"] == "invalid_grant"


def test_codes_expire() -> None:
    now = [100.0]
    codes: Expiring[str] = Expiring(60, lambda: now[0])
    key = codes.put("grant")
    now[0] += 59.9
    assert codes.get(key) == "grant"
    now[0] += 0.2
    assert codes.take(key) is None


@pytest.mark.parametrize(
    "redirect",
    [
        "http://evil.example/",
        "http://leiden.localhost:8000.evil.example/inloggen/",
        "http://leiden.localhost:8001/inloggen/",
        "https://leiden.localhost:8000/inloggen/",
        "http://a.b.localhost:8000/",
        "http://leiden.localhost:8000@evil.example/",
        "http://user:pass@leiden.localhost:8000/",
        "http://leiden.localhost:8000/a#fragment",
        "http://leiden.localhost:8000\\@evil.example/",
        "http://leiden.localhost:8000/%2e%2e/%2E%2E/x",
        "http://leiden.localhost:8000/../x",
        "http://-leiden.localhost:8000/",
        "http://leiden.localhost:8000/\r\nSet-Cookie:x=1",
        "javascript:alert(1)",
        "//evil.example/",
        "http://leiden.localhost:notaport/",
        "",
        "http://" + "a" * 3000 + ".localhost:8000/",
    ],
)
def test_an_unregistered_redirect_is_never_followed(flow: Flow, redirect: str) -> None:
    answer = flow.authorize(redirect_uri=redirect)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "Ga terug naar de gemeente" in answer.text


def test_patterns_leave_only_the_label_and_the_end_free() -> None:
    pattern = RedirectPattern("http://*.localhost:8000/inloggen/*")
    assert pattern.accepts("http://s-hertogenbosch.localhost:8000/inloggen/terug/?a=b")
    assert not pattern.accepts("http://localhost:8000/inloggen/")
    assert not pattern.accepts("http://leiden.localhost:8000/uitloggen/")
    assert RedirectPattern("https://gemeente.example/terug").accepts("https://gemeente.example/terug")
    assert not RedirectPattern("https://gemeente.example/terug").accepts("https://gemeente.example/terug/meer")
    for unsafe in ("http://*/", "http://*.localhost*/x", "ftp://a.b/", "http://a.b/*/c", "http://u@a.b/"):
        with pytest.raises(ValueError, match=r"redirect address|may be free"):
            RedirectPattern(unsafe)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "x"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"response_mode": "form_post"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_answered_at_the_registered_address(
    flow: Flow, change: dict[str, str | None], error: str
) -> None:
    answer = flow.authorize(**change)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(flow.provider.redirect)
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    assert given["error"] == [error]
    assert given["state"] == [flow.state]
    assert "code" not in given


def test_a_parameter_twice_is_refused(flow: Flow) -> None:
    query = [*flow.parameters().items(), ("redirect_uri", "http://utrecht.localhost:8000/")]
    assert HTTP.get(f"{flow.issuer}/authorize", params=query).status_code == 400


def test_an_unknown_client_gets_no_token(flow: Flow) -> None:
    answer = flow.exchange(flow.code(), client_id="iemand-anders")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_token_endpoint_survives_anything(flow: Flow) -> None:
    bodies: list[tuple[str, bytes]] = [
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000),
        ("application/x-www-form-urlencoded", b"code=a&code=b"),
        ("application/x-www-form-urlencoded", b"client_id=vliegwiel&grant_type=password&username=x&password=y"),
        ("multipart/form-data; boundary=x", b"--x--"),
    ]
    for kind, body in bodies:
        answer = HTTP.post(f"{flow.issuer}/token", content=body, headers={"Content-Type": kind})
        assert answer.status_code in {400, 401}
        assert set(answer.json()) == {"error", "error_description"}
    for basic in ("Basic !!!", "Basic " + base64.b64encode(b"geen-dubbele-punt").decode(), "Basic " + "A" * 3):
        answer = HTTP.post(f"{flow.issuer}/token", data={"grant_type": "x"}, headers={"Authorization": basic})
        assert answer.status_code == 401


def test_a_confidential_client_must_prove_itself(tmp_path: Path) -> None:
    secret = {"VLIEGWIEL_OIDC_CLIENT_SECRET": "een geheim: met/tekens+"}
    with running_oidc_provider(tmp_path, environment=secret) as provider:
        one = Flow.start(provider, provider.citizen_issuer)
        assert one.exchange(one.code()).status_code == 401
        assert one.exchange(one.code(), client_secret="fout").status_code == 401
        assert one.exchange(one.code(), client_secret=secret["VLIEGWIEL_OIDC_CLIENT_SECRET"]).status_code == 200
        client = OAuth2Client("vliegwiel", secret["VLIEGWIEL_OIDC_CLIENT_SECRET"], redirect_uri=provider.redirect)
        token = client.fetch_token(f"{one.issuer}/token", code=one.code(), code_verifier=one.verifier)
        assert token["id_token"]


def test_a_public_client_does_not_take_a_secret() -> None:
    client = Client("a", ())
    assert client.proves_itself(None)
    assert not client.proves_itself("")
    assert not Client("a", (), "geheim").proves_itself(None)


def test_the_key_survives_a_restart_and_only_its_public_half_is_shown(tmp_path: Path) -> None:
    with running_oidc_provider(tmp_path) as provider:
        first = HTTP.get(f"{provider.citizen_issuer}/jwks").json()
    with running_oidc_provider(tmp_path) as provider:
        second = HTTP.get(f"{provider.citizen_issuer}/jwks").json()
    assert first == second
    assert set(first["keys"][0]) <= {"kty", "n", "e", "use", "alg", "kid"}
    assert (tmp_path / "oidc-key.json").stat().st_mode & 0o777 == 0o600


def _unsigned(claims: dict[str, object]) -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def test_logout_returns_only_to_a_registered_address_of_the_tokens_client(flow: Flow) -> None:
    token = flow.exchange(flow.code()).json()["id_token"]
    back = "http://leiden.localhost:8000/uitgelogd/"

    def logout(**given: str) -> httpx.Response:
        return HTTP.get(f"{flow.issuer}/logout", params=given)

    answer = logout(id_token_hint=token, post_logout_redirect_uri=back, state="abc")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{back}?state=abc")
    assert logout(client_id="vliegwiel", post_logout_redirect_uri=back).status_code == 303
    assert logout(id_token_hint=token, post_logout_redirect_uri="http://evil.example/").status_code == 200
    assert logout(post_logout_redirect_uri=back).status_code == 200
    now = int(time.time())
    forged = {"iss": flow.issuer, "aud": "vliegwiel", "sub": "x", "exp": now + 300}
    public = HTTP.get(f"{flow.issuer}/jwks").json()["keys"][0]
    by_public_key = jose_jwt.encode({"alg": "HS256"}, forged, OctKey.import_key(json.dumps(public).encode()))
    by_other_key = jose_jwt.encode({"alg": "RS256", "kid": public["kid"]}, forged, RSAKey.generate_key(2048))
    for hint in (_unsigned(forged), by_public_key, by_other_key, token[:-4] + "AAAA", "x", "a.b.c", ""):
        assert logout(id_token_hint=hint, post_logout_redirect_uri=back).status_code == 200


def test_a_token_signed_with_nothing_or_by_another_is_refused_by_a_client(flow: Flow) -> None:
    claims = dict(_verified(flow, flow.exchange(flow.code()).json()["id_token"]))
    for forged in (_unsigned(claims), jose_jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))):
        with pytest.raises(Exception, match=r"(?i)algorithm|signature|key"):
            _verified(flow, forged)


# -- the page ------------------------------------------------------------------------------------------------------------


def test_the_page_needs_no_script_and_allows_none(flow: Flow) -> None:
    page = flow.authorize()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "form-action 'self' http://leiden.localhost:8000" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert '<html lang="nl">' in page.text
    assert "no-store" in page.headers["cache-control"]
    assert HTTP.get(f"{flow.issuer}/login.css").headers["content-type"].startswith("text/css")


def test_the_people_of_the_municipality_one_came_from_are_open(oidc_provider: OidcProvider) -> None:
    one = Flow.start(oidc_provider, oidc_provider.citizen_issuer)
    page = one.authorize(redirect_uri="http://s-hertogenbosch.localhost:8000/inloggen/").text
    assert "<details open><summary>&#x27;s-Hertogenbosch" in page
    assert page.count("<details open>") == 1


def test_state_and_names_cannot_break_out_of_the_page(flow: Flow) -> None:
    hostile = '"><script>alert(1)</script>'
    page = flow.authorize()
    again = flow.choose(page, hostile, hostile, bsn=hostile)
    assert "<script" not in again.text
    flow.state = hostile
    answer = flow.choose(flow.authorize(), NOOR.bsn)
    assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == [hostile]


def test_a_login_that_was_never_begun_is_told_so(flow: Flow) -> None:
    for key in ("", "x", secrets.token_urlsafe(32)):
        answer = HTTP.post(f"{flow.issuer}/login", data={"verzoek": key, "persoon": NOOR.bsn, "niveau": "hoog"})
        assert answer.status_code == 400
        assert "begin opnieuw" in answer.text


def test_levels_are_those_asked_for_and_above() -> None:
    assert levels_from("") == tuple(Level)
    assert levels_from("onbekend") == tuple(Level)
    assert levels_from(f"{Level.HOOG.value} {Level.MIDDEN.value}") == (Level.MIDDEN, Level.SUBSTANTIEEL, Level.HOOG)
