"""What municipalities ruled themselves, side by side: the open terms of the law of a product, as each ordinance fills them.

Most real differences stand here and not in a variant: another number, counted in another way, in another shape. A formula that
is one own norm is that norm, so that "75 bezoekers" and "250 bezoekers" are two numbers, whatever their names in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vliegwiel.law import LawBook
from vliegwiel.law.feel.values import Value as FeelValue
from vliegwiel.law.model import Body, Conditions, Fixed, Formula, OpenTerm, Rule, Table, Text
from vliegwiel.law.types import kind_of

from ..typing_in import day_text, number_text
from .aspects import Aspect
from .placing import formula_aspects
from .saying import said

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Ruled:
    """How an open term is filled. `form`: vast, formule, voorwaarden or tabel. `spelled` is the same for what says the same;
    `text` is for people. `verified`: whether somebody saw the text of the ordinance."""

    form: str
    spelled: str
    text: str
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RuledValue:
    """What some municipalities ruled. `aspects` say in what it differs from the standard of the law (empty without one)."""

    ruled: Ruled
    aspects: frozenset[Aspect]
    towns: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An open term with what each municipality made of it. `standard` holds where nobody ruled; empty: then nothing does."""

    law: str
    name: str
    label: str
    article: str
    standard: str
    values: tuple[RuledValue, ...]
    silent: int

    @property
    def aspects(self) -> frozenset[Aspect]:
        """In what the values differ, from the standard and from each other."""
        return frozenset(aspect for value in self.values for aspect in value.aspects)


def compare_rules(book: LawBook, laws: Sequence[str], towns: Sequence[str], on: date) -> tuple[Term, ...]:
    """Each open term of these laws that any of the municipalities fills on a date, the most filled first."""
    terms: list[Term] = []
    for law in laws:
        text = book.law(law, on)
        filled: dict[str, list[tuple[str, Ruled]]] = {}
        for town in towns:
            for ordinance in book.ordinances(law, town, on):
                for name, rule in ordinance.filled.items():
                    filled.setdefault(name, []).append((town, ruled(rule, (ordinance, text), on)))
        terms.extend(
            _term(text, text.open_terms[name], found, len(towns), on)
            for name, found in filled.items()
            if name in text.open_terms
        )
    return tuple(sorted(terms, key=lambda term: (term.silent, term.label)))


def laws_of(book: LawBook, law: str, on: date) -> tuple[str, ...]:
    """A law and the laws it uses."""
    found: list[str] = []
    pending = [law]
    while pending:
        name = pending.pop(0)
        if name not in found:
            found.append(name)
            pending.extend(book.law(name, on).uses)
    return tuple(found)


def _term(law: Text, term: OpenTerm, found: Sequence[tuple[str, Ruled]], towns: int, on: date) -> Term:
    standard = _standard(law, term, on)
    grouped: dict[str, list[tuple[str, Ruled]]] = {}
    for town, rule in found:
        grouped.setdefault(rule.spelled, []).append((town, rule))
    most = sorted(grouped.values(), key=lambda group: (-len(group), group[0][1].text))
    values = [
        RuledValue(
            group[0][1],
            _against(term, standard, group[0][1], most),
            tuple(town for town, _ in group),
            tuple(town for town, rule in group if not rule.verified),
        )
        for group in most
    ]
    silent = towns - len({town for town, _ in found})
    return Term(
        law.id,
        term.name,
        term.label,
        term.basis.ground.article,
        standard.text if standard else "",
        tuple(values),
        silent,
    )


def _against(
    term: OpenTerm, standard: Ruled | None, one: Ruled, groups: Sequence[Sequence[tuple[str, Ruled]]]
) -> frozenset[Aspect]:
    """In what a filling differs from the standard of the law; where there is none, from the filling of others nearest to it."""
    kind = kind_of(term.type)
    if standard is not None:
        return ruled_aspects(term.name, kind, standard, one)
    others = [group[0][1] for group in groups[:_NEAREST] if group[0][1].spelled != one.spelled]
    found = [ruled_aspects(term.name, kind, other, one) for other in others]
    return min(found, key=lambda aspects: (Aspect.CONDITION in aspects, len(aspects)), default=frozenset())


_NEAREST = 24
"""Among how many fillings, the most common first, the nearest is looked for."""


def _standard(law: Text, term: OpenTerm, on: date) -> Ruled | None:
    if term.fallback is None:
        return None
    return _of_body(Formula(term.fallback), (law,), on, term.basis.ground.article, verified=True)


def ruled(rule: Rule, texts: Sequence[Text], on: date) -> Ruled:
    """How an ordinance fills an open term. `texts` are those whose norms the rule may name."""
    return _of_body(rule.body, texts, on, rule.basis.ground.article, verified=rule.basis.verified)


