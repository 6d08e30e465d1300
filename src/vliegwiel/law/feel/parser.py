"""Expression and unary tests to tree: a Pratt parser (DMN 1.5, section 10.3.1.2).

The parser takes the names in scope, because a FEEL name may hold spaces and operators. It refuses what is nested or
chained too deep, so that a tree can always be walked.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Final, Literal

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.lexer import Token
from vliegwiel.law.feel.names import NameIndex, add_name, index_names, longest
from vliegwiel.law.feel.parser_types import TypeParser
from vliegwiel.law.feel.values import NUMBERS
from vliegwiel.law.feel.vocabulary import BUILTIN_NAMES, PROPERTY_NAMES

MAX_NESTING: Final = 60
MAX_CHAIN: Final = 120

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE = range(1, 8)
_BINARY: Final[dict[str, tuple[tree.Operator, int]]] = {
    "=": ("=", _COMPARE),
    "!=": ("!=", _COMPARE),
    "<": ("<", _COMPARE),
    "<=": ("<=", _COMPARE),
    ">": (">", _COMPARE),
    ">=": (">=", _COMPARE),
    "+": ("+", _ADD),
    "-": ("-", _ADD),
    "*": ("*", _MULTIPLY),
    "/": ("/", _MULTIPLY),
    "**": ("**", _POWER),
}
_WORD: Final = {"or": _OR, "and": _AND, "between": _COMPARE, "in": _COMPARE, "instance": _INSTANCE}
_COMPARISONS: Final[dict[str, tree.Comparison]] = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
# Words that close an expression: a name never starts with them unless it is known.
_RESERVED: Final = frozenset(
    ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance")
)
_CANNOT_START: Final = frozenset((".", ")", "]", ",", "}", "..", ":", "*", "/", "=", "<", ">", "<=", ">=", "!=", "**"))

_BUILTINS: Final = index_names(BUILTIN_NAMES)
_PROPERTIES: Final = index_names(PROPERTY_NAMES)


class Scope:
    """The names an expression may use, prepared once (a law has hundreds of expressions with the same names)."""

    def __init__(self, names: Iterable[str] = (), properties: Iterable[str] = ()) -> None:
        """`names` are variables, `properties` names that occur behind a dot or inside a filter."""
        names = tuple(names)
        self.names: NameIndex = index_names(names)
        self.properties: NameIndex = index_names((*names, *properties))
        # Only names of more than one token differ from what a single word gives.
        self.properties = {k: v for k, v in self.properties.items() if any(len(words) > 1 for words, _ in v)}


EMPTY: Final = Scope()


@lru_cache(maxsize=4096)
def parse_expression(text: str, scope: Scope = EMPTY) -> tree.Node:
    """The tree of an expression. Raises `FeelError`."""
    return Parser(text, scope).whole_expression()


@lru_cache(maxsize=4096)
def parse_unary_tests(text: str, scope: Scope = EMPTY) -> tree.UnaryTests:
    """The tree of a cell of a decision table (`-`, `< 5, > 10`, `not("a")`). Raises `FeelError`."""
    return Parser(text, scope).whole_tests()


class Parser(TypeParser):
    """One run over one text."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text)
        self.scope = scope
        self.locals: list[NameIndex] = []
        # Keys of contexts read so far: names that may follow a dot, or stand in a filter.
        self.keys: NameIndex = {}
        self.filters = 0
        self.nesting = 0
        self.uses_input = False

    # --- entrances -----------------------------------------------------------------------------------------------

    def whole_expression(self) -> tree.Node:
        node = self.expression()
        self.expect_end()
        return node

    def whole_tests(self) -> tree.UnaryTests:
        first, second = self.tokens[0], self.tokens[min(1, len(self.tokens) - 1)]
        if first.text == "-" and second.kind == "end":
            return tree.UnaryTests(())
        if first.text == "not" and second.text == "(" and self.closes_at_end(1):
            self.position = 2
            tests = self.tests(")")
            self.take(")")
            self.expect_end()
            return tree.UnaryTests(tests, negated=True)
        tests = self.tests("")
        self.expect_end()
        return tree.UnaryTests(tests)

    def closes_at_end(self, opening: int) -> bool:
        """Whether the bracket at a token is closed by the last token."""
        depth = 0
        for number in range(opening, len(self.tokens) - 1):
            token = self.tokens[number]
            if token.kind == "symbol":
                depth += (token.text in "([{") - (token.text in ")]}")
            if depth == 0:
                return number == len(self.tokens) - 2
        return False

    def expect_end(self) -> None:
        token = self.tokens[self.position]
        if token.kind != "end":
            raise self.error(
                f"Na deze formule staat nog '{token.text}'. Mist er een komma, een haakje of een bewerking?", token
            )

    # --- unary tests ---------------------------------------------------------------------------------------------

    def tests(self, closing: str) -> tuple[tree.Test, ...]:
        found = [self.test()]
        while self.tokens[self.position].text == "," and self.tokens[self.position].kind == "symbol":
            self.position += 1
            found.append(self.test())
        if closing and self.tokens[self.position].text != closing:
            raise self.error(f"Hier hoort een '{closing}'.", self.tokens[self.position])
        return tuple(found)

    def test(self) -> tree.Test:
        token = self.tokens[self.position]
        if token.kind == "symbol" and token.text in _COMPARISONS:
            self.position += 1
            return tree.Compare(_COMPARISONS[token.text], self.expression(_ADD), token.at)
        outer, self.uses_input = self.uses_input, False
        expression = self.expression()
        test = tree.Expect(expression, self.uses_input, token.at)
        self.uses_input = outer
        return test

    # --- expressions ---------------------------------------------------------------------------------------------

    def expression(self, least: int = 0, *, endpoint: bool = False) -> tree.Node:
        """An expression of operators that bind at least as tight as `least`. `endpoint`: a `[` may close a range."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.error(
                f"De formule is te diep genest. Hoogstens {MAX_NESTING} lagen mag.", self.tokens[self.position]
            )
        left = self.postfix(self.prefix(), endpoint)
        chain = 0
        while True:
            token = self.tokens[self.position]
            if token.kind == "symbol":
                strength = _BINARY[token.text][1] if token.text in _BINARY else 0
            elif token.kind == "name":
                strength = _WORD.get(token.text, 0)
            else:
                strength = 0
            if strength == 0 or strength < least:
                break
            chain += 1
            if chain > MAX_CHAIN:
                raise self.error(f"Dit is een te lange reeks bewerkingen. Hoogstens {MAX_CHAIN} mag.", token)
            left = self.infix(left, token, strength, endpoint)
        self.nesting -= 1
        return left

    def infix(self, left: tree.Node, token: Token, strength: int, endpoint: bool) -> tree.Node:
        self.position += 1
        if token.kind == "symbol":
            right = self.expression(strength + 1, endpoint=endpoint)
            return tree.Binary(_BINARY[token.text][0], left, right, token.at)
        if token.text == "and" or token.text == "or":
            right = self.expression(strength + 1, endpoint=endpoint)
            kind: Literal["and", "or"] = "and" if token.text == "and" else "or"
            # Both are associative, also three-valued: a chain is one node, so that long chains stay shallow.
            if isinstance(left, tree.Logical) and left.kind == kind:
                return tree.Logical(kind, (*left.items, right), left.at)
            return tree.Logical(kind, (left, right), token.at)
        if token.text == "between":
            low = self.expression(_ADD, endpoint=endpoint)
            self.take("and")
            return tree.Between(left, low, self.expression(_ADD, endpoint=endpoint), token.at)
        if token.text == "in":
            return tree.In(left, self.in_tests(endpoint), token.at)
        self.take("of")
        return tree.InstanceOf(left, self.type_ref(), token.at)

    def in_tests(self, endpoint: bool) -> tuple[tree.Test, ...]:
        token = self.tokens[self.position]
        if token.kind == "symbol" and token.text in _COMPARISONS:
            return (self.test(),)
        if token.text == "(" and token.kind == "symbol":
            start = self.position
            self.position += 1
            found = [self.test()]
            while self.accept(","):
                found.append(self.test())
            if self.accept(")") and self.tokens[self.position].text not in ("[", "."):
                return tuple(found)
            self.position = start
        value = self.expression(_ADD, endpoint=endpoint)
        return (tree.Expect(value, False, token.at),)

    def prefix(self) -> tree.Node:
        token = self.tokens[self.position]
        kind, text = token.kind, token.text
        if kind == "name":
            return self.word(token)
        self.position += 1
        if kind == "number":
            return self.number(token)
        if kind == "string":
            return tree.String(text, token.at)
        if text == "-" and kind == "symbol":
            return tree.Negate(self.expression(_INSTANCE), token.at)
        if text == "(" and kind == "symbol":
            return self.parenthesized(token)
        if text == "[" and kind == "symbol":
            return self.bracketed(token)
        if text == "]" and kind == "symbol":
            return self.range_from(self.expression(), token, closed=False)
        if text == "{" and kind == "symbol":
            return self.context(token)
        if text == "@" and kind == "symbol" and self.tokens[self.position].kind == "string":
            self.position += 1
            return tree.Temporal(self.tokens[self.position - 1].text, token.at)
        if text == "?" and kind == "symbol":
            self.uses_input = True
            return tree.Placeholder(token.at)
        if kind == "end":
            raise self.error("De formule houdt te vroeg op. Hier hoort nog iets.", token)
        raise self.error(f"Hier hoort een waarde, een naam of een haakje. Er staat '{text}'.", token)

    def number(self, token: Token) -> tree.Node:
        try:
            value = Decimal(token.text)
            # What the arithmetic cannot hold is refused here, not when it runs.
            NUMBERS.plus(value)
        except DecimalException:
            raise self.error("Dit getal is te groot of te klein.", token) from None
        return tree.Number(value, token.at)

    def word(self, token: Token) -> tree.Node:
        known = self.known_name()
        if known is not None:
            return tree.Name(known, token.at)
        text = token.text
        self.position += 1
        if text == "true" or text == "false":
            return tree.Boolean(text == "true", token.at)
        if text == "null":
            return tree.Null(token.at)
        if text == "if":
            return self.if_then_else(token)
        if text == "for":
            return self.for_loop(token)
        if text == "some" or text == "every":
            return self.quantified(token)
        if text == "function" and self.tokens[self.position].text == "(":
            return self.function(token)
        if text in _RESERVED:
            raise self.error(f"Hier hoort een waarde of een naam. Er staat '{text}'.", token)
        return tree.Name(text, token.at)

    def known_name(self) -> str | None:
        """The longest name in scope that starts here; takes its tokens."""
        best: tuple[str, int] | None = None
        indexes = [*self.locals, self.scope.names, _BUILTINS]
        if self.filters:
            indexes += [self.keys, self.scope.properties]
        for index in indexes:
            found = longest(index, self.tokens, self.position)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        if best is None:
            return None
        self.position += best[1]
        return best[0]

    # --- what may follow -----------------------------------------------------------------------------------------

    def postfix(self, node: tree.Node, endpoint: bool) -> tree.Node:
        steps = 0
        while True:
            token = self.tokens[self.position]
            if token.kind != "symbol":
                return node
            if token.text == ".":
                self.position += 1
                node = tree.Path(node, self.property_name(), token.at)
            elif token.text == "[":
                if endpoint and self.cannot_start(self.tokens[self.position + 1]):
                    return node
                self.position += 1
                self.filters += 1
                node = tree.Filter(node, self.expression(), token.at)
                self.filters -= 1
                self.take("]")
            elif token.text == "(":
                self.position += 1
                node = self.call(node, token)
            else:
                return node
            steps += 1
            if steps > MAX_NESTING:
                raise self.error("Dit is een te lange keten van punten en haakjes.", token)

    def cannot_start(self, token: Token) -> bool:
        if token.kind == "end" or (token.kind == "name" and token.text in _RESERVED - {"if", "for", "some", "every"}):
            return True
        return token.kind == "symbol" and token.text in _CANNOT_START

    def property_name(self) -> str:
        token = self.tokens[self.position]
        if token.kind != "name":
            raise self.error("Na een punt hoort een naam.", token)
        best: tuple[str, int] = (token.text, 1)
        for index in (*self.locals, self.scope.properties, self.keys, _PROPERTIES):
            found = longest(index, self.tokens, self.position)
            if found is not None and found[1] > best[1]:
                best = found
        self.position += best[1]
        return best[0]

    def call(self, function: tree.Node, token: Token) -> tree.Node:
        if self.accept(")"):
            return tree.Call(function, (), None, token.at)
        names: list[str] = []
        arguments: list[tree.Node] = []
        while True:
            name = self.argument_name()
            if name is None and names:
                raise self.error("Geef alle argumenten een naam, of geen enkele.", self.tokens[self.position])
            if name is not None:
                if len(names) < len(arguments):
                    raise self.error("Geef alle argumenten een naam, of geen enkele.", self.tokens[self.position])
                names.append(name)
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.take(")")
        return tree.Call(function, tuple(arguments), tuple(names) if names else None, token.at)

    def argument_name(self) -> str | None:
        """`name :` in a call, if that is what stands here."""
        position = self.position
        while self.tokens[position].kind == "name" or self.tokens[position].text in ("-", "+", "/", "'", "*"):
            position += 1
        if position == self.position or self.tokens[position].text != ":" or self.tokens[position].kind != "symbol":
            return None
        name = self.spelled(self.position, position)
        self.position = position + 1
        return name

    # --- brackets ------------------------------------------------------------------------------------------------

    def parenthesized(self, token: Token) -> tree.Node:
        inner = self.tokens[self.position]
        if inner.kind == "symbol" and inner.text in _COMPARISONS:
            self.position += 1
            operand = self.expression(_ADD)
            self.take(")")
            return self.open_range(inner, operand)
        node = self.expression()
        if self.peek(".."):
            return self.range_from(node, token, closed=False)
        self.take(")")
        return node

    def open_range(self, operator: Token, operand: tree.Node) -> tree.Node:
        closed = operator.text.endswith("=")
        if operator.text in ("<", "<="):
            return tree.RangeLiteral(None, operand, False, closed, operator.at)
        if operator.text in (">", ">="):
            return tree.RangeLiteral(operand, None, closed, False, operator.at)
        if operator.text == "=":
            return tree.RangeLiteral(operand, operand, True, True, operator.at)
        raise self.error("Een bereik met != bestaat niet.", operator)

    def bracketed(self, token: Token) -> tree.Node:
        if self.accept("]"):
            return tree.ListLiteral((), token.at)
        first = self.expression()
        if self.peek(".."):
            return self.range_from(first, token, closed=True)
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.take("]")
        return tree.ListLiteral(tuple(items), token.at)

    def range_from(self, low: tree.Node, token: Token, *, closed: bool) -> tree.Node:
        self.take("..")
        high = self.expression(endpoint=True)
        ending = self.tokens[self.position]
        if ending.kind != "symbol" or ending.text not in ("]", ")", "["):
            raise self.error("Een bereik sluit met ], ) of [.", ending)
        self.position += 1
        return tree.RangeLiteral(low, high, closed, ending.text == "]", token.at)

    def context(self, token: Token) -> tree.Node:
        entries: list[tuple[str, tree.Node]] = []
        names: NameIndex = {}
        self.locals.append(names)
        if not self.accept("}"):
            while True:
                key = self.context_key()
                if any(key == known for known, _ in entries):
                    raise self.error(f"De sleutel '{key}' staat er al.", self.tokens[self.position - 1])
                self.take(":")
                entries.append((key, self.expression()))
                for index in (names, self.keys):
                    add_name(index, key)
                if not self.accept(","):
                    break
            self.take("}")
        self.locals.pop()
        return tree.ContextLiteral(tuple(entries), token.at)

    def context_key(self) -> str:
        token = self.tokens[self.position]
        if token.kind == "string":
            self.position += 1
            return token.text
        return self.name_until((":",))

    # --- word forms ----------------------------------------------------------------------------------------------

    def if_then_else(self, token: Token) -> tree.Node:
        condition = self.expression()
        self.take("then")
        then = self.expression()
        self.take("else")
        return tree.If(condition, then, self.expression(), token.at)

    def iterations(self) -> tuple[tree.Iteration, ...]:
        found: list[tree.Iteration] = []
        while True:
            name = self.name_until(("in",))
            self.take("in")
            domain = self.expression()
            end = self.expression() if self.accept("..") else None
            found.append(tree.Iteration(name, domain, end))
            self.locals.append(index_names([name]))
            if not self.accept(","):
                return tuple(found)

    def for_loop(self, token: Token) -> tree.Node:
        depth = len(self.locals)
        iterations = self.iterations()
        self.take("return")
        self.locals.append(index_names(["partial"]))
        body = self.expression()
        del self.locals[depth:]
        return tree.For(iterations, body, token.at)

    def quantified(self, token: Token) -> tree.Node:
        depth = len(self.locals)
        iterations = self.iterations()
        self.take("satisfies")
        condition = self.expression()
        del self.locals[depth:]
        kind: Literal["some", "every"] = "some" if token.text == "some" else "every"
        return tree.Quantified(kind, iterations, condition, token.at)

    def function(self, token: Token) -> tree.Node:
        self.take("(")
        parameters: list[tree.Parameter] = []
        if not self.accept(")"):
            while True:
                name = self.name_until((",", ")", ":"))
                parameters.append(tree.Parameter(name, self.type_ref() if self.accept(":") else None))
                if not self.accept(","):
                    break
            self.take(")")
        if self.accept("external"):
            self.expression()
            return tree.FunctionDefinition(tuple(parameters), None, token.at)
        self.locals.append(index_names(p.name for p in parameters))
        body = self.expression()
        self.locals.pop()
        return tree.FunctionDefinition(tuple(parameters), body, token.at)
