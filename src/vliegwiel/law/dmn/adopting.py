"""A DMN model, ours or of others, as a law file.

Input data become data, decisions rules, tables tables; knowledge models are filled in where they are called. What a law cannot
say is named, and becomes a datum that must be given: the rest of the law still works. Articles, dates and sources that the
model does not name are never made up: the file says that they are unknown and not verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law.book import LawBook
from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.additions import ADDITIONS
from vliegwiel.law.dmn.bodies import Bodies, Made
from vliegwiel.law.dmn.engine import entry_names
from vliegwiel.law.dmn.idents import Idents, slug
from vliegwiel.law.dmn.lawtext import law_text, without_repeats
from vliegwiel.law.dmn.lawtypes import LawTypes, Spec, is_known, spec_of
from vliegwiel.law.dmn.notes import NOTHING, Note, Notes, read_notes
from vliegwiel.law.dmn.reading import NotDmn, read, safe_xml
from vliegwiel.law.dmn.translating import Translator, Untranslatable
from vliegwiel.law.errors import LawFault, NotInForce
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.lawfile import LawKind
from vliegwiel.law.types import Text, Type, YesNo

_UNKNOWN: Final = "onbekend"
_SOURCE: Final = "dmn"
_ROUNDS: Final = 200


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not translated: where, and why (Dutch)."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """The text of a law file, and what is not in it."""

    text: str
    left: tuple[Left, ...]
    rules: int


def adopt(data: bytes, name: str, *, today: date) -> Adopted:
    """A law file from DMN XML. `name` is what the file was called; `today` stands where the model has no date.

    Raises `NotDmn` when it is no model, or nothing in it can be said in a law.
    """
    root = safe_xml(data)
    adopter = _Adopter(read(data), read_notes(root), name, today)
    return adopter.adopted()


class _Adopter:
    def __init__(self, model: m.Model, notes: Notes, file: str, today: date) -> None:
        self.model = model
        self.notes = notes
        self.file = file
        self.today = today
        self.whole = notes.get("", NOTHING)
        self.left: list[Left] = []
        self.demoted: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.articles: dict[str, str] = {}
        self.idents = Idents(_names(model))
        self.types = LawTypes(model.types, notes, self.idents.of, self.leave)
        self.ours = frozenset(
            k.name for k in model.knowledge if k.name in ADDITIONS and notes.get(k.id, NOTHING).kind == "functie"
        )

    def leave(self, name: str, reason: str) -> None:
        """Note what is not translated, once."""
        found = Left(name, reason)
        if found not in self.left:
            self.left.append(found)

    # -- the file --------------------------------------------------------------------------------------------------------

    def adopted(self) -> Adopted:
        """Write, read back, and set aside each rule that the checker of laws refuses, until nothing is wrong."""
        if not self.model.decisions:
            raise NotDmn("In dit model staat geen beslissing.")
        self.outside()
        for _ in range(_ROUNDS):
            kept = list(self.left)
            law, made = self.law()
            text = law_text(law, self.remarks())
            wrong = _refused(text, str(law["wet"]), self.first_day())
            if not wrong:
                if not made:
                    raise NotDmn("Geen enkele beslissing van dit model is in een wet te zeggen.")
                return Adopted(text, tuple(self.left), made)
            self.left = kept
            fresh = {name: reason for name, reason in wrong.items() if name not in self.demoted}
            if not fresh:
                raise NotDmn(f"Van dit model is geen wet te maken: {next(iter(wrong.values()))}")
            self.demoted |= fresh
        raise NotDmn("Van dit model is geen wet te maken.")

    def outside(self) -> None:
        """What lies outside the rules and does not come along."""
        for imported in self.model.imports:
            self.leave(imported.name or imported.namespace, "een ander model dat wordt ingevoegd komt niet mee")
        for service in self.model.services:
            self.leave(
                service.name, "een beslisdienst (decision service) heeft een wet niet; de beslissingen staan er wel in"
            )

    def law(self) -> tuple[dict[str, object], int]:
        """The keys of the file, in order, and how many rules it has."""
        self.sources = {}
        self.articles = {}
        groups = self.groups()
        source, verified = self.usual()
        values = self.whole.values
        span: dict[str, object] = {"van": self.first_day()}
        if values.get("tot"):
            span["tot"] = date.fromisoformat(values["tot"])
        head: dict[str, object] = {
            "wet": self.law_id(),
            "naam": self.model.name or values.get("naam") or self.file,
            "soort": _law_kind(values.get("soort_wet", "")),
        }
        if values.get("bwb"):
            head["bwb"] = values["bwb"]
        head |= {
            "geldig": span,
            "gelezen": _day(values.get("gelezen")) or self.today,
            "geverifieerd": verified,
            "bron": source,
            "bronnen": {_SOURCE: f"DMN-bestand {self.file}", **{key: said for said, key in self.sources.items()}},
            "artikelen": {
                number: {"titel": title}
                for number, title in (self.articles or {_UNKNOWN: "Artikel niet bekend"}).items()
            },
        }
        rules = groups["regels"]
        short = {name: without_repeats(group, source, verified) for name, group in groups.items() if group}
        return head | short, len(rules)

    def usual(self) -> tuple[str, bool]:
        """The source and standing that most of the file has; of a model that says nothing: the model itself, not verified."""
        notes = [note.values for note in self.notes.values() if note.values.get("bron") in self.sources]
        if not notes or self.whole.kind != "wet":
            return _SOURCE, False
        source = max(self.sources, key=lambda said: sum(values["bron"] == said for values in notes))
        return self.sources[source], sum(values.get("geverifieerd") == "ja" for values in notes) * 2 > len(notes)

    def law_id(self) -> str:
        """The name of the law."""
        return slug(self.whole.values.get("id") or self.model.name or self.file)

    def first_day(self) -> date:
        return _day(self.whole.values.get("van")) or self.today

    def remarks(self) -> Iterator[str]:
        """What a reader must know, on top of the file."""
        yield f"Gemaakt van het DMN-model '{self.model.name}' ({self.file})."
        if not self.whole.values.get("van"):
            yield "Het model noemt geen wet, geen artikelen en geen begindatum. Vul die aan; nu staat er de dag van invoer."
        for left in self.left:
            yield f"Niet vertaald: {left.name}: {left.reason}."

    # -- groups ----------------------------------------------------------------------------------------------------------

    def groups(self) -> dict[str, dict[str, object]]:
        """Data, norms, open terms, judgements and rules."""
        groups: dict[str, dict[str, object]] = {
            key: {} for key in ("gegevens", "normen", "open_termen", "oordelen", "regels")
        }
        known: dict[str, Type] = {}
        for datum in self.model.inputs:
            self.datum(datum, groups, known)
        bodies = Bodies(self.translator, known)
        for decision in self.ordered():
            note = self.notes.get(decision.id, NOTHING)
            if note.kind != "peildatum":
                self.decision(decision, note, bodies, groups)
        return groups

    def translator(self, make_rule: Bodies) -> Translator:
        """A translator that makes its rules there."""
        functions = {k.name: k.function for k in self.model.knowledge}
        names = [*(datum.name for datum in self.model.inputs), *(decision.name for decision in self.model.decisions)]
        properties = _names(self.model)
        return Translator(self.idents, names, functions, self.ours, properties, self.types, make_rule.helper)

    def ordered(self) -> list[m.Decision]:
        """Decisions with what they need before them; a ring stays in the order of the file, and is found by the checker."""
        done: list[m.Decision] = []
        seen: set[str] = set()
        by_id = {decision.id: decision for decision in self.model.decisions}

        for start in self.model.decisions:
            pending = [(start, False)]
            while pending:
                decision, ready = pending.pop()
                if ready:
                    done.append(decision)
                elif decision.id not in seen:
                    seen.add(decision.id)
                    pending.append((decision, True))
                    needed = [by_id[r.id] for r in decision.decisions if not r.namespace and r.id in by_id]
                    pending.extend((other, False) for other in reversed(needed))
        return done

    def datum(self, element: m.InputData, groups: dict[str, dict[str, object]], known: dict[str, Type]) -> None:
        """A datum, a judgement, or an open term that nobody filled."""
        note = self.notes.get(element.id, NOTHING)
        if note.kind == "peildatum" or element.name == "peildatum":
            return
        name = self.idents.of(element.name)
        type_ = self.types.named(element.type)
        if not is_known(type_):
            self.leave(element.name, "het type van dit gegeven is niet bekend; het staat er als tekst")
            type_ = Text()
        known[name] = type_
        if note.kind == "oordeel":
            groups["oordelen"][name] = self.judgement(note)
        elif note.kind == "open term":
            groups["open_termen"][name] = spec_of(type_) | self.about(note) | self.not_ruled(note)
        else:
            groups["gegevens"][name] = self.asked(element.name, type_, note)

    def asked(self, name: str, type_: Type, note: Note) -> Spec:
        """A datum with its question."""
        question = note.values.get("vraag") or note.description or f"Wat is {note.label or name}?"
        spec = spec_of(type_) | {"vraag": question}
        if note.values.get("uitleg"):
            spec["uitleg"] = note.values["uitleg"]
        if note.label:
            spec["omschrijving"] = note.label
        if note.kind == "gegeven" and note.values.get("artikel"):
            spec["artikel"] = self.article(note)
        register, field = note.values.get("register"), note.values.get("veld")
        if register:
            spec["register"] = {"naam": register, "veld": field} if field else register
        return spec

    def judgement(self, note: Note) -> Spec:
        spec: Spec = {"artikel": self.article(note), "vraag": note.values.get("vraag") or note.label}
        attention = [said for when, said in note.sentences.items() if when.startswith("let op ")]
        if attention:
            spec["let_op"] = attention
        if note.label:
            spec["omschrijving"] = note.label
        return spec | self.sayings(note, ("ja", "nee", "onbekend"))

    def not_ruled(self, note: Note) -> Spec:
        return {"niet_geregeld": note.values["niet_geregeld"]} if note.values.get("niet_geregeld") else {}

    # -- decisions -------------------------------------------------------------------------------------------------------

    def decision(self, decision: m.Decision, note: Note, bodies: Bodies, groups: dict[str, dict[str, object]]) -> None:
        """A norm, an open term with its default, or a rule; what cannot be said becomes a datum."""
        name = self.idents.of(decision.name)
        declared = self.types.named(decision.type)
        try:
            if name in self.demoted:
                raise Untranslatable(self.demoted[name])
            if decision.expression is None:
                raise Untranslatable("deze beslissing heeft geen inhoud")
            if note.kind == "norm" and (norm := self.norm(decision, declared, note, bodies)) is not None:
                groups["normen"][name] = norm
                bodies.known[name] = declared
                return
            made = bodies.decision(name, decision.expression, declared)
        except Untranslatable as error:
            bodies.drop(name)
            self.leave(decision.name, str(error))
            type_ = declared if is_known(declared) else Text()
            spec = self.asked(decision.name, type_, note)
            groups["gegevens"][name] = spec | {"uitleg": f"Niet vertaald uit het DMN-model: {error}."}
            bodies.known[name] = type_
            return
        for remark in made.remarks:
            self.leave(decision.name, remark)
        if note.kind == "open term" and not note.values.get("ingevuld") and "formule" in made.body:
            fallback = {"standaard": made.body["formule"]}
            groups["open_termen"][name] = spec_of(made.type) | self.about(note) | fallback | self.not_ruled(note)
            return
        for helper, rule in made.helpers.items():
            groups["regels"][helper] = spec_of(rule.type) | self.about(note, helper=True) | rule.body
        groups["regels"][name] = spec_of(made.type) | self.about(note) | self.body(made, note) | self.said(made, note)

    def body(self, made: Made, note: Note) -> Spec:
        """The rule itself; conditions and lines get back what was said about them."""
        for key in ("alle", "een"):
            conditions = made.body.get(key)
            if isinstance(conditions, list):
                return {key: [self.condition(item, made, n, self.article(note)) for n, item in enumerate(conditions)]}
        table = made.body.get("tabel")
        if isinstance(table, dict):
            lines = table["regels"]
            assert isinstance(lines, list)  # as `Bodies` makes it
            remarked = [self.line(line, made.remarked[n], note) for n, line in enumerate(lines)]
            return {"tabel": {**table, "regels": remarked}}
        return made.body

    def condition(self, text: str, made: Made, number: int, article: str) -> Spec:
        """A condition with its sentences."""
        note = self.notes.get(made.ids[number], NOTHING) if made.ids[number] else NOTHING
        spec: Spec = {"als": text}
        for when in ("ja", "nee", "onbekend", "anders"):
            if note.sentences.get(when):
                spec[when] = note.sentences[when]
        if note.values.get("artikel"):
            spec |= self.standing(note.values)
            if self.article(note) != article:
                spec["artikel"] = self.article(note)
        return spec

    def line(self, line: Spec, remarks: Mapping[str, str], note: Note) -> Spec:
        """A line of a table with its reason, article and source."""
        spec = dict(line)
        if remarks.get("omdat"):
            spec["omdat"] = remarks["omdat"]
        if remarks.get("artikel") and note.kind:
            article = self.article(Note(values={**note.values, "artikel": remarks["artikel"]}))
            if article != self.article(note):
                spec["artikel"] = article
            spec |= self.standing(remarks)
        return spec

    def norm(self, decision: m.Decision, declared: Type, note: Note, bodies: Bodies) -> Spec | None:
        """A norm with its amounts by date; None when the decision has another shape."""
        rows = bodies.norm_rows(decision.expression, declared, _day(note.values.get("van")))
        if not rows or not is_known(declared):
            return None
        spec = bodies.norm_kind(declared)
        if spec is None:
            return None
        values: dict[date, object] = {}
        for row in rows:
            written: Spec = {"waarde": row.value, **self.standing(row.remarks)}
            if row.remarks.get("opmerking"):
                written["opmerking"] = row.remarks["opmerking"]
            values[row.start] = written
        shelf = {key: note.values[key] for key in ("houdbaar", "daarna") if note.values.get(key)}
        return spec | self.about(note) | shelf | {"waarden": values}

    # -- what is said ----------------------------------------------------------------------------------------------------

    def about(self, note: Note, *, helper: bool = False) -> Spec:
        """Article, label, source and standing."""
        spec: Spec = {"artikel": self.article(note)}
        if note.label and not helper:
            spec["omschrijving"] = note.label
        return spec | (self.standing(note.values) if note.kind else {})

    def said(self, made: Made, note: Note) -> Spec:
        """The sentences of a rule."""
        if note.kind not in ("regel", "open term"):
            return {}
        return self.sayings(note, ("ja", "nee", "onbekend") if isinstance(made.type, YesNo) else ("onbekend", "waarde"))

    def sayings(self, note: Note, whens: tuple[str, ...]) -> Spec:
        found = {when: note.sentences[when] for when in whens if note.sentences.get(when)}
        return {"uitleg": found} if found else {}

    def standing(self, values: Mapping[str, str]) -> Spec:
        """Source and whether it was verified, where the model says so."""
        spec: Spec = {}
        source = values.get("bron")
        if source:
            spec["bron"] = self.sources.setdefault(source, f"bron_{len(self.sources) + 1}")
        if values.get("geverifieerd") in ("ja", "nee"):
            spec["geverifieerd"] = values["geverifieerd"] == "ja"
        return spec

    def article(self, note: Note) -> str:
        """The article of a note; of another law with the name of that law before it. Unknown is said, not guessed."""
        reference = " ".join(note.values.get("artikel", "").split())
        if not reference:
            self.articles.setdefault(_UNKNOWN, "Artikel niet bekend")
            return _UNKNOWN
        law = note.values.get("wet", "")
        if law and law != self.whole.values.get("id"):
            reference = f"{law}:{reference}"
        known = note.values.get("titel") or f"Artikel {reference.split()[0]}"
        self.articles.setdefault(reference.split()[0], known)
        return reference


def _names(model: m.Model) -> list[str]:
    """Every name of a model: of data, decisions, functions, parts of types, entries and columns."""
    found: set[str] = set()
    for item in model.types:
        _parts(item, found)
    for decision in model.decisions:
        if decision.expression is not None:
            entry_names(decision.expression, found)
    for knowledge in model.knowledge:
        if knowledge.function is not None and knowledge.function.body is not None:
            entry_names(knowledge.function.body, found)
            found.update(p.name for p in knowledge.function.parameters)
    first = [*(datum.name for datum in model.inputs), *(decision.name for decision in model.decisions)]
    return [*(name for name in first if name != "peildatum"), *sorted(found)]


def _parts(item: m.ItemDefinition, found: set[str]) -> None:
    for component in item.components:
        found.add(component.name)
        _parts(component, found)


def _refused(text: str, law: str, on: date) -> dict[str, str]:
    """The rules that the checker of laws refuses, with the reason; empty when the file is right."""
    try:
        book = LawBook.loads(text)
        book.program(law, on)
    except SourceInvalid as error:
        return {str(e.path[1] if len(e.path) > 1 else ""): e.message.rstrip(".") for e in error.errors}
    except (LawFault, NotInForce, FeelError) as error:
        return {"": str(error)}
    return {}


def _law_kind(kind: str) -> str:
    """The kind of text; the model of another is at most policy."""
    return kind if kind in set(LawKind) else LawKind.BELEIDSREGEL.value


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


__all__ = ["Adopted", "Left", "adopt"]
