"""How work flows: roles, phases, statuses, tasks, waiting and timers. Small and CMMN-like, without scripts.

Conditions are FEEL over the state of a case. The names that may be used, and what they hold, are in `STATE`; the room that
runs cases fills exactly these. `vliegwiel.catalogue.course` computes from a state which phase, status and tasks hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from vliegwiel.base.sourcemarks import Doc, Key

from .facts import Basis, Condition, Filled, Slug, Span
from .form import Field
from .keyed import by_key

STATE: Mapping[str, str] = {
    "kanaal": "tekst: de sleutel van het kanaal waarlangs is aangevraagd",
    "uitkomst": "tekst of null: de uitkomst die de wet nu geeft",
    "oordeel_nodig": "ja/nee: de uitkomst hangt af van een oordeel van een mens",
    "automatisch": "ja/nee: deze uitkomst mag zonder mens worden besloten",
    "compleet": "ja/nee: alle verplichte antwoorden en stukken zijn er",
    "wacht": "tekst of null: de sleutel van het wachten dat nu loopt",
    "besluit": "tekst of null: de sleutel van de uitkomst die is besloten",
    "gedaan": "lijst: de sleutels van de taken die klaar zijn",
    "verlopen": "lijst: de sleutels van de taken waarbij het wachten voorbij ging zonder antwoord",
    "voorbereid": "ja/nee: in deze fase staat geen verplichte taak of wachten meer open, op het besluit na",
    "ingetrokken": "ja/nee: de aanvrager trok in",
    "toegekend": "ja/nee: er is besloten en dat geeft geheel of deels wat is gevraagd",
}
"""The names in conditions of a process, with what they hold."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who acts. `generic` is the ZGW word (omschrijvingGeneriek of roltype)."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    generic: Annotated[
        Literal[
            "adviseur", "behandelaar", "belanghebbende", "beslisser", "initiator", "klantcontacter", "zaakcoordinator",
            "mede_initiator",
        ],
        Key("generiek"),
    ]  # fmt: skip
    slot: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the process. Phases follow each other in the order of the file; one is passed over when `when` is false.

    It ends when `done` holds; a phase without `done` ends at once. The last phase is the end.
    """

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    done: Annotated[Condition | None, Key("klaar_als")] = None
    when: Annotated[Condition | None, Key("als")] = None
    slot: Annotated[str, Key("bij"), Doc("alleen als deze opening van het patroon open staat")] = ""
    """An opening of the pattern on which this hangs, here and below."""


@dataclass(frozen=True, slots=True)
class Status:
    """A ZGW statustype. Within a phase the last one whose `when` holds counts. `text` is what the citizen reads."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    phase: Annotated[Slug, Key("fase")]
    text: Annotated[Filled, Key("tekst")]
    role: Annotated[Slug, Key("rol"), Doc("wie nu aan zet is")]
    term: Annotated[Span, Key("termijn")]
    informs: Annotated[bool, Key("informeert"), Doc("krijgt de inwoner een bericht")] = False
    when: Annotated[Condition | None, Key("als")] = None
    final: Annotated[bool, Key("eind")] = False
    slot: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a role. It opens in its phase when `begins` holds and is done when a person says so or `done` holds.

    While a task of kind `wachten` is open, the case waits for somebody else (`wait` says how). It is done when a person says
    that the answer came, and lapses when the term of the wait is over.
    """

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    phase: Annotated[Slug, Key("fase")]
    role: Annotated[Slug, Key("rol")]
    term: Annotated[Span | None, Key("termijn"), Doc("niet bij soort 'wachten': daar geldt die van het wachten")] = None
    kind: Annotated[
        Literal["hand", "besluit", "systeem", "wachten"],
        Key("soort"),
        Doc(
            "hand: een mens vinkt af; besluit: klaar door te besluiten; systeem: klaar zodra 'klaar_als' klopt;"
            " wachten: klaar als het antwoord er is of de termijn van het wachten voorbij is"
        ),
    ] = "hand"
    wait: Annotated[str, Key("wacht"), Doc("bij soort 'wachten': welk wachten loopt zolang deze taak open staat")] = ""
    explanation: Annotated[str, Key("uitleg")] = ""
    begins: Annotated[Condition | None, Key("begint_als")] = None
    done: Annotated[Condition | None, Key("klaar_als")] = None
    fields: Annotated[tuple[Field, ...], Key("velden"), Doc("wat de medewerker hier invult; het telt als feit")] = ()
    optional: Annotated[bool, Key("optioneel")] = False
    repeatable: Annotated[bool, Key("herhaalbaar")] = False
    slot: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """The process stands still for somebody else. `suspends` names the article that stops the legal term meanwhile.

    A wait that no task names begins when a clerk asks the citizen for something. `full` tells that nobody has to answer: it
    is a period that must pass, and passing is how it is done.
    """

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    on: Annotated[Slug, Key("op"), Doc("de rol op wie wordt gewacht")]
    status: Annotated[Slug, Key("status")]
    term: Annotated[Span, Key("termijn")]
    suspends: Annotated[Basis | None, Key("schort_op")] = None
    after: Annotated[str, Key("daarna"), Doc("uitkomst die mogelijk wordt als er geen antwoord komt")] = ""
    basis: Annotated[Basis | None, Key("grondslag"), Doc("waar de termijn vandaan komt")] = None
    full: Annotated[bool, Key("loopt_vol"), Doc("ja: deze tijd moet voorbijgaan, er hoeft niemand te antwoorden")] = (
        False
    )
    slot: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that happens by itself when time passes."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    start: Annotated[
        Literal["ontvangst", "wachten", "besluit", "beslistermijn", "status"], Key("vanaf"), Doc("wat de klok start")
    ]
    after: Annotated[Span, Key("na")]
    does: Annotated[Literal["herinneren", "escaleren", "afsluiten"], Key("doet")]
    to: Annotated[Slug, Key("aan")]
    before: Annotated[bool, Key("vooraf"), Doc("ja: zo lang vóór het einde; nee: zo lang na het begin")] = False
    what: Annotated[str, Key("van"), Doc("sleutel van de status of het wachten")] = ""
    text: Annotated[str, Key("tekst")] = ""
    slot: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class Process:
    """All of it together."""

    roles: Annotated[tuple[Role, ...], Key("rollen")]
    phases: Annotated[tuple[Phase, ...], Key("fasen")]
    statuses: Annotated[tuple[Status, ...], Key("statussen")]
    tasks: Annotated[tuple[Task, ...], Key("taken")]
    waits: Annotated[tuple[Wait, ...], Key("wachten")] = ()
    timers: Annotated[tuple[Timer, ...], Key("klokken")] = ()

    def status(self, key: str) -> Status:
        """The status with this key. Raises `KeyError`."""
        return by_key(self.statuses, key)

    def task(self, key: str) -> Task:
        """The task with this key. Raises `KeyError`."""
        return by_key(self.tasks, key)

    def started_by_tasks(self) -> frozenset[str]:
        """Keys of the waits that begin by themselves, with a task. The others begin when a clerk asks for something."""
        return frozenset(task.wait for task in self.tasks if task.wait)

    def phase(self, key: str) -> Phase:
        """The phase with this key. Raises `KeyError`."""
        return by_key(self.phases, key)

    def wait(self, key: str) -> Wait:
        """The wait with this key. Raises `KeyError`."""
        return by_key(self.waits, key)

    def role(self, key: str) -> Role:
        """The role with this key. Raises `KeyError`."""
        return by_key(self.roles, key)
