"""The root of the service: its entity sets and what of the standard it does (OGC 18-088, 9.2.2 and chapter 7)."""

from __future__ import annotations

from django.conf import settings

from vliegwiel.rounds.sensing.entities import SETS
from vliegwiel.rounds.sensing.rows import Json

_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
MQTT = f"{_SPEC}receive-updates-via-mqtt/receive-updates"
CONFORMANCE = (
    f"{_SPEC}datamodel",
    f"{_SPEC}resource-path/resource-path-to-entities",
    f"{_SPEC}request-data",
    f"{_SPEC}create-update-delete/create-entity",
    f"{_SPEC}create-update-delete/link-to-existing-entities",
    f"{_SPEC}create-update-delete/deep-insert",
    f"{_SPEC}create-update-delete/deep-insert-status-code",
    f"{_SPEC}create-update-delete/update-entity",
    f"{_SPEC}create-update-delete/update-entity-put",
    f"{_SPEC}create-update-delete/update-entity-jsonpatch",
    f"{_SPEC}create-update-delete/delete-entity",
    f"{_SPEC}create-update-delete/historical-location-auto-creation",
    f"{_SPEC}data-array/data-array",
)


def landing(root: str) -> dict[str, Json]:
    """The entity sets with their addresses, the requirements that hold, and where observations are published."""
    conformance = list(CONFORMANCE)
    server: dict[str, Json] = {"conformance": conformance}
    if settings.PUBLIC_MQTT_URL:
        conformance.append(MQTT)
        server[MQTT] = {"endpoints": [settings.PUBLIC_MQTT_URL]}
    return {
        "value": [{"name": name, "url": f"{root}/{name}"} for name in SETS],
        "serverSettings": server,
    }
