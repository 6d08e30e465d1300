"""Applications before they are sent: start, answer, add files, throw away, send."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound, Stale
from vliegwiel.catalogue.actions import keep
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.catalogue.queries import by_hash, product_for
from vliegwiel.trust.identity import Actor, Citizen
from vliegwiel.trust.rights import require_citizen, scope_of

from .. import gathering, uploads
from ..access import open_draft, own_draft
from ..draftform import CHECK, form_of, level_for, missing_needs, plate_of, vehicle_needs
from ..facts import by_name
from ..filledform import FilledForm
from ..freetext import plain_signs
from ..gathering import Asked
from ..models import Draft, DraftUpload
from ..numbers import check_digit
from ..opening import DataLacking, open_from_draft
from ..pages import Upload

__all__ = ["add_upload", "answer", "discard", "level_for", "refresh_facts", "remove_upload", "start_draft", "submit"]

KEPT, FRESH = timedelta(days=30), timedelta(days=1)
MOST_FILES = 10
_LONGEST, _MOST_VALUES = 20_000, 100

Typed = Mapping[str, Sequence[str]]


def start_draft(actor: Actor, product: str, *, channel: str = "internet", typed: Typed | None = None) -> UUID:
    """Begin an application, or take up the one that is open. `typed` holds answers given before login, by field.

    Asks the registers first, outside the transaction; a register that is down does not stop anybody. Raises `NotFound`
    for a product the municipality does not offer, `LoginNeeded` when the login is too weak.
    """
    resolved = product_for(actor.municipality, product)
    citizen = require_citizen(actor, level=level_for(resolved, channel))
    with scope_of(citizen):
        found = _open_one(citizen, product)
    if found is not None:
        _freshen(citizen, found)
        return found
    asked = gathering.ask(resolved, citizen.bsn)
    with scope_of(citizen):
        keep(resolved)
        draft = _new(citizen, resolved, channel, asked)
        if typed:
            known = {field.key for field in resolved.fields()}
            draft.answers = {key: _clean(values) for key, values in typed.items() if key in known}
        Draft.objects.bulk_create([draft], ignore_conflicts=True)
        gathering.log(asked, resolved, citizen.bsn, reason="om het formulier voor u in te vullen")
        # Another tab may have been first: then that one counts.
        found = _open_one(citizen, product)
        if found is None:
            raise Conflict("Uw aanvraag is net in een ander venster verstuurd. Kijk bij uw zaken.")
        return found


def _open_one(citizen: Citizen, product: str) -> UUID | None:
    rows = Draft.objects.filter(
        bsn=citizen.bsn, product=product, ended__isnull=True, municipality_id=citizen.municipality
    )
    rows.filter(expires__lt=today()).update(ended=now())
    return rows.values_list("id", flat=True).first()


def _freshen(citizen: Citizen, draft_id: UUID) -> None:
    """What the registers said is a day old at most when somebody goes on with an application."""
    with scope_of(citizen):
        oldest = min((fact.moment for fact in own_draft(citizen, draft_id).stored_facts()), default=None)
    if oldest is None or now() - oldest > FRESH:
        refresh_facts(citizen, draft_id)


def _new(citizen: Citizen, resolved: Resolved, channel: str, asked: Asked) -> Draft:
    moment = now()
    return Draft(
        municipality_id=citizen.municipality,
        bsn=citizen.bsn,
        product=resolved.key,
        definition=resolved.hash,
        reference=_reference(),
        level=int(citizen.level),
        channel=channel,
        step="",
        facts=[fact.as_json() for fact in asked.facts],
        silent=list(asked.silent),
        created=moment,
        saved=moment,
        expires=today() + KEPT,
    )


def _reference() -> str:
    """Seven digits to read out on the phone, the last a check digit."""
    digits = f"{secrets.randbelow(10**6):06d}"
    digits += str(check_digit(digits))
    return f"{digits[:4]} {digits[4:]}"


def refresh_facts(actor: Actor, draft_id: UUID) -> None:
    """Ask the registers again, all of them. What is not answered now keeps what was known."""
    with scope_of(actor):
        draft = own_draft(actor, draft_id)
        resolved = by_hash(draft.municipality_id, draft.definition)
        plate = plate_of(form_of(draft, resolved))
    _take_in(actor, draft_id, resolved, gathering.ask(resolved, draft.bsn, plate=plate))


def _take_in(actor: Actor, draft_id: UUID, resolved: Resolved, asked: Asked) -> FilledForm:
    """Put what the registers said in the draft; gives the form as it is now: a question may have become needless."""
    with scope_of(actor):
        draft = open_draft(actor, draft_id)
        merged = {**by_name(draft.stored_facts()), **by_name(asked.facts)}
        draft.facts = [fact.as_json() for fact in merged.values()]
        answered = {fact.source for fact in asked.facts}
        still = [noted for noted in draft.silent if noted.partition("/")[0] not in answered]
        draft.silent = sorted({*still, *asked.silent})
        draft.save(update_fields=["facts", "silent"])
        gathering.log(asked, resolved, draft.bsn, reason="om het formulier voor u in te vullen")
        return form_of(draft, resolved)


def answer(actor: Actor, draft_id: UUID, step: str, typed: Typed, *, version: int, later: bool = False) -> str | None:
    """Save the answers of one step; returns the key of the next step, or None when all are done (check page).

    With `later` everything typed is kept as it is and nothing is refused ("bewaren en later verder"). Otherwise raises
    `Invalid` with a sentence per field, and then saves nothing: the face shows what was typed again. Raises `Stale` when
    the application was changed in another window.
    """
    with scope_of(actor):
        draft = open_draft(actor, draft_id)
        resolved = by_hash(draft.municipality_id, draft.definition)
        if version != draft.version and not later:
            raise Stale("U hebt deze aanvraag in een ander venster veranderd. Kijk uw antwoorden nog eens na.")
        form = _write_in(draft, resolved, step, typed)
        if not later and (wrong := form.wrong_in(step)):
            raise Invalid("Kijk uw antwoorden na.", invalid=[InvalidParam(w.field, w.code, w.sentence) for w in wrong])
        following = _move(draft, form, step, later)
        draft.save(update_fields=["answers", "step", "done", "saved", "expires", "version"])
        more, plate = vehicle_needs(missing_needs(resolved, draft.stored_facts())), plate_of(form)
        bsn = draft.bsn
    asked = gathering.ask(resolved, bsn, only=more, plate=plate) if more and plate else gathering.NOTHING
    places = gathering.look_up(resolved, form, step)
    if asked.facts or places:
        after = _take_in(actor, draft_id, resolved, replace(asked, facts=(*asked.facts, *places))).after(step)
        return after.key if after else None
    return following


def _write_in(draft: Draft, resolved: Resolved, step: str, typed: Typed) -> FilledForm:
    """Put what was typed in the draft. An answer can bring another question of the same step; its answer is taken too."""
    form = form_of(draft, resolved)
    if (shown := form.step(step)) is None:
        raise NotFound("Deze stap is er niet in uw aanvraag.")
    written: set[str] = set()
    while shown is not None:
        fields = [f for f in shown.fields if f.kind is not FieldKind.BESTAND and f.key not in written]
        # What came up only now and was not on the page keeps what it had.
        fields = [f for f in fields if not written or f.key in typed]
        if not fields:
            break
        for field in fields:
            draft.answers[field.key] = _clean(typed.get(field.key, ()))
            written.add(field.key)
        form = form_of(draft, resolved)
        shown = form.step(step)
    return form


def _move(draft: Draft, form: FilledForm, step: str, later: bool) -> str | None:
    following = form.after(step)
    if not later:
        draft.done = [*(key for key in draft.done if key != step), step]
        draft.step = following.key if following else CHECK
    draft.saved, draft.expires = now(), today() + KEPT
    draft.version += 1
    return following.key if following else None


def _clean(values: Sequence[str]) -> list[str]:
    """What was typed, unchanged but for what no database can hold, and within bounds."""
    texts = [text for text in values if isinstance(text, str)][:_MOST_VALUES]
    return [plain_signs(text)[:_LONGEST] for text in texts]


def add_upload(actor: Actor, draft_id: UUID, field: str, name: str, content: BinaryIO) -> Upload:
    """Add a file to an answer. Raises `Invalid` or `TooLarge` (on the field) when it cannot be used."""
    with scope_of(actor):
        draft = open_draft(actor, draft_id, lock=False)
        resolved = by_hash(draft.municipality_id, draft.definition)
        question = form_of(draft, resolved).field(field)
        if question is None or question.kind is not FieldKind.BESTAND:
            raise NotFound("Hier kunt u geen bestand toevoegen.")
    accepted = uploads.accept(field, name, content, kinds=question.documents, limit=question.megabytes << 20)
    key = storage.put(draft.municipality_id, accepted.content, suffix=accepted.kind.endings[0])
    with scope_of(actor):
        draft = open_draft(actor, draft_id)
        if draft.uploads.count() >= MOST_FILES:
            sentence = f"U kunt hoogstens {MOST_FILES} bestanden meesturen. Haal er eerst een weg."
            raise Invalid(sentence, invalid=[InvalidParam(field, "too_many", sentence)])
        row = DraftUpload.objects.create(
            municipality_id=draft.municipality_id,
            draft=draft,
            field=field,
            name=accepted.name,
            media_type=accepted.kind.media_type,
            size=accepted.size,
            sha256=accepted.sha256,
            key=key,
            added=now(),
        )
        _touch(draft)
        return Upload(row.id, field, row.name, row.size, row.media_type, row.added)


def remove_upload(actor: Actor, draft_id: UUID, upload_id: UUID) -> None:
    """Take a file away again. It is no error when it is gone already."""
    with scope_of(actor):
        draft = open_draft(actor, draft_id)
        row = draft.uploads.filter(id=upload_id).first()
        if row is None:
            return
        row.delete()
        _touch(draft)
    storage.remove(draft.municipality_id, row.key)


def _touch(draft: Draft) -> None:
    draft.saved, draft.expires = now(), today() + KEPT
    draft.save(update_fields=["saved", "expires"])


def discard(actor: Actor, draft_id: UUID) -> None:
    """Throw the application away, with its files."""
    with scope_of(actor):
        draft = open_draft(actor, draft_id)
        keys = [row.key for row in draft.uploads.all()]
        draft.delete()
    for key in keys:
        storage.remove(draft.municipality_id, key)


def submit(actor: Actor, draft_id: UUID, *, version: int) -> UUID:
    """Send the application: it becomes a case, whose id is returned. Sending it again gives the same case.

    Raises `Invalid` when something is not answered yet, `Stale` when it was changed since the person saw it, and
    `LoginNeeded` when the login is weaker than the product asks.
    """
    try:
        with scope_of(actor):
            return open_from_draft(actor, draft_id, version=version, asked_again=False)
    except DataLacking as lacking:
        # Registers are asked outside the transaction, which is over now.
        asked = gathering.ask(lacking.resolved, lacking.bsn, only=lacking.needs, plate=lacking.plate)
        _take_in(actor, draft_id, lacking.resolved, asked)
    with scope_of(actor):
        return open_from_draft(actor, draft_id, version=version, asked_again=True)
