"""How the keys of definitions are called on pages. A key that is not here is called by itself."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "aan": "Aan wie",
    "aanleiding": "Aanleiding",
    "aanspraak": "Wat het besluit geeft",
    "afgeleid": "Afgeleide resultaten",
    "afspraak": "Afspraak",
    "als": "Alleen als",
    "anders_vragen": "Vraag in plaats daarvan",
    "automatisch": "Besluiten zonder mens",
    "begint_als": "Begint als",
    "beslissen": "Beslistermijn",
    "bezwaar": "Bezwaar",
    "bij": "Bij opening",
    "bronnen": "Bronnen",
    "bwb": "Nummer van de wet (BWB)",
    "cvdr": "Nummer van de verordening (CVDR)",
    "daarna": "Uitkomst als er geen antwoord komt",
    "dan": "Uitkomst",
    "decimalen": "Cijfers achter de komma",
    "delen": "Delen van de prijs",
    "doe": "Wat iemand dan het beste doet",
    "doet": "Wat er dan gebeurt",
    "eind": "Einde van de zaak",
    "fasen": "Fasen",
    "feit": "Naam waaronder de wet dit kent",
    "feiten": "Feiten voor de wet",
    "fout": "Zin bij een antwoord dat niet kan",
    "gegevens": "Gegevens die wij zelf opzoeken",
    "geverifieerd": "Nagekeken in de bron",
    "goed_om_te_weten": "Goed om te weten",
    "grondslag": "Grondslag",
    "hoe_lang": "Hoe lang duurt het",
    "informeert": "De inwoner krijgt bericht",
    "kanalen": "Manieren van aanvragen",
    "keuzes": "Keuzes",
    "keuzes_uit": "Keuzes uit gegeven",
    "klaar_als": "Klaar als",
    "klokken": "Herinneringen en termijnen",
    "kop": "Kopje",
    "kosten": "Kosten",
    "label": "Vraag of opschrift",
    "leeg": "Zin als er niets is ingevuld",
    "leges": "Leges",
    "levertijd": "Hoe lang het in de praktijk duurt",
    "max": "Hoogste waarde",
    "meenemen": "Wat iemand meeneemt",
    "meer": "Meer dan één mag",
    "met": "Openingen die open staan",
    "min": "Laagste waarde",
    "naam": "Naam",
    "nodig": "Wat heeft u nodig",
    "omdat": "Omdat",
    "op": "Datum",
    "ophalen": "Ophalen",
    "opzoeken": "Adres opzoeken in de BAG",
    "pagina": "Productpagina",
    "past_dit": "Past dit bij u?",
    "patroon": "Patroon",
    "proces": "Proces",
    "rollen": "Rollen",
    "samenvatting": "Samenvatting",
    "schort_op": "Artikel dat de termijn stilzet",
    "selectielijst": "Nummer in de selectielijst",
    "sleutel": "Sleutel",
    "soort": "Soort",
    "soorten": "Soorten bestanden",
    "stappen": "Vragen aan de inwoner",
    "statussen": "Statussen",
    "stukken": "Stukken",
    "taken": "Taken",
    "tekst": "Tekst",
    "teksten": "Teksten van brieven en berichten",
    "tekst_van": "Tekst van",
    "termijn": "Termijn",
    "termijnen": "Termijnen",
    "toestaan": "Toegestaan",
    "tonen_als": "Alleen tonen als",
    "tot": "Tot en met",
    "tot_regel": "Einddatum volgens regel",
    "uitkomst_als": "Van regels naar uitkomst",
    "uitkomsten": "Uitkomsten",
    "uitleg": "Uitleg",
    "upl": "Naam in de UPL",
    "vast": "Wat vastligt",
    "velden": "Velden",
    "verdagen": "Verdagen",
    "verlengbaar": "Kan worden verlengd",
    "verleent": "Geeft een recht",
    "vertelt": "Wat het voorbeeld vertelt",
    "verwacht": "Wat eruit moet komen",
    "verwerking": "Waarom wij gegevens gebruiken",
    "vier_ogen": "Wanneer een tweede mens meekijkt",
    "voor": "Voor wie",
    "vooraf": "Vóór het einde",
    "voorbeelden": "Voorbeelden",
    "vraag": "Vraag",
    "vragen": "Vragen",
    "adviezen": "Adviezen",
    "wachten": "Wachten op een ander",
    "wat": "Wat is het",
    "wat_maakt_het_anders": "Wat kan iemand doen",
    "waarom": "Waarom vragen wij dit",
    "waarom_niet": "Waarom wij dit niet vragen",
    "waarvoor": "Waarvoor",
    "wet": "Wet of regeling",
    "zaaktype": "Zaaktype",
    "zin": "Zin",
    "zoals": "Zoals voorbeeld",
    "zoekwoorden": "Zoekwoorden",
    "zonder": "Zonder",
}
_LONG = frozenset({"tekst", "wat", "uitleg", "omschrijving", "opmerking", "wat_maakt_het_anders"})

FORM = "Vragen en stukken"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Wat de inwoner leest": ("pagina", "zoekwoorden", "past_dit", "naam"),
    FORM: ("stappen", "stukken", "gegevens", "kanalen", "afspraak"),
    "Geld en termijnen": ("leges", "termijnen", "bezwaar"),
    "Wet en uitkomst": ("wet", "uitkomst_als", "uitkomsten", "aanspraak", "automatisch", "vier_ogen"),
    "Brieven en berichten": ("teksten",),
    "Proces": ("patroon", "proces"),
    "Voorbeelden": ("voorbeelden",),
    "Verantwoording": ("bronnen", "verwerking", "zaaktype", "upl", "vast", "versie", "sleutel", "soort"),
}
"""The parts of a product in the order in which somebody who manages it looks for them."""


def label(key: str) -> str:
    """How a key is called."""
    return LABELS.get(key) or key.replace("_", " ").replace(".", ", ").capitalize()


def is_long(key: str) -> bool:
    """Whether a text under this key takes several lines."""
    return key in _LONG


def dotted(path: tuple[str, ...]) -> str:
    """A path as it is written in a variant: a key with a dot stands between quotes."""
    return ".".join(f'"{key}"' if "." in key else key for key in path)
