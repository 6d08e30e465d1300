"""Reading an authorization request: what must be there, and where an error may go (OpenID Connect Core, 3.1.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from .clients import Client
from .grants import LoginRequest
from .levels import levels_from

MAX_QUERY = 8_000
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Unreturnable(Exception):
    """The request is wrong and the address to return to cannot be trusted: the person sees `sentence`."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AuthorizationError(Exception):
    """The request is wrong; the client is told so at its registered address."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str) -> None:
        super().__init__(error)
        self.redirect_uri = redirect_uri
        self.state = state
        self.error = error
        self.description = description


def read_authorization(realm: str, query: str, clients: Mapping[str, Client]) -> LoginRequest:
    """The request in the query string, checked. Raises `Unreturnable` or `AuthorizationError`."""
    if len(query) > MAX_QUERY:
        raise Unreturnable("De vraag om in te loggen is te lang. Ga terug naar de gemeente en begin opnieuw.")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as wrong:
        raise Unreturnable("De vraag om in te loggen is niet te lezen. Ga terug naar de gemeente.") from wrong
    asked = dict(pairs)
    client = clients.get(asked.get("client_id", ""))
    redirect_uri = asked.get("redirect_uri", "")
    twice = len(asked) != len(pairs)
    if client is None or not client.may_return_to(redirect_uri) or twice:
        raise Unreturnable("Wij weten niet zeker waar u vandaan komt. Ga terug naar de gemeente en begin opnieuw.")
    state = asked.get("state")
    if wrong_part := _wrong(asked):
        raise AuthorizationError(redirect_uri, state, *wrong_part)
    return LoginRequest(
        realm=realm,
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        code_challenge=asked["code_challenge"],
        state=state,
        nonce=asked.get("nonce"),
        levels=levels_from(asked.get("acr_values", "")),
    )


def _wrong(asked: Mapping[str, str]) -> tuple[str, str] | None:
    if asked.get("response_type") != "code":
        return "unsupported_response_type", "only the authorization code flow"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope", "scope must contain openid"
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        return "invalid_request", "PKCE with S256 is required"
    if "request" in asked:
        return "request_not_supported", "request objects are not supported"
    if "request_uri" in asked:
        return "request_uri_not_supported", "request objects are not supported"
    if asked.get("response_mode", "query") != "query":
        return "invalid_request", "only response_mode query"
    if asked.get("prompt") == "none":
        return "login_required", "somebody has to choose who to be"
    return None
