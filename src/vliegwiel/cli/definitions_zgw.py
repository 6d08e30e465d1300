"""Case types of another system (ZGW): how many truly different processes they are, and what to start from here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vliegwiel.base import bootstrap, clock
from vliegwiel.base.queries import served_municipality
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.resolve import library
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.catalogue.zgwimport.archive import MOST_BYTES, read_archive
from vliegwiel.catalogue.zgwimport.drafting import product_text, variant_text
from vliegwiel.catalogue.zgwimport.live import application_token, read_api
from vliegwiel.catalogue.zgwimport.proposing import slug
from vliegwiel.catalogue.zgwimport.report import ImportReport, as_data, as_markdown, report_on
from vliegwiel.catalogue.zgwimport.resources import Reading

from .output import Json, Refused, show, show_json


def casetypes(
    source: Annotated[str, typer.Argument(help="Een export van Open Zaak (.zip), of het adres van een Catalogi API.")],
    municipality: Annotated[str, typer.Option("--municipality", "-m", help="Gemeentecode, voor varianten.")] = "",
    report: Annotated[Path | None, typer.Option(help="Schrijf het rapport in dit bestand (.md).")] = None,
    into: Annotated[Path | None, typer.Option(help="Schrijf per zaaktype een voorstel in deze lege map.")] = None,
    own_words: Annotated[
        bool, typer.Option("--own-words", help="Houd in de varianten de eigen namen van stappen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Lees zaaktypen van een ander systeem, en zeg hoeveel echt verschillende processen het zijn.

    Voor een Catalogi API: zet VLIEGWIEL_ZGW_TOKEN, of VLIEGWIEL_ZGW_CLIENT en VLIEGWIEL_ZGW_SECRET.
    """
    reading = _reading(source)
    found = report_on(reading, _library(municipality.upper()))
    title = source.rsplit("/", 1)[-1] if "://" not in source else source
    if report is not None:
        report.write_text(as_markdown(found, title), encoding="utf-8")
    written = _write(found, into, municipality.upper(), title, own_words=own_words) if into is not None else 0
    if as_json:
        show_json(msgspec.to_builtins(as_data(found)))
        return
    show(as_markdown(found, title) if report is None else as_markdown(found, title).split("\n## ", 1)[0])
    if report is not None:
        show(f"Het hele rapport staat in {report}.")
    if into is not None:
        show(f"{written} voorstellen staan in {into}.")


def _reading(source: str) -> Reading:
    if "://" in source:
        token = os.environ.get("VLIEGWIEL_ZGW_TOKEN", "")
        client, secret = os.environ.get("VLIEGWIEL_ZGW_CLIENT", ""), os.environ.get("VLIEGWIEL_ZGW_SECRET", "")
        return read_api(source, token=token or (application_token(client, secret) if client and secret else ""))
    path = Path(source)
    if not path.is_file():
        raise Refused(f"{source} is er niet. Geef een zip-bestand of een adres dat met https:// begint.")
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"Dit bestand is te groot: hoogstens {MOST_BYTES // 1_000_000} MB.")
    return read_archive(path.read_bytes())


def _library(municipality: str) -> Library:
    if not municipality:
        return library()
    with bootstrap.database():
        return library_for(served_municipality(municipality).code)


def _write(found: ImportReport, into: Path, municipality: str, title: str, *, own_words: bool) -> int:
    if into.exists() and any(into.iterdir()):
        raise Refused(f"In {into} staat al iets. Kies een lege map.")
    into.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for one, proposal in zip(found.recognition.case_types, found.proposals, strict=True):
        name = slug(one.case.label, frozenset())[:80]
        while name in taken:
            name = f"{name}_2"
        taken.add(name)
        if proposal.product and municipality:
            text = variant_text(proposal, municipality, title, clock.today().isoformat(), own_words=own_words)
            (into / f"variant-{name}.yaml").write_text(text, encoding="utf-8")
        else:
            (into / f"product-{name}.yaml").write_text(product_text(one, proposal), encoding="utf-8")
    return len(taken)


def register(app: typer.Typer) -> None:
    """Put the command under its noun."""
    app.command("casetypes")(casetypes)
