"""Fixtures of the register clients' tests."""

from __future__ import annotations

from tests.fixtures_simulators import oidc_provider, register_simulator, register_simulator_process

__all__ = ["oidc_provider", "register_simulator", "register_simulator_process"]
