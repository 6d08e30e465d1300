"""Casework: cases opened, advanced and decided in one process; pages and searches among 100,000 cases; explaining a decision."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import psutil
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from bench.figures import percentile, table
from vliegwiel.base.actions import go_live
from vliegwiel.base.clock import now, today
from vliegwiel.base.ids import uuid7
from vliegwiel.base.queries import served_municipality
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import gathering, queries
from vliegwiel.casework.actions import decisions, drafts, tasks
from vliegwiel.casework.deskpages import Sort, View, WorklistFilter
from vliegwiel.casework.draftform import form_of
from vliegwiel.casework.facts import StoredFact
from vliegwiel.casework.gathering import Asked
from vliegwiel.casework.models import Draft, LawOutcome, Task, Zaak
from vliegwiel.casework.models.zaak import NO_TERM
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.catalogue.queries import by_hash
from vliegwiel.law import Decision, explain
from vliegwiel.registers.facts import Gathered
from vliegwiel.trust.identity import Citizen, Level, Role, Staff
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

SCHIEDAM = "GM0606"
PRODUCT = "bewonersparkeervergunning"
CASES, WARM, LOADED, PAGES, FIRST, THREADS = 300, 40, 100_000, 60, 8, 4
CLERK = Staff(SCHIEDAM, "bench", "B. Bench", frozenset({Role.TEAMLEIDER}), frozenset({"Parkeren"}))
TYPED = {
    "kenteken": ["16-RSL-9"],
    "email": ["x@voorbeeld.nl"],
    "vergunningen_op_adres": ["0"],
    "adres_in_gebied": ["ja"],
}
FACTS: dict[str, Any] = {
    "persoon.naam": "Noor Bench", "persoon.aanschrijfnaam": "N. Bench", "persoon.aanhef": "Geachte mevrouw Bench",
    "persoon.geboortedatum": date(1984, 3, 12), "persoon.gemeente": SCHIEDAM, "persoon.ingezetene": True,
    "persoon.overleden": False, "persoon.opschorting": "geen", "persoon.geheimhouding": False,
    "persoon.adres": {"straat": "Proefstraat", "huisnummer": 1, "postcode": "3111QA", "woonplaats": "Schiedam",
                      "nummeraanduiding": "0606200000000001"},
    "persoon.adres.functie": "woonadres", "adres.ontstaan": date(1960, 1, 1), "voertuig.op_naam": True,
    "voertuig.soort": "personenauto", "voertuig.lengte": 4, "voertuig.hoogte": 1,
}  # fmt: skip


def main() -> None:
    """Print the tables."""
    go_live(SCHIEDAM, today())
    adopt_demo()
    zaken = lifecycle()
    load()
    pages(zaken)
    explaining(zaken[0])


# -- open, advance, decide ----------------------------------------------------------------------------------------------


T = TypeVar("T")
Ready = tuple[Citizen, UUID, int]
"""Who applies, the draft, and its version."""


@dataclass
class Measured:
    """What a number of cases took: wall time of each action, and in total; processor time of process and database."""

    zaken: list[UUID] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    advanced: list[float] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    wall: float = 0.0
    used: float = 0.0
    spins: list[float] = field(default_factory=list)


def lifecycle() -> list[UUID]:
    """Applications are ready to be sent; then each is sent, worked on and decided, with everything that goes with it."""
    ready = [_ready(number) for number in range(2 * CASES + WARM)]
    gc.collect()
    gc.freeze()  # as the web server does once everything is read
    _alone(ready[:WARM])
    with counted() as statements:
        alone = _alone(ready[WARM : WARM + CASES])
    together = _together(ready[WARM + CASES :])
    slow = sum(alone.spins) / len(alone.spins) / percentile(alone.spins, 0.02)
    rows = [
        [name, 1000 * percentile(values, 0.5), 1000 * percentile(values, 0.95)]
        for name, values in (
            ("openen", alone.opened),
            ("taak afronden", alone.advanced),
            ("besluiten", alone.decided),
        )
    ]
    table("Een zaak openen, vooruithelpen en besluiten (ms)", ["stap", "p50", "p95"], rows)
    table(
        "Zaken in een proces, duurzame database",
        ["maat", "gemeten", "grens"],
        [
            ["opdrachten per zaak", statements[0] / CASES, "<= 40"],
            [f"zaken per seconde, {THREADS} draden (zoals de webserver)", CASES / together, ">= 50"],
            ["zaken per seconde, een draad", CASES / alone.wall, ""],
            ["rekentijd per zaak, proces en database (ms)", 1000 * alone.used / CASES, ""],
            ["ander werk maakte deze machine zoveel keer trager", slow, ""],
        ],
    )
    return alone.zaken


def _alone(ready: Sequence[Ready]) -> Measured:
    """One case after the other, on one connection."""
    measured = Measured()
    backend = _backend()
    for one in ready:
        measured.zaken.append(_timed(measured, measured.opened, backend, partial(_submit, one)))
    todo = _todo(measured.zaken)
    for zaak in measured.zaken:
        _timed(measured, measured.advanced, backend, partial(_advance, todo[zaak]))
    for zaak in measured.zaken:
        _timed(measured, measured.decided, backend, partial(_decide, zaak))
    return measured


def _together(ready: Sequence[Ready]) -> float:
    """As many cases at once as the web server takes in a process, each on a connection of its own; gives the seconds."""
    with ThreadPoolExecutor(THREADS) as threads:
        began = time.perf_counter()
        zaken = list(threads.map(_submit, ready))
        took = time.perf_counter() - began
        todo = _todo(zaken)
        began = time.perf_counter()
        list(threads.map(_advance, [todo[zaak] for zaak in zaken]))
        list(threads.map(_decide, zaken))
        return took + time.perf_counter() - began


def _timed(measured: Measured, times: list[float], backend: psutil.Process, work: Callable[[], T]) -> T:
    measured.spins.append(_spin())
    began, before = time.perf_counter(), _used(backend)
    found = work()
    measured.used += _used(backend) - before
    times.append(time.perf_counter() - began)
    measured.wall += times[-1]
    return found


def _backend() -> psutil.Process:
    """The process of the database that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0])


