"""What came out of a calculation, ready to draw: bars on one scale, the same figures in a table, and the answer in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from vliegwiel.catalogue.queries import SimulationPage
from vliegwiel.catalogue.simulations import SMALL, GroupLine, OutcomeResult, Split
from vliegwiel.web import wording
from vliegwiel.web.templatetags.dutch import language

WIDTH: Final = 360
"""Of the drawing, in its own units: readable on a phone."""
LABEL, ROW, BAR = 0, 34, 12
MIDDLE: Final = WIDTH / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A group: its line, and the two bars from the middle (losses to the left, gains to the right)."""

    line: GroupLine
    y: int
    gain: float
    loss: float
    loss_x: float
    hidden: bool

    @property
    def text_y(self) -> int:
        """Where the name of the group stands."""
        return self.y + 11

    @property
    def bar_y(self) -> int:
        """Where the bars begin."""
        return self.y + 15


@dataclass(frozen=True, slots=True)
class ShownSplit:
    """One drawing with its table. `scale` is the share of households at the end of the axis, in percent."""

    label: str
    bars: tuple[Bar, ...]
    height: int
    scale: int
    finding: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome with its drawings."""

    outcome: OutcomeResult
    households: Decimal
    splits: tuple[ShownSplit, ...]
    sentence: str
    gain_share: str
    loss_share: str
    same_share: str
    unknown_share: str


def results(found: SimulationPage) -> tuple[Shown, ...]:
    """Every outcome of a calculation; none while it is not done."""
    if found.result is None:
        return ()
    households, uploaded = found.result.households, bool(found.question.file_name)
    return tuple(_shown(one, households, uploaded=uploaded) for one in found.result.outcomes)


def _shown(outcome: OutcomeResult, households: Decimal, *, uploaded: bool) -> Shown:
    return Shown(
        outcome=outcome,
        households=households,
        splits=tuple(_split(outcome, split, uploaded=uploaded) for split in outcome.splits),
        sentence=sentence(outcome, households),
        gain_share=_percent(outcome.gains, households),
        loss_share=_percent(outcome.loses, households),
        same_share=_percent(outcome.same, households),
        unknown_share=_percent(outcome.unknown, households),
    )


def _split(outcome: OutcomeResult, split: Split, *, uploaded: bool) -> ShownSplit:
    lines = [line for line in split.lines if line.rows]
    shares = [
        share for line in lines if not (uploaded and line.rows < SMALL)
        for share in (_share(line.gains, line.households), _share(line.loses, line.households))
    ]  # fmt: skip
    scale = next((step for step in (1, 2, 5, 10, 20, 25, 50) if max(shares, default=0.0) * 100 <= step), 100)
    bars = []
    for number, line in enumerate(lines):
        hidden = uploaded and line.rows < SMALL
        gain = 0.0 if hidden else _length(_share(line.gains, line.households), scale)
        loss = 0.0 if hidden else _length(_share(line.loses, line.households), scale)
        bars.append(Bar(line, number * ROW, gain, loss, round(MIDDLE - loss, 1), hidden))
    finding = _finding(outcome, split, [bar.line for bar in bars if not bar.hidden])
    return ShownSplit(split.label, tuple(bars), len(bars) * ROW + 18, scale, finding)


def _share(part: Decimal, whole: Decimal) -> float:
    return float(part / whole) if whole else 0.0


def _length(share: float, scale: int) -> float:
    return round(min(1.0, share * 100 / scale) * MIDDLE, 1)


def _finding(outcome: OutcomeResult, split: Split, lines: list[GroupLine]) -> str:
    """What the drawing shows, in a sentence."""
    moved = [line for line in lines if line.gains or line.loses]
    if not moved:
        return _("Geen groep gaat erop vooruit of achteruit.")
    best = max(moved, key=lambda line: _share(line.gains, line.households))
    worst = max(moved, key=lambda line: _share(line.loses, line.households))
    parts = []
    if best.gains:
        share = _percent(best.gains, best.households)
        parts.append(_("Het vaakst vooruit: %(group)s (%(share)s).") % {"group": best.group, "share": share})
    if worst.loses:
        share = _percent(worst.loses, worst.households)
        parts.append(_("Het vaakst achteruit: %(group)s (%(share)s).") % {"group": worst.group, "share": share})
    return " ".join(parts)


def sentence(outcome: OutcomeResult, households: Decimal) -> str:
    """Who gains, who loses and what it costs, for one outcome; and for how many that is not known."""
    said = _moved(outcome, households)
    if not outcome.unknown:
        return said
    many = wording.number(outcome.unknown, language())
    return f"{said} {_('Voor %(n)s huishoudens is dat niet bekend; zij tellen niet mee.') % {'n': many}}"


def _moved(outcome: OutcomeResult, households: Decimal) -> str:
    tongue = language()
    values = {
        "n": wording.number(households, tongue),
        "label": outcome.label,
        "gains": wording.number(outcome.gains, tongue),
        "loses": wording.number(outcome.loses, tongue),
        "differs": wording.number(outcome.differs, tongue),
    }
    if not outcome.gains and not outcome.loses and not outcome.differs:
        return _("Voor geen van de %(n)s huishoudens verandert er iets.") % values
    if outcome.amount and outcome.total is not None:
        more = outcome.total >= 0
        total = {
            **values,
            "total": wording.euro(abs(outcome.total), tongue),
            "per": outcome.kind.removeprefix("geld").strip(),
        }
        said = _("Van %(n)s huishoudens gaan er %(gains)s op vooruit en %(loses)s op achteruit.") % values
        cost = _("Samen is dat %(total)s %(per)s meer.") if more else _("Samen is dat %(total)s %(per)s minder.")
        return f"{said} {' '.join((cost % total).split()).replace(' .', '.')}"
    if outcome.kind == "ja/nee":
        return _("Bij %(n)s huishoudens wordt “%(label)s” %(gains)s keer ja en %(loses)s keer nee.") % values
    if outcome.differs:
        return _("Voor %(differs)s van de %(n)s huishoudens wordt de uitkomst anders.") % values
    return _("Van %(n)s huishoudens gaan er %(gains)s op vooruit en %(loses)s op achteruit.") % values


def lead(found: SimulationPage) -> str:
    """The answer to what was asked, in a sentence."""
    shown = results(found)
    return shown[0].sentence if shown else ""


def _percent(part: Decimal, whole: Decimal) -> str:
    if not whole:
        return "–"
    exact = part * 100 / whole
    decimals = 0 if exact >= 10 or exact == 0 else 1
    return f"{wording.number(exact, language(), decimals=decimals)}\u00a0%"