def _of_body(body: Body, texts: Sequence[Text], on: date, article: str, *, verified: bool) -> Ruled:
    match body:
        case Fixed(value):
            fixed = _value(value)
            return Ruled("vast", fixed, fixed, article, verified)
        case Formula(expression):
            written = _with_norms(expression.text, texts, on)
            form = (
                "vast"
                if not _IDENTIFIER.search(written) or written.startswith('"') or written in ("true", "false", "null")
                else "formule"
            )
            shown = {"true": "ja", "false": "nee", "null": "niet"}.get(written, written.strip('"'))
            return Ruled(form, shown if form == "vast" else written, _plainly(shown), article, verified)
        case Conditions(every, items):
            parts = sorted(_with_norms(item.expression.text, texts, on) for item in items)
            joined = (" en " if every else " of ").join(parts)
            return Ruled("voorwaarden", joined, f"{len(parts)} voorwaarden: {_plainly(joined)}", article, verified)
        case Table(_, columns, lines, _):
            rows = [
                _with_norms(
                    " | ".join(cell.text if cell else "-" for cell in line.cells) + " → " + line.output.text, texts, on
                )
                for line in lines
            ]
            heads = ", ".join(column.text for column in columns)
            return Ruled(
                "tabel",
                "\n".join([heads, *rows]),
                _plainly(f"tabel naar {heads}: " + "; ".join(rows)),
                article,
                verified,
            )


_DATE = re.compile(r'date\("([0-9]{4}-[0-9]{2}-[0-9]{2})"\)')


def _plainly(text: str) -> str:
    """An expression for people: no quotes and brackets, underscores as spaces, a date as a date."""
    dated = _DATE.sub(lambda found: day_text(date.fromisoformat(found[1])), text)
    return re.sub(r'["\[\]]', "", dated).replace("_", " ")


def _with_norms(text: str, texts: Sequence[Text], on: date) -> str:
    """An expression with the value of each norm in the place of its name."""

    def put(found: re.Match[str]) -> str:
        name, _, part = found[0].partition(".")
        for one in texts:
            norm = one.norms.get(name)
            row = next((row for row in reversed(norm.rows) if row.start <= on), None) if norm else None
            if row is not None:
                value = row.value.get(part) if part and isinstance(row.value, Mapping) else row.value
                return _value(value)
        return found[0]

    return " ".join(_IDENTIFIER.sub(put, text).split())


def _value(value: FeelValue | object) -> str:
    match value:
        case True:
            return "ja"
        case False:
            return "nee"
        case None:
            return "niet"
        case Decimal():
            return number_text(value)
        case Mapping():
            return ", ".join(f"{name} {_value(part)}" for name, part in value.items())
        case tuple():
            return ", ".join(_value(part) for part in value)
    return str(value)


_MEASURES = ("telt", "tellen", "meten", "toets", "wijze", "teleenheid", "peil")
_PERIODS = ("per", "ritme", "periode")
_SHAPES = ("vorm", "regime", "melding", "vergunning", "vrij", "ontheffing")
_UNITS = frozenset(("dagen", "werkdagen", "weken", "maanden", "kwartalen", "jaren", "uren"))


def ruled_aspects(name: str, kind: str, one: Ruled, other: Ruled) -> frozenset[Aspect]:
    """In what two fillings of the same open term differ. A choice of how something is counted is another way of measuring; a
    choice of what somebody must do is another shape."""
    if one.spelled == other.spelled:
        return frozenset()
    if one.form == other.form == "vast":
        return frozenset({_fixed_aspect(name, kind, one.spelled, other.spelled)})
    found: set[Aspect] = set()
    if _shaped(name):
        found.add(Aspect.SHAPE)
    texts = [side.spelled.replace("_", " ") for side in (one, other)]
    if said(texts[0]).ways != said(texts[1]).ways:
        found.add(Aspect.MEASURE)
    if one.form == other.form:
        found |= formula_aspects(_points(one.spelled), _points(other.spelled))
    return frozenset(found or {Aspect.CONDITION})


def _fixed_aspect(name: str, kind: str, one: str, other: str) -> Aspect:
    if {one, other} <= _UNITS:
        return Aspect.UNIT
    if kind == "keuze":
        if any(word in name for word in _MEASURES):
            return Aspect.MEASURE
        if any(word in name.split("_") for word in _PERIODS):
            return Aspect.PERIOD
        return Aspect.SHAPE if _shaped(name) or _shaped(one) or _shaped(other) else Aspect.CHOICE
    if kind == "ja/nee":
        return Aspect.SHAPE if _shaped(name) else Aspect.CONDITION
    # A bound that only one of them has is another condition, not another number.
    return Aspect.CONDITION if "niet" in (one, other) else Aspect.NUMBER


def _shaped(name: str) -> bool:
    return any(word in name for word in _SHAPES)


def _points(text: str) -> str:
    """Numbers as a formula writes them, so that they are read as numbers."""
    return re.sub(r"(?<=[0-9]),(?=[0-9])", ".", re.sub(r"(?<=[0-9])\.(?=[0-9]{3}\b)", "", text))


def filled_by(terms: Iterable[Term]) -> dict[str, int]:
    """How many open terms each municipality filled."""
    found: dict[str, int] = {}
    for term in terms:
        for value in term.values:
            for town in value.towns:
                found[town] = found.get(town, 0) + 1
    return found
