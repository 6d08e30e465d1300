"""What to tell someone who just started the platform: where it is, which municipalities, who can log in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psycopg


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can log in at the simulated provider."""

    login: str
    name: str
    about: str
    kind: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """The live municipalities (code, name, address) and the accounts of the demo."""

    municipalities: tuple[tuple[str, str, str], ...]
    accounts: tuple[Account, ...]

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "municipalities": [{"code": c, "name": n, "address": a} for c, n, a in self.municipalities],
            "accounts": [
                {"login": a.login, "name": a.name, "about": a.about, "kind": a.kind, "municipality": a.municipality}
                for a in self.accounts
            ],
        }

    def lines(self) -> list[str]:
        """For a person."""
        width = max((len(name) for _, name, _ in self.municipalities), default=0)
        said = [f"  {name.ljust(width)}  {address}" for _, name, address in self.municipalities]
        for kind, title in (
            ("burger", "Inloggen als inwoner:"),
            ("medewerker", "Inloggen als medewerker (op /werk/):"),
        ):
            rows = [a for a in self.accounts if a.kind == kind]
            if rows:
                said += ["", title]
                wide = max(len(a.login) for a in rows)
                said += [f"  {a.login.ljust(wide)}  {a.name}{' – ' + a.about if a.about else ''}" for a in rows]
        return said


def welcome(address: str, oidc: str) -> Welcome:
    """Ask the database and the simulated provider. Never a reason not to start: what does not answer is left out."""
    parts = urlsplit(address)
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        rows = db.execute(
            "SELECT code, name, slug FROM base_municipality WHERE live_since <= current_date"
            ' AND ("end" IS NULL OR "end" > current_date) ORDER BY name'
        ).fetchall()
    places = tuple((code, name, f"{parts.scheme}://{slug}.{parts.netloc}/") for code, name, slug in rows)
    return Welcome(places, _accounts(oidc) if oidc else ())


def _accounts(oidc: str) -> tuple[Account, ...]:
    try:
        answer = httpx.get(f"{oidc}/accounts.json", timeout=3.0, trust_env=False)
        rows = answer.json() if answer.status_code == httpx.codes.OK else []
    except (httpx.HTTPError, ValueError):
        return ()
    names = ("login", "name", "about", "kind", "municipality")
    return tuple(Account(*(str(row.get(name, "")) for name in names)) for row in rows if isinstance(row, dict))
