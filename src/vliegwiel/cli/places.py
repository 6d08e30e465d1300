"""Where the simulated outside world keeps its things, and under which addresses and with which keys the platform finds it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from vliegwiel.base import bootstrap, supervisor
from vliegwiel.base.keptfile import keep

REGISTER_PATHS = {
    "VLIEGWIEL_BRP_URL": "/haalcentraal/api/brp",
    "VLIEGWIEL_BAG_URL": "/lvbag/individuelebevragingen/v2",
    "VLIEGWIEL_RDW_URL": "/rdw/v1",
    "VLIEGWIEL_TERUGMELDING_URL": "/terugmelding/v1",
}
"""Setting of the platform to path of the simulator. As the real ones have them."""


def simulators() -> Path:
    """The folder of the simulators, inside the data folder."""
    return bootstrap.data_folder() / "simulators"


def registers_file() -> Path:
    """The file that holds the simulated registers."""
    return simulators() / "registers.sqlite3"


def fleet_file() -> Path:
    """The file that holds the containers of the simulated sensors; made with the voorbeeldgegevens."""
    return simulators() / "sensors" / "fleet.json"


def know_keys() -> None:
    """Keys for the simulators in the environment: made once, so that every process of this data folder has the same."""
    for setting, name in (
        ("VLIEGWIEL_REGISTER_KEY", "registers.key"),
        ("VLIEGWIEL_OIDC_CLIENT_SECRET", "oidc.key"),
        ("VLIEGWIEL_MQTT_PLATFORM_KEY", "mqtt-platform.key"),
        ("VLIEGWIEL_MQTT_NETWORK_KEY", "mqtt-network.key"),
    ):
        if not os.environ.get(setting):
            os.environ[setting] = keep(simulators() / name, lambda: secrets.token_urlsafe(24))


def find_running() -> None:
    """Let this command use the simulators of the platform that runs on this data folder, where nothing else is set."""
    if os.environ.get("VLIEGWIEL_MODE") == "production":
        return
    found = supervisor.running(bootstrap.data_folder())
    if found is not None and found.outside:
        for setting, address in found.outside.items():
            os.environ.setdefault(setting, address)
        know_keys()
