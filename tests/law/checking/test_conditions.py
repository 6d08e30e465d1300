"""What is said never to happen does not happen: random conditions against every combination of values."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.law import LawBook
from vliegwiel.law.checking.conditions import LogicCheck
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.feel.values import Value
from vliegwiel.law.program import CompiledConditions

ON = date(2026, 11, 24)
MANY = int(os.environ.get("VLIEGWIEL_CHECK_TABLES", "80"))

LAW = """\
wet: proef
naam: Proef
soort: wet
geldig: {van: 2024-01-01}
gelezen: 2024-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst}
artikelen: {"1": {titel: Iets}}
gegevens:
  aantal: {soort: getal, vraag: Hoeveel?}
  ander: {soort: getal, vraag: Hoeveel?}
  vorm: {soort: keuze, keuzes: [a, b, c], vraag: Welke?}
  waar: {soort: ja/nee, vraag: Is het waar?}
  dag: {soort: datum, vraag: Wanneer?}
regels:
  dubbel: {soort: getal, artikel: "1", formule: 2 * aantal - ander}
  trede: {soort: getal, artikel: "1", formule: 'if aantal > 3 then 10 else if ander < 2 then aantal else 5'}
  letter:
    soort: keuze
    keuzes: [x, y]
    artikel: "1"
    tabel:
      treffer: F
      invoer: [vorm, waar]
      regels:
        - {als: {vorm: a, waar: ja}, dan: x}
        - {als: {vorm: "a, b"}, dan: y}
        - {dan: x}
  ouder: {soort: ja/nee, artikel: "1", een: [{als: waar}, {als: aantal >= 4}]}
  proef:
    soort: ja/nee
    artikel: "1"
    KIND:
CONDITIONS
"""

_NUMBER = st.integers(-1, 6).map(str)
_TERM = st.sampled_from(
    ["aantal", "ander", "dubbel", "trede", "aantal + ander", "max(aantal, ander)", "min(aantal, 3)"]
)
_SIGN = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
_DAY = st.integers(0, 3).map(lambda n: f'date("{date(2026, 11, 23) + timedelta(days=n)}")')
_ATOM = st.one_of(
    st.tuples(_TERM, _SIGN, st.one_of(_NUMBER, _TERM)).map(" ".join),
    st.tuples(_TERM, _NUMBER, _NUMBER).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
    st.tuples(_TERM, _NUMBER, _NUMBER).map(lambda t: f"{t[0]} in ({t[1]}, > {t[2]})"),
    st.tuples(_TERM, _NUMBER, _NUMBER).map(lambda t: f"{t[0]} in [{t[1]}..{t[2]})"),
    st.tuples(st.sampled_from(["=", "!="]), st.sampled_from("abc")).map(lambda t: f'vorm {t[0]} "{t[1]}"'),
    st.sampled_from(
        ['vorm in ("a", "b")', 'list contains(["b", "c"], vorm)', 'letter = "x"', 'letter != "y"', "waar", "ouder"]
    ),
    st.sampled_from(["dag = null", "dag != null", "ouder = waar", "waar = nee"]),
    st.tuples(
        st.sampled_from(["dag", "dag + dagen(2)", "dag - weken(1)"]), _SIGN, st.one_of(_DAY, st.just("peildatum"))
    ).map(" ".join),
)
_CONDITION = st.recursive(
    _ATOM,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        inner.map(lambda text: f"not({text})"),
        st.tuples(inner, inner, inner).map(lambda t: f"if {t[0]} then {t[1]} else {t[2]}"),
    ),
    max_leaves=5,
)
_VALUES: dict[str, list[Value]] = {
    "aantal": [Decimal(n) / 2 for n in range(-6, 18)],
    "ander": [Decimal(n) / 2 for n in range(-5, 14, 3)] + [Decimal(n) for n in range(-2, 8)],
    "vorm": ["a", "b", "c"],
    "waar": [True, False],
    "dag": [ON + timedelta(days=n) for n in range(-10, 10)],
}


def _samples(text: str) -> Iterator[dict[str, Value]]:
    used = {
        name
        for name in _VALUES
        if re.search(rf"\b{name}\b", text)
        or (name in ("aantal", "ander") and re.search(r"dubbel|trede|ouder", text))
        or (name in ("vorm", "waar") and re.search(r"letter|ouder", text))
    }
    names = sorted(used)
    # Null takes part only where the text speaks of it.
    choices = [
        [*_VALUES[name], *([None] if f"{name} = null" in text or f"{name} != null" in text else [])] for name in names
    ]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


@settings(max_examples=MANY, deadline=None)
@given(st.lists(_CONDITION, min_size=1, max_size=3), st.booleans())
def test_what_never_happens_happens_in_no_combination(conditions: list[str], every: bool) -> None:
    lines = "\n".join(f"      - als: '{text}'" for text in conditions)
    text = LAW.replace("KIND", "alle" if every else "een").replace("CONDITIONS", lines)
    program = LawBook.loads(text).program("proef", ON)
    unit = program.units["proef.proef"]
    assert isinstance(unit.anatomy, CompiledConditions)
    places = [item.condition.at.line for item in unit.anatomy.items]
    said = {
        (places.index(f.line), f.code)
        for f in LogicCheck(Meaning(program), unit).findings()
        if f.code in CLAIMS and f.line in places
    }
    if not said:
        return
    for values in _samples(" ; ".join(conditions)):
        frame = program.frame(ON)
        for name, value in values.items():
            frame[program.units[name].slot] = value
        held = [item.part.code(frame) is True for item in unit.anatomy.items]
        for number, code in said:
            assert not _refuted(code, number, held, every), f"{code} {number + 1}: {values}\n{lines}"


CLAIMS = ("nooit-waar", "altijd-waar", "tegenspraak", "overbodig")


def _refuted(code: str, number: int, held: list[bool], every: bool) -> bool:
    """Whether a run shows that a claim about a condition is wrong. A claim of `overbodig` may be about a later condition."""
    before = held[:number]
    match code:
        case "nooit-waar":
            return held[number]
        case "tegenspraak":
            return all(before) and held[number]
        case "altijd-waar":
            return not (held[number] or (not every and any(before)))
        case _ if every:
            later = held[number + 1 :]
            return all(before) and not held[number] and (not later or all(later))
        case _:
            return held[number] and not any(before)
