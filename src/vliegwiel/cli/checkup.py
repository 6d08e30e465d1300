"""The checks of `vliegwiel doctor`. Each looks at one thing and says what to do when it is not right."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import httpx
import psycopg
from django.conf import settings

from vliegwiel.base import bootstrap, queries, schema, supervisor, translations
from vliegwiel.base.supervisor import Running
from vliegwiel.rounds.listening.process import LOCK
from vliegwiel.rounds.sources import mqtt_sources

MINIMUM_DISK = 1 << 30
OLD_HEARTBEAT = 30
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Verdict(StrEnum):
    """How a check went. `LET_OP` can wait; `FOUT` cannot."""

    GOED = "goed"
    LET_OP = "let op"
    FOUT = "fout"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `todo` is empty when it is right."""

    name: str
    verdict: Verdict
    detail: str
    todo: str = ""


def machine() -> Iterator[Finding]:
    """Python, disk, the data folder and its secret."""
    version = ".".join(map(str, sys.version_info[:3]))
    fit = sys.version_info >= (3, 11)
    yield Finding(
        "Python", Verdict.GOED if fit else Verdict.FOUT, version, "" if fit else "Installeer Python 3.11 of nieuwer."
    )
    folder = bootstrap.data_folder()
    free = shutil.disk_usage(folder).free
    room = f"{free / 2**30:.1f} GB vrij in {folder}"
    yield (
        Finding("schijf", Verdict.GOED, room)
        if free > MINIMUM_DISK
        else Finding("schijf", Verdict.FOUT, room, "Maak ruimte, of kies een andere map met VLIEGWIEL_DATA.")
    )
    secret = folder / "secret"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield Finding("geheim", Verdict.FOUT, "anderen kunnen het lezen", f"Voer uit: chmod 600 {secret}")
    else:
        where = "in het bestand secret" if secret.exists() else "uit VLIEGWIEL_SECRET"
        yield Finding("geheim", Verdict.GOED, where)


def database() -> Iterator[Finding]:
    """The server, its roles, whether it keeps what it promised, and the tables."""
    url = os.environ["DATABASE_URL"]
    kind = "ingebouwd" if bootstrap.embedded() is not None else "eigen server"
    try:
        problems = bootstrap.role_problems(url)
        with psycopg.connect(url, connect_timeout=10) as db:
            version = db.info.server_version // 10000
            unsafe = [
                name
                for name in ("fsync", "synchronous_commit", "full_page_writes")
                if (row := db.execute(f"SELECT current_setting('{name}')").fetchone()) and row[0] == "off"
            ]
    except bootstrap.CannotStart as error:
        yield Finding("database", Verdict.FOUT, kind, str(error))
        return
    yield Finding("database", Verdict.GOED, f"PostgreSQL {version}, {kind}")
    if problems:
        yield from (Finding("databaserol", Verdict.FOUT, "niet geschikt", problem) for problem in problems)
    else:
        yield Finding("databaserol", Verdict.GOED, "is van geen tabel eigenaar; rijbeveiliging geldt")
    if unsafe:
        todo = f"Zet {' en '.join(unsafe)} aan; anders gaat bij stroomuitval bevestigd werk verloren."
        yield Finding("duurzaamheid", Verdict.FOUT, "staat uit", todo)
    else:
        yield Finding("duurzaamheid", Verdict.GOED, "wat bevestigd is, blijft")
    yield from _tables(os.environ.get("DATABASE_OWNER_URL") or url)


def _tables(url: str) -> Iterator[Finding]:
    pending = schema.pending(url)
    if pending:
        yield Finding(
            "tabellen", Verdict.FOUT, f"{len(pending)} stappen nog niet uitgevoerd", "Voer uit: vliegwiel migrate"
        )
        return
    yield Finding("tabellen", Verdict.GOED, "op orde")
    live = queries.served()
    yield (
        Finding("gemeenten", Verdict.GOED, f"{len(live)} doen mee")
        if live
        else Finding("gemeenten", Verdict.LET_OP, "er doet geen gemeente mee", "Voor een demo: vliegwiel demo load")
    )


