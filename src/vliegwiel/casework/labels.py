"""What people call a datum."""

from __future__ import annotations

from vliegwiel.catalogue.model import Resolved, find
from vliegwiel.registers.needs import needs as all_data


def label_of(resolved: Resolved, datum: str) -> str:
    """The word of the product, the question of the form or of a task, or the list of data; else the name itself."""
    need = find(resolved.needs, datum)
    if need is not None:
        return need.label
    for field in [*resolved.fields(), *(f for task in resolved.process.tasks for f in task.fields)]:
        if field.datum == datum or field.key == datum:
            return field.label
    listed = all_data().get(datum)
    return listed.label if listed else datum.replace("_", " ").replace(".", " ")
