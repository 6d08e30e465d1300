"""`vliegwiel run`: everything on one machine, from nothing to an address that answers.

Imports no Django: a warm start must be quick, and what needs Django runs in processes of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Annotated
from urllib.parse import quote

import psycopg
import typer

from vliegwiel.base import bootstrap, schema, translations
from vliegwiel.base.child import Spec
from vliegwiel.base.postgres import DatabaseWillNotStart, EmbeddedPostgres
from vliegwiel.base.supervisor import AlreadyRunning, DidNotStart, Supervisor, open_log

from .output import Exit, Json, Refused, show, show_json
from .places import REGISTER_PATHS, fleet_file, know_keys, registers_file, simulators
from .ports import HOST, Ports, choose
from .welcome import Welcome, welcome

app = typer.Typer(help="Start alles.", add_completion=False)


class Steps:
    """Progress, a line per step with how long it took; silent when the answer must be JSON."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.began = time.monotonic()
        self._live = sys.stdout.isatty()

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """One step; call the given function to say how it went."""
        began = time.monotonic()
        said: list[str] = []
        if not self.quiet and self._live:
            sys.stdout.write(f"  … {title}\r")
            sys.stdout.flush()
        yield said.append
        if not self.quiet:
            detail = f" ({said[-1]})" if said else ""
            show(f"  ✓ {title}{detail}".ljust(66) + f"{time.monotonic() - began:5.1f} s")


