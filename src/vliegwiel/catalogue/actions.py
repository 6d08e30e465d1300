"""Every write of the catalogue: offering products, keeping the definitions of cases, and calculations for a population."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import msgspec
from django.db import connection, transaction

from vliegwiel.base import storage
from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Staff, System
from vliegwiel.trust.rights import Right, require, scope_of

from .canonical import to_json
from .check import example_findings
from .check.found import dotted
from .lawbook import law_book
from .model import Resolved
from .models import Adoption, AdoptionMode, ResolvedDefinition, Simulation, SimulationState
from .queries import remember
from .resolve import library, resolve
from .simulations import KEPT_DAYS, Question, Result, changeable, check, title_of
from .worklater import ONE_AT_A_TIME, simulate

_kept: set[tuple[str, str, str]] = set()


def keep(definition: Resolved) -> str:
    """Store a definition under its hash, once. Call inside the scope of its municipality; gives the hash.

    Needs no right of its own: the action that opens a case has checked, and what is stored is public.
    """
    name = (str(connection.settings_dict["NAME"]), definition.municipality, definition.hash)
    if name in _kept:
        return definition.hash
    row = ResolvedDefinition(
        municipality_id=definition.municipality,
        hash=definition.hash,
        key=definition.key,
        version=definition.version,
        content=to_json(definition),
        created_at=now(),
    )
    ResolvedDefinition.objects.bulk_create([row], ignore_conflicts=True)
    remember(definition)
    # Only what is surely committed may be skipped the next time.
    transaction.on_commit(lambda: _kept.add(name))
    return definition.hash


def adopt(
    actor: Actor, municipality: str, key: str, *, begin: date | None = None, mode: AdoptionMode = AdoptionMode.FOLLOW
) -> None:
    """Offer a product from a date on (default today); what was agreed earlier ends the day before.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` (no such product), `Conflict` (already so from that date), `Invalid` when an
    example of the product does not come out as it says for this municipality, and `SourceInvalid` for a wrong definition.
    """
    day = begin or today()
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        definition = resolve(municipality, key, day)
        _examples_must_pass(definition)
        _adopt(actor, definition, day, mode)


def _adopt(actor: Actor, definition: Resolved, day: date, mode: AdoptionMode) -> None:
    municipality, key = definition.municipality, definition.key
    earlier = list(Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key))
    if any(row.begin >= day for row in earlier):
        raise Conflict("Voor dit product is al iets afgesproken vanaf die dag of later. Trek dat eerst in.")
    for row in earlier:
        if row.end is None or row.end >= day:
            row.end = date.fromordinal(day.toordinal() - 1)
            row.save(update_fields=["end"])
    pinned = keep(definition) if mode is AdoptionMode.PIN else ""
    Adoption.objects.create(
        municipality_id=municipality, product=key, begin=day, mode=mode, pinned=pinned, adopted_at=now()
    )
    payload = {"product": key, "versie": definition.version, "vanaf": day.isoformat(), "hash": definition.hash}
    ledger.append(actor, municipality=municipality, kind="definitie.overgenomen", zaak_id=None, payload=payload)


def stop_offering(actor: Actor, municipality: str, key: str, *, last: date) -> None:
    """Offer a product until and including `last`; cases that run go on. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        rows = Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key, begin__lte=last)
        row = rows.order_by("-begin").first()
        if row is None or (row.end is not None and row.end < last):
            raise NotFound("Dit product wordt op die dag niet aangeboden.")
        row.end = last
        row.save(update_fields=["end"])
        payload = {"product": key, "tot_en_met": last.isoformat()}
        ledger.append(actor, municipality=municipality, kind="definitie.beeindigd", zaak_id=None, payload=payload)


def _examples_must_pass(definition: Resolved) -> None:
    findings = example_findings(definition)
    if findings:
        raise Invalid(
            "Niet alle voorbeelden komen uit zoals ze zeggen. Kijk ze na voordat u dit product aanbiedt.",
            invalid=[InvalidParam(dotted(f.path), "example", f.message) for f in findings],
        )


def adopt_demo() -> Mapping[str, tuple[str, ...]]:
    """Offer every product that a municipality has a variant file of, from the date in that file. Gives them by municipality.

    For the demo and a first installation; doing it again changes nothing.
    """
    made: dict[str, tuple[str, ...]] = {}
    found = library()
    for municipality in found.municipalities():
        actor = System(municipality, "catalogus-inrichten")
        with scope(municipality):
            present = set(Adoption.objects.values_list("product", flat=True))
            for key in found.variants_of(municipality):
                variant = found.variant(municipality, key)
                if variant is not None and key not in present:
                    begin = variant[0].begin
                    _adopt(actor, resolve(municipality, key, max(begin, today())), begin, AdoptionMode.FOLLOW)
        made[municipality] = tuple(found.variants_of(municipality))
    return made


# --- calculations for a population --------------------------------------------------------------------------------------

MOST_AT_ONCE = 3
GIVEN_UP = timedelta(hours=2)
"""A calculation takes minutes; one that is not done by then lost its worker."""
ENDED = (SimulationState.DONE, SimulationState.CANCELLED, SimulationState.FAILED)
_FORMATS = (".csv", ".parquet")


def start_simulation(actor: Staff, question: Question, *, title: str = "", upload: bytes | None = None) -> UUID:
    """Ask for a calculation; gives its id. `upload` is the population when `question.file_name` is filled.

    Needs `DEFINITIE_BEHEREN`. Raises `Invalid` with what is wrong per field, `Conflict` when enough calculations run already.
    """
    municipality = actor.municipality
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality)
        checked = check(law_book(), question)
        suffix = _suffix(checked, upload)
        mine = Simulation.objects.filter(municipality_id=municipality)
        if mine.exclude(state__in=ENDED).count() >= MOST_AT_ONCE:
            raise Conflict(f"Er lopen al {MOST_AT_ONCE} berekeningen. Wacht tot er een klaar is, of breek er een af.")
        program = law_book().program(checked.law, checked.on, checked.town)
        labels = {one.name: one.label for one in changeable(program)}
        row = Simulation.objects.create(
            municipality_id=municipality,
            title=title or title_of(checked, labels),
            law=checked.law,
            law_name=program.texts[0].name,
            question=msgspec.to_builtins(checked),
            file=storage.put(municipality, upload, suffix=suffix) if upload is not None and suffix else "",
            book=law_book().hash,
            subject=actor.subject,
            subject_name=actor.name,
            created_at=now(),
        )
        simulate.later(municipality=municipality, serial=ONE_AT_A_TIME, simulation=str(row.id))
    return row.id


def _suffix(question: Question, upload: bytes | None) -> str:
    """The kind of an uploaded file. Raises `Invalid` when it is not what its name says."""
    if not question.file_name:
        return ""
    suffix = next((end for end in _FORMATS if question.file_name.lower().endswith(end)), "")
    wrong = "Kies een bestand dat eindigt op .csv of .parquet."
    if suffix and not upload:
        wrong = "Het bestand is leeg. Kies een bestand met huishoudens."
    elif suffix and upload is not None and _looks_like(suffix, upload):
        return suffix
    elif suffix:
        wrong = f"Dit is geen {suffix[1:]}-bestand. Bewaar het opnieuw als {suffix[1:]}."
    raise Invalid("Kijk het bestand na.", invalid=[InvalidParam("file", "format", wrong)])


def _looks_like(suffix: str, upload: bytes) -> bool:
    """Whether the content can be of this kind: Parquet has its mark, text has no zero bytes."""
    return upload.startswith(b"PAR1") if suffix == ".parquet" else b"\0" not in upload[:4096]


def begin_simulation(municipality: str, simulation: UUID) -> tuple[Question, str] | None:
    """For the job: note that it runs, and give what is asked with the key of its file. None when there is nothing to do."""
    with scope(municipality):
        row = Simulation.objects.select_for_update().filter(id=simulation).first()
        if row is None or row.ended:
            return None
        if row.stop:
            _end(row, SimulationState.CANCELLED)
            return None
        row.state = SimulationState.RUNNING
        row.save(update_fields=["state"])
        return msgspec.convert(row.question, Question), row.file


def note_progress(municipality: str, simulation: UUID, *, done: int, total: int) -> bool:
    """For the job: how far it is. Gives whether it must go on."""
    with scope(municipality):
        found = Simulation.objects.filter(id=simulation, stop=False)
        return bool(found.update(done=done, total=total))


def finish_simulation(municipality: str, simulation: UUID, result: Result) -> None:
    """For the job: keep what came out."""
    with scope(municipality):
        row = Simulation.objects.select_for_update().filter(id=simulation).first()
        if row is not None and not row.ended:
            row.result = msgspec.to_builtins(result)
            row.done = row.total = result.rows
            _end(row, SimulationState.DONE)


def end_simulation(municipality: str, simulation: UUID, *, sentence: str, cancelled: bool = False) -> None:
    """For the job: it stopped, or it could not be done and why."""
    with scope(municipality):
        row = Simulation.objects.select_for_update().filter(id=simulation).first()
        if row is not None and not row.ended:
            row.sentence = sentence
            _end(row, SimulationState.CANCELLED if cancelled else SimulationState.FAILED)


def _end(row: Simulation, state: SimulationState) -> None:
    """The end of a calculation: an uploaded population is thrown away."""
    _forget_file(row)
    row.state = state
    row.finished_at = now()
    row.save()


def _forget_file(row: Simulation) -> None:
    if row.file:
        municipality, key = row.municipality_id, row.file
        transaction.on_commit(lambda: storage.remove(municipality, key))
        row.file = ""


def cancel_simulation(actor: Staff, simulation: UUID) -> None:
    """Stop a calculation. One that ended stays as it is. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        row = _own_simulation(actor, simulation)
        if row.ended:
            return
        row.stop = True
        if row.state == SimulationState.WAITING:
            _end(row, SimulationState.CANCELLED)
        else:
            row.save(update_fields=["stop"])


def remove_simulation(actor: Staff, simulation: UUID) -> None:
    """Throw a calculation away, with what came out. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, and `Forbidden` for one of
    a colleague."""
    with scope_of(actor):
        row = _own_simulation(actor, simulation)
        if row.subject != actor.subject:
            raise Forbidden(
                f"Deze berekening is van {row.subject_name}. Alleen wie een berekening startte, kan haar weggooien."
            )
        _forget_file(row)
        row.delete()


def _own_simulation(actor: Staff, simulation: UUID) -> Simulation:
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    found = Simulation.objects.select_for_update().filter(municipality_id=actor.municipality, id=simulation).first()
    if found is None:
        raise NotFound("Deze berekening is er niet (meer).")
    return found


def clear_old_simulations(municipality: str) -> None:
    """For the clock: throw away what was kept long enough, and end what a worker never finished."""
    with scope(municipality):
        for row in Simulation.objects.filter(created_at__lt=now() - timedelta(days=KEPT_DAYS)):
            _forget_file(row)
            row.delete()
        late = Simulation.objects.exclude(state__in=ENDED).filter(created_at__lt=now() - GIVEN_UP)
        for row in late.select_for_update():
            row.sentence = "De berekening is niet afgemaakt. Begin opnieuw, met minder huishoudens als het kan."
            _end(row, SimulationState.FAILED)
