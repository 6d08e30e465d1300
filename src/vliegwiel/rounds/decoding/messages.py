"""The types that others need: what comes out of a message. (`envelopes.py` opens one, `decoding.py` reads it.)"""

from __future__ import annotations

from .outcomes import Envelope, Notice, Outcome, Reading, Reason, Unreadable, Uplink
from .quantities import MEASURES, Measure, Quantity

__all__ = [
    "MEASURES",
    "Envelope",
    "Measure",
    "Notice",
    "Outcome",
    "Quantity",
    "Reading",
    "Reason",
    "Unreadable",
    "Uplink",
]