@app.command()
def run(
    port: Annotated[int, typer.Option(min=0, max=65533, envvar="VLIEGWIEL_PORT", help="Poort; 0 is een vrije.")] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, envvar="VLIEGWIEL_WEB_WORKERS", help="Processen van de webserver.")
    ] = None,
    logs_here: Annotated[
        bool, typer.Option("--logs", help="Toon het logboek hier in plaats van in een bestand.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Start alles en blijf draaien tot Ctrl-C. Wat uitvalt, wordt opnieuw gestart."""
    steps = Steps(quiet=as_json)
    folder = bootstrap.data_folder()
    to_file = sys.stderr.isatty() and not logs_here
    log = open_log(folder) if to_file else None
    server = bootstrap.embedded()
    supervisor = Supervisor(folder, server, log=log)
    try:
        with supervisor.alone():
            platform = Platform(supervisor, server, choose(port), steps, log)
            try:
                platform.start(workers)
                if not supervisor.stopping:
                    _greet(platform, as_json=as_json, log=folder / "log" / "vliegwiel.log" if to_file else None)
                    supervisor.watch(_tell)
            finally:
                if not as_json:
                    show("\nBezig met stoppen …")
                supervisor.shut_down()
                if server is not None:
                    server.release()
            if not as_json:
                show("Gestopt.")
    except AlreadyRunning as other:
        where = f": {other.address} (proces {other.pid})" if other.address else " of start juist op"
        raise Refused(
            f"Vliegwiel draait al op deze gegevensmap{where}. Stoppen kan met: vliegwiel stop", Exit.BUSY
        ) from None
    except DidNotStart as failed:
        hint = f" Kijk in {folder / 'log' / 'vliegwiel.log'}." if to_file else ""
        raise Refused(f"{failed}.{hint}", Exit.MISSING) from None


def _tell(event: str) -> None:
    sys.stderr.write(f"vliegwiel: {event}\n")
    sys.stderr.flush()


def _greet(platform: Platform, *, as_json: bool, log: Path | None) -> None:
    answer = welcome(platform.address, demo=bool(platform.oidc_address))
    took = time.monotonic() - platform.steps.began
    if as_json:
        show_json({"address": platform.address, "seconds": round(took, 2), **answer.as_json()})
    else:
        _print(answer, platform.address, took, log)


def _print(answer: Welcome, address: str, took: float, log: Path | None) -> None:
    show(f"\nVliegwiel draait op {address} (gestart in {took:.1f} s)\n")
    for line in answer.lines():
        show(line)
    show(f"\nLogboek: {log}" if log else "")
    show("Stoppen: Ctrl-C")


class Platform:
    """The parts, in the order in which they are started."""

    def __init__(
        self, supervisor: Supervisor, server: EmbeddedPostgres | None, ports: Ports, steps: Steps, log: IO[bytes] | None
    ) -> None:
        self.supervisor = supervisor
        self.server = server
        self.ports = ports
        self.steps = steps
        self.log = log
        self.domain = os.environ.get("VLIEGWIEL_BASE_DOMAIN") or "localhost"
        self.address = f"http://{self.domain}:{ports.web}/"
        self.oidc_address = ""
        self.broker = False
        self.demo = os.environ.setdefault("VLIEGWIEL_MODE", "demo") != "production"

    def start(self, workers: int | None) -> None:
        """From nothing to ready. Raises `CannotStart`, `DidNotStart` or `Refused`."""
        steps, supervisor = self.steps, self.supervisor
        supervisor.address = self.address
        bootstrap.environment()
        os.environ.setdefault("VLIEGWIEL_LOG_LEVEL", "INFO")
        os.environ["VLIEGWIEL_PORT"] = str(self.ports.web)
        self.broker = self._broker()
        outside = [supervisor.add(spec) for spec in self._simulators()]
        with steps.step("Database") as say:
            say(self._start_database())
        with steps.step("Tabellen") as say:
            say(self._tables())
        with steps.step("Teksten en lettertypen") as say:
            say(self._assets())
        if self.demo and not self._has_demo_data():
            for child in outside:  # the cases of the demo are made with what the registers say
                supervisor.wait_until_ready(child)
            with steps.step("Voorbeeldgegevens"):
                self._command("demo", "load")
        if supervisor.stopping:
            return
        # All at once, and then waited for one by one: reading the program is most of a warm start.
        inside = [supervisor.add(spec) for spec in (self._worker(), self._web(workers))]
        for child in (*outside, *inside):
            with steps.step(child.spec.title):
                supervisor.wait_until_ready(child)
        # After all that people wait for: nobody waits for a sensor.
        for spec in self._sensors():
            supervisor.add(spec)

    def _start_database(self) -> str:
        if self.server is None:
            problems = bootstrap.role_problems(os.environ["DATABASE_URL"])
            if problems and not self.demo:
                raise bootstrap.CannotStart(problems[0])
            return problems[0] if problems else "eigen server"
        recovering = self.server.pid() is not None and not self.server.running()
        try:
            self.server.start()
        except (DatabaseWillNotStart, psycopg.Error, OSError) as error:
            raise bootstrap.CannotStart(f"De ingebouwde database start niet: {bootstrap.one_line(error)}") from error
        return "ingebouwd, hersteld na een harde stop" if recovering else "ingebouwd"

    def _tables(self) -> str:
        pending = schema.pending(os.environ["DATABASE_OWNER_URL"] or os.environ["DATABASE_URL"])
        if pending:
            self._command("migrate")
        return f"{len(pending)} stappen" if pending else "op orde"

    def _assets(self) -> str:
        made = translations.compile_stale()
        vendor = Path(os.environ.get("VLIEGWIEL_VENDOR") or bootstrap.data_folder() / "vendor")
        if not vendor.is_dir():
            return "zonder eigen lettertype; make assets haalt het"
        return f"{made} vertalingen gemaakt" if made else "op orde"

    def _has_demo_data(self) -> bool:
        with psycopg.connect(os.environ["DATABASE_URL"]) as db:
            return db.execute("SELECT 1 FROM base_installation WHERE key = 'demo'").fetchone() is not None

    def _command(self, *arguments: str) -> None:
        """Do a step that needs Django, in a process of its own."""
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "vliegwiel", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "VLIEGWIEL_LOG_LEVEL": "WARNING", "VLIEGWIEL_LOG": "text"},
        )
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [f"vliegwiel {' '.join(arguments)} mislukte"]
            raise Refused(last[0].removeprefix("vliegwiel: "), Exit.MISSING)

    def _simulators(self) -> list[Spec]:
        """The outside world of the demo, where the environment names no real one."""
        if not self.demo:
            return []
        know_keys()
        found = []
        if not os.environ.get("VLIEGWIEL_BRP_URL"):
            base = f"http://{HOST}:{self.ports.registers}"
            self._outside({setting: f"{base}{path}" for setting, path in REGISTER_PATHS.items()})
            # Tests may slow and break the registers on purpose; a person who tries the demo cannot.
            control = ["--control"] if os.environ.get("VLIEGWIEL_SIMULATOR_CONTROL") == "1" else []
            data = registers_file()
            found.append(self._simulator("registers", "Registers (nagebootst)", self.ports.registers, data, *control))
        if not os.environ.get("VLIEGWIEL_OIDC_CITIZEN_ISSUER"):
            # Browsers go there too, so it has the name that stands in their address bar.
            self.oidc_address = f"http://{self.domain}:{self.ports.oidc}"
            self._outside(
                {
                    "VLIEGWIEL_OIDC_CITIZEN_ISSUER": f"{self.oidc_address}/burger",
                    "VLIEGWIEL_OIDC_STAFF_ISSUER": f"{self.oidc_address}/medewerker",
                }
            )
            back = [f"http://*.{self.domain}:{self.ports.web}/*", f"http://{self.domain}:{self.ports.web}/*"]
            extra = ["--public-url", self.oidc_address, *(part for url in back for part in ("--redirect", url))]
            found.append(
                self._simulator("oidc", "Inloggen (nagebootst)", self.ports.oidc, simulators() / "oidc", *extra)
            )
        return found

    def _broker(self) -> bool:
        """Whether the demonstration has a broker of its own; its address is in the environment then."""
        wanted = os.environ.get("VLIEGWIEL_DEMO_ROUNDS", "1").lower() not in {"0", "false", "no", "off"}
        if not self.demo or not wanted or os.environ.get("VLIEGWIEL_MQTT_URL"):
            return False
        know_keys()
        key = quote(os.environ["VLIEGWIEL_MQTT_PLATFORM_KEY"], safe="")
        os.environ["VLIEGWIEL_MQTT_URL"] = f"mqtt://platform:{key}@{HOST}:{self.ports.mqtt}"
        os.environ.setdefault("VLIEGWIEL_PUBLIC_MQTT_URL", f"mqtt://{HOST}:{self.ports.mqtt}")
        return True

    def _sensors(self) -> list[Spec]:
        """What listens to brokers, and in the demonstration the broker and the sensors."""
        found = []
        if self.broker:
            address = f"mqtt://{HOST}:{self.ports.mqtt}"
            for name, title, extra in (
                (
                    "mqtt",
                    "Broker (nagebootst)",
                    ["--port", str(self.ports.mqtt), "--data", str(simulators() / "mqtt.sqlite3")],
                ),
                ("sensors", "Sensoren (nagebootst)", ["--broker", address, "--data", str(fleet_file())]),
            ):
                command = [sys.executable, "-m", f"vliegwiel.simulators.{name}", *extra, "--stop-with-stdin"]
                found.append(Spec(name, title, command, _at_once, grace=5.0))
            if self.oidc_address:
                # Who drives comes in by the front door, so only where the login of the demonstration knows them.
                address = f"http://leiden.{self.domain}:{self.ports.web}/"
                command = [
                    sys.executable,
                    "-m",
                    "vliegwiel.simulators.drivers",
                    "--address",
                    address,
                    "--stop-with-stdin",
                ]
                found.append(Spec("drivers", "Chauffeurs (nagebootst)", command, _at_once, grace=5.0))
        if not self.demo or os.environ.get("VLIEGWIEL_MQTT_URL"):
            command = [sys.executable, "-m", "vliegwiel", "sensors", "listen"]
            found.append(Spec("listening", "Luisteren naar sensoren", command, _at_once, grace=20.0))
        return found

    def _outside(self, addresses: dict[str, str]) -> None:
        os.environ.update(addresses)
        self.supervisor.outside.update(addresses)

    def _simulator(self, name: str, title: str, port: int, data: Path, *extra: str) -> Spec:
        command = [sys.executable, "-m", f"vliegwiel.simulators.{name}", "--port", str(port), "--data", str(data)]
        return Spec(
            name, title, [*command, "--stop-with-stdin", *extra], lambda: _status(port, "/") is not None, grace=5.0
        )

    def _worker(self) -> Spec:
        command = (sys.executable, "-m", "vliegwiel", "worker", "run")
        return Spec("worker", "Werkproces", command, _worker_lives(os.environ["DATABASE_URL"]), grace=25.0)

    def _web(self, workers: int | None) -> Spec:
        command = [sys.executable, "-m", "vliegwiel", "web", "serve", "--port", str(self.ports.web)]
        if workers:
            command += ["--workers", str(workers)]
        port = self.ports.web
        return Spec("web", "Webserver", command, lambda: _status(port, "/health/ready") == HTTPStatus.OK, grace=25.0)


def _at_once() -> bool:
    """Nobody waits for it."""
    return True


def _status(port: int, path: str) -> int | None:
    """What a server on this machine answers, or None while nothing answers. (A client library takes longer to load.)"""
    connection = HTTPConnection(HOST, port, timeout=2.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def _worker_lives(url: str) -> Callable[[], bool]:
    """Whether a worker said that it lives since this moment."""
    with psycopg.connect(url) as db:
        row = db.execute("SELECT coalesce(max(id), 0) FROM procrastinate_workers").fetchone()
    last = row[0] if row else 0

    def ready() -> bool:
        try:
            with psycopg.connect(url, connect_timeout=5) as db:
                return db.execute("SELECT 1 FROM procrastinate_workers WHERE id > %s", [last]).fetchone() is not None
        except psycopg.Error:
            return False

    return ready
