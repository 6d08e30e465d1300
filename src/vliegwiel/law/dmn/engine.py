"""Evaluating a model: decisions, knowledge models and decision services (DMN 1.5, chapters 6 and 10.4).

A decision sees only what it requires. Nothing is computed twice in one evaluation, and a decision that needs itself is
refused when the model is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import DecimalException

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.boxed import BoxCompiler, fitted
from vliegwiel.law.dmn.reading import NotDmn
from vliegwiel.law.dmn.typing import ANY, Check, DmnType, Types
from vliegwiel.law.feel.compiler import compile_tests
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.parser import Scope, parse_unary_tests
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import FeelFunction, Value

Element = m.InputData | m.Decision | m.Knowledge | m.Service
Key = tuple[str, str]


def _checker(text: str) -> Check:
    """A test of a value from unary tests."""
    slots = Slots()
    try:
        tests = compile_tests(parse_unary_tests(text, Scope()), Names(slots, strict=False), text)
    except FeelError:
        return lambda value: False
    size = slots.size
    return lambda value: tests(Frame([None] * size, Budget()), value) is True


@dataclass(slots=True)
class Plan:
    """A compiled decision or function: its code, the size of its frame, and which slot each requirement fills."""

    code: Code
    size: int
    slots: list[tuple[Requirement, int]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A variable: an element, or for imported elements a context of them (`name` is the name of the import)."""

    name: str
    key: Key | None
    members: tuple[tuple[str, Key], ...] = ()


@dataclass(slots=True)
class Evaluation:
    """One run: what was given, what was found, and what went wrong."""

    given: dict[Key, Value]
    budget: Budget
    found: dict[Key, Value] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    busy: set[Key] = field(default_factory=set)


