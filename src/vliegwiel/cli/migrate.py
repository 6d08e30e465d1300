"""Bring the tables up to date."""

from __future__ import annotations

import typer
from django.db import DatabaseError

from vliegwiel.base import bootstrap, migrate
from vliegwiel.catalogue.versions.releasing import note_release

from .output import Exit, Json, Refused, show, show_json

app = typer.Typer(help="De tabellen van de database.", add_completion=False)


@app.command()
def run(as_json: Json = False) -> None:
    """Breng de tabellen van de database op orde. Doet niets als ze dat al zijn."""
    with bootstrap.database():
        try:
            count = migrate.migrate()
        except DatabaseError as error:
            raise Refused(
                f"De tabellen zijn niet bijgewerkt: {bootstrap.one_line(error)}. Controleer DATABASE_OWNER_URL.",
                Exit.MISSING,
            ) from error
        # What the package brought is kept before anybody is served, so that who must choose can stay where it was.
        kept = note_release()
    if as_json:
        show_json({"applied": count, "definitions": kept.changed if kept else 0})
    else:
        show(f"{count} stappen uitgevoerd." if count else "De tabellen zijn al op orde.")
