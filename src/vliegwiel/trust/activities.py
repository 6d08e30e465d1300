"""The register of processing activities (AVG art. 30): why the platform touches personal data, and on what legal ground.

A log line refers to one version of an activity: a relevant change of an activity is a new version, so that old lines keep
pointing at what was true then (Logboek Dataverwerkingen, component Register).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Between, Key, NotEmpty, Pattern

PATH = Path(__file__).resolve().parents[1] / "definitions" / "verwerkingen.yaml"
URI = "urn:vliegwiel:verwerkingsactiviteit:"


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal ground. `verified`: the text of the law, or a supervisor's rendering of it, was read."""

    law: Annotated[str, Key("regeling"), NotEmpty()]
    article: Annotated[str, Key("artikel"), NotEmpty()]
    text: Annotated[str, Key("tekst"), NotEmpty()]
    source: Annotated[str, Key("bron"), NotEmpty()]
    verified: Annotated[bool, Key("geverifieerd")]


@dataclass(frozen=True, slots=True)
class Activity:
    """One version of a processing activity: its name and purpose as the citizen reads them."""

    id: Annotated[str, Pattern("[a-z]+(-[a-z]+)*", "kleine letters met streepjes")]
    version: Annotated[int, Key("versie"), Between(1, 1000)]
    name: Annotated[str, Key("naam"), NotEmpty()]
    purpose: Annotated[str, Key("doel"), NotEmpty()]
    grounds: Annotated[tuple[str, ...], Key("grondslag"), NotEmpty()]

    @property
    def uri(self) -> str:
        """What stands in a log line as `dpl.core.processing_activity_id`."""
        return f"{URI}{self.id}:{self.version}"


@dataclass(frozen=True, slots=True)
class ActivityRegister:
    """The whole register. Every ground an activity names is in it."""

    grounds: Annotated[Mapping[str, Ground], Key("grondslagen")]
    activities: Annotated[tuple[Activity, ...], Key("activiteiten"), NotEmpty()]

    def __post_init__(self) -> None:
        for activity in self.activities:
            for ground in activity.grounds:
                if ground not in self.grounds:
                    raise ValueError(f"De activiteit {activity.id} noemt de onbekende grondslag {ground}.")
        if len({activity.uri for activity in self.activities}) != len(self.activities):
            raise ValueError("Een versie van een activiteit staat er twee keer in.")


@cache
def activity_register() -> ActivityRegister:
    """The register, read once."""
    return load(PATH, ActivityRegister, "verwerkingen.yaml")


@cache
def _newest() -> Mapping[str, Activity]:
    return {a.id: a for a in sorted(activity_register().activities, key=lambda a: a.version)}


@cache
def _by_uri() -> Mapping[str, Activity]:
    return {a.uri: a for a in activity_register().activities}


def activity(id_: str) -> Activity:
    """The newest version of an activity. Raises `ValueError` for an id that is not in the register: a defect."""
    if id_ not in _newest():
        raise ValueError(f"no processing activity {id_!r}; known: {', '.join(sorted(_newest()))}")
    return _newest()[id_]


def activity_by_uri(uri: str) -> Activity:
    """The version of an activity that a log line points at. Raises `ValueError` when the register lost it."""
    if uri not in _by_uri():
        raise ValueError(f"the register of processing activities has no {uri!r}; versions must stay in it")
    return _by_uri()[uri]
