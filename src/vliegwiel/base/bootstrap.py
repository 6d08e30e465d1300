"""What every process of the platform does first: logs, the data folder, the secret, the database, Django.

`configure` settles where everything is (it starts nothing, apart from making the data folder); `database` keeps the
embedded server running within a block, where that is the database. A process that the supervisor starts finds all of it
in its environment already.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg

from . import logs
from .keptfile import keep
from .postgres import DatabaseWillNotStart, EmbeddedPostgres

MODES = ("demo", "test", "production")
SECRET_LENGTH = 32


class CannotStart(RuntimeError):
    """The platform cannot start like this. The message is one Dutch line that says what to do."""


def data_folder() -> Path:
    """Where the embedded database, files and keys are. Made when absent, readable for its owner (and the database's user)."""
    folder = Path(os.environ.get("VLIEGWIEL_DATA") or "var").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"De map {folder} (VLIEGWIEL_DATA) kan niet worden gemaakt: {error.strerror}.") from error
    if not os.access(folder, os.W_OK):
        raise CannotStart(f"In de map {folder} (VLIEGWIEL_DATA) mag dit programma niet schrijven.")
    return folder


def embedded() -> EmbeddedPostgres | None:
    """The embedded server of the data folder, or None when the environment names another database."""
    if os.environ.get("DATABASE_URL") and os.environ.get("VLIEGWIEL_DATABASE") != "embedded":
        return None
    return EmbeddedPostgres(data_folder() / "postgres")


def environment() -> EmbeddedPostgres | None:
    """Complete this process's environment, for itself and its children; returns the embedded server where that is used.

    Raises `CannotStart` for settings that cannot be right.
    """
    mode = os.environ.setdefault("VLIEGWIEL_MODE", "demo")
    if mode not in MODES:
        raise CannotStart(f"VLIEGWIEL_MODE is {mode!r}. Kies uit: {', '.join(MODES)}.")
    folder = data_folder()
    os.environ["VLIEGWIEL_DATA"] = str(folder)
    _secret(folder, mode)
    server = embedded()
    if server is not None:
        urls = server.urls()
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = urls.app, urls.owner
        os.environ["VLIEGWIEL_DATABASE"] = "embedded"
        return server
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        _check_url(name)
    return None


def configure(*, log_level: str = "INFO") -> None:
    """Logs, environment and Django for this process. Nothing is started; use `database` around what needs it."""
    set_up_logs(log_level)
    environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vliegwiel.base.settings")
    django.setup()


def set_up_logs(level: str = "INFO") -> None:
    """Logs for this process, from `level` where the environment says nothing. Raises `CannotStart` for a wrong setting."""
    try:
        logs.configure(level=level)
    except ValueError as error:
        raise CannotStart(str(error)) from error


@contextmanager
def database() -> Iterator[None]:
    """Keep the database reachable within the block: the embedded one is started when needed, another one is checked.

    Raises `CannotStart` with what to do.
    """
    server = embedded()
    if server is None:
        url = os.environ["DATABASE_URL"]
        problems = role_problems(url)
        if problems and os.environ.get("VLIEGWIEL_MODE") == "production":
            raise CannotStart(problems[0])
        yield
        return
    try:
        server.start()
    except (DatabaseWillNotStart, psycopg.Error, OSError) as error:
        raise CannotStart(f"De ingebouwde database start niet: {one_line(error)}") from error
    try:
        yield
    finally:
        server.release()


def role_problems(url: str) -> tuple[str, ...]:
    """What makes the role in `url` unfit for the application: row-level security would not bind it. Empty when it is fit.

    Raises `CannotStart` when the database does not answer.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as db:
            row = db.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            owned = db.execute(
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                " AND pg_has_role(current_user, c.relowner, 'USAGE')"
            ).fetchone()
            version = db.info.server_version
    except psycopg.Error as error:
        raise CannotStart(f"De database antwoordt niet: {one_line(error)}. Controleer DATABASE_URL.") from error
    found = []
    if version < 160000:
        found.append(f"De database is PostgreSQL {version // 10000}. Versie 16 of nieuwer is nodig.")
    name, superuser, bypass = row or ("?", True, True)
    if superuser:
        found.append(f"De databaserol {name} is superuser. Geef de toepassing een gewone rol (DATABASE_URL).")
    if bypass and not superuser:
        found.append(f"De databaserol {name} mag rijbeveiliging overslaan. Voer uit: ALTER ROLE {name} NOBYPASSRLS.")
    if owned and owned[0] and not superuser:
        found.append(
            f"De databaserol {name} is eigenaar van {owned[0]} tabellen. Gebruik in DATABASE_URL een andere rol dan in"
            " DATABASE_OWNER_URL."
        )
    return tuple(found)


def one_line(error: BaseException) -> str:
    """The line of what an error says that tells most, without personal data."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    telling = next((line for line in lines if "failed" in line or "FATAL" in line or "ERROR" in line), lines[-1])
    return logs.mask(telling).rstrip(".")


def _secret(folder: Path, mode: str) -> None:
    given = os.environ.get("VLIEGWIEL_SECRET", "")
    if given:
        if len(given) < SECRET_LENGTH and mode == "production":
            raise CannotStart(f"VLIEGWIEL_SECRET is te kort. Gebruik minstens {SECRET_LENGTH} tekens.")
        return
    if mode == "production":
        raise CannotStart(
            f"VLIEGWIEL_SECRET ontbreekt. Zet er een willekeurige tekst van minstens {SECRET_LENGTH} tekens in."
        )
    path = folder / "secret"
    os.environ["VLIEGWIEL_SECRET"] = keep(path, lambda: secrets.token_urlsafe(48)).strip()
    if not os.environ["VLIEGWIEL_SECRET"]:
        raise CannotStart(f"Het bestand {path} is leeg. Gooi het weg; het wordt dan opnieuw gemaakt.")


def _check_url(name: str) -> None:
    url = os.environ.get(name, "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"postgres", "postgresql"} and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise CannotStart(f"{name} klopt niet. Schrijf: postgresql://rol:wachtwoord@server:5432/naam")
