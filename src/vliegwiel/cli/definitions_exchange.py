"""Definitions to and from elsewhere: folders for git, signed bundles, other installations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from vliegwiel.base import bootstrap
from vliegwiel.base.errors import VliegwielError
from vliegwiel.base.queries import served_municipality
from vliegwiel.catalogue.exchange import actions, bundle, feed, folder, hearing, proposing, queries
from vliegwiel.catalogue.resolve import library
from vliegwiel.catalogue.texts import name_of
from vliegwiel.catalogue.versions import actions as versions
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.trust.identity import Role, Staff

from .output import Exit, Json, Refused, finish, show, show_json, table

Municipality = Annotated[str, typer.Option("--municipality", "-m", help="Gemeentecode, bijvoorbeeld GM0546.")]
Optional = Annotated[str, typer.Option("--municipality", "-m", help="Gemeentecode. Zonder: wat meegeleverd is.")]


def export(
    to: Annotated[Path, typer.Argument(help="Lege map, of een map die eerder zo is gemaakt.")],
    municipality: Optional = "",
    as_json: Json = False,
) -> None:
    """Schrijf alle definities in een map: één bestand per definitie, geschikt voor git."""
    if municipality:
        with bootstrap.database():
            code = served_municipality(municipality.upper()).code
            count = folder.write(folder.entries_of(library_for(code), (code,)), to)
    else:
        count = folder.write(folder.entries_of(library()), to)
    _say(as_json, f"{count} definities staan in {to}.", {"folder": str(to), "definitions": count})


def import_(
    source: Annotated[Path, typer.Argument(exists=True, readable=True, help="Een map, of een bundel (.json).")],
    municipality: Municipality,
    key: Annotated[str, typer.Option(help="Bundel: de openbare sleutel van de afzender.")] = "",
    into: Annotated[Path | None, typer.Option(help="Bundel: pak hem uit in deze map.")] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Map: maak van elke verandering een concept.")] = False,
    as_json: Json = False,
) -> None:
    """Lees een map of een bundel in. Er wordt nooit iets gepubliceerd: dat doen twee mensen in de studio."""
    if source.is_dir():
        _import_folder(source, municipality.upper(), drafts=drafts, as_json=as_json)
    else:
        _import_bundle(source, municipality.upper(), key, into, as_json=as_json)


def _import_folder(source: Path, municipality: str, *, drafts: bool, as_json: bool) -> None:
    with bootstrap.database():
        code = served_municipality(municipality).code
        changes = folder.compare(folder.read(source), folder.entries_of(library_for(code), (code,)))
        told = [one for one in changes if one.kind is not folder.ChangeKind.SAME and one.entry.owner in ("", code)]
        made, stuck = _drafts(code, told) if drafts else ([], [])
    wrong = [one for one in told if one.kind is folder.ChangeKind.WRONG]
    if as_json:
        rows = [{"file": one.entry.file, "what": str(one.kind), "why": one.why} for one in told]
        show_json({"differences": rows, "drafts": made, "not_drafted": stuck})
    else:
        show(table(("bestand", "wat", "waarom"), [(one.entry.file, one.kind, one.why) for one in told]))
        if drafts:
            show(f"\n{len(made)} concepten gemaakt. Twee mensen publiceren ze in de studio.")
            for sentence in stuck:
                show(sentence)
    if wrong or stuck:
        finish(Exit.FOUND)


def _drafts(code: str, changes: Sequence[folder.Change]) -> tuple[list[str], list[str]]:
    made, stuck = [], []
    for one in changes:
        if one.kind not in (folder.ChangeKind.CHANGED, folder.ChangeKind.NEW):
            continue
        entry = one.entry
        try:
            versions.start_draft(_keeper(code), entry.kind, entry.key, text=entry.text)
            made.append(entry.file)
        except VliegwielError as error:
            stuck.append(f"{entry.file}: {error.sentence}")
    return made, stuck


def _import_bundle(source: Path, municipality: str, key: str, into: Path | None, *, as_json: bool) -> None:
    if source.stat().st_size > bundle.MOST_BYTES:
        raise Refused(f"Deze bundel is te groot: hoogstens {bundle.MOST_BYTES // 1_000_000} MB.")
    data = source.read_bytes()
    trusted = {bundle.public_text(bundle.public_key(key))} if key else set()
    if not trusted:
        with bootstrap.database():
            known = queries.peers(_keeper(served_municipality(municipality).code))
        trusted = {one.public_key for one in known}
    content = bundle.read(data, trusted)
    rows = [(one.soort, one.sleutel, one.gemeente, one.versie, one.hash[:12]) for one in content.stukken]
    if into is not None:
        folder.write(
            [
                folder.Entry(
                    name_of(one.soort, one.sleutel, f"{one.gemeente}-gemeente" if one.gemeente else ""),
                    one.soort, one.sleutel, one.gemeente, one.versie, one.hash, one.tekst,
                )
                for one in content.stukken
            ],
            into,
        )  # fmt: skip
    if as_json:
        show_json({"publisher": content.uitgever, "pieces": [dict(zip(_HEAD, row, strict=True)) for row in rows]})
        return
    show(f"Ondertekend door {content.naam or content.uitgever} ({content.uitgever}); de handtekening klopt.")
    show(table(("soort", "sleutel", "gemeente", "versie", "hash"), rows))
    if into is not None:
        show(f"\nUitgepakt in {into}. Lees die map in om er concepten van te maken.")


_HEAD = ("kind", "key", "owner", "version", "hash")


def bundle_(
    to: Annotated[Path, typer.Argument(help="Het bestand dat wordt gemaakt (.json).")],
    products: Annotated[list[str], typer.Argument(help="Sleutels van producten, of soort:sleutel (patroon:klacht).")],
    municipality: Municipality,
    alone: Annotated[bool, typer.Option("--alone", help="Zonder het patroon en de blokken erbij.")] = False,
    as_json: Json = False,
) -> None:
    """Maak een ondertekende bundel van definities, zoals zij nu voor een gemeente gelden."""
    wanted = [_wanted(one) for one in products]
    with bootstrap.database():
        data = feed.bundle_of(served_municipality(municipality.upper()).code, wanted, alone=alone)
    to.write_bytes(data)
    told = {"file": str(to), "bytes": len(data), "sha256": bundle.fingerprint(data), "keys": bundle.signers(data)}
    _say(as_json, f"{to}: {len(data)} bytes, ondertekend met {bundle.signers(data)[0]}.", told)


def _wanted(text: str) -> tuple[str, str]:
    kind, colon, key = text.rpartition(":")
    if colon and kind not in ("patroon", "blok", "product", "variant"):
        raise Refused(f"'{kind}' is geen soort. Kies uit: patroon, blok, product, variant.")
    return (kind if colon else "product"), key


def key(municipality: Municipality, as_json: Json = False) -> None:
    """Toon de openbare sleutel waarmee anderen onze bundels controleren. Geef hem door langs een andere weg dan internet."""
    with bootstrap.database():
        code = served_municipality(municipality.upper()).code
    keys = feed.public_keys(code)
    _say(as_json, keys[0], {"municipality": code, "keys": list(keys)})


def follow(
    code: Annotated[str, typer.Argument(help="Gemeentecode van de ander.")],
    url: Annotated[str, typer.Argument(help="Adres, eindigend op /uitwisseling/v1.")],
    municipality: Municipality,
    key: Annotated[
        str, typer.Option(help="De openbare sleutel die de ander u gaf. Zonder: toon wie er antwoordt.")
    ] = "",
    only: Annotated[list[str] | None, typer.Option(help="Alleen deze producten.")] = None,
    as_json: Json = False,
) -> None:
    """Volg een gemeente op een andere installatie."""
    if not key:
        met = hearing.meet(url)
        told = f"{met.name} ({met.code}) antwoordt met sleutel {met.keys[0]}."
        _say(
            as_json,
            f"{told}\nVraag de ander of dat klopt, en geef hem met --key.",
            {"code": met.code, "name": met.name, "keys": list(met.keys)},
        )
        finish(Exit.FOUND)
    with bootstrap.database():
        actor = _keeper(served_municipality(municipality.upper()).code)
        made = actions.add_peer(actor, code=code.upper(), url=url, public_key=key, keys=only or ())
    _say(as_json, "Toegevoegd. Haal op met: vliegwiel definitions pull.", {"peer": str(made)})


def pull(municipality: Municipality, as_json: Json = False) -> None:
    """Haal op wat de gevolgde gemeenten publiceerden. Het ligt daarna klaar; een mens neemt het over."""
    rows: list[tuple[str, int, str]] = []
    with bootstrap.database():
        actor = _keeper(served_municipality(municipality.upper()).code)
        for one in queries.peers(actor):
            if not one.active:
                continue
            try:
                heard = actions.pull_now(actor, one.id)
                rows.append((one.name, heard.fresh, ""))
            except VliegwielError as error:
                rows.append((one.name, 0, error.sentence))
        offers = queries.received(actor)
        for proposal in proposing.waiting_for_answer(actor.municipality):
            _look(actor.municipality, proposal)
    if as_json:
        waiting = [
            {"kind": o.kind, "key": o.key, "version": o.version, "from": o.publisher, "id": str(o.id)} for o in offers
        ]
        show_json({"peers": [{"name": n, "fresh": f, "trouble": t} for n, f, t in rows], "waiting": waiting})
    else:
        show(table(("gemeente", "nieuw", "wat er misging"), rows))
        show("\nLigt klaar:\n" + table(
            ("soort", "sleutel", "versie", "van", "samenvatting"),
            [(o.kind, o.key, o.version, o.publisher_name, o.summary[:60]) for o in offers],
        ))  # fmt: skip
    if any(trouble for _, _, trouble in rows):
        finish(Exit.FOUND)


def _look(municipality: str, proposal: UUID) -> None:
    """Ask for an answer; one that does not come now comes the next time."""
    try:
        proposing.look_for_answer(municipality, proposal)
    except VliegwielError:
        return


def _keeper(code: str) -> Staff:
    """Who works at the command line keeps the platform; the second person looks in the studio."""
    return Staff(code, "opdrachtregel", "Beheerder (opdrachtregel)", frozenset({Role.FUNCTIONEEL_BEHEERDER}))


def _say(as_json: bool, text: str, answer: dict[str, object]) -> None:
    if as_json:
        show_json(answer)
    else:
        show(text)


def register(app: typer.Typer) -> None:
    """Put these commands under their noun."""
    for name, command in (
        ("export", export), ("import", import_), ("bundle", bundle_), ("key", key), ("follow", follow), ("pull", pull),
    ):  # fmt: skip
        app.command(name)(command)