class Engine:
    """A model and all it imports, ready to run. Raises `NotDmn` when something it requires is not there."""

    def __init__(self, main: m.Model, others: Iterable[m.Model] = ()) -> None:
        self.main = main
        self.models: dict[str, m.Model] = {other.namespace: other for other in others}
        self.models[main.namespace] = main
        self.elements: dict[Key, Element] = {}
        self.names: dict[Key, str] = {}
        for model in self.models.values():
            elements: tuple[Element, ...] = (*model.inputs, *model.decisions, *model.knowledge, *model.services)
            for element in elements:
                key = (model.namespace, element.id)
                self.elements[key] = element
                self.names[key] = element.name
        self.types = {namespace: Types(model.types, _checker) for namespace, model in self.models.items()}
        for namespace, model in self.models.items():
            for imported in model.imports:
                if imported.namespace in self.types and imported.name:
                    self.types[namespace].imported[imported.name] = self.types[imported.namespace]
                elif imported.namespace in self.types and imported.namespace != namespace:
                    self.types[namespace].unnamed.append(self.types[imported.namespace])
        self._plans: dict[Key, Plan] = {}
        self._near: dict[str, list[str]] = {}
        self._properties = self._all_properties()
        self._running: Evaluation | None = None

    # -- questions -------------------------------------------------------------------------------------------------------

    def decide(
        self, name: str, inputs: Mapping[str, Value], *, namespaced: Mapping[Key, Value] | None = None
    ) -> Result:
        """The value of a decision. `inputs` are by name; `namespaced` by (namespace, name) for imported input data."""
        key = self._find(name, m.Decision)
        run = self._evaluation(inputs, namespaced or {})
        try:
            return self._result(run, key)
        except RecursionError as error:
            raise FeelLimit("Het model gaat te diep.") from error

    def decide_all(self, names: Iterable[str], inputs: Mapping[str, Value]) -> dict[str, Value]:
        """The values of several decisions for one set of inputs; what they share is computed once."""
        run = self._evaluation(inputs, {})
        return {name: self._value(self._find(name, m.Decision), run) for name in names}

    def call(self, name: str, arguments: Mapping[str, Value]) -> Result:
        """The value of a knowledge model or a decision service, with arguments by name."""
        key = self._find(name, m.Service, m.Knowledge)
        run = self._evaluation({}, {})
        function = self._value(key, run)
        if not isinstance(function, FeelFunction):
            return Result(None, tuple(run.reports))
        try:
            value = function.call([arguments.get(p) for p in function.parameters])
        except RecursionError as error:
            raise FeelLimit("Het model gaat te diep.") from error
        return Result(value, tuple(run.reports))

    def _result(self, run: Evaluation, key: Key) -> Result:
        value = self._value(key, run)
        return Result(value, tuple(run.reports))

    def _find(self, name: str, *kinds: type[Element]) -> Key:
        near = [(k, e) for k, e in self.elements.items() if isinstance(e, kinds) and k[0] == self.main.namespace]
        for key, element in near:
            if element.name == name:
                return key
        for key, element in near:
            if element.called == name:
                return key
        raise NotDmn(f"'{name}' staat niet in het model.")

    def _evaluation(self, inputs: Mapping[str, Value], namespaced: Mapping[Key, Value]) -> Evaluation:
        run = Evaluation({}, Budget())
        for key, element in self.elements.items():
            value: Value
            if (key[0], element.name) in namespaced:
                value = namespaced[(key[0], element.name)]
            elif key[0] in self._visible(self.main.namespace) and (element.name in inputs or element.called in inputs):
                value = inputs[element.name] if element.name in inputs else inputs[element.called]
            elif isinstance(element, m.InputData):
                value = None
            else:
                continue
            if isinstance(element, (m.InputData, m.Decision)):
                run.given[key] = self.types[key[0]].named(element.type).fit(value)
        return run

    # -- values ----------------------------------------------------------------------------------------------------------

    def _value(self, key: Key, run: Evaluation) -> Value:
        """The value of an element. What it needs is computed first, without recursion: a long chain is no deep one."""
        pending = [key]
        while pending:
            current = pending[-1]
            if current in run.given or current in run.found:
                run.busy.discard(pending.pop())
                continue
            missing = [n for n in self._needed(current) if n not in run.given and n not in run.found]
            if not missing:
                run.found[current] = self._compute(current, run)
                continue
            run.busy.add(current)
            if any(n in run.busy for n in missing):
                raise NotDmn(f"'{self.names[current]}' heeft zichzelf nodig.")
            pending.extend(missing)
        return run.given[key] if key in run.given else run.found[key]

    def _needed(self, key: Key) -> list[Key]:
        """The elements whose values an element asks for."""
        element = self.elements[key]
        if isinstance(element, m.Decision):
            references: Sequence[m.Reference] = (*element.inputs, *element.decisions, *element.knowledge)
        else:
            references = element.knowledge if isinstance(element, m.Knowledge) else ()
        return [self._key(key[0], reference) for reference in references]

    def _compute(self, key: Key, run: Evaluation) -> Value:
        element = self.elements[key]
        if isinstance(element, m.Service):
            return self._service(key, element, run)
        if isinstance(element, m.InputData):
            return None
        plan = self._plan(key)
        frame = Frame([None] * plan.size, run.budget)
        for requirement, slot in plan.slots:
            frame[slot] = self._required(requirement, run)
        outer, self._running = self._running, run
        try:
            return plan.code(frame)
        except DecimalException:
            self._report("Een getal werd te groot.")
            return None
        finally:
            self._running = outer

    def _required(self, requirement: Requirement, run: Evaluation) -> Value:
        if requirement.key is not None:
            return self._value(requirement.key, run)
        return {name: self._value(key, run) for name, key in requirement.members}

    def _service(self, key: Key, service: m.Service, run: Evaluation) -> FeelFunction:
        """A service as a function: its input data first, then its input decisions."""
        space = key[0]
        inputs = [self._key(space, r) for r in (*service.input_data, *service.input_decisions)]
        outputs = [self._key(space, r) for r in service.output_decisions]
        names = tuple(self.names[k] for k in inputs)
        kinds = [self._type_of(k) for k in inputs]
        wanted = self.types[space].named(service.type)

        def call(arguments: list[Value]) -> Value:
            run.budget.enter()
            given = dict(run.given)
            for k, argument, kind in zip(inputs, arguments, kinds, strict=True):
                given[k] = value = kind.fit(argument)
                if value is None and argument is not None:
                    return None
            inner = Evaluation(given, run.budget, reports=run.reports)
            values = [self._value(k, inner) for k in outputs]
            run.budget.leave()
            if len(values) == 1:
                return result.fit(values[0])
            return result.fit({self.names[k]: value for k, value in zip(outputs, values, strict=True)})

        result = ANY if wanted.function else wanted
        made: Value = FeelFunction(names, call)
        fit = wanted.fit(made) if wanted.function else made
        assert isinstance(fit, FeelFunction)  # a function type keeps a function
        return fit

    def _type_of(self, key: Key) -> DmnType:
        element = self.elements[key]
        return self.types[key[0]].named(element.type)

    # -- compiling -------------------------------------------------------------------------------------------------------

    def _plan(self, key: Key) -> Plan:
        if key not in self._plans:
            self._plans[key] = self._compiled(key)
        return self._plans[key]

    def _compiled(self, key: Key) -> Plan:
        element = self.elements[key]
        assert isinstance(element, (m.Decision, m.Knowledge))  # the only kinds with an expression
        space = key[0]
        references: Sequence[m.Reference] = element.knowledge
        if isinstance(element, m.Decision):
            references = (*element.inputs, *element.decisions, *element.knowledge)
        requirements = self._requirements(space, references)
        names = Names(Slots(), strict=False, types=self.types[space].known)
        slots = names.push(*(r.name for r in requirements))
        boxes = BoxCompiler(names, self.types[space], self._properties, self._report)
        wanted = self.types[space].named(element.type)
        if isinstance(element, m.Decision):
            code = fitted(boxes.code(element.expression), wanted) if element.expression else _nothing
        else:
            code = self._function(element, boxes, names)
        return Plan(code, names.slots.size, list(zip(requirements, slots, strict=True)))

    def _function(self, element: m.Knowledge, boxes: BoxCompiler, names: Names) -> Code:
        function = element.function
        if function is None or function.body is None or function.kind != "FEEL":
            return _nothing
        (own,) = names.push(element.name)
        wanted, own_type = boxes.types.named(element.type), boxes.types.named(function.type)
        code = boxes.closure(function.parameters, function.body, ANY if wanted.function else wanted)
        for kind in (own_type, wanted):
            code = fitted(code, kind) if kind.function else code
        names.pop()

        def run(frame: Frame) -> Value:
            value = code(frame)
            if isinstance(value, FeelFunction) and value.bind is not None:
                value.bind(own, value)
            return value

        return run

    def _requirements(self, space: str, references: Iterable[m.Reference]) -> list[Requirement]:
        own: list[Requirement] = []
        imported: dict[str, list[tuple[str, Key]]] = {}
        labels = {i.namespace: i.name for i in self.models[space].imports}
        for reference in references:
            key = self._key(space, reference)
            if key[0] == space or not labels.get(key[0]):
                own.append(Requirement(self.names[key], key))
            else:
                imported.setdefault(labels[key[0]], []).append((self.names[key], key))
        return own + [Requirement(name, None, tuple(members)) for name, members in imported.items()]

    def _key(self, space: str, reference: m.Reference) -> Key:
        key = (reference.namespace or space, reference.id)
        if key not in self.elements and not reference.namespace:
            # A model imported without a name is as if its elements stood here; the nearest counts.
            key = next(
                ((near, reference.id) for near in self._visible(space) if (near, reference.id) in self.elements), key
            )
        if key not in self.elements:
            raise NotDmn(f"Het model verwijst naar '{reference.id}', en dat staat er niet in.")
        return key

    def _visible(self, space: str) -> list[str]:
        """The model of a namespace, and those it imports without a name, nearest first."""
        if space not in self._near:
            found, pending = [space], [space]
            while pending:
                model = self.models.get(pending.pop(0))
                for imported in model.imports if model is not None else ():
                    if not imported.name and imported.namespace in self.models and imported.namespace not in found:
                        found.append(imported.namespace)
                        pending.append(imported.namespace)
            self._near[space] = found
        return self._near[space]

    def _report(self, sentence: str) -> None:
        if self._running is not None:
            self._running.reports.append(sentence)

    def _all_properties(self) -> frozenset[str]:
        found: set[str] = {element.name for element in self.elements.values()}
        for types in self.types.values():
            found |= types.property_names()
        for element in self.elements.values():
            if isinstance(element, m.Decision) and element.expression is not None:
                entry_names(element.expression, found)
            if isinstance(element, m.Knowledge) and element.function is not None and element.function.body is not None:
                entry_names(element.function.body, found)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Result:
    """A value and what was wrong on the way (sentences in Dutch). A value of null with a report is an error."""

    value: Value
    reports: tuple[str, ...]


def _nothing(frame: Frame) -> Value:
    return None


def entry_names(box: m.Expression, found: set[str]) -> None:
    """Names of entries, columns and outputs, which may hold spaces and stand behind a dot."""
    match box:
        case m.Context():
            for entry in box.entries:
                if entry.name:
                    found.add(entry.name)
                entry_names(entry.expression, found)
        case m.Table():
            found.update(output.name for output in box.outputs if output.name)
        case m.Relation():
            found.update(column.name for column in box.columns)
        case m.Function() if box.body is not None:
            entry_names(box.body, found)
        case _:
            return
