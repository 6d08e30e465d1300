"""What a lawyer still has to check: each fact that nobody verified, what was not found, what was left out, what ran out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from vliegwiel.base.sourcefile import Position
from vliegwiel.law import LawBook
from vliegwiel.law.lawfile import Afterwards, Shelf
from vliegwiel.law.model import Basis, Conditions, Norm, NormValue, OpenTerm, Rule, Table, Text
from vliegwiel.law.types import Group
from vliegwiel.law.wording import say, say_date

from .inwords import Words
from .names import full_name, names_of
from .reach import Place, ProductUse, Reach, products, reach, resting


class Why(StrEnum):
    """What is to be done about it."""

    UNVERIFIED = "niet nagekeken"
    NOT_FOUND = "niet gevonden"
    QUESTION = "vraag voor een jurist"
    NOT_MODELLED = "niet gemodelleerd"
    RUN_OUT = "verlopen"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One thing to check. `text` is the id of the law or ordinance, `law` that of the law it belongs to, `name` what it is
    called in the file. `outcomes` and `products` say what rests on it, in words for people."""

    why: Why
    text: str
    text_name: str
    law: str
    municipalities: tuple[str, ...]
    name: str
    what: str
    value: str
    article: str
    url: str | None
    source: str
    note: str
    file: str
    line: int
    outcomes: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


def open_points(book: LawBook, on: date) -> tuple[OpenPoint, ...]:
    """All of them, of the texts that hold on a date or later; by law, then by place in the file."""
    return tuple(point for points in _by_text(book, on, products()).values() for point in points)


def points_of(book: LawBook, text: Text, on: date) -> tuple[OpenPoint, ...]:
    """Those of one law or ordinance; none when it no longer holds."""
    return _by_text(book, on, products()).get(_key(text), ())


def _key(text: Text) -> tuple[str, date]:
    return text.id, text.validity.van


@functools.lru_cache(maxsize=8)
def _by_text(
    book: LawBook, on: date, products_: tuple[ProductUse, ...]
) -> dict[tuple[str, date], tuple[OpenPoint, ...]]:
    current = [text for text in book.texts if text.validity.tot is None or text.validity.tot >= on]
    return {_key(text): tuple(_with_reach(_points(book, text, on), reach(book), products_)) for text in current}


def _points(book: LawBook, text: Text, on: date) -> Iterator[OpenPoint]:
    yield from sorted(_Collector(book, text, on).all(), key=lambda point: (point.line, point.what))


def _with_reach(points: Iterable[OpenPoint], reached: Reach, products_: tuple[ProductUse, ...]) -> Iterator[OpenPoint]:
    for point in points:
        if not point.name:
            yield point
            continue
        place: Place = (point.law, point.name)
        above = reached.above(place)
        using = resting(products_, above)
        asked = [(use.law, rule) for use in using for rule in use.rules if (use.law, rule) in above]
        tops = [reached.labels[one] for one in (*asked, *reached.outcomes(place)) if one in reached.labels]
        yield replace(point, outcomes=tuple(dict.fromkeys(tops)), products=tuple(use.name for use in using))


