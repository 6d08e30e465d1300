"""Sharing with municipalities on other installations: whom we follow, what they offer, what was proposed back and forth."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Conflict, Invalid, NotFound, Unavailable, VliegwielError
from vliegwiel.catalogue.exchange import actions, feed, hearing, proposing, queries
from vliegwiel.catalogue.library import header
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.studio import frame

FIELDS = ("code", "url", "public_key", "keys", "peer", "product", "reason")
MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """The overview; following, asking and proposing."""
    reader = staff(request)
    if request.method != "POST":
        return _show(request, reader)
    try:
        return _done(request, reader)
    except (Invalid, Conflict, NotFound, Unavailable) as error:
        return _show(request, reader, error)


def _done(request: PageRequest, reader: Staff) -> HttpResponse:
    act = posted.one(request, "doe")
    if act == "volgen":
        return _follow(request, reader)
    peer = _id(posted.one(request, "peer"))
    if act == "ophalen":
        actions.pull_now(reader, peer)
        done = "opgehaald"
    elif act in ("pauze", "verder"):
        actions.set_peer(reader, peer, active=act == "verder")
        done = "gewijzigd"
    elif act == "stoppen":
        actions.remove_peer(reader, peer)
        done = "nietmeer"
    elif act == "voorstellen":
        key = posted.one(request, "product")
        proposing.propose(reader, peer, "product", key, reason=posted.one(request, "reason"))
        done = "voorgesteld"
    else:
        raise Invalid("Kies wat u wilt doen.")
    return HttpResponseRedirect(f"{reverse('studio:sharing')}?gedaan={done}")


def _follow(request: PageRequest, reader: Staff) -> HttpResponse:
    url, key = posted.one(request, "url").strip(), posted.one(request, "public_key").strip()
    if not key:
        # First see who answers; a person compares the key before it is believed.
        return _show(request, reader, met=hearing.meet(url))
    keys = [word for word in posted.one(request, "keys").replace(",", " ").split() if word][:MOST]
    code = posted.one(request, "code").strip().upper()
    actions.add_peer(reader, code=code, url=url, public_key=key, keys=keys)
    return HttpResponseRedirect(f"{reverse('studio:sharing')}?gedaan=gevolgd")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("Deze gemeente volgt u niet (meer).") from None


def _show(
    request: PageRequest, reader: Staff, error: VliegwielError | None = None, met: hearing.Introduced | None = None
) -> HttpResponse:
    values = {name: posted.one(request, name) for name in FIELDS}
    if met is not None:
        values |= {"code": met.code, "public_key": met.keys[0]}
    found = library_for(reader.municipality)
    products = [(key, header(file, "naam")) for key in found.products() if (file := found.product(key)) is not None]
    proposals = queries.proposals(reader)
    context = {
        "who": feed.who(reader.municipality),
        "address": request.build_absolute_uri(reverse("exchange")).rstrip("/"),
        "peers": queries.peers(reader),
        "offers": queries.received(reader),
        "decided": [one for one in queries.received(reader, "", limit=MOST) if one.state != "nieuw"],
        "incoming": [one for one in proposals if one.incoming and one.state == "nieuw"],
        "proposals": [one for one in proposals if not (one.incoming and one.state == "nieuw")][:MOST],
        "products": sorted(products, key=lambda pair: pair[1].casefold()),
        "names": dict(products),
        "problem": error.sentence if error is not None else "",
        "faults": {one.name: one.reason for one in error.invalid} if error is not None else {},
        "values": values,
        "met": met,
    }
    status = error.status if error is not None else 200
    return frame.show(request, reader, "sharing.html", context, section="sharing", status=status)
