"""The check never breaks and never runs long, whatever somebody writes."""

from __future__ import annotations

import os
import random
import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.law.checking.conftest import FILES, ON, checked
from vliegwiel.law.checking import CODES, check_texts

MANY = int(os.environ.get("VLIEGWIEL_CHECK_DOCUMENTS", "100"))

_TOKENS = re.compile(r"[A-Za-z_]+|[0-9.]+|[<>=]+|\S")
_OTHER = re.findall(
    r"\S+",
    "leeftijd inkomen recht kinderen grens bedrag bedrag.alleen ziek_sinds huishouden zorg totaal algemeen.termijn peildatum "
    "0 1 18 -1 100.50 < <= > >= = != + - * / ** ? .. ( ) [ ] { } and or not null ja nee if then else min max count procent "
    'U A F P C C+ tekst datum date("2024-02-29") some in satisfies alle een jaren weken',
)


def _mangled(seed: int) -> dict[str, str]:
    """The files with a few words replaced, left out, doubled or exchanged."""
    chance = random.Random(seed)
    files = dict(FILES)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        name = chance.choice(["wet.yaml", "wet.yaml", "wet.yaml", "leiden.yaml", "algemeen.yaml"])
        text = files[name]
        found = chance.choice(list(_TOKENS.finditer(text)))
        word, (start, end) = found.group(), found.span()
        new = chance.choice(
            [chance.choice(_OTHER), "", f"{word} {word}", f"not({word})", f"{word} {chance.choice(_OTHER)}"]
        )
        files[name] = text[:start] + new + text[end:]
        if chance.random() < 0.2:
            lines = files[name].splitlines()
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            files[name] = "\n".join(lines) + "\n"
    return files


@settings(max_examples=MANY, deadline=None)
@given(st.integers(0, 10**9))
def test_a_mangled_law_gives_findings_and_nothing_else(seed: int) -> None:
    files = _mangled(seed)
    report = check_texts(files, on=ON, gemeenten=["GM0546"])
    for finding in report.findings:
        assert finding.code in CODES, finding
        assert finding.severity in CODES[finding.code].severities, finding
        assert 1 <= finding.line <= len(files[finding.file].splitlines()) + 1, finding
        assert finding.message.endswith((".", "?")), finding


def test_a_large_table_is_checked_in_a_moment() -> None:
    """Two hundred lines over three columns, one of them missing."""
    steps = [
        f'        - {{als: {{inkomen: "[{100 * band}..{100 * band + 100})", huishouden: {home}, woont_hier: {here}}}, '
        f"dan: {band}}}"
        for band in range(34)
        for home in ("alleen", "paar", "groep")
        for here in ("ja", "nee")
    ]
    del steps[100]
    table = """\
  trede:
    soort: getal
    artikel: "2"
    tabel:
      treffer: U
      invoer: [inkomen, huishouden, woont_hier]
      regels:
%s
        - {als: {inkomen: ">= 3400"}, dan: 34}
    uitleg: {waarde: "U valt in {trede}."}

  zorg:
    soort"""
    start = time.process_time()
    report, _ = checked({"  zorg:\n    soort": table % "\n".join(steps)})
    took = time.process_time() - start
    found = [finding for finding in report.findings if finding.code == "gat"]
    assert len(found) == 1
    assert "inkomen = € 1.600,00 per maand, huishouden = groep, woont_hier = ja" in found[0].message
    assert took < 20, f"{took:.1f} s"


def test_a_table_that_is_too_large_is_left_and_said_so() -> None:
    columns = [f"x{number}" for number in range(24)]
    data = "".join(f"  {name}: {{soort: keuze, keuzes: [a, b, c, d], vraag: Welke {name}?}}\n" for name in columns)
    chance = random.Random(3)
    lines = []
    for _ in range(70):
        chosen = chance.sample(columns, 6)
        cells = ", ".join(f'{name}: "{", ".join(chance.sample("abcd", 3))}"' for name in chosen)
        lines.append(f"        - {{als: {{{cells}}}, dan: 1}}")
    rule = (
        '  groot:\n    soort: getal\n    artikel: "2"\n    tabel:\n      treffer: F\n'
        f"      invoer: [{', '.join(columns)}]\n      regels:\n"
        + "\n".join(lines)
        + "\n    uitleg: {waarde: Klaar.}\n\n  zorg:\n    soort"
    )
    start = time.process_time()
    report, _ = checked({"  woont_hier: {soort": data + "  woont_hier: {soort", "  zorg:\n    soort": rule})
    assert time.process_time() - start < 60
    assert {finding.code for finding in report.findings} & {"niet-nagerekend", "gat"}
