"""What this room does by itself: sealing each second, making partitions ahead, clearing what ended."""

from __future__ import annotations

import logging

from vliegwiel.base.clock import now
from vliegwiel.base.jobs import every
from vliegwiel.base.models import Municipality
from vliegwiel.base.tenancy import scope

from .partitions import AHEAD, make_partitions
from .sealing import seal_all, unsealed
from .sessions import clear_ended

_log = logging.getLogger(__name__)


def _codes() -> tuple[str, ...]:
    """All municipalities this installation has ever served: what they left behind is looked after too."""
    return tuple(Municipality.objects.filter(live_since__isnull=False).values_list("code", flat=True))


@every(1.0, name="trust.seal")
def seal_ready() -> None:
    """Seal what is ready, municipality by municipality."""
    codes = _codes()
    if not codes:
        return
    with scope(*codes):
        waiting = unsealed()
    for municipality in waiting:
        try:
            seal_all(municipality)
        except (TypeError, ValueError):
            # A row that `append` cannot have written: somebody tampered. The logs of the others must go on.
            _log.exception("a log cannot be sealed", extra={"gemeente": municipality})


@every(6 * 3600.0, name="trust.partitions")
def partitions_ahead() -> None:
    """Have the partitions of the coming years ready."""
    if made := make_partitions(now().year + AHEAD):
        _log.info("partitions made", extra={"aantal": made})


@every(600.0, name="trust.sessions")
def clear_sessions() -> None:
    """Remove sessions and login attempts that ended."""
    if codes := _codes():
        clear_ended(codes)
