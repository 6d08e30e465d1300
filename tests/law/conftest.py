"""Laws for the tests of the law room: small, and not about anything real."""

from __future__ import annotations

import pytest

from vliegwiel.law import LawBook

LAW = """\
wet: proefwet
naam: Proefwet
soort: wet
bwb: BWBR0000001
geldig: {van: 2024-01-01}
gelezen: 2024-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst, krant: een krant}
artikelen:
  "1": {titel: Recht}
  "2": {titel: Hoogte}
gegevens:
  geboortedatum: {soort: datum, vraag: Wat is uw geboortedatum?}
  woont_hier: {soort: ja/nee, vraag: Woont u hier?}
  inkomen: {soort: geld per maand, vraag: Wat verdient u?, omschrijving: uw inkomen}
  huishouden: {soort: keuze, keuzes: {alleen: alleenstaand, paar: samenwonend}, vraag: Hoe woont u?}
normen:
  grens:
    soort: geld per maand
    artikel: "1"
    omschrijving: de inkomensgrens
    houdbaar: kalenderjaar
    daarna: laatste bekende
    waarden: {2024-01-01: 1000.00, 2025-01-01: {waarde: 1100.00, bron: krant, geverifieerd: nee}}
  bedrag:
    soort: geld per jaar
    artikel: "2"
    velden: [alleen, paar]
    waarden: {2024-01-01: [400.00, 600.00]}
open_termen:
  percentage: {soort: getal in procent, artikel: "1", standaard: 100, omschrijving: het percentage}
  extra: {soort: geld per jaar, artikel: "2", omschrijving: het extra bedrag}
oordelen:
  bijzonder: {artikel: "1 lid 3", vraag: Is er iets bijzonders?}
regels:
  leeftijd: {soort: getal in jaar, artikel: "1", formule: "hele_jaren(geboortedatum, peildatum)"}
  recht:
    soort: ja/nee
    artikel: "1"
    omschrijving: recht op de toeslag
    alle:
      - {als: leeftijd >= 18, artikel: "1 lid 1", ja: U bent 18 of ouder., nee: U bent nog geen 18.}
      - {als: woont_hier, artikel: "1 lid 1", ja: U woont hier., nee: U woont hier niet., anders: u gaat hier wonen}
      - als: inkomen <= procent(percentage, grens) or bijzonder
        artikel: "1 lid 2"
        ja: "Uw inkomen ({inkomen}) is laag genoeg."
        nee: "Uw inkomen ({inkomen}) is te hoog."
    uitleg: {ja: U hebt recht op de toeslag., nee: U hebt geen recht op de toeslag.}
  hoogte:
    soort: geld per jaar
    artikel: "2"
    tabel:
      treffer: U
      invoer: [recht, huishouden]
      regels:
        - {als: {recht: nee}, dan: 0}
        - {als: {recht: ja, huishouden: alleen}, dan: bedrag.alleen, omdat: u alleen woont}
        - {als: {recht: ja, huishouden: paar}, dan: bedrag.paar, omdat: u samenwoont}
    uitleg: {waarde: "U krijgt {hoogte}."}
  totaal: {soort: geld per jaar, artikel: "2", formule: hoogte + extra}
voorbeelden:
  - naam: Alleen met een laag inkomen
    op: 2024-06-01
    gegevens: {geboortedatum: 1990-01-01, woont_hier: ja, inkomen: 900.00, huishouden: alleen}
    verwacht: {recht: ja, hoogte: 400.00, totaal: onbekend}
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
  extra: {artikel: "4", formule: 'if huishouden = "paar" then 50 else 25'}
voorbeelden:
  - naam: Alleen
    op: 2024-06-01
    gegevens: {geboortedatum: 1990-01-01, woont_hier: ja, inkomen: 1200.00, huishouden: alleen}
    verwacht: {recht: ja, totaal: 425.00}
  - naam: Samen
    op: 2024-06-01
    gegevens: {geboortedatum: 1990-01-01, woont_hier: ja, inkomen: 1200.00, huishouden: paar}
    verwacht: {totaal: 650.00}
"""


@pytest.fixture(scope="session")
def book() -> LawBook:
    return LawBook.loads(LAW, ORDINANCE)
