"""Boxed expressions of a model as expressions of a law: one tree, in the names of the law.

A law has no functions of its own: a call of a knowledge model becomes its body with the arguments filled in. A table can only
be a rule; inside something else it becomes a rule of its own. What cannot be said raises `Untranslatable`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.additions import ADDITIONS, in_law
from vliegwiel.law.dmn.idents import Idents
from vliegwiel.law.dmn.lawtypes import LawTypes
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.builtins import BUILTINS
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.free import free_names, substituted
from vliegwiel.law.feel.parser import Scope, parse_expression, parse_unary_tests
from vliegwiel.law.feel.walk import every_node, replaced
from vliegwiel.law.types import Type
from vliegwiel.law.typing import CONVERSIONS

_DEEPEST: Final = 20
_BY_KEY: Final = frozenset(("get value", "get entries", "context", "context put", "context merge"))
_MARK: Final = "\0"
_PEILDATUM: Final = "peildatum"
_RESULT: Final = "uitkomst"


class Untranslatable(Exception):
    """A law cannot say this. The message is Dutch and says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: what its local names stand for, under which name rules may be made, and how deep.

    `loose`: inside a loop or a function, where nothing can be a rule of its own.
    """

    name: str
    env: Mapping[str, tree.Node] = field(default_factory=dict)
    loose: bool = False
    depth: int = 0

    def knowing(self, more: Mapping[str, tree.Node]) -> Place:
        """The same place with more local names."""
        return replace(self, env={**self.env, **more})


MakeRule = Callable[[str, m.Table, Place], str]
"""Make a rule of a table; gives the name of the rule."""


class Translator:
    """Translates the expressions of one model.

    `variables` are the names of data and decisions, `functions` the knowledge models.
    """

    def __init__(
        self,
        idents: Idents,
        variables: Iterable[str],
        functions: Mapping[str, m.Function | None],
        ours: frozenset[str],
        properties: Iterable[str],
        types: LawTypes,
        make_rule: MakeRule,
    ) -> None:
        """`ours` are the functions that are additions of ours: the law has them built in."""
        self.types = types
        self.parts = frozenset(types.part_names())
        self.fits: Callable[[Type, tree.Node], bool] = lambda wanted, node: True
        self.idents = idents
        self.variables = frozenset(variables)
        self.functions = functions
        self.ours = ours
        self.properties = tuple(properties)
        self.make_rule = make_rule
        self.kept: dict[str, tree.Node] = {}
        self.scopes: dict[tuple[str, ...], Scope] = {}

    # -- text ------------------------------------------------------------------------------------------------------------

    def scope(self, place: Place) -> Scope:
        """The names that are known at a place. Made once for each set of local names: preparing names is dear."""
        local = tuple(place.env)
        if local not in self.scopes:
            self.scopes[local] = Scope([*self.variables, *self.functions, *local, _PEILDATUM], self.properties)
        return self.scopes[local]

    def text(self, text: str, place: Place) -> tree.Node:
        """An expression in the names of the law."""
        try:
            parsed = parse_expression(text, self.scope(place))
        except FeelError as error:
            raise Untranslatable(f"de formule is niet te lezen ({error.sentence})") from error
        return self.finished(parsed, place)

    def tests(self, text: str, place: Place) -> tree.UnaryTests:
        """A table cell in the names of the law."""
        try:
            parsed = parse_unary_tests(text, self.scope(place))
        except FeelError as error:
            raise Untranslatable(f"een vak van de tabel is niet te lezen ({error.sentence})") from error
        return cast(tree.UnaryTests, self.finished(parsed, place))

    def finished(self, node: tree.Node, place: Place) -> tree.Node:
        """Calls of knowledge models filled in, local names worked out, all names those of the law."""
        filled = replaced(node, lambda found: self.called(found, place))
        # Inside a filter a name that parts of types have is taken for a part of the element, as FEEL does.
        resolved = substituted(filled, lambda name: self.resolved(name, place), lambda source: self.parts)
        named = replaced(resolved, self.renamed)
        return self.restored(named)

    def resolved(self, name: str, place: Place) -> tree.Node | None:
        """What a free name stands for."""
        if name in place.env:
            return self.keep(place.env[name])
        if name in self.functions and name not in self.variables and name not in self.ours:
            raise Untranslatable(f"de functie '{name}' wordt als waarde gebruikt")
        return None

    def renamed(self, node: tree.Node) -> tree.Node | None:
        """A node with the names of the law."""
        match node:
            case tree.Name():
                return None if self.stays(node.name) else tree.Name(self.idents.of(node.name), node.at)
            case tree.Path():
                return tree.Path(node.source, self.idents.part(node.name), node.at)
            case tree.For():
                return tree.For(self.loops(node.iterations), node.body, node.at)
            case tree.Quantified():
                return tree.Quantified(node.kind, self.loops(node.iterations), node.condition, node.at)
            case tree.ContextLiteral():
                entries = tuple((self.idents.of(key), value) for key, value in node.entries)
                return tree.ContextLiteral(entries, node.at)
            case tree.FunctionDefinition():
                if node.body is None:
                    raise Untranslatable("een externe functie (Java of PMML) wordt niet uitgevoerd")
                parameters = tuple(tree.Parameter(self.idents.of(p.name), p.type) for p in node.parameters)
                return tree.FunctionDefinition(parameters, node.body, node.at)
            case tree.Call():
                return self.checked(node)
            case _:
                return None

    def stays(self, name: str) -> bool:
        """Whether a name is no name of the model: a function of FEEL, the day, or something kept aside."""
        built_in = (name in BUILTINS or name in CONVERSIONS) and name not in self.variables
        return name.startswith(_MARK) or built_in or name in (_PEILDATUM, "item", "partial", "?")

    def loops(self, loops: tuple[tree.Iteration, ...]) -> tuple[tree.Iteration, ...]:
        """Loops with variables named as in the law."""
        return tuple(tree.Iteration(self.idents.of(loop.name), loop.domain, loop.end) for loop in loops)

    def checked(self, node: tree.Call) -> tree.Node | None:
        """Functions that work with the names of parts as text know only the names that the model had."""
        if isinstance(node.function, tree.Name) and node.function.name in ("now", "today"):
            raise Untranslatable(f"'{node.function.name}()' hangt af van de klok; een wet kent alleen de peildatum")
        if not isinstance(node.function, tree.Name) or node.function.name not in _BY_KEY:
            return None
        if node.function.name == "get value" and len(node.arguments) == 2 and node.named is None:
            key = node.arguments[1]
            if isinstance(key, tree.String):
                return tree.Path(node.arguments[0], self.idents.of(key.value), node.at)
        raise Untranslatable(f"'{node.function.name}' werkt met namen als tekst")

    def keep(self, node: tree.Node) -> tree.Node:
        """Set a finished tree aside under a mark, so that no later step changes its names."""
        mark = f"{_MARK}{len(self.kept)}"
        self.kept[mark] = node
        return tree.Name(mark)

    def restored(self, node: tree.Node) -> tree.Node:
        """The tree with what was set aside back in its place."""

        def back(found: tree.Node) -> tree.Node | None:
            kept = self.kept.get(found.name) if isinstance(found, tree.Name) else None
            if kept is None:
                return None
            return self.restored(kept)

        return replaced(node, back)

    # -- calls -----------------------------------------------------------------------------------------------------------

    def called(self, node: tree.Node, place: Place) -> tree.Node | None:
        """A call of a knowledge model, as its body."""
        if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name):
            return None
        name = node.function.name
        if name in place.env or name not in self.functions:
            return None
        if name in self.ours:
            return tree.Call(tree.Name(in_law(name)), _law_arguments(name, node.arguments), None, node.at)
        function = self.functions[name]
        if function is None:
            raise Untranslatable(f"de functie '{name}' heeft geen inhoud")
        given = _by_name(name, function, node)
        arguments = {parameter: self.finished(value, place) for parameter, value in given.items()}
        return self.keep(self.filled(name, function, arguments, place))

    def filled(self, name: str, function: m.Function, arguments: Mapping[str, tree.Node], place: Place) -> tree.Node:
        """The body of a function with these arguments."""
        body, inner = self.entered(name, function, arguments, place)
        made = self.node(body, inner)
        known = {self.idents.of(variable) for variable in self.variables}
        outside = set().union(*(free_names(argument) for argument in arguments.values())) if arguments else set()
        if outside & (_made(made) - known):
            raise Untranslatable(f"namen in '{name}' botsen met namen waar de functie wordt aangeroepen")
        return made

    def entered(
        self, name: str, function: m.Function, arguments: Mapping[str, tree.Node], place: Place
    ) -> tuple[m.Expression, Place]:
        """The body of a function, and the place in which its parameters stand for these arguments."""
        if place.depth >= _DEEPEST:
            raise Untranslatable(f"de functie '{name}' roept zichzelf aan")
        if function.kind != "FEEL" or function.body is None:
            raise Untranslatable(f"de functie '{name}' is extern (Java of PMML) of leeg")
        for parameter in function.parameters:
            argument = arguments.get(parameter.name)
            if argument is not None and not self.fits(self.types.named(parameter.type), argument):
                raise Untranslatable(f"wat '{name}' krijgt voor '{parameter.name}' is van een andere soort")
        known = {self.idents.of(variable) for variable in self.variables}
        inside = any(self.unknown(argument, known) for argument in arguments.values())
        env = {p.name: arguments.get(p.name, tree.Null()) for p in function.parameters}
        inner = Place(f"{place.name}_{self.idents.of(name)}", env, place.loose or inside, place.depth + 1)
        return function.body, inner

    def opened(self, box: m.Expression, place: Place) -> tuple[m.Expression, Place] | None:
        """The body and place of a decision that is one call of a knowledge model; None when it is anything else."""
        if not isinstance(box, m.Invocation) or not isinstance(box.function, m.Literal):
            return None
        name = " ".join(box.function.text.split())
        function = self.functions.get(name)
        if function is None or name in self.ours or name in place.env:
            return None
        arguments = {key: self.node(value, place) for key, value in box.bindings if value is not None}
        if set(arguments) - {p.name for p in function.parameters}:
            raise Untranslatable(f"de functie '{name}' krijgt gegevens die zij niet kent")
        return self.entered(name, function, arguments, place)

    def unknown(self, node: tree.Node, known: set[str]) -> bool:
        """Whether a finished tree names a variable of a loop around it."""
        names = {name for name in free_names(node) if "." not in name}
        return any(name not in known and not self.stays(name) and name not in ADDITIONS for name in names)

    # -- boxes -----------------------------------------------------------------------------------------------------------

    def node(self, box: m.Expression, place: Place) -> tree.Node:
        """A boxed expression as one tree."""
        match box:
            case m.Literal():
                return self.text(box.text, place)
            case m.Context():
                return self.context(box, place)
            case m.Table():
                if place.loose:
                    raise Untranslatable("een tabel binnen een lus of functie kan geen regel van een wet zijn")
                return tree.Name(self.make_rule(place.name, box, place))
            case m.Invocation():
                return self.invocation(box, place)
            case m.Items():
                return tree.ListLiteral(tuple(self.node(item, place) for item in box.items))
            case m.Relation():
                return self.relation(box, place)
            case m.Conditional():
                parts = [self.node(part, place) for part in (box.condition, box.then, box.otherwise)]
                return tree.If(parts[0], parts[1], parts[2])
            case m.Filtered():
                return tree.Filter(self.node(box.source, place), self.node(box.match, replace(place, loose=True)))
            case m.Iterated():
                return self.iterated(box, place)
            case m.Function():
                raise Untranslatable("een functie kan geen uitkomst van een wet zijn")

    def context(self, box: m.Context, place: Place) -> tree.Node:
        """A boxed context: entries that come before are filled in where they are named."""
        entries: list[tuple[str, tree.Node]] = []
        inner = place
        for entry in box.entries:
            if isinstance(entry.expression, m.Function):
                raise Untranslatable("een functie in een context kan een wet niet zeggen")
            below = replace(inner, name=f"{place.name}_{self.idents.of(entry.name or _RESULT)}")
            value = self.node(entry.expression, below)
            if entry.name is None:
                return value
            entries.append((self.idents.of(entry.name), value))
            inner = inner.knowing({entry.name: value})
        return tree.ContextLiteral(tuple(entries))

    def invocation(self, box: m.Invocation, place: Place) -> tree.Node:
        """A boxed call."""
        name = " ".join(box.function.text.split()) if isinstance(box.function, m.Literal) else ""
        function = self.functions.get(name)
        arguments = {key: self.node(value, place) for key, value in box.bindings if value is not None}
        if name in self.ours:
            ordered = [arguments.get(parameter, tree.Null()) for parameter, _ in ADDITIONS[name].parameters]
            return tree.Call(tree.Name(in_law(name)), _law_arguments(name, tuple(ordered)))
        if function is None or name in place.env:
            raise Untranslatable(f"'{name or 'een functie'}' is geen functie van het model")
        if set(arguments) - {p.name for p in function.parameters}:
            raise Untranslatable(f"de functie '{name}' krijgt gegevens die zij niet kent")
        return self.filled(name, function, arguments, place)

    def relation(self, box: m.Relation, place: Place) -> tree.Node:
        """A list of groups."""
        names = [self.idents.of(column.name) for column in box.columns]
        rows = [
            tree.ContextLiteral(tuple(zip(names, [self.node(cell, place) for cell in row], strict=False)))
            for row in box.rows
        ]
        return tree.ListLiteral(tuple(rows))

    def iterated(self, box: m.Iterated, place: Place) -> tree.Node:
        """A boxed loop."""
        variable = self.idents.of(box.variable)
        loop = (tree.Iteration(variable, self.node(box.source, place)),)
        body = self.node(box.body, replace(place.knowing({box.variable: tree.Name(variable)}), loose=True))
        if box.kind == "for":
            return tree.For(loop, body)
        return tree.Quantified("some" if box.kind == "some" else "every", loop, body)


def _by_name(name: str, function: m.Function, call: tree.Call) -> dict[str, tree.Node]:
    names = [p.name for p in function.parameters]
    if call.named is None:
        if len(call.arguments) != len(names):
            raise Untranslatable(f"de functie '{name}' krijgt een ander aantal gegevens dan zij kent")
        return dict(zip(names, call.arguments, strict=True))
    if set(call.named) != set(names):
        raise Untranslatable(f"de functie '{name}' krijgt gegevens die zij niet kent")
    return dict(zip(call.named, call.arguments, strict=True))


def _law_arguments(name: str, arguments: tuple[tree.Node, ...]) -> tuple[tree.Node, ...]:
    """The arguments as the law writes them: without the empty list for days on which a term stood still."""
    if name == "einde_termijn" and len(arguments) == 3 and arguments[2] == tree.ListLiteral((), arguments[2].at):
        return arguments[:2]
    return arguments


def _made(node: tree.Node) -> set[str]:
    """The names that loops and functions in an expression make."""
    found: set[str] = set()
    for inner in every_node(node):
        if isinstance(inner, tree.Iteration):
            found.add(inner.name)
        elif isinstance(inner, tree.FunctionDefinition):
            found |= {parameter.name for parameter in inner.parameters}
        elif isinstance(inner, tree.ContextLiteral):
            found |= {key for key, _ in inner.entries}
    return found
