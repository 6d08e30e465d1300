"""Every write of the catalogue: offering products, keeping the definitions of cases, and calculations for a population."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from vliegwiel.base import storage
from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.trust.identity import Staff, System
from vliegwiel.trust.rights import Right, require, scope_of

from .adopting.actions import adopt, start, stop_offering
from .keeping import keep
from .lawbook import law_book
from .models import Adoption, AdoptionMode, Simulation, SimulationState
from .resolve import library, resolve
from .simulations import KEPT_DAYS, Question, Result, changeable, check, title_of
from .versions.shelves import Line
from .worklater import ONE_AT_A_TIME, simulate

__all__ = [
    "adopt", "adopt_demo", "begin_simulation", "clear_old_simulations", "end_simulation", "finish_simulation", "keep",
    "note_progress", "start_simulation", "stop_offering",
]  # fmt: skip


def adopt_demo(
    products: Collection[str] | None = None, *, towns: Collection[str] | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Offer every product that a municipality has a variant file of, from the date in that file. Gives them by municipality.

    `products`, `towns`: only these. For the demo and a first installation; doing it again changes nothing.
    """
    made: dict[str, tuple[str, ...]] = {}
    found = library()
    for municipality in found.municipalities():
        offers = tuple(key for key in found.variants_of(municipality) if products is None or key in products)
        if not offers or (towns is not None and municipality not in towns):
            continue
        actor = System(municipality, "catalogus-inrichten")
        with scope(municipality):
            present = set(Adoption.objects.values_list("product", flat=True))
            for key in offers:
                variant = found.variant(municipality, key)
                if variant is not None and key not in present:
                    begin = variant[0].begin
                    definition = resolve(municipality, key, max(begin, today()))
                    start(actor, definition, begin, AdoptionMode.FOLLOW, Line(municipality))
        made[municipality] = offers
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
