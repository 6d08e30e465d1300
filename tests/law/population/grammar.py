"""Random laws made from a grammar of the language: every construct that has a column form, and some that have not."""

from __future__ import annotations

import random

DATA = """
  bedrag_a: {soort: getal, vraag: Wat is a?}
  bedrag_b: {soort: getal, vraag: Wat is b?}
  aantal: {soort: getal, vraag: Hoeveel?}
  geboren: {soort: datum, vraag: Wanneer geboren?}
  sinds: {soort: datum, vraag: Sinds wanneer?}
  ja_a: {soort: ja/nee, vraag: Is a zo?}
  ja_b: {soort: ja/nee, vraag: Is b zo?}
  soort: {soort: keuze, keuzes: [appel, peer, pruim], vraag: Welke?}
  woord: {soort: tekst, vraag: Welk woord?}
  woning: {soort: groep, velden: {huur: getal, eigen: ja/nee}, vraag: Hoe woont u?}
  bedragen: {soort: lijst, van: getal, vraag: Welke bedragen?}
  kinderen:
    soort: lijst
    van: groep
    velden: {leeftijd: getal, inkomen: getal, thuis: ja/nee, geboren: datum}
    vraag: Welke kinderen?
"""


class Grammar:
    """Makes one law from a seed."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.numbers: list[str] = ["bedrag_a", "bedrag_b", "aantal", "grens", "open_grens", "woning.huur"]
        self.truths: list[str] = ["ja_a", "ja_b", "woning.eigen", "bijzonder"]
        self.words: list[str] = ["soort"]

    def law(self) -> str:
        """The text of the law. Its rules are r1, r2, …"""
        rules = [self.rule(number) for number in range(1, self.pick.randint(4, 9))]
        return (
            "wet: proef\nnaam: Proef\nsoort: wet\nbwb: BWBR0000001\ngeldig: {van: 2020-01-01}\ngelezen: 2020-01-01\n"
            'geverifieerd: ja\nbron: tekst\nbronnen: {tekst: hier}\nartikelen: {"1": {titel: Een}}\n'
            f"gegevens:{DATA}"
            'normen:\n  grens: {soort: getal, artikel: "1", waarden: {2020-01-01: 1234.56}}\n'
            'open_termen:\n  open_grens: {soort: getal, artikel: "1", standaard: "7", omschrijving: grens}\n'
            'oordelen:\n  bijzonder: {artikel: "1", vraag: Is het bijzonder?, omschrijving: bijzonder}\n'
            "regels:\n" + "".join(rules) + "voorbeelden: []\n"
        )

    def rule(self, number: int) -> str:
        kind = self.pick.choice(["getal", "getal", "ja/nee", "ja/nee", "keuze", "datum"])
        head = f'  r{number}:\n    soort: {kind}\n    artikel: "1"\n'
        if kind == "keuze":
            head += "    keuzes: [appel, peer, pruim]\n"
        shape = self.pick.random()
        if kind == "ja/nee" and shape < 0.3:
            body = f"    {self.pick.choice(['alle', 'een'])}:\n"
            body += "".join(f"      - als: '{self.truth(2)}'\n" for _ in range(self.pick.randint(1, 4)))
        elif kind in ("getal", "keuze") and shape < 0.5:
            body = self.table(kind)
        else:
            made = {"getal": self.number, "ja/nee": self.truth, "keuze": self.word, "datum": self.day}[kind](3)
            body = f"    formule: '{made}'\n"
        {"getal": self.numbers, "ja/nee": self.truths, "keuze": self.words}.get(kind, []).append(f"r{number}")
        return head + body

    def table(self, kind: str) -> str:
        pick = self.pick
        policies = ["U", "F", "F", "A"] + (["C+", "C<", "C>", "C#"] if kind == "getal" else ["P"])
        policy = pick.choice(policies)
        columns = pick.sample(["soort", "ja_a", "aantal", "bedrag_a", "geboren"], pick.randint(1, 3))
        cells = {
            "soort": ["appel", "peer", "appel, pruim", "not(peer)", "-"],
            "ja_a": ["ja", "nee", "-"],
            "aantal": ["< 10", ">= 10", "[5..20)", "1, 2, 3", "? > bedrag_b", "not(< 3)", "-"],
            "bedrag_a": ["<= grens", "> grens", "[0..bedrag_b]", "-"],
            "geboren": ['< date("2000-01-01")', "< sinds", "-"],
        }
        lines = []
        for _ in range(pick.randint(1, 5)):
            whens = ", ".join(
                f'{c}: "{pick.choice(cells[c])}"'.replace('date("', "date('").replace('")', "')") for c in columns
            )
            whens = whens.replace("date('2000-01-01')", '@\\"2000-01-01\\"')
            if policy in ("P", "C#"):
                then = pick.choice(["appel", "peer", "pruim"]) if kind == "keuze" else str(pick.randint(0, 3))
            else:
                then = self.number(1) if kind == "getal" else self.word(1)
            lines.append(f"        - {{als: {{{whens}}}, dan: '{then}'}}\n")
        order = "      volgorde: [peer, appel]\n" if policy == "P" else ""
        return (
            f"    tabel:\n      treffer: {policy}\n      invoer: [{', '.join(columns)}]\n{order}      regels:\n"
            + "".join(lines)
        )

    def number(self, depth: int) -> str:
        pick = self.pick
        if depth <= 0:
            return pick.choice(
                [*self.numbers, pick.choice(["0", "1", "2", "12", "0.5", "100", "33.33", "7", "1000000"])]
            )
        below = [self.number(depth - 1) for _ in range(2)]
        forms = [
            "({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} / {1})", "({0} / 3)", "({0} / 12 * 12)", "({0} * 1.1)",
            "procent(43.5, {0})", "afronden({0}, 2)", "afronden({0}, 0)", "floor({0})", "ceiling({0})", "decimal({0}, 1)",
            "round up({0}, 1)", "round down({0}, 0)", "min({0}, {1})", "max({0}, {1})", "max(0, {0})", "abs({0})", "-{0}",
            "afronden_op({0}, 5)", "afronden_omlaag({0}, 0.25)", "sum([{0}, {1}])", "mean([{0}, {1}])", "modulo(aantal, 7)",
            "(if {t} then {0} else {1})", "(if {t} then {0} else 0)",
            "geboren.year", "sinds.month",
            "count(kinderen)", "count(kinderen[leeftijd < 18])", "sum(kinderen.inkomen)", "sum(bedragen)", "max(bedragen)",
            "min(kinderen.leeftijd)", "mean(bedragen)", "sum(kinderen[thuis].inkomen)",
            "sum(for k in kinderen return k.inkomen * 2)",
            "count(kinderen[leeftijd >= aantal and thuis])", "kinderen[1].leeftijd", "bedragen[-1]",
            "max(kinderen[inkomen > {0}].inkomen)", "sqrt(abs(aantal))", "string length(woord)", "bedrag_a ** 2",
        ]  # fmt: skip
        return pick.choice(forms).format(*below, t=self.truth(depth - 1))

    def truth(self, depth: int) -> str:
        pick = self.pick
        if depth <= 0:
            return pick.choice([*self.truths, "ja", "nee"])
        a, b = self.number(depth - 1), self.number(depth - 1)
        s, t = self.truth(depth - 1), self.truth(depth - 1)
        forms = [
            "({a} < {b})", "({a} <= {b})", "({a} > {b})", "({a} = {b})", "({a} != {b})", "({s} and {t})", "({s} or {t})",
            "not({s})", "({a} between 0 and {b})", "({a} in [0..{b}))", "(aantal in (1, 2, 3))", '(soort = "appel")',
            '(soort in ("appel", "peer"))', "(soort != {w})", "(bedrag_a = null)",
            "(hele_jaren(geboren, peildatum) < 18)", "(hele_maanden(sinds, {d}) >= 6)", "(dagen_tussen(geboren, {d}) > 1000)",
            "(hele_jaren({d}, sinds) in [1..4])", "(sinds = null or sinds <= peildatum - maanden(6))",
            "(geboren < {d})", "({d} >= {e})", "({s} = {t})", "some k in kinderen satisfies k.leeftijd < 18",
            "every k in kinderen satisfies k.thuis or k.inkomen > {a}", "some x in bedragen satisfies x >= {a}",
            "every k in kinderen satisfies (hele_jaren(k.geboren, peildatum) >= 12)", 'list contains(["appel", "peer"], soort)',
            "list contains(bedragen, aantal)", "list contains([1, aantal], 3)", 'some w in ["appel", "peer"] satisfies w = soort',
            "odd(aantal)", "even(aantal)", "(if {s} then {t} else nee)", 'starts with(woord, "a")', '(woord = "anders")',
        ]  # fmt: skip
        return pick.choice(forms).format(a=a, b=b, s=s, t=t, w=self.word(0), d=self.day(1), e=self.day(0))

    def word(self, depth: int) -> str:
        if depth <= 0:
            return self.pick.choice(self.words)
        other = self.pick.choice(['"appel"', '"peer"', *self.words])
        return f"(if {self.truth(depth - 1)} then {other} else {self.word(depth - 1)})"

    def day(self, depth: int) -> str:
        pick = self.pick
        if depth <= 0:
            return pick.choice(["geboren", "sinds", "peildatum", '@"2020-02-29"'])
        forms = [
            "({0} + maanden(1))", "({0} - maanden(12))", "({0} + jaren(1))", "({0} - dagen(30))", "({0} + weken(2))",
            "eerste_dag_van_maand({0})", "laatste_dag_van_maand({0})", "(if {t} then {0} else sinds)", "min({0}, sinds)",
            "max({0}, geboren)", "({0} + maanden(aantal))",
        ]  # fmt: skip
        return pick.choice(forms).format(self.day(depth - 1), t=self.truth(depth - 1))
