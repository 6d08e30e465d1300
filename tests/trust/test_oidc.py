"""Nothing a provider, or somebody who poses as one, says is believed before it is checked."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.trust.provider import (
    CLIENT,
    ELLIPTIC,
    ISSUER,
    RSA,
    STRANGER,
    LyingProvider,
    signed_with_the_public_key,
    unsigned,
)
from vliegwiel.base.errors import Unavailable
from vliegwiel.trust.oidc import LARGEST_ANSWER, Claims, LoginFailed, Provider, ProviderClient, Tokens

NONCE = "the-nonce"


@pytest.fixture
def provider() -> LyingProvider:
    return LyingProvider(claims={"nonce": NONCE})


@pytest.fixture
def client(provider: LyingProvider) -> ProviderClient:
    return ProviderClient(Provider(ISSUER, CLIENT), provider.http())


def verified(client: ProviderClient, provider: LyingProvider) -> Claims:
    return client.verified(Tokens(provider.id_token or provider.signed(), provider.access_token), nonce=NONCE)


def test_a_good_token_is_taken(client: ProviderClient, provider: LyingProvider) -> None:
    assert verified(client, provider)["bsn"] == "999990019"


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "PS256"), (ELLIPTIC, "ES256")])
def test_other_asymmetric_algorithms_are_taken(
    client: ProviderClient, provider: LyingProvider, key: RSAKey, algorithm: str
) -> None:
    # A key that says it is for one algorithm is held to it, so PS256 gets a key that does not say.
    plain = RSAKey.generate_key(2048, {"use": "sig"}, private=True, auto_kid=True) if algorithm == "PS256" else key
    provider.keys = [plain]
    provider.signer, provider.algorithm = plain, algorithm
    assert verified(client, provider)["sub"] == "pseudonym-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": f"{ISSUER}/"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": []},
        {"azp": "another-client"},
        {"nonce": "another-login"},
        {"nonce": 7},
        {"exp": int(time.time()) - 61},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": int(time.time()) + 3600},
        {"iat": int(time.time()) - 3600},
        {"nbf": int(time.time()) + 3600},
        {"nbf": "soon"},
        {"sub": ""},
        {"sub": "x" * 201},
        {"sub": "a\x00b"},
        {"sub": ["x"]},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": 5},
    ],
    ids=lambda claims: "-".join(claims),
)
def test_a_token_with_a_wrong_claim_is_refused(
    client: ProviderClient, provider: LyingProvider, claims: dict[str, object]
) -> None:
    provider.claims.update(claims)
    with pytest.raises(LoginFailed):
        verified(client, provider)


@pytest.mark.parametrize("name", ["iss", "aud", "exp", "iat", "nonce", "sub"])
def test_a_token_without_a_needed_claim_is_refused(client: ProviderClient, provider: LyingProvider, name: str) -> None:
    provider.drop = (name,)
    with pytest.raises(LoginFailed):
        verified(client, provider)


def test_at_hash_may_be_absent(client: ProviderClient, provider: LyingProvider) -> None:
    provider.drop = ("at_hash",)
    assert verified(client, provider)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_unsigned_token_is_refused(client: ProviderClient, provider: LyingProvider, algorithm: str) -> None:
    provider.id_token = unsigned(provider.said(), algorithm)
    with pytest.raises(LoginFailed):
        verified(client, provider)


@pytest.mark.parametrize("form", ["pem", "json"])
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    client: ProviderClient, provider: LyingProvider, form: str
) -> None:
    public = RSA.as_pem(private=False) if form == "pem" else json.dumps(RSA.as_dict(private=False)).encode()
    provider.id_token = signed_with_the_public_key(provider.said(), public)
    with pytest.raises(LoginFailed):
        verified(client, provider)


def test_a_symmetric_key_in_the_key_set_is_never_used(client: ProviderClient, provider: LyingProvider) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jwks"):
            return httpx.Response(200, json={"keys": [{"kty": "oct", "kid": RSA.kid, "k": "c2VjcmV0c2VjcmV0c2VjcmV0"}]})
        return provider.answer(request)

    tricked = ProviderClient(Provider(ISSUER, CLIENT), httpx.Client(transport=httpx.MockTransport(answer)))
    provider.id_token = signed_with_the_public_key(provider.said(), b"secretsecretsecret")
    with pytest.raises((LoginFailed, Unavailable)):
        verified(tricked, provider)


def test_a_token_signed_by_a_stranger_is_refused(client: ProviderClient, provider: LyingProvider) -> None:
    provider.signer = STRANGER
    with pytest.raises(LoginFailed):
        verified(client, provider)
    provider.header = {"kid": RSA.kid}
    with pytest.raises(LoginFailed):
        verified(client, provider)


def test_a_key_inside_the_token_is_never_used(client: ProviderClient, provider: LyingProvider) -> None:
    provider.signer = STRANGER
    for header in ({"jwk": STRANGER.as_dict(private=False)}, {"jku": "https://evil.example/jwks"}):
        provider.header = {"kid": RSA.kid, **header}
        with pytest.raises(LoginFailed):
            verified(client, provider)
    assert all(request.url.host == "login.example" for request in provider.asked)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_tampered_token_is_refused(client: ProviderClient, provider: LyingProvider, place: int) -> None:
    parts = provider.signed().split(".")
    middle = len(parts[place]) // 2
    parts[place] = parts[place][:middle] + ("A" if parts[place][middle] != "A" else "B") + parts[place][middle + 1 :]
    provider.id_token = ".".join(parts)
    with pytest.raises(LoginFailed):
        verified(client, provider)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "x" * 20_000, "é.é.é", "e30.e30.e30", "\ud800.a.b"])
def test_what_is_no_token_is_refused(client: ProviderClient, token: str) -> None:
    with pytest.raises(LoginFailed):
        client.verified(Tokens(token, "access"), nonce=NONCE)


def test_an_expired_token_is_refused_by_our_clock(
    client: ProviderClient, provider: LyingProvider, clock: Callable[..., object]
) -> None:
    from datetime import UTC, datetime, timedelta

    token = provider.signed()
    clock(datetime.now(UTC) + timedelta(seconds=500))
    with pytest.raises(LoginFailed, match="niet gelukt") as refused:
        client.verified(Tokens(token, provider.access_token), nonce=NONCE)
    assert "expired" in refused.value.why


def test_the_request_asks_for_a_code_with_pkce(client: ProviderClient) -> None:
    url = client.authorization_url(
        redirect_uri="https://leiden.example/terug", state="s", nonce="n", verifier="v" * 43, acr="urn:x"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "https://leiden.example/terug",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "acr_values": "urn:x",
    }


def test_a_confidential_client_proves_itself(provider: LyingProvider) -> None:
    client = ProviderClient(Provider(ISSUER, CLIENT, "s3cret"), provider.http())
    client.exchange("c", redirect_uri="https://x.example/", verifier="v" * 43)
    request = provider.asked[-1]
    assert request.headers["authorization"].startswith("Basic ")
    assert b"client_secret" not in request.content
    assert "s3cret" not in repr(client.provider)


def test_a_document_of_another_issuer_is_not_used(client: ProviderClient, provider: LyingProvider) -> None:
    provider.issuer = "https://evil.example"
    with pytest.raises(Unavailable):
        client.metadata()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://x.example/", 7, None, "https://"])
def test_an_endpoint_that_is_no_web_address_is_not_used(
    client: ProviderClient, provider: LyingProvider, url: object
) -> None:
    provider.document = {"token_endpoint": url}
    with pytest.raises(Unavailable):
        client.metadata()


def test_production_never_speaks_plain_http(client: ProviderClient, provider: LyingProvider, settings: Any) -> None:
    settings.MODE = "production"
    provider.document = {"token_endpoint": "http://login.example/token"}
    with pytest.raises(Unavailable):
        client.metadata()


def test_what_is_published_is_fetched_once(client: ProviderClient, provider: LyingProvider) -> None:
    for _ in range(5):
        verified(client, provider)
    assert len(provider.asked) == 2


def test_a_new_key_is_found_but_nobody_can_make_us_ask_all_the_time(
    client: ProviderClient, provider: LyingProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(client._keys, "_clock", lambda: moment[0])
    verified(client, provider)
    fresh = RSAKey.generate_key(2048, {"use": "sig"}, private=True, auto_kid=True)
    provider.signer = fresh
    for _ in range(10):
        with pytest.raises(LoginFailed):
            verified(client, provider)
    asked = len(provider.asked)
    provider.keys = [fresh]
    moment[0] += 31
    assert verified(client, provider)
    assert len(provider.asked) == asked + 1


def test_when_the_provider_is_down_what_it_published_still_counts_for_a_day(
    client: ProviderClient, provider: LyingProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    for kept in (client._keys, client._metadata):
        monkeypatch.setattr(kept, "_clock", lambda: moment[0])
    verified(client, provider)
    provider.down = True
    moment[0] += 7200
    assert verified(client, provider)
    moment[0] += 24 * 3600
    with pytest.raises(Unavailable):
        verified(client, provider)
    provider.down = False
    moment[0] += 31
    assert verified(client, provider)


def test_a_provider_that_never_answered_is_not_asked_by_everyone_in_turn(
    client: ProviderClient, provider: LyingProvider
) -> None:
    provider.down = True
    for _ in range(5):
        with pytest.raises(Unavailable):
            client.metadata()
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=["x"]),
        httpx.Response(200, text="[" * 100_000),
        httpx.Response(200, content=b" " * (LARGEST_ANSWER + 1)),
        httpx.Response(302, headers={"location": "https://evil.example/"}),
        httpx.Response(200, content=b"\xff\xfe\xff"),
    ],
    ids=["500", "html", "list", "deep", "large", "redirect", "no text"],
)
def test_an_answer_that_makes_no_sense_is_unavailable_and_never_a_crash(answer: httpx.Response) -> None:
    client = ProviderClient(Provider(ISSUER, CLIENT), httpx.Client(transport=httpx.MockTransport(lambda _: answer)))
    with pytest.raises(Unavailable):
        client.metadata()


@pytest.mark.parametrize(
    ("status", "error"), [(400, LoginFailed), (401, LoginFailed), (500, Unavailable), (503, Unavailable)]
)
def test_a_refused_code_is_a_failed_login_and_a_broken_provider_is_not(
    client: ProviderClient, provider: LyingProvider, status: int, error: type[Exception]
) -> None:
    provider.token_status = status
    with pytest.raises(error):
        client.exchange("c", redirect_uri="https://x.example/", verifier="v" * 43)
