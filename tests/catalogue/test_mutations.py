"""A wrong definition is refused with file, line and what to do. Each mutation below was once a likely mistake."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from vliegwiel.catalogue.check import check_all
from vliegwiel.catalogue.library import DEFINITIONS, Library

TODAY = date(2026, 11, 24)
PRODUCT = "producten/rijbewijs-verlengen.yaml"
PARKING = "producten/bewonersparkeervergunning.yaml"
PATTERN = "patronen/aanvraag.yaml"
LICENCE = "blokken/rijbewijs.yaml"
MADE = "blokken/product_leveren.yaml"
HANDLING = "blokken/behandelen.yaml"
DELIVERY = "blokken/leveren.yaml"
DECIDING = "blokken/besluiten.yaml"
END = "blokken/afronden.yaml"
LEIDEN = "varianten/GM0546-leiden/bewonersparkeervergunning.yaml"
LEIDEN_LICENCE = "varianten/GM0546-leiden/rijbewijs-verlengen.yaml"
THEME = "huisstijl/GM0546-leiden.yaml"

# file, what stands there, what is put in its place, the file and text of the line that must be named, what must be said
MUTATIONS = [
    # --- the shape of a file
    (PRODUCT, "zoekwoorden:", "zoekworden:", PRODUCT, "zoekworden:", "Bedoelt u 'zoekwoorden'"),
    (PRODUCT, "naam: Rijbewijs verlengen\n", "", PRODUCT, "soort: product", "Hier mist de sleutel 'naam'"),
    (PRODUCT, "versie: 1.0.0", "versie: een", PRODUCT, "versie: een", "een versie als 1.0.0"),
    (
        PRODUCT,
        "soort: ja_nee, label: Is uw rijbewijs kwijt",
        "soort: janee, label: Is uw rijbewijs kwijt",
        PRODUCT,
        "janee",
        "Bedoelt u 'ja_nee'",
    ),
    (PRODUCT, "duur: 2 werkdagen", "duur: twee werkdagen", PRODUCT, "twee werkdagen", "een duur als '8 weken'"),
    (PRODUCT, "verleent: ja", "verleent: waar", PRODUCT, "verleent: waar", "'ja' of 'nee'"),
    (PRODUCT, "  - {blok: contact}", "\t- {blok: contact}", PRODUCT, "\t- {blok", "Spring in met spaties"),
    (
        PRODUCT,
        "naam: Rijbewijs verlengen\n",
        "naam: Rijbewijs verlengen\nnaam: Nog een\n",
        PRODUCT,
        "naam: Nog een",
        "staat er al",
    ),
    # --- names that do not exist
    (
        PRODUCT,
        "upl: {naam: rijbewijs verlengen,",
        "upl: {naam: rijbewijs vernieuwen,",
        PRODUCT,
        "rijbewijs vernieuwen",
        "staat niet in de Uniforme Productnamenlijst",
    ),
    (
        PRODUCT,
        "terms/rijbVerlengen",
        "terms/rijbewijsVerlengen",
        PRODUCT,
        "terms/rijbewijsVerlengen",
        "hoort in de Uniforme Productnamenlijst http://standaarden.overheid.nl/owms/terms/rijbVerlengen",
    ),
    (
        PARKING,
        "{sleutel: leasebewijs, naam",
        "{sleutel: kenteken, naam",
        PARKING,
        "{sleutel: kenteken, naam: Bewijs",
        "is ook een veld in stap 'auto'",
    ),
    (
        PARKING,
        "{sleutel: lease, naam: Een leasebedrijf",
        "{sleutel: alle, naam: Een leasebedrijf",
        PARKING,
        "{sleutel: alle",
        "betekent in een voorbeeld iets anders",
    ),
    (
        PRODUCT,
        "sleutel: aanvraag, met: [leveren]",
        "sleutel: aanvrag, met: [leveren]",
        PRODUCT,
        "aanvrag,",
        "Bedoelt u 'aanvraag'",
    ),
    (
        PRODUCT,
        "met: [leveren]",
        "met: [bezorgen]",
        PRODUCT,
        "met: [bezorgen]",
        "De opening 'bezorgen' bestaat niet in dit patroon",
    ),
    (PRODUCT, "{blok: persoon}", "{blok: persoonn}", PRODUCT, "persoonn", "Het blok 'persoonn' bestaat niet"),
    (
        LICENCE,
        "sleutel: rijbewijs.nummer,",
        "sleutel: rijbewijs.numer,",
        LICENCE,
        "rijbewijs.numer",
        "Bedoelt u 'rijbewijs.nummer'",
    ),
    (
        LICENCE,
        "register: RDW, label: Nummer",
        "register: BRP, label: Nummer",
        LICENCE,
        "rijbewijs.nummer",
        "komt uit RDW",
    ),
    (
        PRODUCT,
        "regel: te_verlengen,",
        "regel: te_verlangen,",
        PRODUCT,
        "te_verlangen",
        "De regel 'te_verlangen' bestaat hier niet",
    ),
    (
        PRODUCT,
        "  naam: reglement_rijbewijzen",
        "  naam: reglement_rijbewijs",
        PRODUCT,
        "naam: reglement_rijbewijs",
        "De wet",
    ),
    (
        LICENCE,
        "sleutel: huidig_geldig_tot,",
        "sleutel: geldig_tot,",
        LICENCE,
        "sleutel: geldig_tot,",
        "Het gegeven van de wet",
    ),
    (PRODUCT, "dan: deels}", "dan: half}", PRODUCT, "dan: half", "De uitkomst 'half' bestaat hier niet"),
    (MADE, 'selectielijst: "5.3"', 'selectielijst: "5.9"', MADE, "5.9", "staat niet in de selectielijst"),
    (MADE, 'selectielijst: "5.3"', 'selectielijst: "8.2"', MADE, "8.2", "hoort bij procestype 8"),
    (
        PRODUCT,
        "brief: [besluit_toekennen, geldig,",
        "brief: [besluit_toekennen, gelding,",
        PRODUCT,
        "gelding",
        "Het tekstblok",
    ),
    (LICENCE, "regel: rijksdeel, voor", "regel: rijkdeel, voor", LICENCE, "rijkdeel", "Het resultaat van de wet"),
    (
        PRODUCT,
        "artikel: 122 lid 2, bron: rr",
        "artikel: 122 lid 2, bron: r",
        PRODUCT,
        "bron: r}",
        "De bron 'r' bestaat hier niet",
    ),
    (
        PRODUCT,
        "artikel: 122 lid 2, bron: rr",
        "artikel: 122 lid 2",
        PRODUCT,
        "artikel: 122 lid 2}",
        "geverifieerd: nee",
    ),
    (
        PRODUCT,
        "activiteit: product-aanvragen",
        "activiteit: aanvragen",
        PRODUCT,
        "activiteit: aanvragen",
        "De verwerkingsactiviteit",
    ),
    (PRODUCT, "sleutel: internet, duur", "sleutel: post, duur", PRODUCT, "sleutel: post", "Het kanaal"),
    # --- conditions
    (PRODUCT, "als: kwijt, zin", "als: kwijd, zin", PRODUCT, "kwijd", "De naam 'kwijd' bestaat hier niet"),
    (PRODUCT, 'als: te_verlengen = "niets"', 'als: te_verlengen == "niets"', PRODUCT, "==", "niet te lezen"),
    (LICENCE, "is: persoon.overleden}", "is: persoon.dood}", LICENCE, "persoon.dood", "De naam 'persoon.dood'"),
    (
        HANDLING,
        "klaar_als: besluit != null or ingetrokken}",
        "klaar_als: besloten}",
        HANDLING,
        "besloten",
        "De naam 'besloten'",
    ),
    (
        PRODUCT,
        "  - {dan: toekennen}",
        '  - {als: weg = "online", dan: toekennen}',
        PRODUCT,
        'als: weg = "online"',
        "De laatste regel",
    ),
    # --- the process
    (
        DELIVERY,
        "fase: uitreiking, bij: leveren, rol: behandelaar, termijn: 5 werkdagen}",
        "fase: uitreikingen, bij: leveren, rol: behandelaar, termijn: 5 werkdagen}",
        DELIVERY,
        "uitreikingen",
        "De fase",
    ),
    (DECIDING, "rol: beslisser, termijn: 8 weken", "rol: rechter, termijn: 8 weken", DECIDING, "rechter", "De rol"),
    (
        DELIVERY,
        "klaar_als: 'list contains(gedaan, \"uitreiken\")'",
        "klaar_als: 'list contains(gedaan, \"uitgereikt\")'",
        DELIVERY,
        "uitgereikt",
        "loopt dood",
    ),
    (
        DELIVERY,
        "begint_als: 'list contains(gedaan, \"klaarzetten\")'",
        'begint_als: kanaal = "fax"',
        DELIVERY,
        "fax",
        "op geen enkel pad",
    ),
    (
        DECIDING,
        "soort: besluit, klaar_als: besluit != null}",
        "klaar_als: besluit != null}",
        PATTERN,
        "taken:",
        "soort 'besluit'",
    ),
    (END, "informeert: ja, eind: ja, tekst", "informeert: ja, tekst", PATTERN, "statussen:", "eindstatus"),
    (HANDLING, "op: aanvrager\n", "op: wachter\n", HANDLING, "op: wachter", "De rol"),
    # --- texts
    (LICENCE, "{nieuw_geldig_tot_groep_1}.", "{nieuw_geldig_tot}.", LICENCE, "{nieuw_geldig_tot}", "De invulplek"),
    (PRODUCT, "U betaalt {kosten}.", "U betaalt {bedrag}.", PRODUCT, "{bedrag}", "De invulplek"),
    (PRODUCT, "U betaalt {kosten}.", "U betaalt {kosten.", PRODUCT, "{kosten", "accolade"),
    (PRODUCT, "ophalen, waarom, bezwaar]", "ophalen, waarom]", PRODUCT, "ophalen, waarom]", "artikel 3:45"),
    (
        PRODUCT,
        "handeling_initiator: Aanvragen",
        "handeling_initiator: Aanvragen van een rijbewijs",
        PRODUCT,
        "Aanvragen van",
        "mogen het er 20 zijn",
    ),
    # --- variants
    (
        LEIDEN_LICENCE,
        "stappen.spoed.velden",
        "stappen.haast.velden",
        LEIDEN_LICENCE,
        "- pad: stappen.haast",
        "Er staat: geboorte, contact, spoed",
    ),
    (
        LEIDEN_LICENCE,
        "pad: stappen.spoed.velden.spoed.uitleg",
        "pad: termijnen.ophalen.duur",
        LEIDEN_LICENCE,
        "termijnen.ophalen",
        "Het ligt vast: Reglement rijbewijzen, artikel 122",
    ),
    (
        LEIDEN_LICENCE,
        "pad: stappen.spoed.velden.spoed.uitleg",
        "pad: bezwaar.termijn.duur",
        LEIDEN_LICENCE,
        "bezwaar.termijn",
        "artikel 6:7",
    ),
    (
        LEIDEN_LICENCE,
        "pad: stappen.spoed.velden.spoed.uitleg",
        "pad: termijnen",
        LEIDEN_LICENCE,
        "pad: termijnen",
        "Het ligt vast",
    ),
    (
        LEIDEN_LICENCE,
        "pad: stappen.spoed.velden.spoed.uitleg",
        "pad: upl.naam",
        LEIDEN_LICENCE,
        "pad: upl.naam",
        "Het ligt vast",
    ),
    (
        LEIDEN_LICENCE,
        "soort: werkwijze",
        "soort: gewoonte",
        LEIDEN_LICENCE,
        "gewoonte",
        "Toegestaan: 'verordening', 'werkwijze', 'huisstijl'",
    ),
    (
        LEIDEN_LICENCE,
        "    reden: Leiden neemt geen spoedaanvragen online aan.\n",
        "",
        LEIDEN_LICENCE,
        "- pad",
        "Hier mist de sleutel 'reden'",
    ),
    (LEIDEN_LICENCE, "soort: werkwijze", "soort: verordening", LEIDEN_LICENCE, "- pad", "een 'grondslag' nodig"),
    (LEIDEN_LICENCE, "gemeente: GM0546", "gemeente: GM0547", LEIDEN_LICENCE, "GM0547", "zeggen 'GM0546'"),
    (LEIDEN, "        soort: keuze\n", "        soort: keuzes\n", LEIDEN, "soort: keuzes", "Bedoelt u 'keuze'"),
    (LEIDEN, 'waarde: {is: zone != "geen"}', 'waarde: {is: zones != "geen"}', LEIDEN, "zones", "De naam 'zones'"),
    (LEIDEN, "    na: gebied\n", "    na: buurt\n", LEIDEN, "- pad: stappen.woning", "Er staat: gebied"),
    # --- examples and looks
    (
        PRODUCT,
        'bedragen: {kosten: "53.65"}}}\n  - {sleutel: geen_foto',
        'bedragen: {kosten: "53.60"}}}\n  - {sleutel: geen_foto',
        PRODUCT,
        '"53.60"',
        "de wet zegt 53.65",
    ),
    (
        PRODUCT,
        "feiten: {spoed: ja}, verwacht: {uitkomst: balie}",
        "feiten: {spoed: ja}, verwacht: {uitkomst: toekennen}",
        PRODUCT,
        "feiten: {spoed: ja}",
        "de wet zegt 'balie'",
    ),
    (
        PRODUCT,
        "zoals: alles, vertelt: De houder",
        "zoals: allen, vertelt: De houder",
        PRODUCT,
        "overleden, zoals",
        "Noem een ander voorbeeld",
    ),
    (PARKING, "voertuig.lengte: 4.30", "voertuig.lengte: lang", PARKING, "lengte: lang", "van soort getal"),
    (THEME, 'accent: "#8a1f2d"', 'accent: "#ff9aa2"', THEME, "gemeente", "Maak het donkerder"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "definitions"
    for part in ("blokken", "varianten/GM0546-leiden", "huisstijl"):
        shutil.copytree(DEFINITIONS / part, target / part)
    # One pattern: a mistake in a block would be worked out for every pattern that uses it.
    for part in ("producten", "patronen"):
        (target / part).mkdir()
    for name in (PRODUCT, PARKING, PATTERN):
        shutil.copy(DEFINITIONS / name, target / name)
    for variant in (target / "varianten/GM0546-leiden").iterdir():
        if not (target / "producten" / variant.name).exists():
            variant.unlink()
    return target


def test_the_definitions_that_come_with_the_platform_are_right() -> None:
    report = check_all(TODAY)
    assert report.ok, "\n".join(map(str, report.findings))
    assert report.exit_code == 0
    assert report.products >= 50
    assert report.municipalities >= 40
    assert report.examples >= 1_000
    assert "alles klopt" in report.sentence


@pytest.mark.parametrize(
    ("file", "old", "new", "named", "line", "says"),
    MUTATIONS,
    ids=[f"{m[0].split('/')[-1][:18]}-{n}" for n, m in enumerate(MUTATIONS)],
)
def test_a_mistake_is_named_with_file_line_and_what_to_do(
    folder: Path, file: str, old: str, new: str, named: str, line: str, says: str
) -> None:
    path = folder / file
    text = path.read_text()
    assert old in text, "the mutation no longer fits the file"
    # Only the product that the mistake is about has to be worked out again.
    other = "bewonersparkeervergunning" if PARKING not in (file, named) and file != LEIDEN else "rijbewijs-verlengen"
    for useless in folder.glob(f"*/**/{other}.yaml"):
        useless.unlink()
    path.write_text(text.replace(old, new, 1))
    report = check_all(TODAY, among=Library(folder))
    assert report.exit_code == 1
    said = [finding for finding in report.findings if says in finding.message]
    assert said, f"nothing says {says!r}:\n" + "\n".join(map(str, report.findings[:20]))
    found = next((finding for finding in sorted(said) if finding.file == named), min(said))
    assert found.file == named
    lines = (folder / named).read_text().splitlines()
    assert line in lines[found.line - 1], f"{found} points at {lines[found.line - 1]!r}"
    assert found.message.endswith((".", ")")), found.message
    assert re.search(r"[A-Z']", found.message[0])


def test_a_definition_cannot_reach_out_or_run_on(folder: Path) -> None:
    path = folder / LICENCE
    text = path.read_text()
    path.write_text(
        text.replace("is: persoon.overleden}", 'is: "for i in 1..999999 return for j in 1..999999 return i * j"}', 1)
    )
    report = check_all(TODAY, among=Library(folder))
    assert not report.ok
    assert any("stappen" in f.message for f in report.findings), report.findings[:3]


def test_findings_of_shared_parts_are_told_once(folder: Path) -> None:
    path = folder / DECIDING
    path.write_text(path.read_text().replace("rol: beslisser, termijn: 8 weken", "rol: rechter, termijn: 8 weken", 1))
    report = check_all(TODAY, among=Library(folder))
    said = [f.file for f in report.findings if "rechter" in f.message]
    assert said == [DECIDING]
