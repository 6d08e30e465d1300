"""First pass over a law file: which names it has and of what type. No expression is looked at yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import Position, SourceText
from vliegwiel.law.findings import Findings
from vliegwiel.law.lawfile import Kind, LawSpec, NormSpec, OrdinanceSpec
from vliegwiel.law.types import KINDS, Anything, Choice, Day, Group, Many, Type, YesNo, simple_type

PEILDATUM = "peildatum"


class HasKind(Protocol):
    """The keys that together say a type."""

    @property
    def soort(self) -> SourceText: ...
    @property
    def keuzes(self) -> tuple[str, ...] | Mapping[str, str] | None: ...
    @property
    def van(self) -> SourceText | Kind | None: ...
    @property
    def velden(self) -> Mapping[str, SourceText | Kind] | None: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """The names of one text with their types."""

    id: str
    fills: str | None
    uses: tuple[str, ...]
    types: Mapping[str, Type]
    open_terms: Mapping[str, Type]
    rules: frozenset[str] = frozenset()


def type_from(spec: HasKind, findings: Findings, path: tuple[str, ...]) -> Type:
    """The type that `soort` and its companions say; `Anything` after a mistake."""
    kind = spec.soort.text
    if kind != "keuze" and kind != "lijst" and spec.keuzes is not None:
        findings.wrong(spec.soort.at, "soort", "'keuzes' hoort alleen bij 'soort: keuze'.", path)
    if kind == "keuze":
        return _choice(spec, spec.soort.at, findings, path)
    if kind == "lijst":
        return Many(_inner(spec, findings, path))
    if kind == "groep":
        return _group(spec.velden, spec.soort.at, findings, path)
    return _simple(spec.soort, findings, path)


def _simple(kind: SourceText, findings: Findings, path: tuple[str, ...]) -> Type:
    found = simple_type(kind.text)
    if found is not None:
        return found
    meant = nearest(kind.text, KINDS)
    hint = f" Bedoelt u '{meant}'?" if meant else ""
    findings.wrong(
        kind.at, "soort", f"De soort '{kind.text}' bestaat niet.{hint} Toegestaan: {', '.join(KINDS)}.", path
    )
    return Anything()


def _choice(spec: HasKind, at: Position, findings: Findings, path: tuple[str, ...]) -> Type:
    options = spec.keuzes
    if not options:
        findings.wrong(at, "soort", "Bij 'soort: keuze' horen 'keuzes'.", path)
        return Anything()
    if isinstance(options, Mapping):
        return Choice(tuple(options.items()))
    return Choice(tuple((option, option.replace("_", " ")) for option in options))


def _inner(spec: HasKind, findings: Findings, path: tuple[str, ...]) -> Type:
    """What a list holds: `van: tekst`, `van: groep` with `velden`, or `van` with its own keys."""
    if isinstance(spec.van, Kind):
        return type_from(spec.van, findings, (*path, "van"))
    if spec.van is None:
        findings.wrong(spec.soort.at, "soort", "Bij 'soort: lijst' hoort 'van': waar het een lijst van is.", path)
        return Anything()
    if spec.van.text == "groep":
        return _group(spec.velden, spec.van.at, findings, path)
    if spec.van.text == "keuze":
        return _choice(spec, spec.van.at, findings, path)
    return _simple(spec.van, findings, path)


def _group(
    fields: Mapping[str, SourceText | Kind] | None, at: Position, findings: Findings, path: tuple[str, ...]
) -> Type:
    if not fields:
        findings.wrong(at, "soort", "Bij 'groep' horen 'velden'.", path)
        return Anything()
    found: list[tuple[str, Type]] = []
    for name, kind in fields.items():
        below = (*path, "velden", name)
        found.append(
            (name, _simple(kind, findings, below) if isinstance(kind, SourceText) else type_from(kind, findings, below))
        )
    return Group(tuple(found))


def norm_type(spec: NormSpec, findings: Findings, path: tuple[str, ...]) -> Type:
    """A norm with `velden` has one type for all its fields."""
    simple = _simple(spec.soort, findings, path)
    return simple if spec.velden is None else Group(tuple((name, simple) for name in spec.velden))


def declare(spec: LawSpec | OrdinanceSpec, findings: Findings, reserved: Sequence[str]) -> Declared:
    """All names of a file. Reports names that occur twice or that FEEL needs itself."""
    types: dict[str, Type] = {PEILDATUM: Day()}
    open_terms: dict[str, Type] = {}

    def put(group: str, name: str, type_: Type, at: Position) -> None:
        if name == PEILDATUM or name in types:
            findings.wrong(at, "naam", f"De naam '{name}' is al gebruikt.", (group, name))
        if name in reserved:
            findings.wrong(at, "naam", f"De naam '{name}' is al een functie. Kies een andere naam.", (group, name))
        types[name] = type_

    for name, datum in spec.gegevens.items():
        put("gegevens", name, type_from(datum, findings, ("gegevens", name)), datum.at)
    for name, norm in spec.normen.items():
        put("normen", name, norm_type(norm, findings, ("normen", name)), norm.at)
    if isinstance(spec, LawSpec):
        for name, term in spec.open_termen.items():
            open_terms[name] = type_from(term, findings, ("open_termen", name))
            put("open_termen", name, open_terms[name], term.at)
    for name, judgement in spec.oordelen.items():
        put("oordelen", name, YesNo(), judgement.at)
    for name, rule in spec.regels.items():
        put("regels", name, type_from(rule, findings, ("regels", name)), rule.at)
    fills = None if isinstance(spec, LawSpec) else spec.vult
    uses = spec.gebruikt if isinstance(spec, LawSpec) else ()
    return Declared(spec.id, fills, uses, types, open_terms, frozenset(spec.regels))