class _Collector:
    """The open points of one text."""

    def __init__(self, book: LawBook, text: Text, on: date) -> None:
        self.book = book
        self.text = text
        self.on = on
        self.law = text.fills or text.id
        self.words = Words(names_of(book, text))

    def all(self) -> Iterator[OpenPoint]:
        text = self.text
        for sentence in text.open_questions:
            yield self.question(sentence)
        for article in text.articles:
            if not article.modelled:
                title = article.basis.ground.title
                yield self.point(Why.NOT_MODELLED, "", title, "", article.basis, article.at)
        for norm in text.norms.values():
            yield from self.norm(norm)
        for term in text.open_terms.values():
            if not term.basis.verified:
                yield self.point(Why.UNVERIFIED, term.name, term.label, "", term.basis, term.at)
        for rule in (*text.rules.values(), *text.filled.values()):
            yield from self.rule(rule)
        for deviation in text.deviations:
            if not deviation.basis.verified:
                what = f"wijkt af: {self.words.label(f'{deviation.law}.{deviation.rule}')}"
                yield self.point(Why.UNVERIFIED, "", what, "", deviation.basis, deviation.at)
        yield from self.gaps()

    def point(
        self, why: Why, name: str, what: str, value: str, basis: Basis, at: Position, note: str = ""
    ) -> OpenPoint:
        ground = basis.ground
        return OpenPoint(
            why=why,
            text=self.text.id,
            text_name=full_name(self.text),
            law=self.law,
            municipalities=self.text.gemeenten,
            name=name,
            what=what,
            value=value,
            article=ground.article,
            url=ground.url,
            source=basis.source,
            note=note,
            file=self.text.file,
            line=at.line,
        )

    def question(self, sentence: str) -> OpenPoint:
        """A question that the file leaves to a lawyer: about the text as a whole."""
        text = self.text
        source = text.articles[0].basis.source if text.articles else ""
        return OpenPoint(
            Why.QUESTION, text.id, full_name(text), self.law, text.gemeenten, "", sentence, "", "", None, source, "", text.file, 1
        )  # fmt: skip

    # --- amounts -----------------------------------------------------------------------------------------------------

    def norm(self, norm: Norm) -> Iterator[OpenPoint]:
        for row in norm.rows:
            if row.value is None:
                what = f"{norm.label}, vanaf {say_date(row.start)}"
                note = row.note or "Van deze dag is geen waarde gevonden. De beslissing zegt dat."
                yield self.point(Why.NOT_FOUND, norm.name, what, "", row.basis, norm.at, note)
            elif not row.basis.verified:
                what = f"{norm.label}, vanaf {say_date(row.start)}"
                value = _shown(norm, row)
                yield self.point(Why.UNVERIFIED, norm.name, what, value, row.basis, norm.at, row.note)
        last = norm.rows[-1]
        if norm.shelf is Shelf.CALENDAR_YEAR and last.start.year < self.on.year:
            then = "rekent met het laatste bekende" if norm.afterwards is Afterwards.LAST_KNOWN else "is onbekend"
            note = f"Voor {self.on.year} staat er niets. De wet {then}."
            value = f"{_shown(norm, last)} ({last.start.year})"
            yield self.point(Why.RUN_OUT, norm.name, norm.label, value, last.basis, norm.at, note)

    # --- rules -------------------------------------------------------------------------------------------------------

    def rule(self, rule: Rule) -> Iterator[OpenPoint]:
        label = self.text_label(rule)
        if not rule.basis.verified:
            yield self.point(Why.UNVERIFIED, rule.name, label, "", rule.basis, rule.at)
        body = rule.body
        if isinstance(body, Conditions):
            for item in body.items:
                if not item.basis.verified and item.basis != rule.basis:
                    said = self.words.template(item.says.yes) or self.words.expression(item.expression)
                    what = f"{label}: {said or item.expression.text.strip()}"
                    yield self.point(Why.UNVERIFIED, rule.name, what, "", item.basis, item.at)
        if isinstance(body, Table):
            for number, line in enumerate(body.lines, 1):
                if not line.basis.verified and line.basis != rule.basis:
                    what = f"{label}: regel {number} van de tabel"
                    value = self.words.expression(line.output) or line.output.text.strip()
                    yield self.point(Why.UNVERIFIED, rule.name, what, value, line.basis, line.at)

    def text_label(self, rule: Rule) -> str:
        """What a filled open term is called stands in the law."""
        return self.words.label(rule.name) if rule.fills else rule.label

    # --- what an ordinance leaves open -------------------------------------------------------------------------------

    def gaps(self) -> Iterator[OpenPoint]:
        """Open terms without a default that this ordinance does not fill, and no other of the municipality does."""
        if self.text.fills is None:
            return
        for version in self.book.versions(self.text.fills):
            if not _overlaps(version, self.text):
                continue
            for term in version.open_terms.values():
                if term.fallback is None and not self.elsewhere(term):
                    at = Position(1, 1)
                    yield self.point(Why.NOT_FOUND, term.name, term.label, "", term.basis, at, self.not_there(term))
            return

    def elsewhere(self, term: OpenTerm) -> bool:
        """Whether this ordinance, or another of all its municipalities, fills the term."""
        if term.name in self.text.filled:
            return True
        day = max(self.on, self.text.validity.van)
        return all(
            any(term.name in other.filled for other in self.book.ordinances(self.law, code, day))
            for code in self.text.gemeenten
        )

    def not_there(self, term: OpenTerm) -> str:
        return (
            term.not_ruled
            or "De verordening zegt het niet, of het is er niet in gevonden. De beslissing laat dit open."
        )


def _overlaps(one: Text, other: Text) -> bool:
    ends = [v.tot for v in (one.validity, other.validity) if v.tot is not None]
    begin = max(one.validity.van, other.validity.van)
    return all(begin <= end for end in ends)


def _shown(norm: Norm, row: NormValue) -> str:
    if isinstance(norm.type, Group) and isinstance(row.value, dict):
        parts = [f"{field.replace('_', ' ')} {say(type_, row.value.get(field))}" for field, type_ in norm.type.fields]
        return ", ".join(parts)
    return say(norm.type, row.value)


def counted(points: Sequence[OpenPoint]) -> dict[Why, int]:
    """How many of each."""
    return {why: sum(point.why is why for point in points) for why in Why}
