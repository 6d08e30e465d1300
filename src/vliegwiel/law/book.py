"""All laws and ordinances together, chosen by date and municipality."""

from __future__ import annotations

import gc
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import SourceFile
from vliegwiel.law.collecting import collect, law_files, read_files, read_texts
from vliegwiel.law.errors import LawNotFound, NotInForce
from vliegwiel.law.findings import Finding, refuse_wrong
from vliegwiel.law.lawfile import Shelf
from vliegwiel.law.linking import link
from vliegwiel.law.model import Condition, Conditions, Line, Table, Text
from vliegwiel.law.program import Program
from vliegwiel.law.wording import say_date

_MAX_PROGRAMS: Final = 5_000


class LawBook:
    """A fixed set of texts. Safe to share between threads: programs are made when first needed and kept.

    `hash` identifies the contents; `notes` holds findings that deserve a look but do not stop it.
    """

    def __init__(self, texts: Iterable[Text], notes: Iterable[Finding] = (), digest: str = "") -> None:
        self.texts = tuple(texts)
        self.notes = tuple(notes)
        self.hash = digest
        self._laws: dict[str, list[Text]] = {}
        self._ordinances: dict[str, list[Text]] = {}
        for text in sorted(self.texts, key=lambda t: t.validity.van):
            group = self._ordinances.setdefault(text.fills, []) if text.fills else self._laws.setdefault(text.id, [])
            group.append(text)
        self._moments = sorted({moment for text in self.texts for moment in _moments(text)})
        self._programs: dict[tuple[str, str | None, int], Program] = {}

    @classmethod
    def load(cls, paths: Iterable[Path]) -> LawBook:
        """Read law files (folders are searched). Raises `SourceInvalid` with everything that is wrong in any of them."""
        given = list(paths)
        with _nothing_is_garbage():
            sources, findings = read_files(given)
            refuse_wrong(findings)
            digest = hashlib.sha256()
            for path in law_files(given):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
            return cls._of(sources, findings, digest.hexdigest())

    @classmethod
    def loads(cls, *texts: str, named: Mapping[str, str] | None = None) -> LawBook:
        """Read law files given as text. Raises `SourceInvalid`."""
        files = {f"<tekst {n}>": text for n, text in enumerate(texts, 1)} | dict(named or {})
        sources, findings = read_texts(files)
        digest = hashlib.sha256(
            "\0".join(f"{k}\0{v}" for k, v in files.items()).encode("utf-8", "surrogatepass")
        ).hexdigest()
        return cls._of(sources, findings, digest)

    @classmethod
    def _of(cls, sources: Iterable[SourceFile], findings: list[Finding], digest: str) -> LawBook:
        texts, found = collect(sources)
        found = [*findings, *found]
        refuse_wrong(found)
        return cls(texts, found, digest)

    @property
    def law_ids(self) -> tuple[str, ...]:
        """The names of all laws."""
        return tuple(self._laws)

    def versions(self, law: str) -> tuple[Text, ...]:
        """All versions of a law, oldest first. Raises `LawNotFound`."""
        found = self._laws.get(law)
        if found is None:
            meant = nearest(law, self._laws)
            hint = f" Bedoelt u '{meant}'?" if meant else ""
            raise LawNotFound(f"De wet '{law}' is er niet.{hint}")
        return tuple(found)

    def law(self, law: str, on: date) -> Text:
        """The version of a law that holds on a date. Raises `LawNotFound`, or `NotInForce` with the dates it does hold."""
        versions = self.versions(law)
        for text in versions:
            if text.validity.holds(on):
                return text
        spans = [
            f"van {say_date(t.validity.van)}" + (f" tot en met {say_date(t.validity.tot)}" if t.validity.tot else "")
            for t in versions
        ]
        name = versions[-1].name
        raise NotInForce(f"De {name} geldt niet op {say_date(on)}. Wij kennen deze wet {' en '.join(spans)}.")

    def ordinances(self, law: str, gemeente: str | None, on: date) -> tuple[Text, ...]:
        """The ordinances of a municipality that fill this law on a date."""
        if gemeente is None:
            return ()
        found = self._ordinances.get(law, [])
        return tuple(text for text in found if gemeente in text.gemeenten and text.validity.holds(on))

    def ordinance_municipalities(self, law: str, on: date) -> tuple[str, ...]:
        """The municipalities that have an ordinance to this law on a date."""
        found = self._ordinances.get(law, [])
        return tuple(sorted({code for text in found if text.validity.holds(on) for code in text.gemeenten}))

    def program(self, law: str, on: date, gemeente: str | None = None) -> Program:
        """The law made ready to run. Raises `LawNotFound`, `NotInForce` or `LawFault`."""
        key = (law, gemeente, bisect_right(self._moments, on))
        known = self._programs.get(key)
        if known is not None:
            return known
        program = link(self._texts_for(law, on, gemeente), law, on)
        if len(self._programs) >= _MAX_PROGRAMS:
            self._programs.clear()
        self._programs[key] = program
        return program

    def _texts_for(self, law: str, on: date, gemeente: str | None) -> tuple[Text, ...]:
        """The law, the laws it uses (and they), each with the ordinances of the municipality."""
        chosen: list[Text] = []
        seen: set[str] = set()
        pending = [law]
        while pending:
            name = pending.pop(0)
            if name in seen:
                continue
            seen.add(name)
            text = self.law(name, on)
            chosen.append(text)
            chosen.extend(self.ordinances(name, gemeente, on))
            pending.extend(text.uses)
        return tuple(chosen)


@contextmanager
def _nothing_is_garbage() -> Iterator[None]:
    """Reading a hundred laws makes a million objects that all stay: looking for garbage among them takes as long again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _moments(text: Text) -> Iterable[date]:
    """Dates on which what this text says may change."""
    yield text.validity.van
    if text.validity.tot is not None:
        yield text.validity.tot + timedelta(days=1)
    for part in _parts(text):
        if part.validity is not None and part.validity.van is not None:
            yield part.validity.van
        if part.validity is not None and part.validity.tot is not None:
            yield part.validity.tot + timedelta(days=1)
    for norm in text.norms.values():
        for row in norm.rows:
            yield row.start
            if norm.shelf is Shelf.CALENDAR_YEAR:
                # The note with a stale amount names the year, so each later year is a stretch of its own.
                yield from (date(row.start.year + n, 1, 1) for n in range(1, 41) if row.start.year + n <= 9999)


def _parts(text: Text) -> Iterable[Condition | Line]:
    """Conditions and lines of tables, which may hold for a shorter time than the text."""
    rules = [rule.body for rule in (*text.rules.values(), *text.filled.values())]
    for body in (*rules, *(deviation.body for deviation in text.deviations)):
        if isinstance(body, Conditions):
            yield from body.items
        elif isinstance(body, Table):
            yield from body.lines
