"""Check all definitions of a folder, and say what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import SourceInvalid, read_source
from vliegwiel.law.errors import LawFault

from ..library import Library
from ..model import Resolved
from ..resolve import layered_of, library, resolve
from ..theme import read_theme
from .clocks import check_clocks_of_product
from .conditions import check_conditions
from .examples import check_examples
from .found import Finding, Found, from_invalid
from .patterns import pattern_findings
from .process import check_process
from .references import check_references
from .texts import check_texts

NATIONAL = "GM0000"
"""The product before any municipality deviates, checked as if a municipality without ordinances offered it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `examples` were run in `definitions` resolved definitions; `exit_code` is 0 when nothing is wrong."""

    findings: tuple[Finding, ...]
    examples: int
    definitions: int
    products: int
    municipalities: int

    @property
    def ok(self) -> bool:
        """Whether nothing must be repaired; things that deserve a look do not count."""
        return all(finding.severity != "fout" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0: all is well. 1: something must be repaired."""
        return 0 if self.ok else 1

    @property
    def sentence(self) -> str:
        """One Dutch line for the command line."""
        wrong = sum(finding.severity == "fout" for finding in self.findings)
        told = f"{self.products} producten, {self.municipalities} gemeenten, {self.examples} voorbeelden uitgerekend"
        return f"{told}: {'alles klopt' if not wrong else f'{wrong} fouten'}."


def check_all(on: date, *, among: Library | None = None) -> Report:
    """Check patterns, products, every variant and every theme, and run every example for every municipality that offers it.

    A wrong law file is not looked at here (`vliegwiel.law` checks those) but keeps this check from starting: `SourceInvalid`.
    """
    found = among or library()
    findings: list[Finding] = []
    for key in found.patterns():
        findings.extend(pattern_findings(found, key))
    examples = definitions = 0
    for key in found.products():
        findings.extend(check_one(NATIONAL, key, on, among=found)[0])
        definitions += 1
    municipalities = found.municipalities()
    for municipality in municipalities:
        for key in found.variants_of(municipality):
            wrong, count = check_one(municipality, key, on, among=found)
            findings.extend(wrong)
            examples += count
            definitions += 1
    findings.extend(_theme_findings(found))
    return Report(
        findings=_told_once(findings),
        examples=examples,
        definitions=definitions,
        products=len(found.products()),
        municipalities=len(municipalities),
    )


def _told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In order, each once. A name that a shared part has wrong is told once, whatever names each user of it knows."""
    places: set[tuple[object, ...]] = set()
    told: list[Finding] = []
    for finding in sorted(set(findings)):
        place = (finding.file, finding.line, finding.column, finding.path)
        if finding.code == "naam" and place in places:
            continue
        places.add(place)
        told.append(finding)
    return tuple(told)


def check_one(
    municipality: str, key: str, on: date, *, among: Library | None = None
) -> tuple[tuple[Finding, ...], int]:
    """Check what one municipality runs of one product; gives the findings and the number of examples that were run.

    Examples are not run for `NATIONAL`: without ordinances the law cannot decide on local products.
    """
    found = among or library()
    try:
        definition = resolve(municipality, key, on, among=found)
    except SourceInvalid as error:
        return tuple(from_invalid(error)), 0
    except NotFound:
        return tuple(_no_product(found, municipality, key)), 0
    collected = Found(layered_of(municipality, key, among=found), "" if municipality == NATIONAL else municipality)
    _check(definition, collected, on)
    count = 0
    if municipality != NATIONAL and not any(f.severity == "fout" for f in collected.findings):
        count = check_examples(definition, collected)
    return tuple(collected.findings), count


def _check(definition: Resolved, found: Found, on: date) -> None:
    check_conditions(definition, found)
    try:
        check_references(definition, found, on)
    except LawFault as error:
        found.wrong(("wet", "naam"), error.sentence, "wet")
    channels = tuple(channel.key for channel in definition.channels)
    if check_process(definition.process, definition.outcomes, channels, found) is not None:
        check_clocks_of_product(definition, found)
    check_texts(definition, found)


def _no_product(found: Library, municipality: str, key: str) -> Iterable[Finding]:
    file = found.variant_file(municipality, key)
    if file is not None:
        at = file.root.at
        known = ", ".join(found.products())
        message = f"Het product '{key}' bestaat niet. Er is: {known}."
        yield Finding(file.name, at.line, at.column, "fout", "naam", message, ("product",))


def _theme_findings(found: Library) -> list[Finding]:
    findings: list[Finding] = []
    folder = found.folder / "huisstijl"
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        try:
            read_theme(read_source(path, f"huisstijl/{path.name}"))
        except SourceInvalid as error:
            findings.extend(from_invalid(error))
    return findings