def _spin() -> float:
    """A fixed bit of work: how much longer it takes on average than at best tells how busy the machine is otherwise."""
    began = time.perf_counter()
    total = 0
    for number in range(15_000):
        total += number
    return time.perf_counter() - began


def _used(backend: psutil.Process) -> float:
    """Processor time that this process and its database process used."""
    times = backend.cpu_times()
    return time.process_time() + times.user + times.system


def _submit(ready: Ready) -> UUID:
    citizen, draft, version = ready
    return drafts.submit(citizen, draft, version=version)


def _advance(task: UUID) -> None:
    tasks.complete(CLERK, task, version=1, typed={})


def _decide(zaak: UUID) -> None:
    decisions.decide(CLERK, zaak, decisions.DecisionInput(version=2))


def _todo(zaken: Sequence[UUID]) -> dict[UUID, UUID]:
    """The first task of each case: looked up for the benchmark itself."""
    with uncounted(), scope(SCHIEDAM):
        found = Task.objects.filter(zaak_id__in=zaken, key="nakijken").values_list("zaak_id", "id")
        return dict(found)


def _ready(number: int) -> tuple[Citizen, UUID, int]:
    """An application that is filled in. The registers are not asked here: they are another machine's time."""
    citizen = Citizen(SCHIEDAM, f"{100_000_000 + number:09d}", Level.SUBSTANTIEEL, "Noor Bench")
    known = gathering.ask
    gathering.ask = _nothing
    try:
        draft_id = drafts.start_draft(citizen, PRODUCT)
    finally:
        gathering.ask = known
    with scope(SCHIEDAM):
        draft = Draft.objects.get(id=draft_id)
        resolved = by_hash(SCHIEDAM, draft.definition)
        moment = now()
        registers = {need.key: need.register for need in resolved.needs}
        draft.facts = [
            StoredFact(name, value, registers.get(name, "BRP"), moment, "bench").as_json()
            for name, value in FACTS.items()
        ]
        draft.answers = {field.key: TYPED.get(field.key, _first(field)) for field in resolved.fields()}
        draft.done = [step.key for step in resolved.steps]
        assert not form_of(draft, resolved).wrong, form_of(draft, resolved).wrong
        draft.save()
    return citizen, draft_id, draft.version


