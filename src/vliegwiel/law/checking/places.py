"""Municipalities of ordinances: whether they exist on the day of the check, and who carries on those that have ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.base.municipalities import municipality
from vliegwiel.law.checking.sources import Sources
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import Text
from vliegwiel.law.wording import enumerate_words, say_date


def municipalities(texts: Sequence[Text], sources: Sources, on: date) -> Iterator[Finding]:
    """Ordinances in force for a municipality that is none, or that has ended."""
    for text in texts:
        if not text.validity.holds(on):
            continue
        for code in text.gemeenten:
            at = sources.key(text.file, ("gemeente",))
            try:
                fact = municipality(code)
            except NotFound:
                said = f"{code} is geen gemeente."
                yield Finding(text.file, at.line, at.column, "fout", "gemeente", said, ("gemeente",))
                continue
            if fact.end is not None and fact.end <= on:
                names = enumerate_words([f"{municipality(next_).name} ({next_})" for next_ in fact.successors])
                said = f"{fact.name} ({code}) bestaat niet meer sinds {say_date(fact.end)}. Verder gaat: {names}."
                yield Finding(text.file, at.line, at.column, "let op", "gemeente", said, ("gemeente",))
