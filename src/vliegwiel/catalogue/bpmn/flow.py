"""A process as a flow of nodes: what BPMN draws. Pure data.

Conditions of a definition say when something *can* be done (CMMN-like); a flow says what comes after what. `building` makes
the one from the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a node is, by its element in BPMN 2.0 (OMG formal/2013-12-09, chapter 10)."""

    START = "startEvent"
    END = "endEvent"
    TASK = "userTask"
    SENDING = "sendTask"
    MESSAGE = "messageCatchEvent"
    TIMER = "timerCatchEvent"
    CHOICE = "exclusiveGateway"
    TOGETHER = "parallelGateway"
    SOME = "inclusiveGateway"
    FIRST = "eventBasedGateway"


GATEWAYS = frozenset({Kind.CHOICE, Kind.TOGETHER, Kind.SOME, Kind.FIRST})
EVENTS = frozenset({Kind.START, Kind.END, Kind.MESSAGE, Kind.TIMER})


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the drawing. `lane` is the key of a role. `part` is the key of the task, wait or phase it stands for.

    `duration` is that of a timer in ISO 8601. `notes` are said beside it: terms, reminders, outcomes.
    """

    id: str
    kind: Kind
    name: str
    lane: str
    part: str = ""
    term: str = ""
    duration: str = ""
    notes: tuple[str, ...] = ()
    repeats: bool = False
    optional: bool = False
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """What comes after what. `label` is what people read; `condition` the FEEL of the definition, where it has one."""

    id: str
    source: str
    target: str
    label: str = ""
    condition: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A role."""

    key: str
    name: str


@dataclass(slots=True)
class Flow:
    """All of it. The nodes stand in an order in which everything comes after what leads to it."""

    name: str
    lanes: tuple[Lane, ...]
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def node(self, id_: str) -> Node:
        """The node with this id. Raises `KeyError`."""
        for node in self.nodes:
            if node.id == id_:
                return node
        raise KeyError(id_)

    def out_of(self, id_: str) -> list[Edge]:
        """What leaves a node."""
        return [edge for edge in self.edges if edge.source == id_]

    def into(self, id_: str) -> list[Edge]:
        """What comes in at a node."""
        return [edge for edge in self.edges if edge.target == id_]
