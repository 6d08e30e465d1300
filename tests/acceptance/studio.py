"""What the studio of a municipality holds for itself: a draft, news, offers, proposals, and case types that were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tests.catalogue.zgwimport.disguises import disguise
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.models import Notice, Peer, Proposal, Received
from vliegwiel.catalogue.versions.actions import save_draft, start_draft
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.keeping import keep_import
from vliegwiel.trust.identity import Staff

PRODUCT = "individuele-inkomenstoeslag"
MOMENT = datetime(2026, 11, 24, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Studio:
    """Ids of what is there, by the name they have in an address. `word` stands in all of it."""

    word: str
    ids: dict[str, UUID]


def fill_studio(actor: Staff, word: str) -> Studio:
    """One of everything, with `word` in it."""
    draft = start_draft(actor, "variant", PRODUCT)
    save_draft(actor, "variant", PRODUCT, f"# {word}\n{draft.text}")
    notice, offer, proposal = _from_elsewhere(actor.municipality, word)
    reading = read_archive(disguise(7, 1).archive())
    return Studio(
        word,
        {
            "notice_id": notice, "offer_id": offer, "proposal_id": proposal, "id_": proposal,
            "import_id": keep_import(actor, reading, title=word, source=f"{word}.zip"),
        },
    )  # fmt: skip


def _from_elsewhere(municipality: str, word: str) -> tuple[UUID, UUID, UUID]:
    """News of a version, what another municipality offers, and what it proposes."""
    with scope(municipality):
        peer = Peer.objects.create(
            municipality_id=municipality, code="GM0363", name=word, url="https://ginds.example/", public_key="A" * 43 + "=",
            added_by="x", added_by_name="Iemand", added_at=MOMENT,
        )  # fmt: skip
        offered = Received.objects.create(
            municipality_id=municipality, peer=peer, publisher="GM0363", kind="blok", key="contact", version="2.0.0",
            hash="1" * 64, text=f"# {word}\nsoort: blok\n", summary=word, reason=word, published_at=MOMENT, bundle="2" * 64,
            received_at=MOMENT,
        )  # fmt: skip
        proposed = Proposal.objects.create(
            municipality_id=municipality, direction="in", peer=peer, other="GM0363", kind="blok", key="contact", hash="3" * 64,
            text=f"# {word}\nsoort: blok\n", reason=word, sender="y", sender_name=word, state="nieuw", created_at=MOMENT,
        )  # fmt: skip
        news = Notice.objects.create(
            municipality_id=municipality, product=PRODUCT, from_hash="4" * 64, from_version="1.0.0", to_version="1.1.0",
            effect="automatisch", note=word, made_at=MOMENT,
        )  # fmt: skip
    return news.id, offered.id, proposed.id
