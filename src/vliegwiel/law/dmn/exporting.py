"""A law as a DMN model that other programs can open.

What is given is input data; rules, norms and filled open terms are decisions; our additions to FEEL are knowledge models. With
a date the norms are amounts of that day; without, they are tables by date. An open term that no ordinance of the municipality
fills is its default, or input data where the law has none. Articles, sources and standing go along as description, as
annotations in tables and as extension elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from vliegwiel.law.book import LawBook
from vliegwiel.law.decision import Ground
from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.additions import ADDITIONS, with_needs
from vliegwiel.law.dmn.kinds import Kinds
from vliegwiel.law.dmn.notes import Note
from vliegwiel.law.dmn.ruling import Ruling, literal_of, said
from vliegwiel.law.dmn.writing import Source, write
from vliegwiel.law.lawfile import Afterwards, Shelf
from vliegwiel.law.model import (
    Basis,
    Datum,
    JudgementQuestion,
    Norm,
    NormValue,
    OpenTerm,
    Rule,
    Sayings,
    Text,
)
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.tracing import ground_text
from vliegwiel.law.wording import say_date

PEILDATUM: Final = "peildatum"


def export(
    book: LawBook,
    law: str,
    *,
    today: date,
    on: date | None = None,
    gemeente: str | None = None,
    version: str = "1.5",
) -> bytes:
    """The DMN XML of a law. Without `on` it is the version in force on `today`, with norms of every date that is known.

    Raises `LawNotFound`, `NotInForce` or `LawFault`.
    """
    program = book.program(law, on or today, gemeente)
    return _Exporter(program, on, gemeente, version).file()


class _Exporter:
    def __init__(self, program: Program, on: date | None, gemeente: str | None, version: str) -> None:
        self.program = program
        self.on = on
        self.gemeente = gemeente
        self.version = version
        self.names = variable_names(program)
        self.kinds = Kinds()
        self.notes: dict[str, Note] = {}
        self.inputs: dict[str, m.InputData] = {}
        self.decisions: dict[str, m.Decision] = {}
        self.additions: set[str] = set()
        self.knowledge: list[m.Knowledge] = []
        self.mentioned: dict[str, None] = {}
        self.authority: dict[str, str] = {}
        self.laws = {text.name: text for text in program.texts}

    def file(self) -> bytes:
        own = [unit.key for unit in self.program.units.values() if unit.key == f"{self.program.law}.{unit.name}"]
        rules = [key for key in own if self.program.units[key].kind != "norm"]
        pending = rules
        while pending:
            for key in pending:
                self.add(key)
            # What only a sentence names comes along too, so that the sentence can be said.
            pending = [key for key in self.mentioned if not self.has(key)]
        for name in with_needs(self.additions):
            self.addition(name)
        law = self.program.texts[0]
        model = m.Model(
            name=law.name,
            namespace=f"urn:vliegwiel:wet:{law.id}",
            version=self.version,
            types=tuple(self.kinds.definitions),
            inputs=tuple(self.inputs.values()),
            decisions=tuple(self.decisions.values()),
            knowledge=tuple(self.knowledge),
            services=(),
            imports=(),
        )
        self.notes[""] = self.whole(law)
        self.notes.update(self.kinds.notes)
        return write(model, self.notes, [_source(text) for text in self.program.texts], self.authority)

    def whole(self, law: Text) -> Note:
        """What is said of the model as a whole."""
        until = f" tot en met {say_date(law.validity.tot)}" if law.validity.tot else ""
        about = [f"{law.name}. Geldt van {say_date(law.validity.van)}{until}."]
        if self.on:
            about.append(f"Bedragen van {say_date(self.on)}.")
        if self.gemeente:
            filled = [text.name for text in self.program.texts if text.fills]
            about.append(f"Gemeente {self.gemeente}: {'; '.join(filled) or 'geen verordening gevonden'}.")
        values = {
            "id": law.id,
            "naam": law.name,
            "soort_wet": law.kind.value,
            "bwb": law.bwb or "",
            "van": law.validity.van.isoformat(),
            "tot": law.validity.tot.isoformat() if law.validity.tot else "",
            "gelezen": law.read.isoformat() if law.read else "",
            "op": self.on.isoformat() if self.on else "",
            "gemeente": self.gemeente or "",
        }
        return Note("wet", description=" ".join(about), values=values)

    # -- elements --------------------------------------------------------------------------------------------------------

    def add(self, key: str) -> m.Reference:
        """The element of a unit; what it needs goes before it. Gives the reference to it."""
        unit = self.program.units[key]
        name = self.names[key]
        if unit.kind in ("gegeven", "oordeel") or (unit.kind == "open term" and unit.body is None):
            return self.given(unit, name)
        if isinstance(unit.definition, Norm) and self.on is not None and not self.is_known(unit.definition):
            # No amount is known for this day: whoever uses the model must give it.
            return self.given(unit, name)
        identifier = f"regel_{name}"
        if identifier not in self.decisions:
            self.note(unit, identifier)
            ruling = Ruling(self.program, unit, self.names, self.on)
            box = self.norm(unit) if isinstance(unit.definition, Norm) else ruling.box(self.kinds)
            needed = sorted(ruling.used, key=list(self.program.units).index) if ruling.used else []
            references = [self.add(other) for other in needed]
            if (isinstance(unit.definition, Norm) and self.on is None) or ruling.uses_day:
                references.append(self.day())
            self.additions |= ruling.additions
            self.mentioned |= dict.fromkeys(ruling.mentioned)
            self.notes.update(ruling.notes)
            knowledge = [m.Reference("", f"functie_{addition}") for addition in sorted(ruling.additions)]
            self.decisions[identifier] = m.Decision(
                id=identifier,
                name=name,
                type=self.kinds.named(unit.type, name),
                inputs=tuple(r for r in references if r.id in self.inputs),
                decisions=tuple(r for r in references if r.id not in self.inputs),
                knowledge=tuple(knowledge),
                expression=box,
            )
            if unit.basis is not None and unit.basis.ground.law_name in self.laws:
                self.authority[identifier] = f"bron_{self.laws[unit.basis.ground.law_name].id}"
        return m.Reference("", identifier)

    def has(self, key: str) -> bool:
        """Whether a unit is in the model already."""
        name = self.names[key]
        return f"regel_{name}" in self.decisions or f"gegeven_{name}" in self.inputs

    def given(self, unit: Unit, name: str) -> m.Reference:
        """Input data."""
        identifier = f"gegeven_{name}"
        if identifier not in self.inputs:
            self.inputs[identifier] = m.InputData(identifier, name, self.kinds.named(unit.type, name))
            self.note(unit, identifier)
        return m.Reference("", identifier)

    def day(self) -> m.Reference:
        """The day of the decision: asked, or fixed when the model is of one day."""
        if self.on is None:
            identifier = f"gegeven_{PEILDATUM}"
            self.inputs[identifier] = m.InputData(identifier, PEILDATUM, "date")
        else:
            identifier = f"regel_{PEILDATUM}"
            fixed = m.Literal(literal_of(self.on), "date")
            self.decisions[identifier] = m.Decision(identifier, PEILDATUM, "date", (), (), (), fixed)
        self.notes[identifier] = Note(
            "peildatum",
            "peildatum",
            "De dag waarop wordt beslist." if self.on is None else "Dit model geldt voor deze dag.",
        )
        return m.Reference("", identifier)

    def norm(self, unit: Unit) -> m.Expression:
        """The amounts of a norm: that of the day, or a table by date."""
        norm = unit.definition
        assert isinstance(norm, Norm)  # the caller looked
        type_ = self.kinds.named(norm.type, self.names[unit.key])
        spans = norm_spans(norm)
        row = self.row_on(norm)
        if row is not None:
            return m.Literal(literal_of(row.value), type_)
        rules = tuple(
            m.Rule(
                (f">= {literal_of(row.start)}" if end is None else f"[{literal_of(row.start)}..{literal_of(end)})",),
                (literal_of(row.value),),
                (row.basis.ground.article, row.basis.source, _yes(row.basis.verified), row.note),
            )
            for row, end in spans
        )
        column = m.Input(m.Literal(PEILDATUM, "date"))
        remarks = ("artikel", "bron", "geverifieerd", "opmerking")
        return m.Table("U", None, (column,), (m.Output("", type_),), rules, None, remarks)

    def addition(self, name: str) -> None:
        """A knowledge model for something FEEL lacks."""
        made = ADDITIONS[name]
        identifier = f"functie_{name}"
        parameters = tuple(m.Parameter(parameter, type_) for parameter, type_ in made.parameters)
        body = m.Literal(made.body, None if made.result == "Any" else made.result)
        needed = tuple(m.Reference("", f"functie_{other}") for other in made.needs)
        self.knowledge.append(m.Knowledge(identifier, name, None, m.Function(parameters, body), needed))
        self.notes[identifier] = Note("functie", "", made.description)

    # -- notes -----------------------------------------------------------------------------------------------------------

    def note(self, unit: Unit, identifier: str) -> None:
        """Where a unit comes from, and what is said about it."""
        basis = unit.basis
        ground = unit.ground or (basis.ground if basis else None)
        values = {
            "wet": ground.law if ground else "",
            "naam": unit.name,
            **ground_values(ground),
            **_basis_values(basis),
        }
        sentences = sayings(unit.says, self.spoken(unit))
        self.mentioned |= dict.fromkeys(mentioned(unit.says, unit))
        definition = unit.definition
        match definition:
            case Datum():
                values |= {"vraag": definition.question, "uitleg": definition.help}
                values |= {"register": definition.register, "veld": definition.register_field}
            case JudgementQuestion():
                values["vraag"] = definition.question
                sentences |= {f"let op {n}": text for n, text in enumerate(definition.attention, 1)}
            case Norm():
                values |= {"houdbaar": definition.shelf.value, "daarna": definition.afterwards.value}
                values |= self.norm_values(definition)
            case OpenTerm():
                values["niet_geregeld"] = definition.not_ruled
            case Rule():
                values["ingevuld"] = "ja" if definition.fills else ""
        self.notes[identifier] = Note(unit.kind, unit.label, _description(unit, ground, basis), values, sentences)

    def norm_values(self, norm: Norm) -> dict[str, str]:
        """Of a norm on one day: from when its amount holds."""
        row = self.row_on(norm)
        return {"van": row.start.isoformat(), "opmerking": row.note} if row is not None else {}

    def row_on(self, norm: Norm) -> NormValue | None:
        if self.on is None:
            return None
        spans = norm_spans(norm)
        return next((row for row, end in spans if row.start <= self.on and (end is None or self.on < end)), None)

    def is_known(self, norm: Norm) -> bool:
        """Whether a norm has an amount on the day of the model."""
        row = self.row_on(norm)
        return row is not None and row.value is not None

    def spoken(self, unit: Unit) -> Mapping[str, str]:
        """The names that a sentence of a unit uses, as they are called in the model."""
        return {name: self.names[key] for name, key in unit.space.items()}


def variable_names(program: Program) -> dict[str, str]:
    """The name of each unit in the model: its own; with its law before it where it is of another law."""
    found: dict[str, str] = {}
    taken: set[str] = {PEILDATUM, *ADDITIONS}
    ordered = sorted(
        program.units.values(), key=lambda unit: unit.key != f"{program.law}.{unit.name}"
    )  # own names first
    for unit in ordered:
        # What is given keeps the name under which the law takes it.
        given = unit.kind in ("oordeel", "open term") and program.inputs.get(unit.name) == unit.key
        own = given or unit.key in (unit.name, f"{program.law}.{unit.name}")
        name = made = unit.name if own else unit.key.replace(".", "_")
        number = 2
        while made in taken:
            made, number = f"{name}_{number}", number + 1
        taken.add(made)
        found[unit.key] = made
    return found


def norm_spans(norm: Norm) -> list[tuple[NormValue, date | None]]:
    """Each value of a norm with the first day on which it no longer holds."""
    found: list[tuple[NormValue, date | None]] = []
    for number, row in enumerate(norm.rows):
        end = norm.rows[number + 1].start if number + 1 < len(norm.rows) else None
        if norm.shelf is Shelf.CALENDAR_YEAR and norm.afterwards is Afterwards.UNKNOWN:
            year_end = date(row.start.year + 1, 1, 1)
            end = year_end if end is None else min(end, year_end)
        found.append((row, end))
    return found


def mentioned(says: Sayings, unit: Unit) -> list[str]:
    """The units that the sentences of a unit name."""
    return [
        key
        for template in (says.yes, says.no, says.unknown, says.value)
        if template is not None
        for name in template.names
        if (key := unit.space.get(name) or unit.space.get(name.partition(".")[0])) is not None
    ]


def sayings(says: Sayings, names: Mapping[str, str]) -> dict[str, str]:
    """Sentences with their placeholders, by when they are said."""
    pairs = (("ja", says.yes), ("nee", says.no), ("onbekend", says.unknown), ("waarde", says.value))
    return {when: said(template, names) for when, template in pairs if template is not None}


def ground_values(ground: Ground | None) -> dict[str, str]:
    """An article as short facts."""
    if ground is None:
        return {}
    return {"artikel": ground.article, "titel": ground.title, "wetsnaam": ground.law_name, "adres": ground.url or ""}


def _basis_values(basis: Basis | None) -> dict[str, str]:
    return {} if basis is None else {"bron": basis.source, "geverifieerd": _yes(basis.verified)}


def _yes(verified: bool) -> str:
    return "ja" if verified else "nee"


def _description(unit: Unit, ground: Ground | None, basis: Basis | None) -> str:
    parts = [unit.label[:1].upper() + unit.label[1:] + "."]
    if isinstance(unit.definition, (Datum, JudgementQuestion)):
        parts.append(unit.definition.question)
    if ground is not None and ground.article:
        parts.append(f"{ground_text(ground)}.")
    if basis is not None:
        parts.append(f"Bron: {basis.source}." + ("" if basis.verified else " Niet nagekeken."))
    return " ".join(parts)


def _source(text: Text) -> Source:
    address = f"https://wetten.overheid.nl/{text.bwb}" if text.bwb else ""
    if text.cvdr:
        address = f"https://lokaleregelgeving.overheid.nl/{text.cvdr}"
    values = {"id": text.id, "vult": text.fills or "", "van": text.validity.van.isoformat()}
    return Source(f"bron_{text.id}", text.name, address, Note("tekst", values=values))
