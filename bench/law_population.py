"""Population: households a second, memory, and the same work by hand in NumPy and by OpenFisca."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import psutil

import vliegwiel
from bench.bijstand_by_hand import bijstand_by_hand
from bench.figures import table
from vliegwiel.law import LawBook, simulate
from vliegwiel.law.population.columns import NameBits
from vliegwiel.law.population.intake import Chunk, intake_of
from vliegwiel.law.population.plan import ChunkRun, make_plan, missing_names
from vliegwiel.law.population.simulating import CHUNK
from vliegwiel.law.population.synthetic import generate

ROOT = Path(__file__).parent.parent
LAWS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
OPENFISCA = ROOT / ".tools" / "openfisca" / "bin" / "python"
ON = date(2026, 7, 1)
UTRECHT = "GM0344"
HOUSEHOLDS = 2_000_000
PIECE = 32_768

TEMPLATE = """
wet: vergelijking
naam: De regels van het voorbeeld van OpenFisca
soort: wet
bwb: BWBR0000001
geldig: {van: 2015-12-01}
gelezen: 2015-12-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: openfisca-country-template}
artikelen: {"1": {titel: Alles}}
gegevens:
  birth: {soort: datum, vraag: Wanneer?}
  salary: {soort: geld per maand, vraag: Hoeveel?}
  rent: {soort: geld per maand, vraag: Hoeveel?}
regels:
  age: {soort: getal in jaar, artikel: "1", formule: 'hele_jaren(birth, peildatum)'}
  income_tax: {soort: geld per maand, artikel: "1", formule: 'salary * 0.15'}
  basic_income: {soort: geld per maand, artikel: "1", formule: 'if age >= 18 and salary = 0 then 600 else 0'}
  housing_allowance: {soort: geld per maand, artikel: "1", formule: 'rent * 0.25'}
