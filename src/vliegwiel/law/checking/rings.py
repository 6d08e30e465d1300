"""Rules that need themselves, found before anything is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vliegwiel.base.sourcefile import KeyPath, Position
from vliegwiel.law.checking.uses import law_of, names_in
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import Fixed, Formula, Text


@dataclass(slots=True)
class _Step:
    """A rule or open term with what it needs, by full name (`wet.regel`)."""

    file: str
    at: Position
    path: KeyPath
    needs: set[str] = field(default_factory=set)


def rings(texts: Sequence[Text]) -> Iterator[Finding]:
    """Each ring of rules once, at the rule that stands first."""
    graph = _graph(texts)
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        stack = [(start, iter(sorted(graph[start].needs)))] if start not in done else []
        path = [start] if stack else []
        while stack:
            _, following = stack[-1]
            name = next(following, None)
            if name is None:
                done.add(path.pop())
                stack.pop()
            elif name in path:
                ring = path[path.index(name) :]
                done.update(ring)
                yield _finding(ring, graph)
            elif name in graph and name not in done:
                path.append(name)
                stack.append((name, iter(sorted(graph[name].needs))))


def _finding(ring: list[str], graph: dict[str, _Step]) -> Finding:
    first = min(ring, key=lambda name: (graph[name].file, graph[name].at))
    turned = [*ring[ring.index(first) :], *ring[: ring.index(first)], first]
    step = graph[first]
    names = " → ".join(name.partition(".")[2] for name in turned)
    said = (
        f"Deze regels hebben elkaar nodig: {names}." if len(ring) > 1 else f"Deze regel heeft zichzelf nodig: {names}."
    )
    return Finding(step.file, step.at.line, step.at.column, "fout", "kring", said, step.path)


def _graph(texts: Sequence[Text]) -> dict[str, _Step]:
    """What each rule and open term needs; the versions of a law are taken together."""
    graph: dict[str, _Step] = {}

    def put(law: str, name: str, step: _Step, names: set[str]) -> None:
        known = graph.setdefault(f"{law}.{name}", step)
        known.needs.update(used if "." in used else f"{law}.{used}" for used in names)

    for text in texts:
        law = law_of(text)
        for rule in text.rules.values():
            put(law, rule.name, _Step(rule.file, rule.at, ("regels", rule.name)), names_in(rule.body))
        for rule in text.filled.values():
            put(law, rule.name, _Step(rule.file, rule.at, ("invulling", rule.name)), names_in(rule.body))
        for term in text.open_terms.values():
            body = Formula(term.fallback) if term.fallback is not None else Fixed(None)
            put(law, term.name, _Step(term.file, term.at, ("open_termen", term.name)), names_in(body))
    return graph
