"""A persoonslijst: what the BRP holds about one person, per category, as elements of the Logisch Ontwerp (LO BRP, "LO3").

Only what holds now is kept; history is left out. Elements are written without their category: `02.40` in `persoon` is
01.02.40. From a persoonslijst the API's answers are derived at the moment of asking, because some depend on the day.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Rubrieken: TypeAlias = dict[str, str]
"""Elements of one category: `"03.10"` to `"19840312"`. An element without a value is absent."""


class Persoonslijst(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One list. Its categories carry the numbers of the Logisch Ontwerp: persoon 01, ouder1 02, ouder2 03, nationaliteiten
    04, partners 05, overlijden 06, inschrijving 07, verblijfplaats 08, kinderen 09, verblijfstitel 10, gezag 11, kiesrecht 13.
    """

    sleutel: str
    persoon: Rubrieken
    ouder1: Rubrieken = {}
    ouder2: Rubrieken = {}
    nationaliteiten: tuple[Rubrieken, ...] = ()
    partners: tuple[Rubrieken, ...] = ()
    overlijden: Rubrieken = {}
    inschrijving: Rubrieken = {}
    verblijfplaats: Rubrieken = {}
    kinderen: tuple[Rubrieken, ...] = ()
    verblijfstitel: Rubrieken = {}
    gezag: Rubrieken = {}
    kiesrecht: Rubrieken = {}

    @property
    def bsn(self) -> str | None:
        """01.01.20."""
        return self.persoon.get("01.20")

    @property
    def opschorting(self) -> str | None:
        """Why the list is no longer kept up (07.67.20); None while it is."""
        return self.inschrijving.get("67.20")

    @property
    def levering_verboden(self) -> bool:
        """Lists that were made by mistake (F) or wiped (W) are never delivered."""
        return self.opschorting in {"F", "W"}

    @property
    def partner(self) -> Rubrieken | None:
        """The marriage or partnership that holds now, else the one that ended last; None when there never was one."""
        actueel = [partner for partner in self.partners if "07.10" not in partner]
        if actueel:
            return max(actueel, key=lambda partner: partner.get("06.10", ""))
        return max(self.partners, key=lambda partner: partner.get("07.10", ""), default=None)
