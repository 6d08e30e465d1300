"""A simulation as a picture (SVG): what an outcome is per group, or who gains and who loses. Readable without colour.

Altair and its renderer are large, so they are read when a picture is asked for. The figures of a picture are those of
`Summary.groups` and `Comparison.groups`: show them beside it as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

from vliegwiel.law.population.errors import WrongData
from vliegwiel.law.population.results import ComparedSplit, Comparison, Simulation, Split, Summary
from vliegwiel.law.types import Money, YesNo

_DARK, _LIGHT = "#1f3a5f", "#9aa7b5"
_WIDTH: Final = 560
_FONT: Final = "Source Sans 3, sans-serif"


def chart(simulation: Simulation, name: str | None = None, *, column: str | None = None) -> str:
    """An SVG of one outcome (the last that was asked, unless `name` says so), by the groups of a column.

    With more versions and a split: what changes per group between the first and the second; without a split, each version
    a bar. Raises `WrongData` when there is nothing of that name.
    """
    wanted = name or simulation.wanted[-1]
    if wanted not in simulation.wanted:
        raise WrongData(f"'{wanted}' is niet doorgerekend.")
    compared = next((c for c in simulation.comparisons if c.name == wanted), None)
    summary = simulation.summary(wanted)
    if compared is not None and compared.groups:
        return _changes(compared, _chosen(compared.groups, column))
    if compared is None and summary.groups:
        return _groups(summary, _chosen(summary.groups, column))
    return _versions(simulation, wanted)


def _chosen(splits: Sequence[Any], column: str | None) -> Any:
    found = next((split for split in splits if column is None or split.column == column), None)
    if found is None:
        raise WrongData(f"Er is niet uitgesplitst naar '{column}'.")
    return found


def _changes(compared: Comparison, split: ComparedSplit) -> str:
    """Gains to the right, losses to the left, per group."""
    rows: list[dict[str, object]] = []
    for place, group in enumerate(split.rows):
        for kind, count, sign in (("vooruit", group.gains, 1), ("achteruit", group.loses, -1)):
            rows.append(
                {"groep": group.group, "wie": kind, "huishoudens": float(count.weighted) * sign, "volgorde": place}
            )
    title = f"Wie gaat vooruit en wie achteruit: {compared.label}"
    below = f"Van '{compared.base}' naar '{compared.other}', naar {split.column}."
    if compared.total is not None:
        below += f" Kosten: {_euro(compared.total)}."
    return _bars(rows, title, below, x="huishoudens", shade="wie", shades=("vooruit", "achteruit"))


def _groups(summary: Summary, split: Split) -> str:
    """The mean (or the share of ja) per group."""
    truth = isinstance(summary.type, YesNo)
    rows: list[dict[str, object]] = []
    for place, group in enumerate(split.rows):
        rows_in = group.rows.weighted
        share = group.yes.weighted / rows_in * 100 if rows_in else Decimal(0)
        value = share if truth else (group.mean or Decimal(0))
        rows.append({"groep": group.group, "waarde": float(value), "volgorde": place})
    what = "procent ja" if truth else "gemiddeld, in euro" if isinstance(summary.type, Money) else "gemiddeld"
    title = f"{summary.label[:1].upper()}{summary.label[1:]} naar {split.column}"
    return _bars(rows, title, f"Per groep: {what}.", x="waarde", shade=None, shades=())


def _versions(simulation: Simulation, name: str) -> str:
    """Each version a bar: the total, or how many ja."""
    rows: list[dict[str, object]] = []
    label = name
    truth = False
    for place, version in enumerate(simulation.versions):
        outcome = next(o for o in version.outcomes if o.name == name)
        label, truth = outcome.label, outcome.total is None
        value = outcome.yes.weighted if outcome.total is None else outcome.total
        rows.append({"groep": version.label, "waarde": float(value), "volgorde": place})
    what = "huishoudens met ja" if truth else "totaal"
    title = f"{label[:1].upper()}{label[1:]}: {what}"
    return _bars(rows, title, "Elke versie van de regels is een balk.", x="waarde", shade=None, shades=())


def _bars(
    rows: list[dict[str, object]], title: str, below: str, *, x: str, shade: str | None, shades: tuple[str, ...]
) -> str:
    """Horizontal bars, one per group, each with its figure; two shades that differ in grey too."""
    alt = import_module("altair")
    data = alt.Data(values=rows)
    height = max(len({row["groep"] for row in rows}), 1) * 30
    y = alt.Y("groep:N", sort=alt.EncodingSortField("volgorde"), title=None, axis=alt.Axis(labelLimit=260))
    # Losses stand to the left; a number of households is never negative.
    axis = alt.Axis(labelExpr="format(abs(datum.value), ',.0f')", grid=True, gridColor="#d8dde3")
    encoding: dict[str, object] = {"y": y, "x": alt.X(f"{x}:Q", title=x if shade else None, axis=axis)}
    if shade is not None:
        scale = alt.Scale(domain=list(shades), range=[_DARK, _LIGHT])
        encoding["color"] = alt.Color(f"{shade}:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    bars = alt.Chart(data).mark_bar(color=_DARK, stroke="#1f2933", strokeWidth=0.6).encode(**encoding)
    figures = (
        alt.Chart(data)
        .mark_text(align="left", dx=4, fontSize=11)
        .encode(y=y, x=alt.X(f"{x}:Q"), text=alt.Text(f"{x}:Q", format=",.0f"))
    )
    drawn = bars if shade is not None else bars + figures
    heading = alt.TitleParams(title, subtitle=below, anchor="start", fontSize=16, subtitleFontSize=12)
    whole = (
        drawn.properties(width=_WIDTH, height=height, title=heading).configure(font=_FONT).configure_view(stroke=None)
    )
    convert = import_module("vl_convert")
    svg: str = convert.vegalite_to_svg(whole.to_dict(), format_locale="nl-NL")
    return svg


def _euro(value: Decimal) -> str:
    text = f"{abs(value):,.0f}".replace(",", ".")
    return f"€ {text} {'meer' if value > 0 else 'minder' if value < 0 else 'verschil'}"
