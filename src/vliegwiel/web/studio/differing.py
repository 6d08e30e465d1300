"""What differs: a draft and what is live, two versions of a product, and the versions that there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import Node, SourceInvalid, parse_source
from vliegwiel.catalogue.adopting import actions as adopting
from vliegwiel.catalogue.adopting.queries import trail
from vliegwiel.catalogue.editing.difference import Chapter, count, text_lines, told
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.resolve import layered_of
from vliegwiel.catalogue.versions import queries
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.catalogue.versions.views import VersionRow
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .productpage import NATIONAL, content, head
from .workbench import Bench, bench

MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Version:
    """A version in the history, with who published it by name and the version before it (its hash, empty for none)."""

    row: VersionRow
    publisher: str
    before: str


def chapters(found: Bench) -> tuple[Chapter, ...]:
    """What a draft changes: of the whole definition where it makes one, else of its own text."""
    if found.definition is None:
        return ()
    return told(_live_root(found), found.definition.root)


def _live_root(found: Bench) -> Node | None:
    try:
        if found.kind in ("patroon", "blok"):
            return parse_source(found.live, found.key).root if found.live else None
        who = found.municipality if found.kind == "variant" else NATIONAL
        return layered_of(who, found.key, among=found.below).root
    except (SourceInvalid, NotFound):
        return None


@require_safe
def draft(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """What a draft changes to what is live."""
    reader = staff(request)
    found = bench(reader, kind, key)
    parts = chapters(found)
    context = {
        "bench": found,
        "chapters": parts,
        "count": count(parts),
        "lines": text_lines(found.live, found.text)[:MOST_LINES],
        "before": _("nu live"),
        "after": _("in het concept"),
    }
    return frame.show(request, reader, "draft_diff.html", context, section="products")


@require_safe
def preview(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """The product as it would be."""
    reader = staff(request)
    found = bench(reader, kind, key)
    if found.resolved is None:
        raise NotFound(_("Dit concept maakt nog geen heel product. Kijk eerst na wat er niet klopt."))
    context = {"bench": found, "runs": (), **content(found.resolved, found.library, clock.today())}
    return frame.show(request, reader, "draft_preview.html", context, section="products")


@require_safe
def history(request: PageRequest, key: str) -> HttpResponse:
    """The versions of a product and of our variant, and what we ran when."""
    reader = staff(request)
    own = request.municipality.code
    shown = head(request, reader, key, "history")
    steps = trail(own, key)
    context = {
        "head": shown,
        "steps": steps,
        "earlier": list({one.definition: one for one in steps[1:] if one.definition != steps[0].definition}.values()),
        "product": _versions(queries.history(own, "product", key)),
        "variant": _versions(queries.history(own, "variant", key, own)),
        "town": own,
    }
    return frame.show(request, reader, "product_history.html", context, section="products")


def _versions(rows: tuple[VersionRow, ...]) -> list[Version]:
    found = []
    for number, row in enumerate(rows):
        before = row.parents[0] if row.parents else next((one.hash for one in rows[number + 1 :]), "")
        found.append(Version(row, town(row.publisher).name if row.publisher else _("Vliegwiel"), before))
    return found


@require_safe
def versions(request: PageRequest, key: str) -> HttpResponse:
    """Two versions side by side: `van` and `naar` are their hashes. Raises `NotFound`."""
    reader = staff(request)
    own = request.municipality.code
    old, new = posted.query(request, "van", 64), posted.query(request, "naar", 64)
    texts = [_text(own, one) for one in (old, new)]
    try:
        roots = [parse_source(text, key).root if text else None for text in texts]
    except SourceInvalid as error:
        raise NotFound(_("Deze versie is niet te lezen.")) from error
    parts = told(roots[0], roots[1])
    names = {
        row.hash: row
        for kind, owner in (("product", ""), ("variant", own))
        for row in queries.history(own, kind, key, owner)
    }
    context = {
        "head": head(request, reader, key, "history"),
        "chapters": parts,
        "count": count(parts),
        "lines": text_lines(*texts)[:MOST_LINES],
        "row": names.get(new),
        "before": _named(names.get(old)),
        "after": _named(names.get(new)),
    }
    return frame.show(request, reader, "product_diff.html", context, section="products")


def _named(row: VersionRow | None) -> str:
    if row is None:
        return _("leeg")
    return _("versie %(version)s") % {"version": row.version or row.hash[:8]}


def _text(municipality: str, hash_: str) -> str:
    found = queries.text_of(hash_, municipality) if len(hash_) == 64 else None
    if hash_ and found is None:
        raise NotFound(_("Deze versie kennen wij niet."))
    return found or ""


@require_safe
def yaml(request: PageRequest, key: str) -> HttpResponse:
    """The text of the product or of our variant, to read."""
    reader = staff(request)
    own = request.municipality.code
    library = library_for(own, key)
    national = posted.query(request, "zoals", 12) == "landelijk"
    texts = []
    for kind, title in (("variant", _("Onze variant")), ("product", _("Het product"))):
        try:
            if kind == "product" or not national:
                texts.append((title, kind, queries.text_now(own, kind, key)))
        except NotFound:
            continue
    context = {"head": head(request, reader, key), "texts": texts, "library": library}
    return frame.show(request, reader, "product_yaml.html", context, section="products")


@require_POST
def roll_back(request: PageRequest, key: str) -> HttpResponse:
    """Run an earlier definition again from today."""
    reader = staff(request)
    adopting.roll_back(reader, key, to=posted.one(request, "naar")[:64], why=posted.one(request, "waarom"))
    return HttpResponseRedirect(f"{reverse('studio:product-history', args=[key])}?gedaan=teruggegaan")
