"""Assurance levels of DigiD as a broker passes them on: SAML class references in the claim `acr` (source: Logius)."""

from __future__ import annotations

from enum import StrEnum

_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:"


class Level(StrEnum):
    """The four levels, lowest first. The value is the `acr`."""

    BASIS = _CLASS + "PasswordProtectedTransport"
    MIDDEN = _CLASS + "MobileTwoFactorContract"
    SUBSTANTIEEL = _CLASS + "Smartcard"
    HOOG = _CLASS + "SmartcardPKI"

    @property
    def label(self) -> str:
        """For people."""
        return {
            Level.BASIS: "Basis: gebruikersnaam en wachtwoord",
            Level.MIDDEN: "Midden: DigiD-app of sms-code",
            Level.SUBSTANTIEEL: "Substantieel: DigiD-app met ID-check",
            Level.HOOG: "Hoog: rijbewijs of identiteitskaart",
        }[self]

    @property
    def short(self) -> str:
        """The value in forms."""
        return self.name.lower()


def levels_from(acr_values: str) -> tuple[Level, ...]:
    """The levels that satisfy a request: the lowest level asked for and all above. Unknown values ask for nothing."""
    ordered = list(Level)
    asked = [ordered.index(Level(value)) for value in acr_values.split() if value in set(Level)]
    return tuple(ordered[min(asked) :]) if asked else tuple(ordered)
