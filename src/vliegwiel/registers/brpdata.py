"""Answers of the BRP API Personen v2, as far as they are used: strict types, dates and residences told apart by `type`.

Every field may be absent: the API gives only what was asked and what there is. Unknown fields are ignored, because the
specification may grow; a field of the wrong kind makes the whole answer unusable.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import msgspec

from vliegwiel.base.typed import prepare

from .facts import PartialDate


class BrpStruct(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Base: names as in the API."""


class Datum(BrpStruct, frozen=True, tag="Datum"):
    """A full date."""

    datum: date
    lang_formaat: str = ""


class DatumOnbekend(BrpStruct, frozen=True, tag="DatumOnbekend"):
    """Nothing is known."""

    lang_formaat: str = "onbekend"


class JaarDatum(BrpStruct, frozen=True, tag="JaarDatum"):
    """Only the year is known."""

    jaar: int
    lang_formaat: str = ""


class JaarMaandDatum(BrpStruct, frozen=True, tag="JaarMaandDatum"):
    """Year and month are known."""

    jaar: int
    maand: int
    lang_formaat: str = ""


AnyDatum: TypeAlias = Datum | DatumOnbekend | JaarDatum | JaarMaandDatum


def full_date(datum: AnyDatum | None) -> date | None:
    """The calendar date, when all of it is known."""
    return datum.datum if isinstance(datum, Datum) else None


def partial_date(datum: AnyDatum | None) -> PartialDate | None:
    """What is known of a date that is not complete; None for a full or absent one."""
    match datum:
        case JaarMaandDatum(jaar=jaar, maand=maand, lang_formaat=text):
            return PartialDate(jaar, maand, text)
        case JaarDatum(jaar=jaar, lang_formaat=text):
            return PartialDate(jaar, None, text)
        case DatumOnbekend(lang_formaat=text):
            return PartialDate(None, None, text)
        case _:
            return None


class Waarde(BrpStruct, frozen=True):
    """A coded value."""

    code: str = ""
    omschrijving: str = ""


class Twijfel(BrpStruct, frozen=True):
    """`inOnderzoek`: which fields of the group are under investigation. One type for every group: absent is false."""

    aanduiding: bool = False
    aanhef: bool = False
    aanschrijfwijze: bool = False
    adresregel1: bool = False
    adresregel2: bool = False
    adresseerbaar_object_identificatie: bool = False
    burgerservicenummer: bool = False
    datum: bool = False
    datum_einde: bool = False
    datum_inschrijving_in_gemeente: bool = False
    datum_van: bool = False
    datum_vestiging_in_nederland: bool = False
    functie_adres: bool = False
    gemeente_van_inschrijving: bool = False
    geslacht: bool = False
    geslachtsnaam: bool = False
    huisletter: bool = False
    huisnummer: bool = False
    huisnummertoevoeging: bool = False
    indicatie_curatele_register: bool = False
    korte_straatnaam: bool = False
    leeftijd: bool = False
    nationaliteit: bool = False
    nummeraanduiding_identificatie: bool = False
    officiele_straatnaam: bool = False
    plaats: bool = False
    postcode: bool = False
    soort_verbintenis: bool = False
    type: bool = False
    volledige_naam: bool = False
    voornamen: bool = False
    voorvoegsel: bool = False
    woonplaats: bool = False


NO_DOUBT = Twijfel()


class Naam(BrpStruct, frozen=True):
    """A name."""

    voornamen: str = ""
    voorvoegsel: str = ""
    geslachtsnaam: str = ""
    volledige_naam: str = ""
    in_onderzoek: Twijfel = NO_DOUBT

    @property
    def full(self) -> str:
        """The full name; for relatives, of whom the API gives only the parts, put together."""
        return self.volledige_naam or " ".join(p for p in (self.voornamen, self.voorvoegsel, self.geslachtsnaam) if p)


class Geboorte(BrpStruct, frozen=True):
    """A birth."""

    datum: AnyDatum | None = None
    plaats: Waarde | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Aanschrijfwijze(BrpStruct, frozen=True):
    """The name on an envelope."""

    naam: str = ""


class Adressering(BrpStruct, frozen=True):
    """How to write to somebody."""

    aanhef: str = ""
    aanschrijfwijze: Aanschrijfwijze | None = None
    adresregel1: str = ""
    adresregel2: str = ""
    in_onderzoek: Twijfel = NO_DOUBT


class Verblijfadres(BrpStruct, frozen=True):
    """An address in the Netherlands."""

    officiele_straatnaam: str = ""
    korte_straatnaam: str = ""
    huisnummer: int | None = None
    huisletter: str = ""
    huisnummertoevoeging: str = ""
    postcode: str = ""
    woonplaats: str = ""
    in_onderzoek: Twijfel = NO_DOUBT


class Adres(BrpStruct, frozen=True, tag="Adres"):
    """Living at an address."""

    verblijfadres: Verblijfadres | None = None
    functie_adres: Waarde | None = None
    adresseerbaar_object_identificatie: str = ""
    nummeraanduiding_identificatie: str = ""
    datum_van: AnyDatum | None = None
    indicatie_vastgesteld_verblijft_niet_op_adres: bool = False
    in_onderzoek: Twijfel = NO_DOUBT


class Locatiebeschrijving(BrpStruct, frozen=True):
    """A place in words."""

    locatiebeschrijving: str = ""


