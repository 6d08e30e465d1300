"""Open terms that a municipality has to fill in and that nobody fills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from vliegwiel.base.errors import VliegwielError
from vliegwiel.law.book import LawBook
from vliegwiel.law.checking.sources import Sources
from vliegwiel.law.findings import Finding, Severity
from vliegwiel.law.model import OpenTerm, Text
from vliegwiel.law.wording import enumerate_words, say_date


def unfilled(book: LawBook, sources: Sources, on: date, gemeenten: Sequence[str]) -> Iterator[Finding]:
    """Open terms without a default: for each, which municipalities lack them on a day.

    The municipalities are those named, else those that have an ordinance to the law. A term that no rule needs there (because
    another is filled in) is not missed. What is left open knowingly is only told: a term with its own sentence for when it is
    not ruled (`niet_geregeld`), and an ordinance with an example that says that the term must be asked (`vraagt`).
    """
    texts = book.texts
    for law in texts:
        if law.fills is not None or not law.validity.holds(on):
            continue
        ordinances = [text for text in texts if text.fills == law.id and text.validity.holds(on)]
        codes = list(gemeenten) or sorted({code for text in ordinances for code in text.gemeenten})
        for term in law.open_terms.values():
            if term.fallback is not None:
                continue
            if not codes:
                yield _nobody(term)
                continue
            lacking = [
                code
                for code in codes
                if not any(code in text.gemeenten and term.name in text.filled for text in ordinances)
                and _is_needed(book, law, term, code, on)
            ]
            if lacking:
                yield from _lacking(term, lacking, ordinances, sources, on, asked=bool(gemeenten))


def _is_needed(book: LawBook, law: Text, term: OpenTerm, code: str, on: date) -> bool:
    """Whether some rule may need a term in a municipality."""
    try:
        program = book.program(law.id, on, code)
    except VliegwielError:
        return False
    rules = [key for key, unit in program.units.items() if unit.kind == "regel"]
    return f"{law.id}.{term.name}" in program.reach(rules)


def _nobody(term: OpenTerm) -> Finding:
    """There is no ordinance at all."""
    severity: Severity = "opmerking" if term.not_ruled else "let op"
    said = f"Geen verordening vult '{term.name}' in, en er is geen standaard."
    return Finding(term.file, term.at.line, term.at.column, severity, "open-term", said, ("open_termen", term.name))


def _lacking(
    term: OpenTerm, lacking: Sequence[str], ordinances: Sequence[Text], sources: Sources, on: date, *, asked: bool
) -> Iterator[Finding]:
    """Some municipalities do not fill it; said at their ordinance, and at the law for those that have none."""
    bare: list[str] = []
    told: set[str] = set()
    for code in lacking:
        own = [text for text in ordinances if code in text.gemeenten]
        if not own:
            bare.append(code)
            continue
        if own[0].file in told:
            continue
        told.add(own[0].file)
        at = sources.key(own[0].file, ("invulling",))
        said = f"Deze verordening vult '{term.name}' niet in, en er is geen standaard: op {say_date(on)} is het niet geregeld."
        knowingly = bool(term.not_ruled) or any(_asks(text, term) for text in own)
        severity: Severity = "opmerking" if knowingly and not asked else "fout"
        yield Finding(own[0].file, at.line, at.column, severity, "open-term", said, ("invulling",))
    if bare:
        said = (
            f"Op {say_date(on)} is '{term.name}' niet geregeld voor {enumerate_words(bare)}, en er is geen standaard."
        )
        yield Finding(term.file, term.at.line, term.at.column, "fout", "open-term", said, ("open_termen", term.name))


def _asks(text: Text, term: OpenTerm) -> bool:
    """Whether an example of an ordinance says that the term must be asked."""
    return any(name.text == term.name for example in text.examples for name in example.vraagt or ())
