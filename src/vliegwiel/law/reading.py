"""Second pass over a law file: expressions become checked trees, articles become grounds, sentences become templates.

Everything that is wrong is a finding with its line; a text with a `fout` is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import KeyPath, Node, Position, SourceText, TextNode
from vliegwiel.law.decision import Ground
from vliegwiel.law.declaring import PEILDATUM, Declared
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError, place
from vliegwiel.law.feel.parser import Scope, parse_expression, parse_unary_tests
from vliegwiel.law.feel.values import Value
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.findings import Findings
from vliegwiel.law.lawfile import LawSpec, OrdinanceSpec, Says
from vliegwiel.law.model import Basis, Cell, Expression, Sayings, Template
from vliegwiel.law.plain import NotThisType, read_node
from vliegwiel.law.types import Anything, Choice, Day, Type
from vliegwiel.law.typing import TypeChecker

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Reader:
    """Reads the parts of one file that rules, norms and open terms share."""

    def __init__(
        self,
        spec: LawSpec | OrdinanceSpec,
        own: Declared,
        base: Declared | None,
        others: Mapping[str, Declared],
        findings: Findings,
    ) -> None:
        """`base` is the law that an ordinance fills; `others` are the laws whose rules may be referred to."""
        self.spec = spec
        self.findings = findings
        self.file = findings.file
        self.types: dict[str, Type] = {PEILDATUM: Day()}
        if base is not None:
            self.types.update(base.types)
        self.types.update(own.types)
        for name, other in others.items():
            self.types.update({f"{name}.{key}": type_ for key, type_ in other.types.items()})
        self.choice_scopes: dict[Choice, Scope] = {}
        self.scope = Scope(name for name in self.types if "." not in name)
        self.used: set[str] = set()

    # --- expressions -------------------------------------------------------------------------------------------------

    def expression(
        self,
        source: SourceText | TextNode,
        path: KeyPath,
        declared: Type | None = None,
        only: Mapping[str, Type] | None = None,
    ) -> Expression:
        """Parse and check an expression. With `only` it knows these names and no others."""
        text, at = _text_of(source)
        try:
            parsed = parse_expression(text, self.scope if only is None else Scope(only))
        except FeelError as error:
            self.findings.wrong(within(at, error.line, error.column), "formule", error.message, path)
            return Expression(tree.Null(), text, Anything(), at)
        checker = TypeChecker(self.type_of, self.known) if only is None else TypeChecker(only.get, lambda: list(only))
        type_, ready = checker.expression(parsed, declared)
        self.report(checker, text, at, path)
        self.note_names(ready)
        return Expression(ready, text, type_, at)

    def cell(self, source: SourceText | TextNode, column: Type, path: KeyPath) -> Cell:
        """Parse and check a cell of a table."""
        text, at = _text_of(source)
        scope = self.scope_of(column)
        try:
            parsed = parse_unary_tests(text, scope)
        except FeelError as error:
            self.findings.wrong(within(at, error.line, error.column), "formule", error.message, path)
            return Cell(tree.UnaryTests(()), text, at)
        checker = TypeChecker(self.type_of, self.known)
        ready = checker.cell(parsed, column)
        self.report(checker, text, at, path)
        self.note_names(ready)
        return Cell(ready, text, at)

    def scope_of(self, column: Type) -> Scope:
        """The names in a cell: over a choice also its options, without quotes."""
        if not isinstance(column, Choice):
            return self.scope
        known = self.choice_scopes.get(column)
        if known is None:
            options = (option for option, _ in column.options)
            known = self.choice_scopes[column] = Scope([*(n for n in self.types if "." not in n), *options])
        return known

    def report(self, checker: TypeChecker, text: str, at: Position, path: KeyPath) -> None:
        """Mistakes of the type checker as findings of this file."""
        for offset, message in checker.problems:
            self.findings.wrong(within(at, *place(text, offset)), "formule", message, path)

    def note_names(self, node: tree.Node) -> None:
        """Remember which names are used, so that unused ones can be reported."""
        for found in every_node(node):
            if isinstance(found, tree.Name):
                self.used.add(found.name)
            elif isinstance(found, tree.Path) and isinstance(found.source, tree.Name):
                self.used.add(f"{found.source.name}.{found.name}")

    def type_of(self, name: str) -> Type | None:
        """The type of a name in this file."""
        return self.types.get(name)

    def known(self) -> list[str]:
        """Names that may be meant."""
        return list(self.types)

    def value(self, type_: Type, node: Node, path: KeyPath) -> Value:
        """A fixed value of a type."""
        try:
            return read_node(type_, node)
        except NotThisType as error:
            self.findings.wrong(node.at, "soort", str(error), path)
            return None

    # --- articles and sources ----------------------------------------------------------------------------------------

    def ground(self, article: str, at: Position, path: KeyPath) -> Ground:
        """An article reference of this file; its first word must stand under `artikelen`."""
        number = article.split()[0]
        known = self.spec.artikelen.get(number)
        if known is None:
            meant = nearest(number, self.spec.artikelen)
            hint = f" Bedoelt u '{meant}'?" if meant else ""
            self.findings.wrong(
                at, "artikel", f"Artikel '{number}' staat niet onder 'artikelen'.{hint}", (*path, "artikel")
            )
        elif not known.gemodelleerd:
            self.findings.wrong(at, "artikel", f"Artikel '{number}' heet niet gemodelleerd, maar wordt gebruikt.", path)
        title = known.titel if known is not None else ""
        return ground_of(self.spec, article, title)

    def basis(self, article: str, source: str | None, verified: bool | None, at: Position, path: KeyPath) -> Basis:
        """Article, source and standing; what an item does not say comes from its article, then from the file."""
        spec = self.spec.artikelen.get(article.split()[0])
        chosen = source or (spec.bron if spec else None) or self.spec.bron
        if chosen not in self.spec.bronnen:
            known = ", ".join(self.spec.bronnen)
            self.findings.wrong(
                at, "bron", f"De bron '{chosen}' staat niet onder 'bronnen'. Toegestaan: {known}.", path
            )
        standing = verified if verified is not None else (spec.geverifieerd if spec else None)
        sure = self.spec.geverifieerd if standing is None else standing
        return Basis(self.ground(article, at, path), self.spec.bronnen.get(chosen, chosen), sure)

    # --- sentences ---------------------------------------------------------------------------------------------------

    def template(self, source: SourceText | None, path: KeyPath) -> Template | None:
        """A sentence; each placeholder must be a name."""
        if source is None:
            return None
        parts: list[tuple[str, str | None]] = []
        last = 0
        for found in _PLACEHOLDER.finditer(source.text):
            name = found.group(1).strip()
            parts.append((source.text[last : found.start()], name))
            last = found.end()
            self.used.add(name.partition(".")[0])
            if self.placeholder_type(name) is None:
                meant = nearest(name, self.types)
                hint = f" Bedoelt u '{meant}'?" if meant else ""
                at = within(source.at, *place(source.text, found.start()))
                self.findings.wrong(at, "naam", f"De naam '{name}' tussen accolades is niet bekend.{hint}", path)
        if last < len(source.text) or not parts:
            parts.append((source.text[last:], None))
        return Template(tuple(parts))

    def placeholder_type(self, name: str) -> Type | None:
        """The type of `naam` or `naam.veld`."""
        return placeholder_type(self.types, name)

    def sayings(self, says: Says, path: KeyPath) -> Sayings:
        """The sentences of a rule or judgement."""
        return Sayings(
            self.template(says.ja, (*path, "ja")),
            self.template(says.nee, (*path, "nee")),
            self.template(says.onbekend, (*path, "onbekend")),
            self.template(says.waarde, (*path, "waarde")),
        )


def placeholder_type(types: Mapping[str, Type], name: str) -> Type | None:
    """The type of `naam` or `naam.veld` among these names."""
    if name in types:
        return types[name]
    head, _, field = name.partition(".")
    fields = getattr(types.get(head), "fields", ()) if field else ()
    return next((type_ for key, type_ in fields if key == field), None)


def _text_of(source: SourceText | TextNode) -> tuple[str, Position]:
    if isinstance(source, SourceText):
        return source.text, source.at
    return source.text or "null", source.inner


def within(at: Position, line: int, column: int) -> Position:
    """A place inside a text as a place in its file."""
    return Position(at.line + line - 1, at.column + column - 1)


def ground_of(spec: LawSpec | OrdinanceSpec, article: str, title: str) -> Ground:
    """The ground of an article, with its address where the law has one."""
    if isinstance(spec, LawSpec):
        url = _statute(spec.bwb, article, spec.gelezen) if spec.bwb else None
        return Ground(spec.id, spec.naam, article, spec.bwb, url, title)
    url = f"https://lokaleregelgeving.overheid.nl/{spec.cvdr}" if spec.cvdr else None
    return Ground(spec.id, spec.naam, article, None, url, title)


def _statute(bwb: str, article: str, read: date) -> str:
    """A Juriconnect reference to an article of a text on a date."""
    return f"https://wetten.overheid.nl/jci1.3:c:{bwb}&artikel={article.split()[0]}&g={read.isoformat()}"
