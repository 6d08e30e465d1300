"""What is still wrong on a page, as the summary on top shows it: a sentence and a link to its field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vliegwiel.casework.pages import Field


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the summary."""

    link: str
    sentence: str


def faults(fields: Iterable[Field]) -> tuple[Fault, ...]:
    """The fields that have an error, in the order of the page."""
    return tuple(Fault(f"#veld-{field.key}", field.error) for field in fields if field.error)
