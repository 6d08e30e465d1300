"""What people call a datum."""

from __future__ import annotations

from vliegwiel.catalogue.model import Field, Resolved, find
from vliegwiel.registers.needs import needs as all_data


def field_of(resolved: Resolved, datum: str) -> Field | None:
    """The question of the form or of a task that a datum answers."""
    fields = [*resolved.fields(), *(field for task in resolved.process.tasks for field in task.fields)]
    return next((field for field in fields if datum in (field.datum, field.key)), None)


def label_of(resolved: Resolved, datum: str) -> str:
    """The word of the product, the question of the form or of a task, or the list of data; else the name itself."""
    need = find(resolved.needs, datum)
    if need is not None:
        return need.label
    if (field := field_of(resolved, datum)) is not None:
        return field.label
    listed = all_data().get(datum)
    return listed.label if listed else datum.replace("_", " ").replace(".", " ")
