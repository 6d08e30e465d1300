"""The law with something changed: another rule, another amount. The rest stays as it is; the old value keeps its own name.

In `bedrag=bedrag * 1.1` the second `bedrag` is what the law says now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import Position
from vliegwiel.law.book import LawBook
from vliegwiel.law.declaring import PEILDATUM
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError, place
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.feel.walk import replaced
from vliegwiel.law.lawfile import Shelf
from vliegwiel.law.model import Basis, Deviation, Expression, Formula, Norm, NormValue, Rule, Sayings, Text
from vliegwiel.law.plain import NotThisType, accept
from vliegwiel.law.population.engine import evaluate, loaders_of
from vliegwiel.law.population.errors import ChangeRefused
from vliegwiel.law.program import Program
from vliegwiel.law.types import Choice, Day, Group, Type
from vliegwiel.law.typing import TypeChecker

WAS = " volgens de tekst"
_SOURCE = "wat als"
_TOP = Position(1, 1)


def changed(book: LawBook, law: str, change: Mapping[str, str], *, on: date, gemeente: str | None) -> LawBook:
    """A book in which these rules, norms or open terms say something else.

    A name is one of the law, or `wet.naam` for a rule or norm of a law it uses: such a rule changes for this law only, an amount
    wherever that law is used. Raises `ChangeRefused`, `LawNotFound`.
    """
    found = book
    for name, text in change.items():
        found = _Change(found, law, name.strip(), text.strip(), on, gemeente).book()
    return found


class _Change:
    def __init__(self, book: LawBook, law: str, name: str, text: str, on: date, gemeente: str | None) -> None:
        self.book_before = book
        self.law = law
        self.name = name
        self.text = text
        self.on = on
        self.gemeente = gemeente
        self.program: Program = book.program(law, on, gemeente)

    def book(self) -> LawBook:
        """The book with this one change."""
        plain, _, part = self.name.partition(".")
        for text in self.program.texts:
            if (text.fills or text.id) != self.law:
                continue
            if plain in text.norms:
                return self.put(text, self.with_norm(text, text.norms[plain], part))
            if self.name in text.rules:
                return self.put(text, self.with_rule(text, text.rules[self.name]))
        term = next((t for t in self.program.texts if self.name in t.open_terms and t.id == self.law), None)
        if term is not None:
            return self.with_term(term)
        if plain != self.law:
            for text in self.program.texts:
                if (text.fills or text.id) == plain:
                    norm, _, field = part.partition(".")
                    if part in text.rules:
                        return self.with_deviation(text.rules[part], plain)
                    if norm in text.norms:
                        return self.put(text, self.with_norm(text, text.norms[norm], field))
        known = [*self.names_to_change()]
        meant = nearest(self.name, known)
        hint = f" Bedoelt u '{meant}'?" if meant else f" Te wijzigen: {', '.join(known[:12])} …"
        raise ChangeRefused(f"'{self.name}' is geen regel, norm of open term van '{self.law}'.{hint}")

    def names_to_change(self) -> list[str]:
        """What may be changed."""
        kinds = ("regel", "norm", "open term")
        return [name for name, key in self.program.names.items() if self.program.units[key].kind in kinds]

    def put(self, old: Text, new: Text) -> LawBook:
        """The book with one text replaced."""
        texts = [new if text is old else text for text in self.book_before.texts]
        return LawBook(texts, self.book_before.notes, f"{self.book_before.hash}+{self.name}={self.text}")

    # --- what it says ------------------------------------------------------------------------------------------------

    def types(self) -> dict[str, Type]:
        """The names an expression may use."""
        found: dict[str, Type] = {PEILDATUM: Day()}
        for name, key in self.program.names.items():
            found[name] = self.program.units[key].type
        return found

    def expression(self, declared: Type) -> Expression:
        """The new expression, read and checked."""
        types = self.types()
        try:
            parsed = parse_expression(self.text, Scope(name for name in types if "." not in name))
        except FeelError as error:
            said = f"De wijziging van '{self.name}' kan niet worden gelezen: {error.message}"
            raise ChangeRefused(said, error.line, error.column) from error
        checker = TypeChecker(types.get, lambda: list(types))
        found, ready = checker.expression(parsed, declared)
        if checker.problems:
            offset, message = checker.problems[0][:2]
            raise ChangeRefused(f"De wijziging van '{self.name}' klopt niet: {message}", *place(self.text, offset))
        return Expression(ready, self.text, found, _TOP)

    def itself_was(self, expression: Expression) -> Expression:
        """The expression in which its own name means the old value."""
        was = self.name + WAS

        def old(node: tree.Node) -> tree.Node | None:
            return tree.Name(was, node.at) if isinstance(node, tree.Name) and node.name == self.name else None

        return replace(expression, tree=replaced(expression.tree, old))

    def basis(self, basis: Basis) -> Basis:
        return Basis(basis.ground, _SOURCE, False)

    # --- where it says it --------------------------------------------------------------------------------------------

    def with_rule(self, text: Text, rule: Rule) -> Text:
        """Another rule."""
        body = Formula(self.itself_was(self.expression(rule.type)))
        new = replace(rule, body=body, basis=self.basis(rule.basis), says=Sayings())
        was = replace(rule, name=rule.name + WAS)
        return replace(text, rules={**text.rules, rule.name: new, was.name: was})

    def with_deviation(self, rule: Rule, law: str) -> LawBook:
        """A rule of another law, for this law only."""
        own = next(text for text in self.program.texts if text.id == self.law)
        body = Formula(self.expression(rule.type))
        made = Deviation(law, rule.name, rule.type, self.basis(rule.basis), body, Sayings(), own.file, _TOP)
        return self.put(own, replace(own, deviations=(*own.deviations, made)))

    def with_term(self, text: Text) -> LawBook:
        """An open term: what ordinances or the law said before is still there under its old name."""
        term = text.open_terms[self.name]
        was = self.name + WAS
        expression = self.itself_was(self.expression(term.type))
        new = replace(term, fallback=expression, basis=self.basis(term.basis))
        terms = {**text.open_terms, self.name: new, was: replace(term, name=was)}
        texts: list[Text] = []
        for other in self.book_before.texts:
            if other is text:
                texts.append(replace(text, open_terms=terms))
            elif other.fills == self.law and self.name in other.filled:
                filled = {name: rule for name, rule in other.filled.items() if name != self.name}
                filled[was] = replace(other.filled[self.name], name=was)
                texts.append(replace(other, filled=filled))
            else:
                texts.append(other)
        return LawBook(texts, self.book_before.notes, f"{self.book_before.hash}+{self.name}={self.text}")

    def with_norm(self, text: Text, norm: Norm, part: str) -> Text:
        """Another amount, from any date. The expression is worked out once, with the amounts of the date."""
        type_ = norm.type
        if isinstance(type_, Group):
            inner = type_.field(part)
            if inner is None:
                whole = self.name.removesuffix(f".{part}") if part else self.name
                fields = ", ".join(f"{whole}.{field}" for field, _ in type_.fields)
                raise ChangeRefused(f"Van de norm '{whole}' verandert u één bedrag: {fields}.")
            old = self.norm_value(text, norm)
            made = self.value(inner)
            value: Value = {**old, part: made} if isinstance(old, dict) else {part: made}
        else:
            value = self.value(type_)
        row = NormValue(date(1, 1, 1), value, self.basis(norm.rows[-1].basis), _SOURCE)
        return replace(text, norms={**text.norms, norm.name: replace(norm, rows=(row,), shelf=Shelf.UNTIL_NEXT)})

    def norm_value(self, text: Text, norm: Norm) -> Value:
        """What the norm is on the date."""
        unit = self.program.units[f"{text.fills or text.id}.{norm.name}"]
        value = unit.load(self.program.frame(self.on))
        if isinstance(value, Unknown):
            raise ChangeRefused(f"De norm '{norm.name}' is op deze datum niet bekend, dus er is niets te wijzigen.")
        return value

    def value(self, declared: Type) -> Value:
        """An amount: worked out from other norms."""
        if isinstance(declared, Choice) and self.text in {name for name, _ in declared.options}:
            return self.text
        loaders = loaders_of(self.program, self.on, self.program.names)
        found = evaluate(self.program, self.on, self.expression(declared).tree, loaders)
        if isinstance(found, Unknown) or found is None:
            raise ChangeRefused(f"'{self.text}' is geen vast bedrag. Gebruik een getal of andere normen.")
        try:
            return accept(declared, found)
        except NotThisType as error:
            raise ChangeRefused(f"De wijziging van '{self.name}' klopt niet: {error}") from error
