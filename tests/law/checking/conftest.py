"""A small law without a fault, its ordinance and the general law it leans on: each test breaks one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vliegwiel.law.checking import Report, check_texts
from vliegwiel.law.findings import Finding

ON = date(2026, 11, 24)

LAW = """\
wet: proefwet
naam: Proefwet
soort: wet
geldig: {van: 2024-01-01}
gelezen: 2024-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst}
gebruikt: [algemeen]

artikelen:
  "1": {titel: Recht}
  "2": {titel: Hoogte}

gegevens:
  geboortedatum: {soort: datum, vraag: Wat is uw geboortedatum?}
  woont_hier: {soort: ja/nee, vraag: Woont u hier?}
  inkomen: {soort: geld per maand, vraag: Hoeveel verdient u?}
  huishouden: {soort: keuze, keuzes: [alleen, paar, groep], vraag: Hoe woont u?}
  kinderen: {soort: getal, vraag: Hoeveel kinderen hebt u?}
  ziek_sinds: {soort: datum, vraag: Sinds wanneer bent u ziek?}

normen:
  grens:
    soort: geld per maand
    artikel: "1"
    houdbaar: kalenderjaar
    waarden:
      2024-01-01: 1000.00
      2025-01-01: 1100.00
      2026-01-01: 1200.00
  bedrag:
    soort: geld per jaar
    artikel: "2"
    velden: [alleen, paar]
    waarden:
      2024-01-01: [400.00, 600.00]

open_termen:
  percentage: {soort: getal in procent, artikel: "1", standaard: 100}
  extra: {soort: geld per jaar, artikel: "2"}

oordelen:
  bijzonder: {artikel: "1", vraag: Is er iets bijzonders?}

regels:
  leeftijd:
    soort: getal in jaar
    artikel: "1"
    formule: hele_jaren(geboortedatum, peildatum)

  recht:
    soort: ja/nee
    artikel: "1"
    alle:
      - als: leeftijd >= 18
        ja: U bent 18 of ouder.
        nee: U bent nog geen 18.
      - als: woont_hier
        ja: U woont hier.
        nee: U woont niet hier.
      - als: inkomen <= procent(percentage, grens) or bijzonder
        ja: Uw inkomen ({inkomen}) is laag genoeg.
        nee: Uw inkomen ({inkomen}) is te hoog.
    uitleg: {ja: U hebt recht op de toeslag., nee: U hebt geen recht op de toeslag.}

  zorg:
    soort: ja/nee
    artikel: "1"
    een:
      - als: kinderen > 0
        ja: U hebt kinderen.
        nee: U hebt geen kinderen.
      - als: ziek_sinds != null
        ja: U bent ziek.
        nee: U bent niet ziek.
    uitleg: {ja: U zorgt voor een ander of voor uzelf., nee: U hebt geen zorg.}

  klasse:
    soort: keuze
    keuzes: [jong, midden, oud]
    artikel: "2"
    tabel:
      treffer: F
      invoer: [leeftijd]
      regels:
        - {als: {leeftijd: "< 27"}, dan: jong}
        - {als: {leeftijd: "< 67"}, dan: midden}
        - {dan: oud}

  hoogte:
    soort: geld per jaar
    artikel: "2"
    tabel:
      treffer: U
      invoer: [recht, huishouden, kinderen]
      regels:
        - {als: {recht: nee}, dan: 0}
        - {als: {recht: ja, huishouden: alleen}, dan: bedrag.alleen}
        - {als: {recht: ja, huishouden: "paar, groep", kinderen: "< 1"}, dan: bedrag.paar}
        - {als: {recht: ja, huishouden: "paar, groep", kinderen: ">= 1"}, dan: bedrag.paar + 100}
    uitleg: {waarde: "U krijgt {hoogte}."}

  vanaf:
    soort: datum
    artikel: "2"
    tabel:
      treffer: U
      invoer: [ziek_sinds]
      regels:
        - {als: {ziek_sinds: 'null'}, dan: peildatum}
        - {als: {ziek_sinds: '< date("2024-01-01")'}, dan: 'date("2024-01-01")'}
        - {als: {ziek_sinds: '>= date("2024-01-01")'}, dan: ziek_sinds}
    uitleg: {waarde: "U krijgt de toeslag vanaf {vanaf}."}

  totaal:
    soort: geld per jaar
    artikel: "2"
    formule: if klasse = "oud" then hoogte + extra else hoogte
    uitleg: {waarde: "Samen is dat {totaal}."}

  per_persoon:
    soort: geld per jaar
    artikel: "2"
    formule: afronden(totaal / (kinderen + 1), 2)
    uitleg: {waarde: "Voor ieder is dat {per_persoon}."}