def background(running: Running | None) -> Iterator[Finding]:
    """The worker and what failed. Only where the tables are there."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        if db.execute("SELECT to_regclass('procrastinate_workers')").fetchone() == (None,):
            return
        beat = db.execute(
            "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
        ).fetchone()
        failed = db.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'").fetchone()
    age = float(beat[0]) if beat and beat[0] is not None else None
    if age is not None and age < OLD_HEARTBEAT:
        yield Finding("werkproces", Verdict.GOED, f"laatste teken {age:.0f} s geleden")
    else:
        detail = "geen teken van leven" if age is None else f"laatste teken {age:.0f} s geleden"
        verdict = Verdict.FOUT if running else Verdict.LET_OP
        yield Finding("werkproces", verdict, detail, "Start alles met: vliegwiel run (of alleen: vliegwiel worker run)")
    if failed and failed[0]:
        todo = "Kijk met: vliegwiel jobs list --status failed. Opnieuw: vliegwiel jobs retry NUMMER"
        yield Finding("taken", Verdict.LET_OP, f"{failed[0]} mislukt", todo)
    else:
        yield Finding("taken", Verdict.GOED, "geen mislukte taken")


def sensors() -> Iterator[Finding]:
    """Whether somebody listens to the brokers of the sources of sensor messages."""
    sources = mqtt_sources()
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        listens = db.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND (classid::bigint << 32) + objid::bigint = %s AND database = (SELECT oid FROM pg_database WHERE"
            " datname = current_database())",
            [LOCK],
        ).fetchone()
    if listens:
        yield Finding("sensoren", Verdict.GOED, "er wordt geluisterd")
    elif sources:
        todo = "Start alles met: vliegwiel run (of alleen: vliegwiel sensors listen)"
        yield Finding("sensoren", Verdict.LET_OP, f"niemand luistert naar {len(sources)} bronnen", todo)
    else:
        yield Finding("sensoren", Verdict.GOED, "geen bronnen om naar te luisteren")


def outside(running: Running | None) -> Iterator[Finding]:
    """The registers and the login: have an address, and something answers there."""
    found = running.outside if running else {}
    for name, setting in (("BRP", "VLIEGWIEL_BRP_URL"), ("BAG", "VLIEGWIEL_BAG_URL"), ("RDW", "VLIEGWIEL_RDW_URL")):
        yield _reachable(f"register {name}", setting, found)
    for name, setting in (
        ("inloggen inwoners", "VLIEGWIEL_OIDC_CITIZEN_ISSUER"),
        ("inloggen medewerkers", "VLIEGWIEL_OIDC_STAFF_ISSUER"),
    ):
        yield _reachable(name, setting, found, "/.well-known/openid-configuration")


def mail() -> Iterator[Finding]:
    """Whether e-mail to citizens leaves."""
    way = settings.MAIL_URL.partition(":")[0]
    if not way:
        todo = "Zet VLIEGWIEL_MAIL_URL, bijvoorbeeld smtps://naam:wachtwoord@mail.voorbeeld.nl"
        yield Finding("e-mail", Verdict.LET_OP, "niet ingesteld; inwoners krijgen geen bericht", todo)
    elif way == "file":
        yield Finding("e-mail", Verdict.GOED, f"blijft hier, in {settings.EMAIL_FILE_PATH}")
    else:
        yield Finding("e-mail", Verdict.GOED, f"via {settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def _reachable(name: str, setting: str, found: dict[str, str], path: str = "") -> Finding:
    url = os.environ.get(setting) or found.get(setting, "")
    if not url:
        return Finding(
            name, Verdict.LET_OP, "geen adres ingesteld", f"Zet {setting}. De demo (vliegwiel run) doet het zelf."
        )
    try:
        answer = httpx.get(url.rstrip("/") + (path or "/"), timeout=5.0)
        if path:
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(
            name, Verdict.FOUT, f"{url}: {bootstrap.one_line(error)}", f"Controleer {setting} en de verbinding."
        )
    return Finding(name, Verdict.GOED, url)


def pages(running: Running | None) -> Iterator[Finding]:
    """Whether it runs, its font and scripts, the translations, and the browser that the tests use."""
    if running is not None:
        yield Finding("platform", Verdict.GOED, f"draait op {running.address} (proces {running.pid})")
    else:
        yield Finding("platform", Verdict.LET_OP, "draait niet", "Start met: vliegwiel run")
    vendor = Path(settings.VENDOR_DIR)
    yield (
        Finding("lettertype en scripts", Verdict.GOED, str(vendor))
        if any(vendor.glob("*.woff2"))
        else Finding(
            "lettertype en scripts", Verdict.LET_OP, "ontbreken; de pagina's doen het zonder", "Voer uit: make assets"
        )
    )
    stale = translations.stale()
    yield (
        Finding("vertalingen", Verdict.LET_OP, f"{len(stale)} verouderd", "Voer uit: make assets")
        if stale
        else Finding("vertalingen", Verdict.GOED, "op orde")
    )
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    yield (
        Finding("browser voor toetsen", Verdict.GOED, browser)
        if browser
        else Finding("browser voor toetsen", Verdict.LET_OP, "geen Chromium", "Op Debian: apt-get install chromium")
    )


def run_all() -> list[Finding]:
    """Everything, in the order in which one thing needs another. Never raises for what it is meant to find."""
    running = supervisor.running(bootstrap.data_folder())
    findings = [*machine(), *database()]
    if all(f.verdict is not Verdict.FOUT for f in findings if f.name in {"database", "tabellen"}):
        findings += background(running)
        findings += sensors()
    findings += outside(running)
    findings += mail()
    findings += pages(running)
    return findings