def _first(field: Any) -> list[str]:
    return [field.choices[0].value] if field.choices else []


def _nothing(*_: object, **__: object) -> Asked:
    return Asked((), (), Gathered({}))


_counting = [True]


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements that are sent, BEGIN and COMMIT aside."""
    found = [0]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found[0] += _counting[0]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield found


@contextmanager
def uncounted() -> Iterator[None]:
    """Looking something up for the benchmark itself."""
    _counting[0] = False
    try:
        yield
    finally:
        _counting[0] = True


# -- 100,000 cases ------------------------------------------------------------------------------------------------------

HEADS, TAILS = ("ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu"), ("a", "e", "i", "o", "man", "stra")
NAMES = [f"{head}{middle}{tail}" for head in HEADS for middle in "lrst" for tail in TAILS]
KINDS = [("rijbewijs-verlengen", 35), ("verhuizing-doorgeven", 30), (PRODUCT, 20), ("individuele-inkomenstoeslag", 15)]


def load() -> None:
    """Fill the tables fast: through a temporary table, because COPY does not go together with row-level security."""
    dice = random.Random(1)
    began = time.perf_counter()
    fields = list(Zaak._meta.local_concrete_fields)
    columns = ", ".join(f'"{f.column}"' for f in fields)
    with scope(SCHIEDAM):
        raw = connection.connection
        assert raw is not None
        words: list[tuple[object, ...]] = []
        with raw.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE z (LIKE casework_zaak) ON COMMIT DROP")
            cursor.execute("CREATE TEMP TABLE w (LIKE casework_caseword) ON COMMIT DROP")
            with cursor.copy(f"COPY z ({columns}) FROM STDIN") as copy:
                for number in range(LOADED):
                    zaak = _zaak(dice, number)
                    copy.write_row([_text(f.get_db_prep_save(getattr(zaak, f.attname), connection)) for f in fields])
                    words += [
                        (SCHIEDAM, uuid7(), word, zaak.id)
                        for word in {*zaak.person.lower().split(), f"311{number % 9}qa"}
                    ]
            cursor.execute(f"INSERT INTO casework_zaak ({columns}) SELECT {columns} FROM z")
            with cursor.copy("COPY w (municipality_id, id, word, zaak_id) FROM STDIN") as copy:
                for row in words:
                    copy.write_row(row)
            cursor.execute("INSERT INTO casework_caseword SELECT * FROM w")
    with connections["owner"].cursor() as cursor:
        for name in ("casework_zaak", "casework_caseword", "casework_rol", "casework_fact"):
            cursor.execute(f"VACUUM ANALYZE {name}")
    print(f"  {LOADED:,} zaken geladen in {time.perf_counter() - began:.0f} s\n", flush=True)


def _text(value: Any) -> Any:
    return value.dumps(value.obj) if hasattr(value, "dumps") and hasattr(value, "obj") else value


def _zaak(dice: random.Random, number: int) -> Zaak:
    product = dice.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    running = dice.random() < 0.3
    start = today() - timedelta(days=dice.randint(0, 60 if running else 900))
    due = start + timedelta(days=56)
    moment = now()
    name = f"{dice.choice(NAMES).title()} {dice.choice(NAMES).title()}"
    return Zaak(
        municipality_id=SCHIEDAM, identificatie=f"bench-{number}", omschrijving=product.replace("-", " ").capitalize()[:80],
        zaaktype=product, definition="0" * 64, registratiedatum=start, startdatum=start,
        einddatum=None if running else start + timedelta(days=dice.randint(1, 50)), uiterlijke_einddatum_afdoening=due,
        due=due or NO_TERM, communicatiekanaal="internet", laatst_gemuteerd=moment, received=moment, phase="behandeling",
        status="in_behandeling", turn=dice.choices(["gemeente", "inwoner"], [8, 2])[0], next_step="Besluit nemen", person=name,
        bsn=f"{200_000_000 + number:09d}", assignee=dice.choice(["", "bench", *(f"c{n}" for n in range(60))]),
        team=dice.choice(["Parkeren", "Burgerzaken", "Werk en Inkomen"]),
    )  # fmt: skip


def pages(zaken: list[UUID]) -> None:
    """The pages among all those cases: as the queries give them, and whole, through every layer of the web application."""
    citizens = [Citizen(SCHIEDAM, f"{100_000_000 + WARM + n:09d}", Level.SUBSTANTIEEL) for n in range(len(zaken))]
    dice = random.Random(2)
    person = f"{dice.choice(NAMES)} {dice.choice(NAMES)}"
    works: list[tuple[str, Callable[[int], object]]] = [
        ("burger: stand van zaken", lambda n: queries.status_page(citizens[n], zaken[n])),
        ("burger: mijn zaken", lambda n: queries.my_cases(citizens[n])),
        ("werk: mijn werk", lambda _: queries.worklist(CLERK, WorklistFilter())),
        ("werk: alles", lambda _: queries.worklist(CLERK, WorklistFilter(view=View.ALLES))),
        ("werk: alles, bladzijde 100", lambda _: queries.worklist(CLERK, WorklistFilter(view=View.ALLES, page=100))),
        ("werk: een product", lambda _: queries.worklist(CLERK, WorklistFilter(view=View.ALLES, product=PRODUCT))),
        ("werk: langst lopend", lambda _: queries.worklist(CLERK, WorklistFilter(view=View.ALLES, sort=Sort.LOOPT))),
        ("werk: zoek naam", lambda _: queries.worklist(CLERK, WorklistFilter(text=person))),
        ("werk: afgerond", lambda _: queries.worklist(CLERK, WorklistFilter(view=View.AFGEROND))),
        ("zaak van de medewerker", lambda n: queries.case_page(CLERK, zaken[n])),
    ]
    measure(f"Bladzijden bij {LOADED:,} zaken (ms, zonder opmaak; grens p95 60)", works)
    browsers = [_browser(citizen) for citizen in citizens[: PAGES + FIRST]]
    desk = _browser(CLERK)
    measure(
        f"Hele bladzijden bij {LOADED:,} zaken, van verzoek tot HTML (ms; grens p95 60)",
        [
            ("burger: stand van zaken", lambda n: _got(browsers[n], f"/mijn/zaak/{zaken[n]}/")),
            ("burger: mijn zaken", lambda n: _got(browsers[n], "/mijn/")),
            ("werk: mijn werk", lambda _: _got(desk, "/werk/")),
            ("werk: alles", lambda _: _got(desk, "/werk/?weergave=alles")),
            ("werk: zoek naam", lambda _: _got(desk, f"/werk/?zoek={person}")),
            ("zaak van de medewerker", lambda n: _got(desk, f"/werk/zaak/{zaken[n]}/")),
        ],
    )


def measure(title: str, works: Sequence[tuple[str, Callable[[int], object]]]) -> None:
    """Do each of these as often as a page is looked at, and print how long it took and how much it asked of the database."""
    rows: list[list[object]] = []
    for name, work in works:
        for n in range(FIRST):
            work(n)
        times = []
        with counted() as statements:
            for n in range(PAGES):
                began = time.perf_counter()
                work(n)
                times.append(time.perf_counter() - began)
        rows.append([name, 1000 * percentile(times, 0.5), 1000 * percentile(times, 0.95), statements[0] / PAGES])
    table(title, ["bladzijde", "p50", "p95", "opdrachten"], rows)


def _browser(person: Citizen | Staff) -> Client:
    """Somebody who is logged in."""
    client = Client(HTTP_HOST=f"{served_municipality(SCHIEDAM).slug}.{settings.BASE_DOMAIN}")
    client.cookies[session_cookie()] = open_session(person, "")
    return client


def _got(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def explaining(zaak: UUID) -> None:
    """The explanation of a stored decision."""
    with scope(SCHIEDAM):
        stored = LawOutcome.objects.filter(zaak_id=zaak).latest("computed").decision
    decision = Decision.from_json(stored)
    times = []
    for _ in range(300):
        began = time.perf_counter()
        explain(decision)
        times.append(time.perf_counter() - began)
    rows = [["uitleg van een besluit", 1000 * percentile(times, 0.5), 1000 * percentile(times, 0.95)]]
    table("Uitleg (ms; grens 2)", ["maat", "p50", "p95"], rows)
