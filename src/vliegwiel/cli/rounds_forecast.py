"""Rounds: how good the forecast is, on weighings, against simple forecasts, forward in time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.rounds.forecast import EvidenceInvalid, day_of
from vliegwiel.rounds.forecast.contest import Contest, contest, without_long_gaps
from vliegwiel.rounds.forecast.weighings import read_locations, read_weighings

from .output import Json, Refused, show, show_json, table

app = typer.Typer(add_completion=False)

WORDS = {
    "vliegwiel": "deze verwachting",
    "last rate": "laatste tempo",
    "exponential smoothing": "exponentieel gladgestreken",
    "seasonal naive": "zelfde weekdag, vorige keer",
    "as usual": "zoveel als anders",
}


@app.command()
def forecast(
    deposits: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Wegingen: location, time_utc, kg (CSV of Parquet).")
    ],
    locations: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Locaties: location, rd_x, rd_y, fraction, lat, lon.")
    ],
    split: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Tot deze dag leren, vanaf deze dag voorspellen.")
    ],
    as_json: Json = False,
) -> None:
    """Voorspel elke weging vooruit in de tijd en vergelijk met eenvoudige verwachtingen."""
    try:
        weighings, places = read_weighings(deposits), read_locations(locations)
        spans, border = weighings.deposits(places.key), day_of(split.date())
        some = places.containers()
        found = {
            "all": contest(some, spans, border),
            "without_long_gaps": contest(some, without_long_gaps(spans, border), border),
        }
    except EvidenceInvalid as error:
        raise Refused(error.sentence) from error
    if as_json:
        show_json({"split": split.date().isoformat(), **{name: _figures(one) for name, one in found.items()}})
        return
    _tell("Alle wegingen", found["all"], split.date())
    show()
    _tell("Zonder lange gaten, waarin bezoeken ontbreken", found["without_long_gaps"], split.date())


def _tell(title: str, one: Contest, split: date) -> None:
    show(f"{title}: {one.scores[0].count} wegingen vanaf {split:%d-%m-%Y}, {one.model.spans} om van te leren")
    rows = [
        (
            WORDS[score.name], f"{score.crps:.1f}", f"{score.error:.1f}", f"{100 * score.covered:.1f}",
            f"{score.width:.0f}", f"{score.brier:.3f}",
        )
        for score in one.scores
    ]  # fmt: skip
    show(table(("verwachting", "CRPS kg", "fout kg", "in 90 % %", "breedte kg", "Brier"), rows))
    for name, mean, low, high in one.gains:
        show(f"  {WORDS[name]}: CRPS {mean:.1f} kg hoger (95 %: {low:.1f} tot {high:.1f})")


def _figures(one: Contest) -> dict[str, object]:
    return {
        "learned": one.model.spans,
        "scores": [
            {
                "forecast": s.name, "count": s.count, "crps": round(s.crps, 3), "error": round(s.error, 3),
                "covered": round(s.covered, 4), "width": round(s.width, 2), "brier": round(s.brier, 5),
                "pit": [round(share, 4) for share in s.pit],
            }
            for s in one.scores
        ],
        "gains": [
            {"against": name, "crps": round(mean, 3), "low": round(low, 3), "high": round(high, 3)}
            for name, mean, low, high in one.gains
        ],
    }  # fmt: skip
