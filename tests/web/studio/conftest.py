"""The studio as staff use it, over Django's client."""

from __future__ import annotations

import pytest

from tests.casework.conftest import LEIDEN, RegistersSay, clerk, offices, registers
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.trust.identity import Role

__all__ = ["offices", "registers"]


@pytest.fixture
def tess(offices: RegistersSay) -> Desk:
    """A clerk of Leiden: may read and try."""
    return desk_of(clerk("tess"))


@pytest.fixture
def fien(offices: RegistersSay) -> Desk:
    """The functional administrator of Leiden: may also calculate for a population."""
    return desk_of(clerk("fien", LEIDEN, Role.FUNCTIONEEL_BEHEERDER))
