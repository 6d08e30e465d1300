"""Where the simulated outside world keeps its things, and under which paths it answers."""

from __future__ import annotations

from pathlib import Path

from vliegwiel.base import bootstrap

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
