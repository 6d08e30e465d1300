"""Publishing in tests: written by one person, approved by another, as it is done."""

from __future__ import annotations

from vliegwiel.catalogue.versions import actions, queries
from vliegwiel.catalogue.versions.views import Published
from vliegwiel.trust.identity import Role, Staff


def keeper(name: str = "anna", municipality: str = "GM0546") -> Staff:
    """Somebody who keeps definitions."""
    return Staff(municipality, f"beheer-{name}", name.title(), frozenset({Role.FUNCTIONEEL_BEHEERDER}))


def publish(municipality: str, kind: str, key: str, *, old: str, new: str) -> Published:
    """One change in what is live, published by two persons."""
    text = queries.text_now(municipality, kind, key).text
    assert old in text
    return publish_text(municipality, kind, key, text.replace(old, new, 1))


def publish_text(municipality: str, kind: str, key: str, text: str) -> Published:
    """A text, published by two persons."""
    writer, approver = keeper("anna", municipality), keeper("bart", municipality)
    actions.start_draft(writer, kind, key, text=text)
    offered = actions.offer_for_approval(
        writer, kind, key, summary="Andere woorden.", reason="Mensen begrepen het niet."
    )
    return actions.approve_and_publish(approver, kind, key, seen=offered.hash)
