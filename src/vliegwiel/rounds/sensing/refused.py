"""A question that fits the grammar but not the model, or that asks too much."""

from __future__ import annotations

from vliegwiel.base.errors import Invalid


class Refused(Invalid):
    """What was asked does not exist or cannot be answered. The sentence says what can."""

    code = "invalid_query"


class TooHeavy(Invalid):
    """The database needed too long for it."""

    code, title = "too_heavy", "Deze vraag is te groot"
