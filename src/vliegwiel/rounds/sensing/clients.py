"""Who a program is that shows a token, and what it may do with our sensors."""

from __future__ import annotations

from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.models import SensorSource, SourceKind
from vliegwiel.rounds.sources import token_hash
from vliegwiel.trust.identity import Application
from vliegwiel.trust.rights import Right


def client_of(municipality: str, token: str) -> Application | None:
    """The active client of this municipality with this token, or None.

    Without a token: who may read without one, where the municipality opened its readings to everyone.
    """
    with scope(municipality):
        row = SensorSource.objects.filter(
            municipality_id=municipality,
            kind=SourceKind.API,
            active=True,
            token_hash=token_hash(token) if token else "",
        ).first()
    if row is None:
        return None
    rights = {Right.METING_LEZEN} if row.may_read else set()
    # Whoever shows nothing never writes, whatever the row says.
    rights |= {Right.SENSOR_BEHEREN} if row.may_write and token else set()
    return Application(municipality, str(row.id), row.name, frozenset(right.value for right in rights))
