"""What has to be said beside the figures: what is real, what was drawn, what was assumed, and what must not be concluded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from vliegwiel.rounds.simulation.policies import Kind

if TYPE_CHECKING:
    from vliegwiel.rounds.simulation.figures import Pair, Row
    from vliegwiel.rounds.simulation.report import Facts

FEW_SEEDS: Final = 20
"""Seeds below which intervals are wide, and the reader is told."""


def notes_of(facts: Facts, rows: Sequence[Row], pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Sentences, the most important first."""
    few = f"Met {facts.seeds} trekkingen zijn de intervallen ruw. Voor een besluit: ten minste 50."
    return (
        _verdict(pairs),
        *([few] if facts.seeds < FEW_SEEDS else []),
        *_about_data(facts),
        *_about_policies(facts, rows),
        *_about_assumptions(facts),
    )


def _verdict(pairs: Sequence[Pair]) -> str:
    of = {(pair.policy, pair.against): pair for pair in pairs}
    fixed = of[Kind.COLLECTING.value, Kind.FIXED.value]
    tuned = of[Kind.COLLECTING.value, Kind.TUNED.value]
    if fixed.no_more_overflow:
        return f"{fixed.sentence} {tuned.sentence}"
    return (
        f"{fixed.sentence} Dat is dus geen zuivere besparing: een deel is betaald met overvolle containers. "
        "Zie de grens van kilometers en overloop."
    )


def _about_data(facts: Facts) -> tuple[str, ...]:
    border = (
        ""
        if facts.exact_border
        else " De grens van de wijk is benaderd: elke locatie hoort bij het naaste buurtmidden."
    )
    real = (
        f"Echt zijn de gewichten tussen twee volledige bezoeken ({facts.plan[0]} tot en met {facts.plan[1]}). Getrokken is hoe "
        "zo'n gewicht over de dagen verdeeld was. Elk beleid krijgt per trekking precies dezelfde stortingen."
    )
    missing = (
        f"In {_percent(facts.unknown_share)} van de tijd mist een weging: niet geregistreerd of onmogelijk zwaar. Daar is een "
        "tempo getrokken uit wat dezelfde locatie in de rest van de periode deed."
    )
    left_out = (
        f"{facts.left_out} locaties met {_percent(facts.left_out_share)} van het gewicht doen niet mee: te weinig bruikbare "
        f"wegingen.{border}"
    )
    weight = (
        "Wegingen zijn gewichten, geen vulgraden. Hoe vol een container was, volgt uit een aangenomen inhoud en dichtheid. Wat "
        "bij het echte legen al naast de container stond, is niet gewogen."
    )
    return real, missing, left_out, weight


def _about_policies(facts: Facts, rows: Sequence[Row]) -> tuple[str, ...]:
    practice = next(row for row in rows if row.policy == Kind.PRACTICE.value)
    over = practice.measures["overflow_percent_of_container_days"].mean
    rule = (
        f"Elk beleid is ingesteld op {facts.choosing[0]} tot en met {facts.choosing[1]}, met één regel: de minste kilometers "
        f"waarbij hoogstens {_number(facts.allowed)} % van de containerdagen overvol is, en niet meer dan bij het vaste schema. "
        "De planperiode is daarbij niet gebruikt. De drempels 80/60 zijn genomen zoals ze zijn."
    )
    fixed = (
        "Het vaste schema leegt elke locatie even vaak; het afgestemde schema geeft elke locatie een eigen ritme, en is de "
        "strengste vergelijking. Beide zijn met zorg gemaakt: buren op dezelfde dag, dagen even zwaar, dezelfde wagens, "
        "pauze en zoeker. Zij kennen de lading van elke dag zelfs vooraf: dat is in hun voordeel."
    )
    done = (
        "‘Vast, als toen gedaan’ is het ritme dat elke locatie in de leerperiode echt had, in vaste dagen gezet. In deze "
        f"simulatie is daarbij {_number(over)} % van de containerdagen overvol. Vergelijk kilometers niet zonder die kolom."
    )
    bound = (
        "‘Alles vooraf geweten’ gebruikt dezelfde prijzen en dezelfde zoeker met volmaakte kennis, en staat bijna geen overloop "
        "toe. Het is een ijkpunt, geen bewezen ondergrens."
    )
    return rule, fixed, done, bound


def _about_assumptions(facts: Facts) -> tuple[str, ...]:
    assumed = (
        "Standplaats en stort zijn aangenomen, samen aan de rand van de wijk. Een verre stort maakt de besparing in procenten "
        "kleiner, want elke ton moet er toch heen. Geef ze op met --yard en --tip."
    )
    roads = "Afstanden zijn hemelsbreed maal een omwegfactor, geen wegennet. Tijdvensters van straten ontbreken."
    trucks = (
        f"Er zijn {facts.trucks} wagens van {_number(facts.truck_m3)} m³: wat het drukste vaste schema nodig heeft, en voor "
        "elk beleid gelijk."
    )
    return roads, ("Standplaats en stort zijn opgegeven." if facts.site_chosen else assumed), trucks


def _percent(share: float) -> str:
    return f"{_number(100 * share)} %"


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")
