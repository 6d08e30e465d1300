"""`vliegwiel law simulate` and `law population`: work a law out for a whole population, and make one to try."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from vliegwiel.base import clock
from vliegwiel.law.outcomes import outcomes_of
from vliegwiel.law.population import Progress, Simulation, Version
from vliegwiel.law.population import simulate as work_out
from vliegwiel.law.population.charts import chart as draw
from vliegwiel.law.population.synthetic import ASSUMPTIONS, generate

from . import law_simulated
from .law_decide import checked_code
from .law_source import Chosen, open_law
from .output import Json, Refused, show, show_json

EVERY: Final = "alle"

Law: TypeAlias = Annotated[str, typer.Argument(metavar="WET", help="Naam in de catalogus, een bestand of een map.")]
Data: TypeAlias = Annotated[
    Path,
    typer.Option("--data", metavar="BESTAND", help="De huishoudens: Parquet, CSV of Arrow; een kolom per gegeven."),
]
Day: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="De dag waarop de wet wordt toegepast. Zonder: vandaag."),
]
Municipality: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--municipality",
        metavar="GM…",
        help=f"Gemeente, als GM0546. Mag vaker: naast elkaar. '{EVERY}': elke gemeente.",
    ),
]
Ordinances: TypeAlias = Annotated[
    Path | None, typer.Option(help="Map met verordeningen, in plaats van die uit de catalogus.")
]
Change: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--change", metavar="NAAM=FORMULE", help="Wat als: een regel, norm of open term anders. Mag vaker."),
]
Against: TypeAlias = Annotated[
    str | None,
    typer.Option("--against", metavar="WET", help="Vergelijk met een andere tekst van de wet (bestand of map)."),
]
AgainstOn: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--against-on", formats=["%Y-%m-%d"], help="Vergelijk met dezelfde wet op een andere dag."),
]
Wanted: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--wanted", metavar="NAAM", help="Welke uitkomst. Mag vaker. Zonder: alle uitkomsten."),
]
By: TypeAlias = Annotated[
    list[str] | None, typer.Option("--by", metavar="KOLOM", help="Splits uit naar deze kolom. Mag vaker.")
]
Weight: TypeAlias = Annotated[
    str | None, typer.Option("--weight", metavar="KOLOM", help="Kolom die zegt voor hoeveel huishoudens een rij staat.")
]
Nothing: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--nothing", metavar="KOLOM", help="In deze kolom betekent leeg: er is niets (niet: onbekend). '*': alle."
    ),
]


def simulate(
    law: Law,
    data: Data,
    on: Day = None,
    municipalities: Municipality = None,
    ordinances: Ordinances = None,
    change: Change = None,
    against: Against = None,
    against_on: AgainstOn = None,
    wanted: Wanted = None,
    by: By = None,
    weight: Weight = None,
    nothing: Nothing = None,
    csv: Annotated[Path | None, typer.Option(help="Schrijf de cijfers naar dit CSV-bestand.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Teken de uitkomst in dit SVG-bestand.")] = None,
    out: Annotated[Path | None, typer.Option(help="Schrijf de uitkomst van elke rij naar dit Parquet-bestand.")] = None,
    as_json: Json = False,
) -> None:
    """Reken een wet door voor alle rijen van een bestand, en vergelijk: wie gaat vooruit, wie achteruit, wat kost het."""
    chosen = open_law(law, ordinances)
    day = on.date() if on else clock.today()
    places = _places(chosen, municipalities or (), day)
    asked = tuple(dict.fromkeys(wanted)) if wanted else outcomes_of(chosen.book.program(chosen.law, day, places[0]))
    meter = _Meter(as_json=as_json)
    found = work_out(
        chosen.book,
        chosen.law,
        asked,
        data,
        on=day,
        versions=_versions(chosen, day, places, _changes(change or ()), against, against_on),
        by=tuple(dict.fromkeys(by or ())),
        weight=weight,
        out=out,
        nothing=tuple(nothing or ()),
        progress=meter.tell if meter.wanted else None,
    )
    meter.clear()
    if csv is not None:
        _write(csv, found.to_csv())
    if chart is not None:
        _write(chart, draw(found, column=by[0] if by else None))
    _tell(found, as_json, [path for path in (csv, chart, out) if path is not None])


def population(
    municipality: Annotated[str, typer.Option("--municipality", metavar="GM…", help="Gemeente, als GM0546.")],
    out: Annotated[Path, typer.Option("--out", metavar="BESTAND", help="Parquet-bestand dat wordt gemaakt.")],
    households: Annotated[int, typer.Option("--households", help="Hoeveel huishoudens.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="Dezelfde waarde geeft dezelfde bevolking.")] = 1,
    on: Day = None,
    as_json: Json = False,
) -> None:
    """Maak een verzonnen bevolking om mee te rekenen. Niemand erin bestaat; de cijfers zijn aannames en staan erbij."""
    day = on.date() if on else clock.today()
    made = generate(checked_code(municipality), households, seed, day)
    if not out.parent.is_dir():
        raise Refused(f"De map {out.parent} bestaat niet.")
    try:
        made.write_parquet(out)
    except OSError as error:
        raise Refused(f"{out} kan niet worden geschreven.") from error
    if as_json:
        show_json(
            {"file": str(out), "rows": made.height, "columns": made.columns, "seed": seed, "assumptions": ASSUMPTIONS}
        )
        return
    show(f"{law_simulated.number(made.height)} verzonnen huishoudens, {len(made.columns)} kolommen, staan in {out}.")
    show("Dit zijn aannames, geen feiten:")
    for line in ASSUMPTIONS:
        show(f"  - {line.removeprefix('Aanname: ')}")


def _places(chosen: Chosen, given: Sequence[str], day: date) -> list[str | None]:
    """The municipalities that were asked for; `alle` is each that has an ordinance."""
    if EVERY in given:
        every = chosen.book.ordinance_municipalities(chosen.law, day)
        if not every:
            raise Refused(f"Geen gemeente heeft een verordening bij '{chosen.law}'.")
        return list(every)
    return [checked_code(code) for code in dict.fromkeys(given)] or [None]


def _changes(given: Sequence[str]) -> dict[str, str]:
    """`naam=formule` as a mapping. Only the first `=` divides."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or not name.strip() or not text.strip():
            raise Refused(f"Schrijf een wijziging als naam=formule, niet '{one}'.")
        found[name.strip()] = text.strip()
    return found


