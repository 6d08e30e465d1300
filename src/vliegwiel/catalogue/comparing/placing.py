"""In what two definitions differ at a place: by what the place is for, and by what stands there."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from vliegwiel.base.sourcefile import Node, TextNode
from vliegwiel.base.sourcemarks import Refused

from ..merging import Change, ChangeKind, differences
from ..merging.nodes import Path, spelled
from ..model import Span, Unit
from .aspects import Aspect, text_aspects


class Role(StrEnum):
    """What stands at a place of a definition."""

    TEXT = "tekst voor mensen"
    FORMULA = "formule"
    SPAN = "duur"
    NUMBER = "getal"
    BASIS = "grondslag"
    RHYTHM = "per hoe lang"
    CODE = "keuze uit vaste woorden"


_TEXTS: Final = frozenset(
    (
        "naam", "vraag", "uitleg", "label", "leeg", "fout", "zin", "doe", "tekst", "kop", "samenvatting", "wat", "kosten",
        "hoe_lang",
        "nodig", "goed_om_te_weten", "waarom", "waarom_niet", "doel", "omschrijving", "vertelt", "reden", "opmerking",
        "wat_maakt_het_anders", "meenemen", "waarvoor", "zoekwoorden", "aanleiding", "onderwerp", "handeling_initiator",
        "handeling_behandelaar", "groep", "omdat", "anders_vragen",
    )
)  # fmt: skip
_FORMULAS: Final = frozenset(
    ("als", "is", "tonen_als", "verplicht", "vanaf", "tot", "begint_als", "klaar_als", "vier_ogen")
)
_SPANS: Final = frozenset(("duur", "termijn", "na"))
_NUMBERS: Final = frozenset(("min", "max", "decimalen", "minuten", "megabytes"))
_BASES: Final = frozenset(
    ("grondslag", "artikel", "bron", "bronnen", "bwb", "cvdr", "tekst_van", "geverifieerd", "schort_op")
)
_SHAPES: Final = frozenset(("patroon", "proces", "uitkomsten", "uitkomst_als", "automatisch", "aanspraak", "kanalen"))
_IN_SHAPE: Final = frozenset(
    ("soort", "besluit", "verleent", "eind", "informeert", "optioneel", "herhaalbaar", "met", "niveau", "doet")
)
_LISTS: Final = frozenset(
    (
        "gegevens", "stappen", "velden", "keuzes", "stukken", "kanalen", "uitkomsten", "uitkomst_als", "delen", "taken",
        "statussen",
        "fasen", "rollen", "wachten", "klokken", "teksten", "feiten", "regels", "afgeleid", "bronnen", "voorbeelden", "adviezen",
        "vragen", "levertijd", "openingen", "vast",
    )
)  # fmt: skip
"""Lists whose items have a name of their own: that name is no word of the format, also where it looks like one."""


def role_of(path: Path) -> Role:
    """What a place is for, by the names on the way to it."""
    if path == ("wet", "naam"):
        return Role.CODE
    for n in range(len(path) - 1, -1, -1):
        name = path[n]
        if n and path[n - 1] in _LISTS and not (n > 1 and path[n - 2] in _LISTS):
            continue
        if name in _BASES:
            return Role.BASIS
        if name in _TEXTS:
            return Role.TEXT
        if name in _FORMULAS:
            return Role.FORMULA
        if name in _SPANS:
            return Role.SPAN
        if name in _NUMBERS:
            return Role.NUMBER
        if name == "per":
            return Role.RHYTHM
    return Role.CODE


def aspects_at(path: Path, before: Node | None, after: Node | None, about: str = "") -> frozenset[Aspect]:
    """In what two nodes at the same place of a definition differ; empty when they say the same."""
    found: set[Aspect] = set()
    for change in differences(before, after):
        found |= _of_change((*path, *change.path), change, about)
    return frozenset(found)


def _of_change(path: Path, change: Change, about: str) -> frozenset[Aspect]:
    role = role_of(path)
    if change.kind is ChangeKind.MOVED:
        # In a table the first row that holds counts: there order is what holds.
        return frozenset({Aspect.CONDITION if path[-1:] == ("uitkomst_als",) else Aspect.ORDER})
    if change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
        return _of_part(path, role)
    if not isinstance(change.before, TextNode) or not isinstance(change.after, TextNode):
        if role is Role.TEXT:
            return text_aspects(spelled(change.before), spelled(change.after), about, for_reading=True)
        return frozenset({Aspect.SHAPE if _in_shape(path) else Aspect.PART})
    return _of_value(path, role, change.before.text, change.after.text, about)


def _of_part(path: Path, role: Role) -> frozenset[Aspect]:
    if role is Role.TEXT:
        return frozenset({Aspect.WORDS})
    if role is Role.BASIS:
        return frozenset({Aspect.BASIS})
    if role is Role.FORMULA:
        return frozenset({Aspect.CONDITION})
    return frozenset({Aspect.SHAPE, Aspect.PART} if _in_shape(path) else {Aspect.PART})


def _of_value(path: Path, role: Role, before: str, after: str, about: str) -> frozenset[Aspect]:
    match role:
        case Role.TEXT:
            return text_aspects(before, after, about, for_reading=True)
        case Role.BASIS:
            return frozenset({Aspect.BASIS})
        case Role.FORMULA:
            return formula_aspects(before, after)
        case Role.SPAN:
            return _span_aspects(before, after)
        case Role.NUMBER:
            return frozenset() if _number(before) == _number(after) else frozenset({Aspect.NUMBER})
        case Role.RHYTHM:
            return frozenset({Aspect.PERIOD})
    return frozenset({Aspect.SHAPE if _in_shape(path) or path[-1] in ("soort", "besluit") else Aspect.CHOICE})


def _in_shape(path: Path) -> bool:
    return (
        bool(path)
        and path[0] in _SHAPES
        and (len(path) < 3 or path[0] == "patroon" or path[-1] in _IN_SHAPE or len(path) == 3)
    )


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _span_aspects(before: str, after: str) -> frozenset[Aspect]:
    try:
        one, other = Span.parse(before), Span.parse(after)
    except Refused:
        return text_aspects(before, after, for_reading=True)
    if _in_days(one) == _in_days(other):
        return frozenset({Aspect.WORDS})
    found = {Aspect.NUMBER} if one.number != other.number else set()
    if _counts(one.unit) != _counts(other.unit):
        found.add(Aspect.UNIT)
    return frozenset(found or {Aspect.NUMBER})


def _counts(unit: Unit) -> str:
    return {Unit.WEKEN: "dagen", Unit.DAGEN: "dagen", Unit.MAANDEN: "maanden", Unit.JAREN: "maanden"}.get(
        unit, str(unit)
    )


def _in_days(span: Span) -> tuple[str, int]:
    factor = {Unit.WEKEN: 7, Unit.JAREN: 12}.get(span.unit, 1)
    return _counts(span.unit), span.number * factor


_FORMULA_NUMBER = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?![\w])")
_FORMULA_UNIT = re.compile(r"\b(werkdagen|dagen|weken|maanden|jaren)\(")
_QUOTED = re.compile(r'"[^"]*"')


def formula_aspects(before: str, after: str) -> frozenset[Aspect]:
    """In what two formulas differ: the numbers, the unit of a length of time, or what is asked."""
    one, other = _read(before), _read(after)
    if one == other:
        return frozenset()
    found: set[Aspect] = set()
    if one.form != other.form:
        found.add(Aspect.CONDITION)
    else:
        if one.numbers != other.numbers:
            found.add(Aspect.NUMBER)
        if one.units != other.units:
            found.add(Aspect.UNIT)
        if one.quoted != other.quoted:
            found.add(Aspect.CHOICE)
    return frozenset(found or {Aspect.CONDITION})


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula taken apart: its form without numbers, units and quoted words, and those beside it."""

    form: str
    numbers: tuple[Decimal, ...]
    units: tuple[str, ...]
    quoted: tuple[str, ...]


@functools.lru_cache(maxsize=4096)
def _read(text: str) -> _Formula:
    bare = _QUOTED.sub('""', text)
    form = _FORMULA_UNIT.sub("duur(", _FORMULA_NUMBER.sub("#", bare))
    return _Formula(
        " ".join(form.split()),
        tuple(Decimal(found).normalize() for found in _FORMULA_NUMBER.findall(bare)),
        tuple(_FORMULA_UNIT.findall(bare)),
        tuple(_QUOTED.findall(text)),
    )
