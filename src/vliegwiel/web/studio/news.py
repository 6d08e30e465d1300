"""New versions of what we offer: what changed, by whom, why, what it does to our variant; taking over, choosing, refusing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, VliegwielError
from vliegwiel.base.sourcefile import Node, SourceInvalid
from vliegwiel.catalogue.adopting import actions, queries
from vliegwiel.catalogue.adopting.news import ChangeTold, ConflictTold, EffectTold
from vliegwiel.catalogue.adopting.queries import NoticeView
from vliegwiel.catalogue.editing import written
from vliegwiel.catalogue.editing.difference import Piece, pieces
from vliegwiel.catalogue.editing.parts import summary, trail
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.library import DefinitionFile, header
from vliegwiel.catalogue.merging import Conflict as Clash
from vliegwiel.catalogue.model.facts import path_keys
from vliegwiel.catalogue.models import NoticeState
from vliegwiel.catalogue.resolve import layered_of
from vliegwiel.catalogue.versions import actions as writing
from vliegwiel.catalogue.versions.effects import meanwhile
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .workbench import bench

MOST = 100
SIDES = ("ours", "theirs", "proposal")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place where somebody must choose. `number` names its fields; `chosen` is what was chosen, `own` what was typed."""

    number: int
    path: str
    where: str
    kind: str
    base: str
    ours: str
    theirs: str
    proposal: str
    our_reason: str
    their_reason: str
    chosen: str = ""
    own: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A change or an effect with its place in words."""

    where: str
    kind: str
    before: str = ""
    after: str = ""
    reason: str = ""
    article: str = ""
    path: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What comes of choosing one side everywhere, as far as the examples go."""

    side: str
    ok: bool
    sentence: str


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The news, and what was decided about it before."""
    reader = staff(request)
    found = queries.notices(reader, open_only=False)
    library = library_for(reader.municipality)
    named = [(one, _name(library.product(one.product), one.product), _from(one)) for one in found]
    context = {
        "open": [row for row in named if row[0].open],
        "decided": [row for row in named if not row[0].open][:MOST],
    }
    return frame.show(request, reader, "news.html", context, section="news")


def _name(file: DefinitionFile | None, key: str) -> str:
    return header(file, "naam") if file is not None else key


def _from(one: NoticeView) -> str:
    return town(one.publisher).name if one.publisher else _("landelijk")


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: PageRequest, notice_id: UUID) -> HttpResponse:
    """One piece of news; deciding on it."""
    reader = staff(request)
    if request.method != "POST":
        found = queries.notice(reader, notice_id)
        if found.state is NoticeState.NEW:
            actions.see_notice(reader, notice_id)
        return _show(request, reader, found)
    try:
        return _decided(request, reader, notice_id)
    except (Invalid, Conflict, Forbidden) as error:
        return _show(request, reader, queries.notice(reader, notice_id), error)


def _decided(request: PageRequest, reader: Staff, notice_id: UUID) -> HttpResponse:
    act = posted.one(request, "doe")
    if act == "weigeren":
        actions.refuse_notice(reader, notice_id, posted.one(request, "waarom"))
        done = "geweigerd"
    elif act == "bevestigen":
        actions.confirm_notice(reader, notice_id)
        done = "overgenomen"
    else:
        state = actions.accept_notice(reader, notice_id, choices_of(request))
        done = "gekozen" if state == NoticeState.CHOSEN else "overgenomen"
    return HttpResponseRedirect(f"{reverse('studio:news')}?gedaan={done}")


def choices_of(request: PageRequest) -> dict[str, str]:
    """What was chosen, by path; only what is one of the sides, or words of one's own."""
    found: dict[str, str] = {}
    for number in range(1, MOST):
        path, side = posted.one(request, f"pad.{number}"), posted.one(request, f"keuze.{number}")
        if not path:
            break
        if side in SIDES:
            found[path] = side
        elif side == "eigen" and posted.one(request, f"tekst.{number}").strip():
            found[path] = written(posted.one(request, f"tekst.{number}").strip())
    return found


