"""The drawing in words: one row for each thing that happens, for whom cannot see the picture."""

from __future__ import annotations

from dataclasses import dataclass

from .flow import Flow, Kind, Node

_KINDS = {
    Kind.START: "begin",
    Kind.END: "einde",
    Kind.TASK: "taak",
    Kind.SENDING: "bericht sturen",
    Kind.MESSAGE: "wachten op bericht",
    Kind.TIMER: "wachten op tijd",
    Kind.CHOICE: "vraag",
    Kind.TOGETHER: "tegelijk",
    Kind.SOME: "wat nodig is",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A row. `following`: what can come next, with in which case. `number` counts from 1."""

    number: int
    kind: str
    name: str
    who: str
    term: str
    following: tuple[str, ...]
    notes: tuple[str, ...]


def rows(flow: Flow) -> tuple[Step, ...]:
    """The rows, in the order of the drawing. Gateways that only join or that stand for waiting are passed over."""
    shown = [node for node in flow.nodes if _is_shown(flow, node)]
    numbers = {node.id: number for number, node in enumerate(shown, 1)}
    names = {lane.key: lane.name for lane in flow.lanes}
    return tuple(
        Step(
            number=numbers[node.id],
            kind="besluit" if node.decides else _KINDS[node.kind],
            name=_capital(node.name or _KINDS[node.kind]),
            who=names[node.lane],
            term=node.term,
            following=tuple(_following(flow, node, numbers)),
            notes=(
                *(("Kan vaker.",) if node.repeats else ()),
                *(("Hoeft niet.",) if node.optional else ()),
                *node.notes,
            ),
        )
        for node in shown
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_shown(flow: Flow, node: Node) -> bool:
    if node.kind is Kind.FIRST:
        return False
    joins = node.kind in (Kind.CHOICE, Kind.TOGETHER, Kind.SOME) and len(flow.out_of(node.id)) == 1
    return not joins


def _following(flow: Flow, node: Node, numbers: dict[str, int]) -> list[str]:
    found: list[str] = []
    for edge in flow.out_of(node.id):
        for number, label in _reached(flow, edge.target, edge.label, numbers):
            found.append(f"{label}: naar stap {number}" if label else f"naar stap {number}")
    return list(dict.fromkeys(found))


def _reached(flow: Flow, id_: str, label: str, numbers: dict[str, int]) -> list[tuple[int, str]]:
    """The shown nodes that come next, through those that are not shown."""
    if id_ in numbers:
        return [(numbers[id_], label)]
    found: list[tuple[int, str]] = []
    for edge in flow.out_of(id_):
        found += _reached(flow, edge.target, edge.label or label, numbers)
    return found
