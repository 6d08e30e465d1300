"""What to tell someone who just started the platform: where it is, which municipalities, who can log in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.oidc.personas import Persona, citizens, staff


@dataclass(frozen=True, slots=True)
class Welcome:
    """The live municipalities (code, name, address) and, in the demo, who can log in."""

    municipalities: tuple[tuple[str, str, str], ...]
    citizens: tuple[Persona, ...]
    staff: tuple[Persona, ...]

    def as_json(self) -> dict[str, object]:
        """For `--json`."""

        def people(rows: tuple[Persona, ...]) -> list[dict[str, str]]:
            return [{"key": p.key, "name": p.name, "municipality": p.gemeente, "about": p.story} for p in rows]

        return {
            "municipalities": [{"code": c, "name": n, "address": a} for c, n, a in self.municipalities],
            "citizens": people(self.citizens),
            "staff": people(self.staff),
        }

    def lines(self) -> list[str]:
        """For a person: the addresses, and one citizen and one member of staff of each municipality to begin with."""
        width = max((len(name) for _, name, _ in self.municipalities), default=0)
        said = [f"  {name.ljust(width)}  {address}" for _, name, address in self.municipalities]
        if not self.citizens:
            return said
        said += ["", "Inloggen kan met een van deze verzonnen mensen; de inlogpagina toont ze allemaal"]
        said += [f"({len(self.citizens)} inwoners, {len(self.staff)} medewerkers; medewerkers werken op /werk/):", ""]
        for code, name, _ in self.municipalities:
            for people in (self.citizens, self.staff):
                first = next((p for p in people if p.gemeente == code), None)
                if first is not None:
                    said.append(f"  {name.ljust(width)}  {first.key.ljust(15)}  {first.name}. {_short(first.story)}")
        return said


def welcome(address: str, *, demo: bool) -> Welcome:
    """Ask the database which municipalities are live; `demo`: with the cast of the demonstration."""
    parts = urlsplit(address)
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        rows = db.execute(
            "SELECT code, name, slug FROM base_municipality WHERE live_since <= current_date"
            ' AND ("end" IS NULL OR "end" > current_date) ORDER BY name'
        ).fetchall()
    places = tuple((code, name, f"{parts.scheme}://{slug}.{parts.netloc}/") for code, name, slug in rows)
    if not demo:
        return Welcome(places, (), ())
    cast = read_cast()
    return Welcome(places, citizens(cast), staff(cast))


def _short(story: str) -> str:
    """The first sentence."""
    return story.split(". ")[0].rstrip(".") + "."