def _versions(
    chosen: Chosen,
    day: date,
    places: Sequence[str | None],
    changes: Mapping[str, str],
    against: str | None,
    against_on: datetime | None,
) -> tuple[Version, ...]:
    """Each municipality as it is, then what it is compared with."""
    many = len(places) > 1
    found = [Version(place if many and place else "zoals het is", day, place) for place in places]
    for place in places:
        mark = f" ({place})" if many else ""
        if changes:
            found.append(Version(f"na wijziging{mark}", day, place, changes))
        if against is not None:
            other = open_law(against)
            if other.law != chosen.law:
                raise Refused(f"{against} is een andere wet ('{other.law}').")
            found.append(Version(f"andere tekst{mark}", day, place, {}, other.book))
        if against_on is not None:
            found.append(Version(f"op {against_on.date():%d-%m-%Y}{mark}", against_on.date(), place))
    return tuple(found)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path} kan niet worden geschreven.") from error


def _tell(found: Simulation, as_json: bool, written: Sequence[Path]) -> None:
    if as_json:
        sys.stdout.write(found.to_json().decode() + "\n")
        return
    show(law_simulated.told(found))
    for path in written:
        show(f"Geschreven: {path}")


class _Meter:
    """Progress on stderr, when a person is looking."""

    def __init__(self, *, as_json: bool) -> None:
        self.wanted = sys.stderr.isatty() and not as_json
        self.shown = False

    def tell(self, now: Progress) -> None:
        filled = int(now.share * 30)
        self.shown = True
        sys.stderr.write(f"\r  {'█' * filled}{'░' * (30 - filled)} {now.share:4.0%}")
        sys.stderr.flush()

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write("\r" + " " * 44 + "\r")
            sys.stderr.flush()


__all__ = ["population", "simulate"]
