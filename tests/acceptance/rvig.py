"""The RvIG test persons in a running register, and what it says of each of them.

What a person is (dead, moved away, secret, in doubt) is read here from the elements of the list itself, so that what the
platform makes of it is compared with the source and not with itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.fixtures_simulators import RegisterSimulator, running_register_simulator
from vliegwiel.base.clock import set_to
from vliegwiel.casework.gathering import ALWAYS
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.connection import ConnectionSettings
from vliegwiel.registers.facts import Gathered
from vliegwiel.registers.gather import gather
from vliegwiel.simulators.registers.brp.lijst import Persoonslijst
from vliegwiel.simulators.registers.lo3 import load_lo3_csv

FILE = Path("data/registries/brp-testpersonen-gba-v-20220502.csv")
ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "rijbewijs-verlengen"
LEIDEN = "GM0546"
LIVE = ("GM0546", "GM0547", "GM0606", "GM0772", "GM0344", "GM0599", "GM0796")
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Person:
    """A list of the test set, by what stands in its elements."""

    list: Persoonslijst

    @property
    def key(self) -> str:
        return self.list.sleutel

    @property
    def bsn(self) -> str:
        return self.list.bsn or ""

    @property
    def suspended(self) -> str:
        """07.67.20: O died, E moved abroad, R never lived here, M minister's decision, F error, W wiped."""
        return self.list.inschrijving.get("67.20", "")

    @property
    def dead(self) -> bool:
        return self.suspended == "O" or "08.10" in self.list.overlijden

    @property
    def secret(self) -> bool:
        """07.70.10: the person asked to keep the data from others."""
        return self.list.inschrijving.get("70.10", "0") != "0"

    @property
    def town(self) -> str:
        """08.09.10 as a municipality code."""
        return f"GM{self.list.verblijfplaats.get('09.10', '0000')}"

    @property
    def lives_here(self) -> bool:
        """Registered and living at an address in the Netherlands, as far as the list says."""
        return not self.suspended and not self.dead and "13.10" not in self.list.verblijfplaats

    @property
    def birth(self) -> str:
        """01.03.10, which may be unknown (00000000), partial (19680000) or absent."""
        return self.list.persoon.get("03.10", "")

    @property
    def birth_known(self) -> bool:
        return len(self.birth) == 8 and "00" not in (self.birth[4:6], self.birth[6:8])

    @property
    def in_doubt(self) -> bool:
        """83.10 without 83.30 on what holds now of the person: under investigation."""
        rows = (
            self.list.persoon, self.list.verblijfplaats, self.list.overlijden, self.list.ouder1, self.list.ouder2,
            *self.list.partners, *self.list.kinderen, *self.list.nationaliteiten, self.list.gezag, self.list.verblijfstitel,
        )  # fmt: skip
        return any(row.get("83.10", "").isdigit() and "83.30" not in row for row in rows)

    @property
    def address_words(self) -> tuple[str, ...]:
        """Street and postal code, as they would betray where somebody lives."""
        lives = self.list.verblijfplaats
        street, postcode = lives.get("11.10", ""), lives.get("11.60", "")
        return tuple(word for word in (street, f"{postcode[:4]} {postcode[4:]}" if postcode else "") if len(word) > 3)


@dataclass(frozen=True)
class Registry:
    """The test persons in a running simulator."""

    simulator: RegisterSimulator
    persons: tuple[Person, ...]
    load_lines: tuple[str, ...]
    twice: frozenset[str]

    @property
    def with_bsn(self) -> tuple[Person, ...]:
        return tuple(person for person in self.persons if person.bsn)

    def registers(self) -> Registers:
        """Connections to the simulator, as the platform makes them."""
        running = self.simulator

        def to(url: str) -> ConnectionSettings:
            return ConnectionSettings(url, api_key=running.key, read_seconds=20, total_seconds=30)

        return Registers(
            to(running.brp_url), to(running.bag_url), to(running.rdw_url), to(running.terugmelding_url),
            cache_seconds=0,
        )  # fmt: skip


def product(town: str) -> Resolved:
    """The product of a municipality that is live, else that of Leiden."""
    return resolve(town if town in LIVE else LEIDEN, PRODUCT, TODAY)


def product_at(town: str) -> Resolved:
    """What any municipality would run, live or not."""
    return resolve(town, PRODUCT, TODAY)


def ask_all(registry: Registry) -> dict[str, Gathered]:
    """What the registers say of every person with a number, over HTTP, by key of the list."""
    connections = registry.registers()

    def ask(person: Person) -> Gathered:
        with set_to(TODAY):
            wanted = product(person.town)
            needs = [*(need.key for need in wanted.needs), *ALWAYS]
            return gather(needs, person.bsn, wanted.processing.purpose, wanted.municipality, registers_=connections)

    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(ask, registry.with_bsn))
    finally:
        connections.close()
    return {person.key: said for person, said in zip(registry.with_bsn, found, strict=True)}


@contextmanager
def running_registry(shared: Path, folder: Path) -> Iterator[Registry]:
    """Load the test persons as an administrator does, and serve them. The simulator holds nobody else."""
    file = shared / FILE
    loaded = subprocess.run(
        [sys.executable, "-m", "vliegwiel", "registers", "load-brp", str(file)],
        env={**os.environ, "VLIEGWIEL_DATA": str(folder), "VLIEGWIEL_MODE": "demo"},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    persons = tuple(Person(row) for row in load_lo3_csv(file).lijsten)
    numbers = [person.bsn for person in persons if person.bsn]
    twice = frozenset(number for number in numbers if numbers.count(number) > 1)
    with running_register_simulator(folder / "simulators" / "registers.sqlite3", "--empty") as running:
        yield Registry(running, persons, tuple(loaded.stdout.splitlines()), twice)
