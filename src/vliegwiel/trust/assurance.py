"""How sure the provider is of who logged in: what stands in a token as `acr` (or `loa`), as a level of DigiD.

DigiD names its levels by SAML authentication contexts (Logius, Koppelvlakspecificatie DigiD SAML); brokers pass those on, or
the levels of eIDAS. `low` of eIDAS may be either of the two lower levels and counts as the lower.
"""

from __future__ import annotations

from collections.abc import Mapping

from .identity import Level

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_EIDAS = "http://eidas.europa.eu/LoA/"

ACR_OF_LEVEL: Mapping[Level, str] = {
    Level.BASIS: _SAML + "PasswordProtectedTransport",
    Level.MIDDEN: _SAML + "MobileTwoFactorContract",
    Level.SUBSTANTIEEL: _SAML + "Smartcard",
    Level.HOOG: _SAML + "SmartcardPKI",
}

_LEVEL_OF_ACR: Mapping[str, Level] = {
    **{acr: level for level, acr in ACR_OF_LEVEL.items()},
    _EIDAS + "low": Level.BASIS,
    _EIDAS + "substantial": Level.SUBSTANTIEEL,
    _EIDAS + "high": Level.HOOG,
}


def level_of(acr: object) -> Level | None:
    """The level a token states, or None for a value we do not know: then nothing is sure."""
    return _LEVEL_OF_ACR.get(acr) if isinstance(acr, str) else None
