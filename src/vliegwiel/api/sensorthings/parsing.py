"""Query options read into a `Query` (OGC 18-088, 9.3): `$filter`, `$orderby`, `$select`, `$expand` with options inside it.

Precedence from tight to loose, as in OData: sign; `mul div mod`; `add sub`; comparisons and `in`; `not`; `and`; `or`. (OData
lets `not` bind tighter than a comparison, where `not a eq 1` would always be an error; here it means `not (a eq 1)`.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from vliegwiel.rounds.sensing import expressions as e
from vliegwiel.rounds.sensing.query import Expand, Order, Query

from .lexing import Kind, Token, tokens, wrong
from .literals import clock, day, duration, moment_or_span, number, shape, unquote

DEEPEST = 40
"""Brackets in brackets, or expansions in expansions."""
MOST = 600
"""Values, functions and operators in one filter."""

_CONSTANTS: Mapping[Kind, Callable[[Token, str], e.Expression]] = {
    Kind.TEXT: lambda token, option: e.Text(unquote(token.text)),
    Kind.NUMBER: number,
    Kind.MOMENT: moment_or_span,
    Kind.DAY: day,
    Kind.CLOCK: clock,
    Kind.DURATION: duration,
    Kind.SHAPE: shape,
}
_WORDS: Mapping[str, e.Expression] = {"true": e.Truth(True), "false": e.Truth(False), "null": e.Nothing()}
_Item = TypeVar("_Item")


def parse(options: Mapping[str, str]) -> Query:
    """All options of a request. Raises `QueryInvalid` for what is unknown or unreadable."""
    query = Query()
    for option, text in options.items():
        parser = _Parser(text, option)
        query = parser.option(option, query)
        parser.end()
    return query


def parse_filter(text: str) -> e.Expression:
    """The text of a `$filter` alone."""
    parser = _Parser(text, "$filter")
    found = parser.expression()
    parser.end()
    return found


class _Parser:
    """Recursive descent over the words of one option."""

    def __init__(self, text: str, option: str) -> None:
        self._tokens = tokens(text, option)
        self._text = text
        self._option = option
        self._at = 0
        self._depth = 0
        self._nodes = 0

    # Words

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        """The word that stands here, and on to the next. The end stays the end."""
        token = self._now
        self._at += token.kind is not Kind.END
        return token

    def _back(self, token: Token) -> None:
        """One word back, for an error that points at it."""
        self._at -= token.kind is not Kind.END

    def _mark(self, text: str) -> bool:
        if self._now.kind is Kind.MARK and self._now.text == text:
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._mark(text):
            raise self._unexpected(f"hier hoort {text!r}")

    def _word(self, *words: str) -> str:
        """The word that stands here when it is one of these, in lower case, else an empty text. Clients write DESC too."""
        if self._now.kind is Kind.NAME and self._now.text.lower() in words:
            return self._next().text.lower()
        return ""

    def _unexpected(self, hint: str) -> Exception:
        found = "het einde" if self._now.kind is Kind.END else repr(self._now.text)
        return wrong(self._option, f"{hint}, maar er staat {found}.", self._now.at)

    def end(self) -> None:
        """Raises when anything is left."""
        if self._now.kind is not Kind.END:
            raise self._unexpected("hier is het klaar")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise wrong(self._option, f"dit zit te diep in elkaar: hoogstens {DEEPEST} niveaus.", self._now.at)

    def _counted(self, expression: e.Expression) -> e.Expression:
        self._nodes += 1
        if self._nodes > MOST:
            raise wrong(self._option, f"dit is te veel in één keer: hoogstens {MOST} onderdelen.", self._now.at)
        return expression

    # Options

    def option(self, option: str, query: Query) -> Query:
        """`query` with this option, whose text comes next."""
        match option:
            case "$filter":
                found = self.expression()
                return replace(query, filter=found if query.filter is None else e.Both(query.filter, found))
            case "$orderby":
                return replace(query, order=self._listed(self._order))
            case "$select":
                return replace(query, select=tuple(dict.fromkeys(self._listed(self._selected))))
            case "$expand":
                return replace(query, expand=merged(self._listed(self._expanded)))
            case "$top":
                return replace(query, top=self._whole())
            case "$skip":
                return replace(query, skip=self._whole())
            case "$count":
                return replace(query, count=self._yes_or_no())
            case "$skiptoken":
                return replace(query, after=self._token())
            case _:
                raise wrong(option, "deze optie kent de standaard niet.")

    def _listed(self, one: Callable[[], _Item]) -> tuple[_Item, ...]:
        found = [one()]
        while self._mark(","):
            found.append(one())
        return tuple(found)

    def _order(self) -> Order:
        by = self._sum()
        return Order(by, descending=self._word("asc", "desc") == "desc")

    def _selected(self) -> str:
        if self._now.kind is not Kind.NAME:
            raise self._unexpected("hier hoort een naam")
        return self._next().text

    def _whole(self) -> int:
        token = self._next()
        if token.kind is not Kind.NUMBER or not token.text.isdigit() or len(token.text) > 12:
            raise wrong(self._option, "hier hoort een geheel getal van 0 of meer.", token.at)
        return int(token.text)

    def _token(self) -> str:
        token = self._next()
        if token.kind is not Kind.TEXT:
            raise wrong(self._option, "dit is geen $skiptoken van ons. Volg de link @iot.nextLink.", token.at)
        return unquote(token.text)

    def _yes_or_no(self) -> bool:
        found = self._word("true", "false")
        if not found:
            raise self._unexpected("hier hoort true of false")
        return found == "true"

    def _expanded(self) -> Expand:
        self._deeper()
        relation = self._selected()
        found = Expand(relation)
        if self._mark("/"):
            begin = self._now.at
            inner = Query(expand=(self._expanded(),))
            found = Expand(relation, inner, (("$expand", self._written(begin)),))
        elif self._mark("("):
            found = self._inside(relation)
        self._depth -= 1
        return found

    def _written(self, begin: int) -> str:
        """The text from a position up to the word that comes next."""
        return self._text[begin : self._now.at].rstrip()

    def _inside(self, relation: str) -> Expand:
        query, options = Query(), []
        while True:
            if self._now.kind is not Kind.OPTION:
                raise self._unexpected("hier hoort een optie die met $ begint")
            option = self._next().text
            if option == "$skiptoken":
                raise wrong("$expand", "deze optie kan hier niet staan: $skiptoken.")
            self._expect("=")
            begin = self._now.at
            query = self.option(option, query)
            options.append((option, self._written(begin)))
            if self._mark(")"):
                return Expand(relation, query, tuple(options))
            self._expect(";")

    # Expressions

    def expression(self) -> e.Expression:
        """An expression, from the loosest operator on."""
        self._deeper()
        left = self._and()
        while self._word("or"):
            left = self._counted(e.Either(left, self._and()))
        self._depth -= 1
        return left

    def _and(self) -> e.Expression:
        left = self._not()
        while self._word("and"):
            left = self._counted(e.Both(left, self._not()))
        return left

    def _not(self) -> e.Expression:
        if not self._word("not"):
            return self._comparison()
        self._deeper()
        found = self._counted(e.Not(self._not()))
        self._depth -= 1
        return found

    def _comparison(self) -> e.Expression:
        left = self._sum()
        while True:
            if found := self._word(*e.Comparator):
                left = self._counted(e.Compare(e.Comparator(found), left, self._sum()))
            elif self._word("in"):
                self._expect("(")
                options = self._listed(self._sum)
                self._expect(")")
                left = self._counted(e.OneOf(left, options))
            else:
                return left

    def _sum(self) -> e.Expression:
        left = self._product()
        while found := self._word("add", "sub"):
            left = self._counted(e.Calculate(e.Operator(found), left, self._product()))
        return left

    def _product(self) -> e.Expression:
        left = self._signed()
        while found := self._word("mul", "div", "mod"):
            left = self._counted(e.Calculate(e.Operator(found), left, self._signed()))
        return left

    def _signed(self) -> e.Expression:
        if not self._mark("-"):
            return self._value()
        self._deeper()
        inner = self._signed()
        self._depth -= 1
        return e.Number(-inner.value) if isinstance(inner, e.Number) else self._counted(e.Minus(inner))

    def _value(self) -> e.Expression:
        if self._mark("("):
            inner = self.expression()
            self._expect(")")
            return inner
        token = self._next()
        if (read := _CONSTANTS.get(token.kind)) is not None:
            return self._counted(read(token, self._option))
        if token.kind is not Kind.NAME:
            self._back(token)
            raise self._unexpected("hier hoort een waarde, een naam of een haakje")
        if token.text in _WORDS and not self._at_path():
            return self._counted(_WORDS[token.text])
        if self._mark("("):
            return self._call(token.text.lower())
        return self._path(token)

    def _at_path(self) -> bool:
        return self._now.kind is Kind.MARK and self._now.text == "/"

    def _call(self, name: str) -> e.Expression:
        self._deeper()
        arguments: tuple[e.Expression, ...] = ()
        if not self._mark(")"):
            arguments = self._listed(self.expression)
            self._expect(")")
        self._depth -= 1
        return self._counted(e.Call(name, arguments))

    def _path(self, first: Token) -> e.Expression:
        names = [first.text]
        while self._mark("/"):
            token = self._next()
            if token.kind not in {Kind.NAME, Kind.NUMBER}:
                self._back(token)
                raise self._unexpected("na / hoort een naam")
            names.append(token.text)
        return self._counted(e.Path(tuple(names)))


def merged(expansions: Iterable[Expand]) -> tuple[Expand, ...]:
    """Expansions of one relation put together: `A/B,A/C` is `A` with both (OData 4.0 part 2, 5.1.2)."""
    found: dict[str, Expand] = {}
    for one in expansions:
        known = found.get(one.relation)
        found[one.relation] = one if known is None else _joined(known, one)
    return tuple(found.values())


def _joined(first: Expand, second: Expand) -> Expand:
    if second.query == Query(expand=second.query.expand):
        first, second = second, first
    if first.query != Query(expand=first.query.expand):
        raise wrong("$expand", "dezelfde relatie staat er twee keer, elk met eigen opties.")
    options = dict(second.options)
    if first.query.expand:
        options["$expand"] = ",".join(text for one in (first, second) if (text := dict(one.options).get("$expand")))
    query = replace(second.query, expand=merged((*first.query.expand, *second.query.expand)))
    return Expand(second.relation, query, tuple(options.items()))
