"""Sensors in containers: which types are known, what a message says, which sources send, and listening to them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import typer

from vliegwiel.base import bootstrap
from vliegwiel.base.child import follow_parent
from vliegwiel.base.queries import served_municipality
from vliegwiel.rounds.actions import clients
from vliegwiel.rounds.actions import sources as writing
from vliegwiel.rounds.actions.reading_again import read_again
from vliegwiel.rounds.decoding.decoding import Mounting, level_from_distance
from vliegwiel.rounds.decoding.envelopes import EnvelopeFormat
from vliegwiel.rounds.decoding.library import sensor_types, unfulfilled
from vliegwiel.rounds.decoding.messages import MEASURES, Quantity
from vliegwiel.rounds.decoding.payload import Misfit, read
from vliegwiel.rounds.listening.process import run
from vliegwiel.rounds.listening.world import tell_forever
from vliegwiel.rounds.publishing import publish_forever
from vliegwiel.rounds.setaside import kept_aside, sources_of
from vliegwiel.trust.identity import System

from .output import Exit, Json, Refused, finish, show, show_json, table

app = typer.Typer(help="Sensoren: bekende types, bronnen van berichten, en wat apart is gezet.", add_completion=False)

Code: TypeAlias = Annotated[str, typer.Argument(metavar="GEMEENTE", help="Code van de gemeente, zoals GM0546.")]
Form: TypeAlias = Annotated[EnvelopeFormat, typer.Option("--form", help="Vorm van de berichten.")]
Decoder: TypeAlias = Annotated[str, typer.Option(help="Sensortype van apparaten die zelf geen type hebben.")]


@app.callback()
def _top() -> None:
    """Sensoren: bekende types, bronnen van berichten, en wat apart is gezet."""


@app.command()
def listen(
    ready: Annotated[
        Path | None, typer.Option(hidden=True, help="Bestand dat wordt geschreven zodra het loopt.")
    ] = None,
) -> None:
    """Luister naar de brokers van alle bronnen. SIGTERM laat het lopende werk eerst aflopen."""
    if os.environ.get("VLIEGWIEL_PARENT"):
        follow_parent()
    bootstrap.set_up_logs("INFO")
    with bootstrap.database():
        run(ready=ready, also=(publish_forever, tell_forever))


@app.command()
def types(as_json: Json = False) -> None:
    """Welke sensortypes bekend zijn, en of hun voorbeelden kloppen. Uitkomst 3 als een voorbeeld niet klopt."""
    found = sensor_types().values()
    wrong = [line for kind in found for line in unfulfilled(kind)]
    if as_json:
        show_json(
            [
                {
                    "sensor": kind.key,
                    "naam": kind.name,
                    "fabrikant": kind.maker,
                    "meet": [quantity.value for quantity in kind.quantities],
                    "geverifieerd": kind.verified,
                    "bron": [source.address for source in kind.sources],
                }
                for kind in found
            ]
        )
    else:
        rows = [
            (
                kind.key,
                f"{kind.maker} {kind.name}",
                ", ".join(q.value for q in kind.quantities),
                "ja" if kind.verified else "nee",
            )
            for kind in found
        ]
        show(table(("sensor", "naam", "meet", "geverifieerd"), rows))
        for line in wrong:
            show(line)
    if wrong:
        finish(Exit.FOUND)


@app.command()
def decode(
    sensor: Annotated[str, typer.Argument(help="Sensortype; zie vliegwiel sensors types.")],
    payload: Annotated[str, typer.Argument(metavar="BYTES", help="De bytes als hexadecimale cijfers.")],
    port: Annotated[int, typer.Option(min=0, max=255, help="Poort (fPort).")] = 1,
    empty: Annotated[float, typer.Option(help="Afstand in mm bij een lege container.")] = 0.0,
    full: Annotated[float, typer.Option(help="Afstand in mm bij een volle container.")] = 0.0,
    as_json: Json = False,
) -> None:
    """Lees de bytes van een sensor."""
    kind = sensor_types().get(sensor)
    if kind is None:
        raise Refused(f"Het sensortype {sensor} is niet bekend. Wel bekend: {', '.join(sensor_types())}.")
    digits = re.sub(r"[\s:]", "", payload)
    if not re.fullmatch(r"([0-9A-Fa-f]{2})*", digits):
        raise Refused("Schrijf de bytes als hexadecimale cijfers, twee per byte.")
    found = read(kind, port, bytes.fromhex(digits))
    if isinstance(found, Misfit):
        raise Refused(found.sentence, Exit.FOUND)
    values = dict(found.readings)
    distance = values.get(Quantity.DISTANCE)
    if empty and distance is not None and Quantity.FILL_LEVEL not in values:
        try:
            values[Quantity.FILL_LEVEL] = level_from_distance(distance, Mounting(empty, full))
        except ValueError:
            raise Refused("De afstand bij leeg is groter dan die bij vol, en vol is 0 of meer.") from None
    if as_json:
        show_json({"bericht": found.about, "waarden": values, "opmerkingen": found.notes})
        return
    show(
        table(("grootheid", "waarde", "eenheid"), [(q.value, f"{v:g}", MEASURES[q].symbol) for q, v in values.items()])
    )
    for note in found.notes:
        show(note)


@app.command()
def sources(municipality: Code, as_json: Json = False) -> None:
    """De bronnen van een gemeente: wie stuurt, hoe, en hoeveel is apart gezet."""
    with bootstrap.database():
        found = sources_of(_platform(municipality))
    if as_json:
        show_json([{name: getattr(row, name) for name in row.__slots__} for row in found])
        return
    rows = [(r.id, r.name, r.kind, r.form, r.where, "aan" if r.active else "uit", r.devices, r.aside) for r in found]
    show(table(("id", "naam", "soort", "vorm", "waar", "staat", "apparaten", "apart"), rows))


@app.command()
def aside(
    municipality: Code,
    most: Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel hoogstens.")] = 50,
    as_json: Json = False,
) -> None:
    """Berichten die niet te gebruiken waren, met de reden; de nieuwste eerst."""
    with bootstrap.database():
        found = kept_aside(_platform(municipality), most=most)
    if as_json:
        show_json(
            [
                {
                    "ontvangen": row.received_at,
                    "bron": row.source,
                    "apparaat": row.device,
                    "code": row.code,
                    "reden": row.reason,
                    "keer": row.times,
                    "onderwerp": row.topic,
                    "bytes": row.raw.hex(),
                }
                for row in found
            ]
        )
        return
    rows = [(f"{r.received_at:%Y-%m-%d %H:%M}", r.source, r.device, r.times, r.reason) for r in found]
    show(table(("ontvangen", "bron", "apparaat", "keer", "reden"), rows))


@app.command()
def again(municipality: Code, source: UUID, as_json: Json = False) -> None:
    """Lees wat van een bron apart staat nog eens, als het apparaat of zijn type er nu wel is."""
    with bootstrap.database():
        found = read_again(_platform(municipality), source)
    text = f"{found.read} berichten gelezen en van de lijst; {found.left} zijn nog niet te lezen."
    _say(as_json, text, {"gelezen": found.read, "over": found.left})


@app.command("add-mqtt")
def add_mqtt(
    municipality: Code,
    name: Annotated[str, typer.Option(help="Naam van de bron.")],
    topic: Annotated[str, typer.Option(help="Onderwerp, zoals v3/toepassing@tenant/devices/+/up.")],
    form: Form = EnvelopeFormat.THINGS_STACK,
    decoder: Decoder = "",
    address: Annotated[str, typer.Option(help="mqtts://server:8883; leeg is de broker van het platform.")] = "",
    username: Annotated[str, typer.Option(help="Naam bij de broker.")] = "",
    secret_name: Annotated[str, typer.Option(help="Instelling (VLIEGWIEL_MQTT_SECRET_…) met het wachtwoord.")] = "",
    as_json: Json = False,
) -> None:
    """Luister voortaan naar een broker."""
    with bootstrap.database():
        source = writing.add_mqtt_source(
            _platform(municipality), name=name, form=form.value, topic=topic, decoder=decoder, address=address,
            username=username, secret_name=secret_name,
        )  # fmt: skip
    _say(as_json, f"Toegevoegd: {source}", {"bron": str(source)})


@app.command("add-webhook")
def add_webhook(
    municipality: Code,
    name: Annotated[str, typer.Option(help="Naam van de bron.")],
    form: Form = EnvelopeFormat.THINGS_STACK,
    decoder: Decoder = "",
    as_json: Json = False,
) -> None:
    """Neem voortaan berichten aan over HTTP. De sleutel staat alleen in dit antwoord."""
    with bootstrap.database():
        source, token = writing.add_webhook_source(_platform(municipality), name=name, form=form.value, decoder=decoder)
        slug = served_municipality(municipality).slug
    text = f"Toegevoegd: {source}\nAdres:   https://{slug}.…/sensoren/v1/berichten\nSleutel: {token} (bewaar hem nu)"
    _say(as_json, text, {"bron": str(source), "pad": "/sensoren/v1/berichten", "sleutel": token})


@app.command("renew-token")
def renew(municipality: Code, source: UUID, as_json: Json = False) -> None:
    """Geef een webhook of programma een nieuwe sleutel. De oude werkt niet meer."""
    with bootstrap.database():
        token = writing.renew_token(_platform(municipality), source)
    _say(as_json, f"Nieuwe sleutel: {token} (bewaar hem nu)", {"sleutel": token})


@app.command()
def switch(
    municipality: Code,
    source: UUID,
    active: Annotated[bool, typer.Option("--on/--off", help="Aan of uit.")],
    as_json: Json = False,
) -> None:
    """Zet een bron aan of uit. Wat hij stuurde, blijft."""
    with bootstrap.database():
        writing.switch_source(_platform(municipality), source, active=active)
    _say(as_json, "Aan." if active else "Uit.", {"aan": active})


@app.command()
def client(
    municipality: Code,
    name: Annotated[str, typer.Argument(help="Naam van het programma.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Het programma mag ook schrijven.")] = False,
    everyone: Annotated[bool, typer.Option("--open", help="Laat iedereen lezen, zonder sleutel.")] = False,
    as_json: Json = False,
) -> None:
    """Laat een programma metingen lezen met de SensorThings API. De sleutel staat alleen in dit antwoord."""
    with bootstrap.database():
        actor = _platform(municipality)
        if everyone:
            source, token = clients.open_readings(actor, name=name or "iedereen"), ""
        else:
            source, token = clients.add_client(actor, name=name, may_write=write)
    text = f"Toegevoegd: {source}" + (f"\nSleutel: {token} (bewaar hem nu)" if token else "")
    _say(as_json, text, {"bron": str(source), "sleutel": token})


def _platform(municipality: str) -> System:
    return System(served_municipality(municipality).code, "opdrachtregel")


def _say(as_json: bool, text: str, answer: dict[str, object]) -> None:
    if as_json:
        show_json(answer)
    else:
        show(text)
