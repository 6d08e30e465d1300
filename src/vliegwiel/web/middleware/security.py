"""Headers that tell the browser what these pages may do: nothing but what we serve ourselves.

Sources: CSP level 3, Fetch Metadata, the NCSC's web guidelines as tested by internet.nl. There is no inline style or script
anywhere, so the policy needs no nonce and no exception.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vliegwiel.trust.identity import Anonymous

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb", "browsing-topics", "interest-cohort",
    )
)  # fmt: skip
PERSONAL = ("/mijn/", "/aanvraag/", "/inloggen/", "/uitloggen/", "/werk/", "/studio/", "/rondes/")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def content_security_policy() -> str:
    """Forms may also lead to the identity providers: a browser follows the rule through redirects."""
    providers = sorted({_origin(settings.OIDC_CITIZEN_ISSUER), _origin(settings.OIDC_STAFF_ISSUER)} - {""})
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        " ".join(["form-action 'self'", *providers]),
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if settings.SECURE:
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)


class SecurityHeaders:
    """Adds the headers; a view that set one of them itself keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", self.policy)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("X-Frame-Options", "DENY")
        # What is about a person stays in no cache, not even the browser's: "back" after logging out shows nothing.
        anonymous = isinstance(getattr(request, "actor", None), Anonymous)
        personal = not anonymous or request.path.startswith(PERSONAL)
        headers.setdefault("Cache-Control", "no-store" if personal else "private, no-cache")
        return response