voorbeelden: []
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and seconds of processor (which other programs on the machine do not change), of the best run."""

    clock: float
    processor: float

    @property
    def two_cores(self) -> float:
        """Seconds on the clock when two cores are free for it."""
        return self.processor / 2


def best_of(times: int, work: Callable[[], object]) -> Cost:
    """The cheapest run."""
    clock = processor = float("inf")
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        work()
        clock = min(clock, time.perf_counter() - began)
        processor = min(processor, time.process_time() - used)
    return Cost(clock, processor)


def by_hand(frame: pl.DataFrame) -> tuple[int, float]:
    """Individuele inkomenstoeslag in Utrecht as written for this one law and date: no unknown, no cents, two threads."""
    grens = round(1419.46 * 1.10, 2), round(2027.79 * 1.10, 2)
    tabel = np.array([276.0, 63.0, 749.0, 704.0, 997.0])
    volwassen = np.datetime64(date(ON.year - 21, ON.month, ON.day)).astype(np.int64)
    vorig_jaar = np.datetime64(date(ON.year - 1, ON.month, ON.day)).astype(np.int64)

    def piece(start: int) -> tuple[int, float]:
        part = frame.slice(start, PIECE)

        def column(name: str, fill: int = 0) -> np.ndarray:
            values = part[name].to_physical() if part[name].dtype == pl.Date else part[name]
            return (values.fill_null(fill) if values.null_count() else values).to_numpy()

        form = part["huishouden"].to_physical().to_numpy()
        paar, alleen = form == 2, form == 0
        inkomen = column("inkomen")
        recht = column("woont_in_gemeente") & (column("geboortedatum") <= volwassen) & ~column("aow_leeftijd_bereikt")
        recht &= inkomen <= np.where(paar, grens[1], grens[0])
        recht &= column("maanden_laag_inkomen") >= 36
        recht &= column("vermogen") <= np.where(alleen, 8000.0, 16000.0)
        recht &= column("laatste_toeslag", -100_000) <= vorig_jaar
        recht &= ~column("studeert") & ~column("uitzicht_op_inkomen")
        kind = column("leeftijd_oudste_kind", -1)
        regel = np.where(alleen, 0, np.where(paar, np.where(kind >= 12, 4, 3), np.where(kind >= 12, 2, 1)))
        bedrag = np.where(recht, tabel[regel], 0.0)
        return int(recht.sum()), float(bedrag.sum())

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(piece, range(0, frame.height, PIECE)))
    return sum(n for n, _ in found), sum(amount for _, amount in found)


def extra_memory(work: Callable[[], object]) -> int:
    """The most memory that was in use during the work, beyond what was before. Bytes."""
    process = psutil.Process()
    before, most, done = process.memory_info().rss, 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, process.memory_info().rss)
            done.wait(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    return most - before


def rules_in(book: LawBook, law: str, wanted: list[str], frame: pl.DataFrame) -> int:
    """How many rules run over columns for these outcomes."""
    program = book.program(law, ON, UTRECHT)
    given = {key for name, key in program.inputs.items() if name in frame.columns}
    return len(make_plan(program, ON, wanted, given, NameBits(missing_names(program, wanted))).ops)


def only_rules(
    book: LawBook, law: str, wanted: list[str], frame: pl.DataFrame, on: date, gemeente: str | None
) -> float:
    """Seconds of processor for the rules alone: the columns are read before, nothing is counted after."""
    program = book.program(law, on, gemeente)
    names = NameBits(missing_names(program, wanted))
    schema = {name: kind for name, kind in frame.schema.items() if isinstance(kind, pl.DataType)}
    intake = intake_of([program], wanted, schema, (), names)
    plan = make_plan(program, on, wanted, intake.keys, names)
    read = Chunk(intake, frame, 0)

    def work() -> None:
        for start in range(0, frame.height, CHUNK):
            ChunkRun(plan, read.inputs, read.values, start, min(CHUNK, frame.height - start)).outcomes()

    return best_of(5, work).processor


class Theirs(msgspec.Struct, frozen=True):
    """What OpenFisca needed for its rules, and what came out."""

    seconds: float
    totals: dict[str, float]


def openfisca(households: int) -> Theirs | None:
    """The same rules by OpenFisca, in its own environment (`make bench` makes it); None where that is not there."""
    if not OPENFISCA.exists():
        return None
    script = Path(__file__).with_name("openfisca_rules.py")
    done = subprocess.run([OPENFISCA, script, str(households)], capture_output=True, text=True, check=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Theirs)


def main() -> None:
    book = LawBook.load([LAWS])
    began = time.perf_counter()
    frame = generate(UTRECHT, HOUSEHOLDS, on=ON)
    made = time.perf_counter() - began

    def run(law: str, wanted: list[str]) -> Callable[[], object]:
        return lambda: simulate(book, law, wanted, frame, on=ON, gemeente=UTRECHT)

    cases = (
        ("bijstand: recht en hoogte", "bijstand", ["recht_op_bijstand", "hoogte"]),
        ("individuele inkomenstoeslag Utrecht", "participatiewet", ["recht_inkomenstoeslag", "bedrag"]),
        ("kwijtschelding Utrecht", "kwijtschelding", ["recht_op_kwijtschelding", "kwijt_te_schelden"]),
    )
    rows = []
    costs: dict[str, Cost] = {}
    for title, law, wanted in cases:
        cost = costs[law] = best_of(3, run(law, wanted))
        rules = rules_in(book, law, wanted, frame)
        free = HOUSEHOLDS / cost.two_cores
        rows.append((title, rules, HOUSEHOLDS / cost.clock / 1e6, free / 1e6, free * rules / 1e6))
    head = ("law (2 threads)", "rules", "million/s now", "million/s, two free cores", "million rules/s")
    table(f"Population of {HOUSEHOLDS:,} made-up households (made in {made:.1f} s)", head, rows)

    memory = extra_memory(run("bijstand", ["recht_op_bijstand", "hoogte"]))
    table("Memory beyond the data (bijstand)", ("MiB", "bytes a household"), [(memory / 2**20, memory / HOUSEHOLDS)])

    beside_numpy(book, frame, costs)
    some = frame.head(10 * CHUNK)
    wanted = ["recht_op_bijstand", "hoogte"]
    speed_per_rule = (
        some.height * rules_in(book, "bijstand", wanted, some) / only_rules(book, "bijstand", wanted, some, ON, UTRECHT)
    )
    beside_openfisca(speed_per_rule)


def beside_numpy(book: LawBook, frame: pl.DataFrame, costs: dict[str, Cost]) -> None:
    """Two laws beside the same by hand; the outcomes must be the same."""
    for title, law, wanted, hand in (
        ("bijstand", "bijstand", ("recht_op_bijstand", "hoogte"), bijstand_by_hand),
        ("inkomenstoeslag", "participatiewet", ("recht_inkomenstoeslag", "bedrag"), by_hand),
    ):
        floor = best_of(3, partial(hand, frame))
        granted, paid = hand(frame)
        found = simulate(book, law, wanted, frame, on=ON, gemeente=UTRECHT)
        total = float(found.summary(wanted[1]).total or 0)
        same = found.summary(wanted[0]).yes.rows == granted and abs(total - paid) < 0.01
        table(
            f"Beside NumPy by hand ({title}, same outcome: {'yes' if same else 'NO'})",
            ("what", "million/s now", "million/s, two free cores", "times by hand"),
            [
                ("by hand, only this law, floats, no unknown", *speeds(floor), 1.0),
                ("the law, exact", *speeds(costs[law]), costs[law].processor / floor.processor),
            ],
        )


def speeds(cost: Cost) -> tuple[float, float]:
    """Million households a second, as the machine is now and with two cores free."""
    return HOUSEHOLDS / cost.clock / 1e6, HOUSEHOLDS / cost.two_cores / 1e6


def beside_openfisca(bijstand: float) -> None:
    """The rules of OpenFisca's template, both ways."""
    households = 500_000
    other = openfisca(households)
    if other is None:
        print("OpenFisca is not there: `make bench` installs it.")
        return
    dice = np.random.default_rng(1)
    born = (dice.integers(0, 31_000, households) - 14_610).astype(np.int32)
    frame = pl.DataFrame(
        {
            "birth": pl.Series(born).cast(pl.Date),
            "salary": np.round(dice.lognormal(7.5, 0.6, households), 2),
            "rent": np.round(dice.uniform(300, 1200, households), 2),
        }
    )
    book = LawBook.loads(TEMPLATE)
    names = ["age", "income_tax", "basic_income", "housing_allowance"]
    took = best_of(3, lambda: simulate(book, "vergelijking", names, frame, on=date(2016, 11, 1)))
    found = simulate(book, "vergelijking", names, frame, on=date(2016, 11, 1))
    totals = {name: float(found.summary(name).total or 0) for name in names}
    same = all(abs(totals[n] - other.totals[n]) <= 1e-4 * max(abs(other.totals[n]), 1) for n in names)
    theirs = households * len(names) / other.seconds
    alone = households * len(names) / only_rules(book, "vergelijking", names, frame, date(2016, 11, 1), None)
    ours = households * len(names) / took.processor
    table(
        f"Beside OpenFisca, {households:,} households (same totals: {'yes' if same else 'NO'})",
        ("what", "million rules/s of one core", "times OpenFisca"),
        [
            ("OpenFisca, country template", theirs / 1e6, 1.0),
            ("the same four rules", alone / 1e6, alone / theirs),
            ("the same four rules, with reading, totals and medians", ours / 1e6, ours / theirs),
            ("bijstand, only the rules", bijstand / 1e6, bijstand / theirs),
        ],
    )