def _show(
    request: PageRequest, reader: Staff, found: NoticeView, error: Invalid | Conflict | Forbidden | None = None
) -> HttpResponse:
    root = _root(reader.municipality, found.product)
    faults = {one.name: one.reason for one in error.invalid} if isinstance(error, Invalid) else {}
    library = library_for(reader.municipality)
    context = {
        "notice": found,
        "name": _name(library.product(found.product), found.product),
        "source": _from(found),
        "changes": [_change(one, root) for one in found.changes if one["path"] != "versie"],
        "effects": [_effect(one, root) for one in found.effects],
        "choices": _choices(request, found.conflicts, root, faults, found.choices),
        "sides": _sides(reader, found) if found.conflicts and found.open else [],
        "own": found.chosen_by == reader.subject,
        "problem": error.sentence if error else "",
        "faults": faults,
        "why": posted.one(request, "waarom"),
    }
    return frame.show(request, reader, "notice_version.html", context, section="news", status=frame.status_of(error))


def _change(one: ChangeTold, root: Node | None) -> Told:
    before, after = one["before"], one["after"]
    return Told(trail(path_keys(one["path"]), root), one["kind"], before, after, pieces=_pieces(before, after))


def _effect(one: EffectTold, root: Node | None) -> Told:
    where = trail(path_keys(one["path"]), root)
    return Told(where, one["fate"], reason=one["reason"], article=one["article"], path=one["path"])


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    return pieces(before, after) if before and after else ()


def _root(municipality: str, key: str) -> Node | None:
    try:
        return layered_of(municipality, key, among=library_for(municipality, key)).root
    except (SourceInvalid, NotFound):
        return None


def _choices(
    request: PageRequest,
    conflicts: Iterable[ConflictTold],
    root: Node | None,
    faults: Mapping[str, str],
    kept: Mapping[str, str],
) -> list[Choice]:
    made = []
    for number, one in enumerate(conflicts, 1):
        before = kept.get(one["path"], "")
        side = posted.one(request, f"keuze.{number}") or (before if before in SIDES else "eigen" if before else "")
        own = posted.one(request, f"tekst.{number}") or ("" if before in SIDES else before)
        made.append(
            Choice(
                number,
                one["path"],
                trail(path_keys(one["path"]), root),
                one["kind"],
                one["base"],
                one["ours"],
                one["theirs"],
                one["proposal"],
                one["our_reason"],
                one["their_reason"],
                side,
                own,
                faults.get(one["path"], ""),
            )
        )
    return made


def _sides(reader: Staff, found: NoticeView) -> list[Side]:
    """What the examples say of each side, when it is chosen everywhere."""
    sides = []
    for side in SIDES:
        if side == "proposal" and not all(one["proposal"] for one in found.conflicts):
            continue
        try:
            seen = queries.preview(reader, found.id, {one["path"]: side for one in found.conflicts}).outlook
        except VliegwielError:
            sides.append(Side(side, ok=False, sentence=_("Dat is niet uit te rekenen.")))
            continue
        wrong = len(seen.findings)
        if seen.clean:
            sides.append(Side(side, ok=True, sentence=_("Alle voorbeelden komen uit.")))
        else:
            sentence = (
                _("%(n)s dingen kloppen dan niet.") % {"n": wrong} if wrong else _("Dan is er nog iets om te kiezen.")
            )
            sides.append(Side(side, ok=False, sentence=sentence))
    return sides


# --- a draft and what became live meanwhile -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """Bring a draft together with what became live while it was written."""
    reader = staff(request)
    error: Invalid | None = None
    if request.method == "POST":
        try:
            writing.catch_up(reader, kind, key, choices_of(request))
            return HttpResponseRedirect(f"{reverse('studio:draft', args=[kind, key])}?gedaan=bewaard")
        except Invalid as refused:
            error = refused
    found = bench(reader, kind, key)
    clashes = meanwhile(reader, kind, key)
    faults = {one.name: one.reason for one in error.invalid} if error else {}
    root = found.definition.root if found.definition else None
    told = [_clash(one) for one in clashes or ()]
    context = {
        "bench": found,
        "newer": clashes is not None,
        "choices": _choices(request, told, root, faults, {}),
        "problem": error.sentence if error else "",
    }
    return frame.show(request, reader, "draft_merge.html", context, section="products", status=frame.status_of(error))


def _clash(one: Clash) -> ConflictTold:
    path = ".".join(f'"{step}"' if "." in step else step for step in one.path)
    return ConflictTold(
        path=path, kind=one.kind, base=summary(one.base), ours=summary(one.ours), theirs=summary(one.theirs),
        proposal=summary(one.proposal), our_reason="", their_reason="", deviation="",
    )  # fmt: skip
