"""Every code that a finding about a law can have: what it means and what to do. The list in the documentation is this list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vliegwiel.law.findings import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. `severities` are those it can have, `advice` says in one sentence what to do."""

    name: str
    severities: tuple[Severity, ...]
    meaning: str
    advice: str


_WRONG: Final[tuple[Severity, ...]] = ("fout",)
_LOOK: Final[tuple[Severity, ...]] = ("let op",)
_TELL: Final[tuple[Severity, ...]] = ("opmerking",)

_ALL: Final = (
    # reading
    Code(
        "bestand",
        _WRONG,
        "Het bestand volgt het formaat niet: inspringen, een tab, een sleutel die dubbel, onbekend of vergeten is.",
        "Wat waar mag staan, staat in docs/wetformaat.md.",
    ),
    Code(
        "naam",
        _WRONG,
        "Een naam bestaat niet, is al gebruikt of is een functie; ook tussen accolades in een zin.",
        "Gebruik een naam die in dit bestand staat, of zet haar erbij.",
    ),
    Code(
        "soort",
        _WRONG,
        "Een soort of waarde past niet bij wat er hoort.",
        "Kies de soort die bij de waarde hoort, of verander de waarde.",
    ),
    Code(
        "formule",
        _WRONG,
        "Een formule is niet te lezen, of soorten, eenheden of perioden mogen niet samen (maand en jaar).",
        "Wat in een formule mag, staat in docs/wetformaat.md onder 'FEEL in wetten'.",
    ),
    Code(
        "artikel",
        _WRONG,
        "Een artikel staat niet onder 'artikelen', of heet niet uitgewerkt en wordt toch gebruikt.",
        "Zet het artikel onder 'artikelen', of noem het goede artikel.",
    ),
    Code(
        "bron",
        _WRONG,
        "Een bron staat niet onder 'bronnen'.",
        "Zet de bron onder 'bronnen', of noem een bron die er staat.",
    ),
    Code(
        "norm",
        _WRONG,
        "Een norm die een andere volgt, past daar niet bij.",
        "Kijk naar 'indexering'.",
    ),
    Code(
        "indexering",
        _LOOK,
        "Een gegeven waarde is anders dan de indexering geeft.",
        "Kijk welke van de twee klopt.",
    ),
    Code(
        "geldigheid",
        ("fout", "let op"),
        "Twee versies gelden op dezelfde dag, of een verordening loopt door na haar wet.",
        "Geef de oude versie een laatste dag: 'tot'.",
    ),
    Code(
        "samenhang",
        _WRONG,
        "Teksten passen niet bij elkaar: twee verordeningen vullen hetzelfde in, of een naam komt dubbel voor.",
        "Haal een van de twee weg, of geef haar een andere naam.",
    ),
    Code(
        "kring",
        _WRONG,
        "Regels hebben elkaar nodig, in een kring.",
        "Haal één van deze verwijzingen weg.",
    ),
    # tables
    Code(
        "gat",
        ("fout", "let op"),
        "Voor een combinatie is geen regel in de tabel geschreven.",
        "Schrijf een regel voor dit geval, of een laatste regel zonder voorwaarden.",
    ),
    Code(
        "overlap",
        _WRONG,
        "Twee regels van een tabel passen tegelijk, terwijl de treffer dat niet toestaat.",
        "Maak de regels zo dat er één past, of kies een andere treffer.",
    ),
    Code(
        "regel-onmogelijk",
        _WRONG,
        "Een regel van een tabel kan nooit passen.",
        "Verander de vakken van deze regel, of haal haar weg.",
    ),
    Code(
        "regel-overschaduwd",
        _WRONG,
        "Een regel van een tabel komt nooit aan de beurt, omdat andere steeds voorgaan.",
        "Zet de regel eerder, maak de andere nauwer, of haal haar weg.",
    ),
    Code(
        "niet-nagerekend",
        _TELL,
        "Een tabel is te groot om helemaal na te rekenen.",
        "Maak de tabel kleiner, bijvoorbeeld met een hulpregel.",
    ),
    # conditions and branches
    Code(
        "nooit-waar",
        _WRONG,
        "Aan een voorwaarde kan niemand voldoen.",
        "Kijk of de voorwaarde is wat de wet zegt.",
    ),
    Code(
        "altijd-waar",
        _WRONG,
        "Aan een voorwaarde is altijd voldaan.",
        "Kijk of de voorwaarde is wat de wet zegt, of haal haar weg.",
    ),
    Code(
        "tegenspraak",
        _WRONG,
        "Voorwaarden die alle moeten gelden, kunnen niet samen.",
        "Maak er 'een' van in plaats van 'alle', of verander een van de voorwaarden.",
    ),
    Code(
        "overbodig",
        ("let op", "opmerking"),
        "Een voorwaarde voegt niets toe aan de andere.",
        "Haal haar weg, tenzij zij een eigen zin of artikel verdient.",
    ),
    Code(
        "tak-onbereikbaar",
        _WRONG,
        "Een tak van een 'if' wordt nooit bereikt.",
        "Haal de 'if' weg, of verander de voorwaarde.",
    ),
    # use
    Code(
        "regel-ongebruikt",
        _WRONG,
        "Niets gebruikt een regel, en hij is geen uitkomst.",
        "Gebruik de regel, geef hem een uitleg of een voorbeeld, of haal hem weg.",
    ),
    Code(
        "ongebruikt",
        _LOOK,
        "Geen regel gebruikt een gegeven, norm of open term. Een gegeven dat niet nodig is, mag niet worden gevraagd.",
        "Haal het weg, of gebruik het.",
    ),
    Code(
        "afwijking-zonder-gevolg",
        ("fout", "let op"),
        "Een afwijking van een algemene wet verandert niets.",
        "Haal de afwijking weg.",
    ),
    Code(
        "artikel-ongebruikt",
        _LOOK,
        "Op een artikel rust geen regel, norm of open term.",
        "Haal het weg, of zet er 'gemodelleerd: nee' bij.",
    ),
    Code(
        "niet-gemodelleerd",
        _TELL,
        "Een artikel is bewust niet uitgewerkt.",
        "U hoeft niets te doen; lezers moeten het weten.",
    ),
    Code(
        "open-term",
        ("fout", "let op", "opmerking"),
        "Een gemeente regelt niet wat de wet aan haar overlaat, en er is geen standaard.",
        "Vul de term in bij 'invulling', of geef de wet een 'standaard'.",
    ),
    Code(
        "openstaand",
        _TELL,
        "Een jurist moet nog iets nagaan.",
        "Vraag het na en haal de zin weg bij 'openstaand'.",
    ),
    # dates
    Code(
        "geldigheid-gat",
        _WRONG,
        "Tussen twee versies van een tekst zitten dagen waarop geen van beide geldt.",
        "Laat de versies op elkaar aansluiten.",
    ),
    Code(
        "geldigheid-deel",
        _WRONG,
        "Een voorwaarde of regel geldt alleen op dagen waarop de tekst niet geldt.",
        "Kijk naar 'geldig' van dit onderdeel.",
    ),
    Code(
        "verlopen",
        ("fout", "let op"),
        "Een tekst geldt niet meer op de dag van de controle.",
        "Zet de volgende versie erbij, of controleer met --on een dag waarop zij gold.",
    ),
    Code(
        "gemeente",
        ("fout", "let op"),
        "Een verordening geldt voor een gemeente die niet bestaat, of niet meer.",
        "Noem de code van de gemeente die er nu is, of geef de verordening een laatste dag.",
    ),
    Code(
        "nog-niet-geldig",
        _TELL,
        "Een tekst geldt nog niet op de dag van de controle.",
        "U hoeft niets te doen.",
    ),
    Code(
        "steunt-op-verlopen",
        _WRONG,
        "Een tekst steunt op een wet die op de dag van de controle niet geldt.",
        "Zet de versie van die wet erbij die nu geldt.",
    ),
    Code(
        "jaar-ontbreekt",
        ("fout", "let op"),
        "Van een norm ontbreekt de waarde van een jaar.",
        "Zet de waarde van dat jaar bij 'waarden', met haar bron.",
    ),
    Code(
        "norm-oud",
        _TELL,
        "Een norm is van een eerder jaar; zij telt als niet nagekeken.",
        "Zet de waarde van dit jaar erbij zodra zij bekend is.",
    ),
    Code(
        "norm-onbekend",
        _TELL,
        "Van een norm is de waarde niet gevonden; het bestand zegt dat zelf.",
        "Zet de waarde erbij zodra zij bekend is, met haar bron.",
    ),
    Code(
        "norm-te-laat",
        _TELL,
        "Een tekst geldt al voordat haar norm een waarde heeft.",
        "Zet de eerdere waarde erbij, als zij bekend is.",
    ),
    # examples
    Code(
        "voorbeeld",
        _WRONG,
        "Een voorbeeld komt anders uit dan het zegt.",
        "Kijk wie gelijk heeft: het voorbeeld of de regel.",
    ),
    Code(
        "dekking",
        _WRONG,
        "Geen voorbeeld raakt een regel, voorwaarde of tak.",
        "Schrijf een voorbeeld waarin dit gebeurt.",
    ),
    # numbers and sentences
    Code(
        "deling-door-nul",
        _LOOK,
        "Er kan door nul worden gedeeld; dan is er geen uitkomst.",
        "Zet er een 'if' omheen, of regel het geval van nul apart.",
    ),
    Code(
        "niet-afgerond",
        _TELL,
        "Een bedrag wordt gedeeld of is een percentage, en wordt niet afgerond.",
        "Rond af met afronden(x, 2) als de wet dat zegt.",
    ),
    Code(
        "lange-zin",
        _TELL,
        "Een zin voor mensen is te lang voor niveau B1.",
        "Maak er twee zinnen van.",
    ),
)

CODES: Final = {code.name: code for code in _ALL}


def advice(code: str) -> str:
    """What to do about a finding with this code."""
    known = CODES.get(code)
    return known.advice if known is not None else ""