wijkt_af:
  - {regel: algemeen.termijn, artikel: "1", formule: weken(4)}

voorbeelden:
  - naam: Alleen en jong
    op: 2026-06-01
    gegevens:
      geboortedatum: 2004-01-01
      woont_hier: ja
      inkomen: 900.00
      huishouden: alleen
      kinderen: 0
      ziek_sinds: null
      bijzonder: nee
    verwacht: {recht: ja, hoogte: 400.00, totaal: 400.00, zorg: nee, vanaf: 2026-06-01}
  - naam: Paar zonder kinderen, ziek
    zoals: Alleen en jong
    op: 2026-06-01
    gegevens: {geboortedatum: 1990-01-01, huishouden: paar, ziek_sinds: 2026-01-05}
    verwacht: {hoogte: 600.00, totaal: 600.00, per_persoon: 600.00, zorg: ja, vanaf: 2026-01-05}
  - naam: Groep met kinderen, oud
    zoals: Alleen en jong
    op: 2026-06-01
    gegevens: {geboortedatum: 1950-01-01, huishouden: groep, kinderen: 2, ziek_sinds: 2020-01-05, extra: 20.00}
    verwacht: {totaal: 720.00, per_persoon: 240.00, zorg: ja, vanaf: 2024-01-01}
  - naam: Nergens recht op
    zoals: Alleen en jong
    op: 2026-06-01
    gegevens: {geboortedatum: 2012-01-01, woont_hier: nee, inkomen: 9000.00, huishouden: paar}
    verwacht: {recht: nee, hoogte: 0}
  - naam: De afwijking
    op: 2026-06-01
    gegevens: {}
    verwacht: {algemeen.termijn: 4 weken}
"""

GENERAL = """\
wet: algemeen
naam: Algemene wet
soort: wet
geldig: {van: 2020-01-01}
gelezen: 2020-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst}
artikelen: {"1": {titel: Termijn}}
regels:
  termijn:
    soort: duur in dagen
    artikel: "1"
    formule: weken(8)
    uitleg: {waarde: "De termijn is {termijn}."}
voorbeelden:
  - {naam: De termijn, op: 2026-06-01, gegevens: {}, verwacht: {termijn: 8 weken}}
"""

ORDINANCE = """\
verordening: proef_leiden
naam: Verordening Leiden
soort: verordening
vult: proefwet
gemeente: GM0546
grondslag: "1"
geldig: {van: 2024-01-01}
geverifieerd: ja
bron: pagina
bronnen: {pagina: een pagina}
artikelen: {"4": {titel: Grens}}

invulling:
  percentage: {artikel: "4", waarde: 120}
  extra: {artikel: "4", formule: if kinderen > 2 then 50 else 25}

voorbeelden:
  - naam: Oud met drie kinderen
    op: 2026-06-01
    gegevens:
      geboortedatum: 1950-01-01
      woont_hier: ja
      inkomen: 1300.00
      huishouden: paar
      kinderen: 3
      ziek_sinds: null
      bijzonder: nee
    verwacht: {totaal: 750.00}
  - naam: Oud zonder kinderen
    zoals: Oud met drie kinderen
    op: 2026-06-01
    gegevens: {kinderen: 0}
    verwacht: {totaal: 625.00}
"""

FILES = {"wet.yaml": LAW, "algemeen.yaml": GENERAL, "leiden.yaml": ORDINANCE}


def checked(
    changes: Mapping[str, str] | None = None,
    *,
    file: str = "wet.yaml",
    more: Mapping[str, str] | None = None,
    on: date | None = ON,
    gemeenten: Sequence[str] = (),
) -> tuple[Report, dict[str, str]]:
    """The report on the three files with some text of one replaced, and the files."""
    files = dict(FILES)
    for old, new in (changes or {}).items():
        assert files[file].count(old) == 1, f"{files[file].count(old)} times: {old}"
        files[file] = files[file].replace(old, new)
    files |= more or {}
    return check_texts(files, on=on, gemeenten=gemeenten), files


def line_of(text: str, part: str) -> int:
    """The line of a file on which something first stands."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def only(report: Report, code: str) -> Finding:
    """The one finding with this code."""
    found = [finding for finding in report.findings if finding.code == code]
    assert len(found) == 1, [str(finding) for finding in report.findings]
    return found[0]
