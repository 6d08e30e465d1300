"""The house style of a municipality: five tokens, no more, and the check that people can read it.

Meaning must not change at the border, so a theme sets the accent, the corner and the typeface and nothing else. Contrast is
that of WCAG 2.2 (success criterion 1.4.3), measured against the two grounds of the style sheet. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from vliegwiel.base.sourcedecode import decode
from vliegwiel.base.sourcefile import NOWHERE, Position, SourceError, SourceFile, SourceInvalid
from vliegwiel.base.sourcemarks import Doc, Key, Pattern

from .model.facts import MunicipalityCode

LIGHT_GROUND = "#ffffff"
DARK_GROUND = "#12181f"
LEAST = 4.5
"""The least contrast of text (WCAG 1.4.3)."""

Colour = Annotated[str, Pattern(r"#[0-9a-f]{6}", "een kleur als #0e5a66 (kleine letters)")]


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens. `stand_in` says that these are not the real colours of the house style."""

    municipality: Annotated[MunicipalityCode, Key("gemeente")]
    accent: Annotated[Colour, Key("accent")]
    on_accent: Annotated[Colour, Key("op_accent")]
    accent_dark: Annotated[Colour, Key("accent_donker")]
    on_accent_dark: Annotated[Colour, Key("op_accent_donker")]
    radius: Annotated[str, Pattern(r"(0|[0-9]{1,2}px)", "een straal als 6px"), Key("hoek")]
    font: Annotated[str, Pattern(r"[A-Za-z0-9 ,'\"-]*", "namen van lettertypen"), Key("lettertype")] = ""
    stand_in: Annotated[bool, Key("noodkleuren"), Doc("niet de echte huisstijl")] = True
    at: Position = NOWHERE

    def css(self) -> str:
        """The theme as a style sheet, to be loaded after the one of the platform."""
        font = f"\n  --theme-font: {self.font};" if self.font else ""
        return (
            ":root {\n"
            f"  --theme-accent: {self.accent};\n"
            f"  --theme-on-accent: {self.on_accent};\n"
            f"  --theme-accent-dark: {self.accent_dark};\n"
            f"  --theme-on-accent-dark: {self.on_accent_dark};\n"
            f"  --theme-radius: {self.radius};{font}\n"
            "}\n"
        )


DEFAULT = Theme("GM0000", "#1c4f8c", "#ffffff", "#8fbcf0", "#0d1319", "4px")
"""For a municipality without a theme of its own."""


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white) (WCAG 2.2, definition)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def contrast_problems(theme: Theme) -> tuple[str, ...]:
    """What cannot be read, in Dutch sentences that say what to do; empty when the theme may be published."""
    pairs = (
        ("accent", theme.accent, LIGHT_GROUND, "op wit", "donkerder"),
        ("op_accent", theme.on_accent, theme.accent, "op het accent", "lichter of donkerder"),
        ("accent_donker", theme.accent_dark, DARK_GROUND, f"op {DARK_GROUND}", "lichter"),
        ("op_accent_donker", theme.on_accent_dark, theme.accent_dark, "op het donkere accent", "lichter of donkerder"),
    )
    found = []
    for name, colour, ground, where, do in pairs:
        ratio = contrast(colour, ground)
        if ratio < LEAST:
            shown = f"{ratio:.1f}".replace(".", ",")
            found.append(
                f"'{name}' is niet goed te lezen {where}: het contrast is {shown}, nodig is 4,5. Maak het {do}."
            )
    return tuple(found)


def read_theme(source: SourceFile) -> Theme:
    """Decode and check a theme file. Raises `SourceInvalid`, also when its contrast fails."""
    theme = decode(source, Theme)
    problems = contrast_problems(theme)
    if problems:
        at = theme.at
        raise SourceInvalid([SourceError(source.name, at.line, at.column, (), problem) for problem in problems])
    return theme
