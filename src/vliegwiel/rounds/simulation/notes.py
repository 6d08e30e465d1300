"""What has to be said beside the figures: what is real, what was drawn, what was assumed, and what therefore must not be concluded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from vliegwiel.rounds.simulation.policies import Kind

if TYPE_CHECKING:
    from vliegwiel.rounds.simulation.report import Facts, Pair, Row

FEW_SEEDS: Final = 20
"""Seeds below which intervals are wide, and the reader is told."""


def notes_of(facts: Facts, rows: Sequence[Row], pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Sentences, the most important first."""
    said = [_verdict(pairs), *_about_data(facts), *_about_policies(facts, rows), *_about_assumptions(facts)]
    if facts.seeds < FEW_SEEDS:
        said.insert(1, f"Met {facts.seeds} trekkingen zijn de intervallen ruw. Voor een besluit: ten minste 50.")
    return tuple(said)


def _verdict(pairs: Sequence[Pair]) -> str:
    of = {(pair.policy, pair.against): pair for pair in pairs}
    fixed = of[Kind.COLLECTING.value, Kind.FIXED.value]
    tuned = of[Kind.COLLECTING.value, Kind.TUNED.value]
    if not fixed.no_more_overflow:
        return (
            f"{fixed.sentence} Dat is dus geen zuivere besparing: een deel is betaald met overvolle containers. "
            "Zie de grens van kilometers en overloop."
        )
    return f"{fixed.sentence} Tegen het best afgestemde vaste schema: {tuned.sentence}"


def _about_data(facts: Facts) -> list[str]:
    border = "" if facts.exact_border else " De grens van de wijk is benaderd (dichtstbijzijnde buurtmidden)."
    return [
        f"Echt: de gewichten tussen twee volledige bezoeken ({facts.plan[0]} tot en met {facts.plan[1]}). Getrokken: hoe dat "
        "gewicht over de dagen verdeeld was. Elk beleid krijgt per trekking dezelfde stortingen.",
        f"In {_percent(facts.unknown_share)} van de tijd mist een weging (niet geregistreerd of onmogelijk zwaar). Daar is een tempo "
        "getrokken uit wat dezelfde locatie in de rest van de periode deed.",
        f"{facts.left_out} locaties met {_percent(facts.left_out_share)} van het gewicht doen niet mee: te weinig bruikbare wegingen."
        + border,
        "Wegingen zijn gewichten, geen vulgraden. Hoe vol een container was, volgt uit een aangenomen inhoud en dichtheid. Wat bij "
        "het echte legen al naast de container stond, is niet gewogen.",
    ]


def _about_policies(facts: Facts, rows: Sequence[Row]) -> list[str]:
    practice = next(row for row in rows if row.policy == Kind.PRACTICE.value)
    over = practice.measures["overflow_percent_of_container_days"].mean
    return [
        f"Elk beleid is gekozen op {facts.choosing[0]} tot en met {facts.choosing[1]}, uit één regel: de minste kilometers waarbij "
        f"hoogstens {_number(facts.allowed)} % van de containerdagen overvol is, en niet meer dan het vaste schema. De planperiode "
        "is daarbij niet gebruikt. De drempels 80/60 zijn genomen zoals ze zijn.",
        "Het vaste schema legt elke locatie even vaak; het afgestemde geeft elke locatie een eigen ritme. Beide zijn met zorg gemaakt "
        "(buren op dezelfde dag, dagen even zwaar) en rijden met dezelfde wagens, pauze en zoeker. Zij kennen zelfs de lading "
        "vooraf: dat is in hun voordeel.",
        f"‘Vast, als toen gedaan’ is het ritme dat elke locatie in de leerperiode echt had, in vaste dagen gezet. In deze simulatie "
        f"is daarbij {_number(over)} % van de containerdagen overvol; vergelijk kilometers dus niet zonder die kolom.",
        "‘Alles vooraf geweten’ gebruikt dezelfde prijzen en dezelfde zoeker met volmaakte kennis en staat bijna geen overloop toe. Het is "
        "een ijkpunt, geen bewezen ondergrens.",
    ]


def _about_assumptions(facts: Facts) -> list[str]:
    site = (
        "Standplaats en stort zijn opgegeven."
        if facts.site_chosen
        else "Standplaats en stort zijn aangenomen, samen aan de rand van de wijk: een verre stort maakt de besparing in procenten "
        "anders, want elke ton moet er toch heen. Geef ze op met --yard en --tip."
    )
    return [
        "Afstanden zijn hemelsbreed maal een omwegfactor, geen wegennet; tijdvensters van straten ontbreken.",
        site,
        f"Er zijn {facts.trucks} wagens van {_number(facts.truck_m3)} m³: wat het zwaarste vaste schema nodig heeft, voor elk "
        "beleid gelijk.",
    ]


def _percent(share: float) -> str:
    return f"{_number(100 * share)} %"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
