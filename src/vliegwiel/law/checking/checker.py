"""Everything there is to say about law files, in one go.

A file with a mistake is set aside with what leans on it, so that the rest is still looked into. What is found about a law on
one date holds for that date; what is said never to happen was proved for every date on which its norms change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from vliegwiel.base.errors import VliegwielError
from vliegwiel.base.sourcefile import Position
from vliegwiel.law.book import LawBook
from vliegwiel.law.checking.conditions import LogicCheck
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.checking.numbers import divisions, unrounded
from vliegwiel.law.checking.openterms import unfilled
from vliegwiel.law.checking.places import municipalities
from vliegwiel.law.checking.rings import rings
from vliegwiel.law.checking.sentences import long_sentences
from vliegwiel.law.checking.sources import Sources, plain_name
from vliegwiel.law.checking.tables import TableCheck
from vliegwiel.law.checking.times import dated_parts, ended, holes, norms, parts
from vliegwiel.law.checking.uses import articles, deviations, law_of, open_questions, unused_rules
from vliegwiel.law.checking.walking import Asking
from vliegwiel.law.collecting import collect
from vliegwiel.law.errors import NotInForce
from vliegwiel.law.examples import ExamplesReport, run_examples
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import Norm, Table, Text
from vliegwiel.law.program import CompiledConditions, CompiledTableParts, Program, Unit
from vliegwiel.law.wording import say_date

_MOST_DATES: Final = 40
# Proofs that something never happens: these must hold on every date.
_NEVER: Final = frozenset(
    (
        "regel-onmogelijk",
        "regel-overschaduwd",
        "nooit-waar",
        "altijd-waar",
        "tegenspraak",
        "overbodig",
        "tak-onbereikbaar",
    )
)
# A file with one of these is not wholly understood.
_BROKEN: Final = frozenset(("bestand", "naam", "soort", "formule"))


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found about the files that were asked for. `lines` are those of each file, to show them."""

    findings: tuple[Finding, ...]
    lines: Mapping[str, tuple[str, ...]]
    texts: int
    examples: int
    passed: int

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What must be repaired."""
        return tuple(finding for finding in self.findings if finding.severity == "fout")

    def line(self, finding: Finding) -> str:
        """The line of the file that a finding is about."""
        lines = self.lines.get(finding.file, ())
        return lines[finding.line - 1] if 1 <= finding.line <= len(lines) else ""


def check(
    paths: Iterable[Path],
    *,
    on: date | None = None,
    gemeenten: Sequence[str] = (),
    context: Iterable[Path] = (),
    name: Callable[[Path], str] = plain_name,
) -> Report:
    """Check law files and folders. `context` are files that they may refer to and about which nothing is told.

    `on` is the day for which dates are looked at (None: no day in particular); `gemeenten` are municipalities for which
    every open term must be filled. Raises nothing: what cannot be read is a finding.
    """
    sources = Sources()
    sources.read(paths, name)
    sources.lean_on(context)
    return _Checker(sources, on, gemeenten).report()


def check_texts(named: Mapping[str, str], *, on: date | None = None, gemeenten: Sequence[str] = ()) -> Report:
    """Check law files given as text, by name."""
    sources = Sources()
    sources.give(named)
    return _Checker(sources, on, gemeenten).report()


def check_definitions(paths: Iterable[Path], on: date | None = None) -> list[Finding]:
    """Everything that must be repaired or deserves a look, in order of file and line."""
    return [finding for finding in check(paths, on=on).findings if finding.severity != "opmerking"]


class _Checker:
    def __init__(self, sources: Sources, on: date | None, gemeenten: Sequence[str]) -> None:
        self.sources = sources
        self.on = on
        self.gemeenten = gemeenten
        self.found: list[Finding] = list(sources.findings)
        self.days: dict[tuple[str, str | None, date], tuple[Asking, dict[str, Unit]] | None] = {}

    def report(self) -> Report:
        """All findings about the files asked for, each once, in order."""
        texts, found = collect(self.sources.files.values())
        self.found += found
        sound = self.sound(texts)
        asked = [text for text in sound if text.file in self.sources.asked]
        self.static(texts, sound)
        examples = self.deep(sound, asked)
        for file in sorted(self.sources.asked & self.sources.files.keys()):
            self.found += long_sentences(self.sources.files[file])
        self.sources.findings = [finding for finding in self.found if finding.code == "bestand"]
        following = self.sources.leaning_on_unread()
        mine = {
            self.sources.at_key(finding)
            for finding in self.found
            if finding.file in self.sources.asked and (finding.code == "bestand" or finding.file not in following)
        }
        return Report(
            tuple(sorted(_once(mine))),
            self.sources.lines,
            sum(text.file in self.sources.asked for text in texts),
            len(examples.results) if examples is not None else 0,
            examples.passed if examples is not None else 0,
        )

    def sound(self, texts: Sequence[Text]) -> list[Text]:
        """The texts without a mistake that lean on nothing with a mistake."""
        bad = {finding.file for finding in self.found if finding.severity == "fout" and finding.code != "samenhang"}
        left = [text for text in texts if text.file not in bad]
        while True:
            known = {text.id for text in left if text.fills is None}
            kept = [text for text in left if (text.fills is None or text.fills in known) and set(text.uses) <= known]
            if len(kept) == len(left):
                return kept
            left = kept

    # --- without running ---------------------------------------------------------------------------------------------

    def static(self, texts: Sequence[Text], sound: Sequence[Text]) -> None:
        """What can be seen from the texts alone."""
        self.found += rings(sound)
        self.found += unused_rules(sound)
        self.found += articles(sound)
        self.found += open_questions(sound, self.sources)
        self.found += deviations(sound)
        self.found += parts(sound)
        self.found += holes(texts, self.sources)
        self.found += norms(sound, self.sources, self.on)
        if self.on is not None:
            self.found += ended(texts, self.sources, self.on)
            self.found += municipalities(texts, self.sources, self.on)

    # --- by reasoning and running ------------------------------------------------------------------------------------

    def deep(self, sound: Sequence[Text], asked: Sequence[Text]) -> ExamplesReport | None:
        """Tables, conditions and examples of the texts asked for."""
        ringed = {finding.file for finding in self.found if finding.code == "kring"}
        book = LawBook(sound)
        if self.on is not None:
            self.found += unfilled(book, self.sources, self.on, self.gemeenten)
        whole = [text for text in asked if text.file not in ringed]
        for text in whole:
            fault = self.fault(book, text)
            if fault is not None:
                self.found.append(fault)
            else:
                self.found += self.logic(book, text)
        if not asked:
            return None
        examples = run_examples(book, [text.id for text in asked])
        self.found += [finding for finding in examples.findings if finding.file not in ringed]
        return examples

    def fault(self, book: LawBook, text: Text) -> Finding | None:
        """A law with its ordinances must fit together for each municipality."""
        for gemeente in text.gemeenten or (None,):
            try:
                book.program(law_of(text), self.day(book, text), gemeente)
            except NotInForce:
                continue
            except VliegwielError as error:
                return Finding(text.file, 1, 1, "fout", "samenhang", error.sentence)
        return None

    def day(self, book: LawBook, text: Text) -> date:
        """The day on which a text is looked into: that of the check, or the nearest on which it and its law hold."""
        first = max(text.validity.van, *(version.validity.van for version in book.versions(law_of(text))[-1:]))
        if self.on is None or self.on < first:
            return first if text.validity.holds(first) else text.validity.van
        return min(self.on, text.validity.tot) if text.validity.tot is not None else self.on

    def logic(self, book: LawBook, text: Text) -> Iterator[Finding]:
        """Tables and conditions of one text, on its day and where needed on other days."""
        main = self.day(book, text)
        for key in _own(text):
            found = self.on_day(book, text, key, main)
            others = (
                self.other_days(book, text, key, main) if found or self.norms_in_cells(book, text, key, main) else []
            )
            for finding in found:
                if finding.code not in _NEVER or all(self.also(book, text, key, day, finding) for day in others):
                    yield finding
            for day in others:
                for finding in self.on_day(book, text, key, day):
                    if finding.code in ("gat", "overlap") and not _among(finding, found):
                        yield replace(finding, message=f"Op {say_date(day)}: {finding.message}")

    def also(self, book: LawBook, text: Text, key: str, day: date, finding: Finding) -> bool:
        """Whether the same holds on another day; a part that does not hold then does not count."""
        found = self.on_day(book, text, key, day)
        if _among(finding, found):
            return True
        unit = self.unit(book, text, key, day)
        return unit is None or not _still_there(unit, finding)

    def unit(self, book: LawBook, text: Text, key: str, day: date) -> Unit | None:
        """A unit of the program of a text on a day."""
        made = self.made(book, text, day)
        return made[1].get(key) if made is not None else None

    def made(self, book: LawBook, text: Text, day: date) -> tuple[Asking, dict[str, Unit]] | None:
        """The formulas of the program of a text on a day; None when it does not hold then."""
        gemeente = text.gemeenten[0] if text.gemeenten else None
        key = (text.file, gemeente, day)
        if key not in self.days:
            self.days[key] = self.fresh(book, text, gemeente, day)
        return self.days[key]

    def fresh(
        self, book: LawBook, text: Text, gemeente: str | None, day: date
    ) -> tuple[Asking, dict[str, Unit]] | None:
        try:
            program: Program = book.program(law_of(text), day, gemeente)
        except VliegwielError:
            return None
        return Asking(Meaning(program)), program.units

    def on_day(self, book: LawBook, text: Text, key: str, day: date) -> list[Finding]:
        """What is to be said about one rule on one day."""
        made = self.made(book, text, day)
        unit = made[1].get(key) if made is not None else None
        if made is None or unit is None or unit.definition.file != text.file:
            return []
        asking = made[0]
        found: list[Finding] = []
        table = TableCheck.of(asking, unit, day)
        if table is not None:
            found += [*table.dead_lines(), *table.overlaps(), *table.gaps()]
        found += LogicCheck(asking.meaning, unit).findings()
        found += divisions(asking.meaning, unit)
        found += unrounded(unit)
        return found

    def norms_in_cells(self, book: LawBook, text: Text, key: str, day: date) -> bool:
        """Whether what a table compares with may change from date to date."""
        unit = self.unit(book, text, key, day)
        if unit is None or not isinstance(unit.body, Table):
            return False
        return any(line.validity is not None for line in unit.body.lines) or any(
            made.kind == "norm" for made in _in_cells(self.made(book, text, day), unit)
        )

    def other_days(self, book: LawBook, text: Text, key: str, main: date) -> list[date]:
        """Other days on which the norms and parts behind a rule change, newest first."""
        made = self.made(book, text, main)
        unit = self.unit(book, text, key, main)
        if made is None or unit is None:
            return []
        program = made[0].meaning.program
        starts: set[date] = set()
        for reached in program.reach([key]):
            found = program.units[reached]
            if isinstance(found.definition, Norm):
                starts.update(row.start for row in found.definition.rows)
            starts.update(_part_days(found))
        held = [day for day in starts if text.validity.holds(day) and day != main]
        return sorted(held, reverse=True)[:_MOST_DATES]


def _own(text: Text) -> Iterator[str]:
    """The keys of the rules that a text writes itself."""
    law = law_of(text)
    yield from (f"{law}.{name}" for name in (*text.rules, *text.filled))
    yield from dict.fromkeys(f"{deviation.law}.{deviation.rule}" for deviation in text.deviations)


def _part_days(unit: Unit) -> Iterator[date]:
    """Days on which a part of a rule begins or ends."""
    for part in dated_parts(unit.body):
        if part.validity is not None:
            yield from (day for day in (part.validity.van, part.validity.tot) if day is not None)


def _in_cells(made: tuple[Asking, dict[str, Unit]] | None, unit: Unit) -> Iterator[Unit]:
    """The units that the cells of a table name."""
    if made is not None and isinstance(unit.anatomy, CompiledTableParts):
        yield from (made[1][key] for key in unit.anatomy.cell_uses)


def _among(finding: Finding, found: Sequence[Finding]) -> bool:
    return any(
        (f.file, f.line, f.column, f.code) == (finding.file, finding.line, finding.column, finding.code) for f in found
    )


def _still_there(unit: Unit, finding: Finding) -> bool:
    """Whether the part that a finding is about holds in a program; formulas always do."""
    places: list[Position] = []
    if isinstance(unit.anatomy, CompiledConditions):
        places = [item.condition.at for item in unit.anatomy.items]
    elif isinstance(unit.anatomy, CompiledTableParts):
        places = [line.at for line in unit.anatomy.lines]
    return not places or Position(finding.line, finding.column) in places


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Without what only follows from something else that is told.

    A part that can never happen needs no example, nor does a rule that nothing uses; an example that misses an amount of
    which is told that it is missing comes out when that is there; what a broken formula would use is not unused.
    """
    listed = list(findings)
    never = {(f.file, f.line) for f in listed if f.code in _NEVER and f.severity == "fout"}
    unused = {(f.file, str(f.path[-1])) for f in listed if f.code == "regel-ongebruikt"}
    broken = any(f.code in _BROKEN for f in listed)
    absent = {str(f.path[1]) for f in listed if f.code == "jaar-ontbreekt" and f.severity == "fout"}
    stuck = {
        f for f in listed if f.code == "voorbeeld" and any(f.message.endswith(f": {n} ontbreekt.") for n in absent)
    }
    for finding in listed:
        if finding in stuck or (finding.code == "ongebruikt" and broken):
            continue
        if finding.code == "dekking":
            named = finding.message.partition("'")[2].partition("'")[0]
            if stuck or (finding.file, finding.line) in never or (finding.file, named) in unused:
                continue
        yield finding
