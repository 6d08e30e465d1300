"""From a process to a flow.

Phases follow each other; one with a condition gets a gateway before it. Within a phase, a task comes after the tasks that
its condition wants done; tasks that wait for nothing of each other run together; the decision comes after the work. Asking
the citizen for what is missing comes first, with the answer, or the end of the term, as what goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ..model import Condition, Outcome, Phase, Process, Task, Timer, Wait
from .flow import Edge, Flow, Kind, Lane, Node
from .words import mentioned, question


@dataclass(frozen=True, slots=True)
class End:
    """A loose end: what is drawn next hangs on it."""

    node: str
    label: str = ""
    condition: str = ""
    default: bool = False


@dataclass(slots=True)
class Builder:
    """Draws one process. `ends` are the loose ends; `late` those that skip what needs an answer that did not come."""

    process: Process
    outcomes: Sequence[Outcome]
    channels: Mapping[str, str]
    flow: Flow
    term: str
    ends: list[End] = field(default_factory=list)
    late: list[End] = field(default_factory=list)

    # -- drawing ---------------------------------------------------------------------------------------------------------

    def add(self, node: Node) -> Node:
        """The node, with its id, hung on the loose ends; it becomes the loose end itself."""
        if len(self.ends) > 1 and node.kind not in (Kind.CHOICE, Kind.END):
            # More flows that come together are joined before they go on.
            self._join(node.lane)
        made = replace(node, id=f"n{len(self.flow.nodes) + 1}")
        self.flow.nodes.append(made)
        self._tie(made)
        self.ends = [End(made.id)]
        return made

    def _join(self, lane: str) -> None:
        made = Node(f"n{len(self.flow.nodes) + 1}", Kind.CHOICE, "", lane)
        self.flow.nodes.append(made)
        self._tie(made)
        self.ends = [End(made.id)]

    def _tie(self, made: Node) -> None:
        for end in self.ends:
            number = len(self.flow.edges) + 1
            self.flow.edges.append(Edge(f"f{number}", end.node, made.id, end.label, end.condition, end.default))

    def choice(self, condition: Condition, lane: str) -> str:
        """A gateway that asks a condition; the loose end is "ja". Returns its id, for the other way."""
        asked = question(condition.text, self.process, {o.key: o.name.lower() for o in self.outcomes}, self.channels)
        made = self.add(Node("", Kind.CHOICE, asked, lane))
        self.ends = [End(made.id, "ja", condition.text)]
        return made.id

    # -- phases ----------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """All of it, from receipt to the end."""
        first = next(
            (role.key for role in self.process.roles if role.generic == "initiator"), self.process.roles[0].key
        )
        status = self.process.statuses[0]
        self.add(Node("", Kind.START, status.name, first, part=status.key, notes=self._clock_notes("ontvangst")))
        working = [p for p in self.process.phases[:-1] if any(task.phase == p.key for task in self.process.tasks)]
        for condition, phases in groupby(working, key=lambda phase: phase.when):
            skipped = self.choice(condition, self._worker()) if condition is not None else None
            for phase in phases:
                self._phase(phase)
            if skipped is not None:
                self.ends.append(End(skipped, "nee", default=True))
        last = self.process.phases[-1]
        self.ends += self.late
        final = [status for status in self.process.statuses if status.phase == last.key][-1]
        self.add(Node("", Kind.END, final.name, final.role, part=final.key))

    def _phase(self, phase: Phase) -> None:
        tasks = [task for task in self.process.tasks if task.phase == phase.key]
        missing = [task for task in tasks if task.kind == "systeem"]
        if missing:
            self._asking(phase, missing[0])
        self._work([task for task in tasks if task.kind in ("hand", "wachten")], phase)
        for task in tasks:
            if task.kind == "besluit":
                self._decision(task)

    def _asking(self, phase: Phase, task: Task) -> None:
        """What is missing is asked for; without an answer it goes on all the same."""
        by_itself = self.process.started_by_tasks()
        wait = next((one for one in self.process.waits if one.key not in by_itself), None)
        if wait is None or self.process.status(wait.status).phase != phase.key:
            return
        asked = self.add(Node("", Kind.CHOICE, "Is alles er?", task.role))
        self.ends = [End(asked.id, "nee", "not(compleet)")]
        self.add(Node("", Kind.SENDING, task.name, task.role, part=task.key, term=str(task.term or "")))
        answer, over = self._waiting(wait, wait.name)
        self.late.append(replace(over, label="geen antwoord"))
        self.ends = [End(asked.id, "ja", default=True), answer]

    def _decision(self, task: Task) -> None:
        names = ", ".join(one.name for one in self.outcomes if one.kind not in ("ingetrokken", "elders"))
        notes = (f"Uitkomsten: {names}.", *self._clock_notes("beslistermijn"), *self._clock_notes("besluit"))
        self.ends += self.late
        self.late = []
        self.add(
            Node(
                "",
                Kind.TASK,
                task.name,
                task.role,
                part=task.key,
                term=self.term or str(task.term or ""),
                notes=notes,
                decides=True,
            )
        )

    # -- work in a phase -------------------------------------------------------------------------------------------------

    def _work(self, tasks: list[Task], phase: Phase) -> None:
        """The tasks of a phase but the decision: chains that depend on nothing of each other run together."""
        chains = sorted(_chains(tasks), key=self._direction)
        if len(chains) == 1 and not chains[0][0].optional:
            self._chain(chains[0])
            return
        if not chains:
            return
        some = any(chain[0].optional or _has_condition(chain[0]) for chain in chains)
        kind = Kind.SOME if some else Kind.TOGETHER
        lane = chains[0][0].role if chains[0][0].kind == "hand" else self._worker()
        split = self.add(Node("", kind, "Wat is nodig?" if some else "", lane))
        loose: list[End] = []
        for chain in chains:
            begins = chain[0].begins
            condition = begins.text if begins is not None and _has_condition(chain[0]) else ""
            self.ends = [End(split.id, _why(chain[0], self), condition)]
            held, self.late = self.late, []
            self._chain(chain, asked=True)
            if len(self.ends) > 1:
                # A gateway that waits for all ways must get one from each chain.
                self._join(chain[-1].role)
            loose += self.ends
            self.late = held
        self.ends = loose
        self._together(kind, lane)

    def _direction(self, chain: list[Task]) -> int:
        """Chains that wait for who asks are drawn first, those that wait for others last: their lanes stand above and below."""
        generic = {self.process.role(self.process.wait(task.wait).on).generic for task in chain if task.wait}
        if generic & {"initiator", "mede_initiator"}:
            return -1
        return 1 if generic & {"adviseur", "belanghebbende"} else 0

    def _together(self, kind: Kind, lane: str) -> None:
        made = Node(f"n{len(self.flow.nodes) + 1}", kind, "", lane)
        self.flow.nodes.append(made)
        self._tie(made)
        self.ends = [End(made.id)]

    def _worker(self) -> str:
        return next(
            (role.key for role in self.process.roles if role.generic == "behandelaar"), self.process.roles[0].key
        )

    def _chain(self, chain: list[Task], *, asked: bool = False) -> None:
        """Tasks one after another. What only makes sense after an answer is passed over when none came."""
        late: list[End] = []
        for number, task in enumerate(chain):
            text = task.begins.text if task.begins else ""
            answered = {one.key for one in chain[:number] if one.kind == "wachten"}
            if mentioned(text, "verlopen") or not mentioned(text, "gedaan") & answered:
                self.ends += late
                late = []
            skipped = None
            if number == 0 and not asked and _has_condition(task) and task.begins is not None:
                skipped = self.choice(task.begins, task.role)
            if task.kind == "wachten":
                late += self._wait(task)
            else:
                self.add(
                    Node(
                        "",
                        Kind.TASK,
                        task.name,
                        task.role,
                        part=task.key,
                        term=str(task.term or ""),
                        repeats=task.repeatable,
                        optional=task.optional,
                    )
                )
            if skipped is not None:
                late.append(End(skipped, "nee", default=True))
        self.ends += late

    def _wait(self, task: Task) -> list[End]:
        """Waiting for somebody; gives the loose end for when nothing comes."""
        wait = self.process.wait(task.wait)
        if wait.full:
            self.add(Node("",
                Kind.TIMER, task.name, task.role, part=task.key, term=str(wait.term), duration=wait.term.iso(),
                notes=self._clock_notes("wachten", wait.key),
            ))  # fmt: skip
            return []
        answer, over = self._waiting(wait, task.name, task.key)
        self.ends = [answer]
        return [replace(over, label="geen antwoord")]

    def _waiting(self, wait: Wait, name: str, part: str = "") -> tuple[End, End]:
        """A gateway that goes on with what comes first: the answer, or the end of the term."""
        first = self.add(Node("", Kind.FIRST, "", wait.on, part=wait.key))
        notes = self._clock_notes("wachten", wait.key)
        answer = self.add(
            Node("", Kind.MESSAGE, name, wait.on, part=part or wait.key, term=str(wait.term), notes=notes)
        )
        self.ends = [End(first.id)]
        outcome = next((one.name for one in self.outcomes if one.key == wait.after), "")
        over = self.add(
            Node(
                "",
                Kind.TIMER,
                f"na {wait.term}",
                wait.on,
                part=part or wait.key,
                duration=wait.term.iso(),
                notes=(f"Daarna kan: {outcome.lower()}.",) if outcome else (),
            )
        )
        return End(answer.id), End(over.id)

    # -- timers ----------------------------------------------------------------------------------------------------------

    def _clock_notes(self, start: str, what: str = "") -> tuple[str, ...]:
        return tuple(_said(timer) for timer in self.process.timers if timer.start == start and timer.what == what)


def _said(timer: Timer) -> str:
    """A timer in a few words: "10 dagen vooraf: de termijn nadert"."""
    when = f"{timer.after} vooraf" if timer.before else f"Na {timer.after}"
    return f"{when}: {timer.name[:1].lower()}{timer.name[1:]}."


def _has_condition(task: Task) -> bool:
    """Whether a task begins only in some cases: on more than that the application is complete, or others are done."""
    if task.begins is None:
        return False
    text = task.begins.text
    return (
        text != "compleet"
        and not mentioned(text, "gedaan")
        and not mentioned(text, "verlopen")
        and text != "voorbereid"
    )


def _why(task: Task, builder: Builder) -> str:
    if task.optional:
        return "als het nodig is"
    if _has_condition(task) and task.begins is not None:
        names = {one.key: one.name.lower() for one in builder.outcomes}
        return question(task.begins.text, builder.process, names, builder.channels).rstrip("?").lower()
    return ""


def _chains(tasks: list[Task]) -> list[list[Task]]:
    """Groups of tasks that depend on each other, each in an order in which everything comes after what it waits for."""
    keys = {task.key for task in tasks}
    needs = {
        task.key: (mentioned(task.begins.text, "gedaan") | mentioned(task.begins.text, "verlopen")) & keys
        if task.begins
        else frozenset()
        for task in tasks
    }
    group = {task.key: task.key for task in tasks}

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for key, before in needs.items():
        for other in before:
            group[root(key)] = root(other)
    together: dict[str, list[Task]] = {}
    for task in tasks:
        together.setdefault(root(task.key), []).append(task)
    return [_ordered(chain, needs) for chain in together.values()]


def _ordered(chain: list[Task], needs: Mapping[str, frozenset[str]]) -> list[Task]:
    left, made, done = list(chain), list[Task](), set[str]()
    while left:
        following = next((task for task in left if needs[task.key] <= done), left[0])
        left.remove(following)
        made.append(following)
        done.add(following.key)
    return made


def flow_of(
    process: Process, outcomes: Sequence[Outcome], channels: Mapping[str, str], *, name: str, decide: str = ""
) -> Flow:
    """The flow of a process. `channels`: names by key. `decide`: the legal decision term in words."""
    flow = Flow(name, ())
    builder = Builder(process, outcomes, channels, flow, decide)
    builder.draw()
    flow.lanes = _lanes(process, flow.nodes)
    return flow


def _lanes(process: Process, nodes: Iterable[Node]) -> tuple[Lane, ...]:
    """The roles that do something: who asks above, then who works, then the others."""
    used = {node.lane for node in nodes}
    rank = {"initiator": 0, "mede_initiator": 0, "adviseur": 3, "belanghebbende": 3}
    roles = sorted((role for role in process.roles if role.key in used), key=lambda role: rank.get(role.generic, 1))
    return tuple(Lane(role.key, role.name) for role in roles)
