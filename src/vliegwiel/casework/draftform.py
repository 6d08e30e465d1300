"""The form of a draft: its stored answers and facts laid over the definition it was begun under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from vliegwiel.base.clock import today
from vliegwiel.base.errors import NotFound
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.registers.needs import needs as all_needs
from vliegwiel.trust.identity import Level

from . import hot
from .facts import SELF, StoredFact
from .filledform import FilledForm, fill
from .models import Draft, DraftUpload

CHECK = "controleren"
"""The step after the last: check the answers and send."""


def form_of(draft: Draft, resolved: Resolved, uploads: Iterable[DraftUpload] | None = None) -> FilledForm:
    """The form as it is filled in now. Reads the uploads unless they are given."""
    rows = hot.uploads_of(draft.id) if uploads is None else uploads
    counted = Counter(row.field for row in rows)
    facts = {fact.name: fact.value for fact in draft.stored_facts() if fact.known}
    return fill(resolved, facts, draft.answers, counted, channel=draft.channel, done=draft.done, today=today())


def level_for(resolved: Resolved, channel: str) -> Level:
    """How strongly somebody must be logged in to ask for it along this channel."""
    found = next((c for c in resolved.channels if c.key == channel), None)
    if found is None:
        raise NotFound("Dit product kunt u niet langs deze weg aanvragen.")
    return Level[found.level.upper()] if found.level else resolved.level


def missing_needs(resolved: Resolved, facts: Iterable[StoredFact]) -> tuple[str, ...]:
    """The data the product needs that no register has answered yet; what the person said instead is no answer of it."""
    known = {fact.name for fact in facts if fact.source != SELF}
    return tuple(need.key for need in resolved.needs if need.key not in known)


def vehicle_needs(missing: Iterable[str]) -> tuple[str, ...]:
    """Those that wait for a number plate."""
    listed = all_needs()
    return tuple(name for name in missing if name in listed and listed[name].of_vehicle)


def plate_of(form: FilledForm) -> str:
    """The number plate that was answered, or empty."""
    for step in form.steps:
        for field in step.fields:
            value = form.known.get(field.datum)
            if field.kind is FieldKind.KENTEKEN and isinstance(value, str):
                return value
            if field.datum.endswith("kenteken") and isinstance(value, str):
                return value
    return ""