class Locatie(BrpStruct, frozen=True, tag="Locatie"):
    """Living at a place without an address."""

    verblijfadres: Locatiebeschrijving | None = None
    functie_adres: Waarde | None = None
    datum_van: AnyDatum | None = None
    indicatie_vastgesteld_verblijft_niet_op_adres: bool = False
    in_onderzoek: Twijfel = NO_DOUBT


class VerblijfplaatsBuitenland(BrpStruct, frozen=True, tag="VerblijfplaatsBuitenland"):
    """Living abroad."""

    datum_van: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class VerblijfplaatsOnbekend(BrpStruct, frozen=True, tag="VerblijfplaatsOnbekend"):
    """Nobody knows where."""

    datum_van: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


Verblijfplaats: TypeAlias = Adres | Locatie | VerblijfplaatsBuitenland | VerblijfplaatsOnbekend


class Nationaliteit(BrpStruct, frozen=True, tag="Nationaliteit"):
    """A nationality."""

    nationaliteit: Waarde | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class BehandeldAlsNederlander(BrpStruct, frozen=True, tag="BehandeldAlsNederlander"):
    """Treated as Dutch."""

    in_onderzoek: Twijfel = NO_DOUBT


class VastgesteldNietNederlander(BrpStruct, frozen=True, tag="VastgesteldNietNederlander"):
    """Found not to be Dutch."""

    in_onderzoek: Twijfel = NO_DOUBT


class Staatloos(BrpStruct, frozen=True, tag="Staatloos"):
    """Without nationality."""

    in_onderzoek: Twijfel = NO_DOUBT


class NationaliteitOnbekend(BrpStruct, frozen=True, tag="NationaliteitOnbekend"):
    """Not known."""

    in_onderzoek: Twijfel = NO_DOUBT


AnyNationaliteit: TypeAlias = (
    Nationaliteit | BehandeldAlsNederlander | VastgesteldNietNederlander | Staatloos | NationaliteitOnbekend
)


class Verbintenis(BrpStruct, frozen=True):
    """Begin or end of a marriage or partnership."""

    datum: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Verwant(BrpStruct, frozen=True):
    """A child or parent."""

    burgerservicenummer: str = ""
    naam: Naam = Naam()
    geboorte: Geboorte = Geboorte()
    in_onderzoek: Twijfel = NO_DOUBT


class Partner(BrpStruct, frozen=True):
    """A spouse or registered partner; `ontbinding` is set when it ended."""

    burgerservicenummer: str = ""
    naam: Naam = Naam()
    geboorte: Geboorte = Geboorte()
    soort_verbintenis: Waarde | None = None
    aangaan_huwelijk_partnerschap: Verbintenis | None = None
    ontbinding_huwelijk_partnerschap: Verbintenis | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Gezagspersoon(BrpStruct, frozen=True):
    """Somebody in an authority relation."""

    burgerservicenummer: str = ""


class Gezagsrelatie(BrpStruct, frozen=True):
    """Authority over a minor. `type` names the kind; which of the others is filled depends on it."""

    type: str
    minderjarige: Gezagspersoon
    ouders: tuple[Gezagspersoon, ...] = ()
    ouder: Gezagspersoon | None = None
    derde: Gezagspersoon | None = None
    derden: tuple[Gezagspersoon, ...] = ()
    in_onderzoek: bool = False


class Opschorting(BrpStruct, frozen=True):
    """The list is no longer kept up."""

    reden: Waarde = Waarde()
    datum: AnyDatum | None = None


class Overlijden(BrpStruct, frozen=True):
    """A death."""

    datum: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Immigratie(BrpStruct, frozen=True):
    """Coming to the Netherlands."""

    datum_vestiging_in_nederland: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Verblijfstitel(BrpStruct, frozen=True):
    """A residence title."""

    aanduiding: Waarde | None = None
    datum_einde: AnyDatum | None = None
    in_onderzoek: Twijfel = NO_DOUBT


class Persoon(BrpStruct, frozen=True):
    """A person, as far as asked."""

    burgerservicenummer: str = ""
    geheimhouding_persoonsgegevens: bool = False
    opschorting_bijhouding: Opschorting | None = None
    geslacht: Waarde | None = None
    leeftijd: int | None = None
    naam: Naam = Naam()
    geboorte: Geboorte = Geboorte()
    adressering: Adressering = Adressering()
    verblijfplaats: Verblijfplaats | None = None
    gemeente_van_inschrijving: Waarde | None = None
    datum_inschrijving_in_gemeente: AnyDatum | None = None
    overlijden: Overlijden | None = None
    immigratie: Immigratie | None = None
    indicatie_curatele_register: bool = False
    nationaliteiten: tuple[AnyNationaliteit, ...] = ()
    verblijfstitel: Verblijfstitel | None = None
    kinderen: tuple[Verwant, ...] = ()
    ouders: tuple[Verwant, ...] = ()
    partners: tuple[Partner, ...] = ()
    gezag: tuple[Gezagsrelatie, ...] = ()
    in_onderzoek: Twijfel = NO_DOUBT


class PersonenAntwoord(BrpStruct, frozen=True):
    """An answer."""

    type: str
    personen: tuple[Persoon, ...] = ()


prepare(PersonenAntwoord)
