"""Changing a definition: what is in it, a form for each place, YAML for who wants it; checked while typing, with undo."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.catalogue.check.found import Finding
from vliegwiel.catalogue.editing.deviating import Standing, Why, standing, without_deviation
from vliegwiel.catalogue.editing.kinds import InputKind
from vliegwiel.catalogue.editing.parts import Part, summary, trail
from vliegwiel.catalogue.editing.words import SECTIONS, dotted
from vliegwiel.catalogue.versions import actions, queries
from vliegwiel.catalogue.versions.checking import Checked
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame, partform
from .partform import PartForm
from .workbench import Bench, bench, name_in

LONGEST_PATH = 400
MOST_SHOWN = 20
HEADER = ("soort", "sleutel", "versie")
NOT_VARIED = ("upl", "vast")
"""What no municipality varies: they are not offered to it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A part in the list of what can be changed."""

    label: str
    address: str
    summary: str
    count: int | None
    fixed: str
    origin: str


@dataclass(frozen=True, slots=True)
class Own:
    """A deviation in the list of those of the municipality."""

    where: str
    address: str
    value: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong, with the place where it can be repaired."""

    where: str
    address: str
    message: str
    line: int
    file: str


@require_safe
def drafts(request: PageRequest) -> HttpResponse:
    """What we are writing, and what waits for a second person."""
    reader = staff(request)
    found = queries.drafts(reader)
    library = library_for(request.municipality.code)
    named = [(one, name_in(library, one.kind, one.key)) for one in found]
    context = {
        "offered": [(one, name) for one, name in named if one.offered],
        "writing": [(one, name) for one, name in named if not one.offered],
        "subject": reader.subject,
        "patterns": library.patterns(),
        "blocks": library.blocks(),
    }
    return frame.show(request, reader, "drafts.html", context, section="drafts")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """The draft: what can be changed, or (`pad`) the form of one place."""
    reader = staff(request)
    if request.method == "POST":
        return _posted(request, reader, kind, key)
    path = partform.path_of(posted.query(request, "pad", LONGEST_PATH))
    found = bench(reader, kind, key)
    if path and found.definition is not None:
        return _part(request, reader, found, partform.form(found, path, new="nieuw" in request.GET))
    checked = _checked(found)
    context = {
        "bench": found,
        "sections": _sections(found),
        "own": _own(found),
        "checked": checked,
        "wrong": wrongs(found, checked.wrong)[:MOST_SHOWN],
        "more_wrong": max(0, len(checked.wrong) - MOST_SHOWN),
    }
    return frame.show(request, reader, "draft.html", context, section=_section(kind))


def _section(kind: str) -> str:
    return "products" if kind in ("variant", "product") else "drafts"


def _checked(found: Bench) -> Checked:
    return queries.check_text(found.municipality, found.kind, found.key, found.text)


def _sections(found: Bench) -> list[tuple[str, list[Row]]]:
    """The parts in the order in which somebody looks for them; of a pattern or block in the order of the text."""
    if found.definition is None:
        return []
    parts = {part.key: part for part in found.definition.parts((), empty=found.kind in ("variant", "product"))}
    if found.kind in ("patroon", "blok"):
        shown = [part for part in parts.values() if part.key not in HEADER]
        return [("", [_row(found, part) for part in shown])]
    sections = []
    for title, keys in SECTIONS.items():
        hidden = HEADER if found.kind == "product" else (*HEADER, *NOT_VARIED)
        rows = [_row(found, parts[key]) for key in keys if key in parts and key not in hidden]
        sections.append((title, rows))
    return sections


def _row(found: Bench, part: Part) -> Row:
    assert found.definition is not None
    count = len(found.definition.items(part.path)) if part.shape.kind is InputKind.ITEMS else None
    fixed = str(part.fixed.basis) if part.fixed is not None else ""
    return Row(part.label, part.address, part.summary, count, fixed, part.origin)


def _own(found: Bench) -> list[Own]:
    if found.kind != "variant" or found.definition is None:
        return []
    root = found.definition.root
    return [
        Own(
            trail(one.path, root),
            one.address,
            _("weggehaald") if one.removes else summary(found.definition.node(one.path), 90),
            one,
        )
        for one in standing(found.text)
    ]


def wrongs(found: Bench, findings: tuple[Finding, ...]) -> list[Wrong]:
    """Findings with the place where they can be repaired."""
    listed = []
    for one in findings:
        path = tuple(map(str, one.path))
        known = path[: _known(found, path)]
        root = found.definition.root if found.definition is not None else None
        listed.append(Wrong(trail(known, root), dotted(known), one.message, one.line, one.file))
    return listed


def _known(found: Bench, path: tuple[str, ...]) -> int:
    """How far a path leads to something that has a form."""
    definition = found.definition
    if definition is None:
        return 0
    for length in range(len(path), 0, -1):
        shape = definition.shape(path[:length])
        if (
            shape is not None
            and shape.kind in (InputKind.GROUP, InputKind.ITEMS)
            and definition.node(path[:length]) is not None
        ):
            return length
    return 0


def _part(
    request: PageRequest,
    reader: Staff,
    found: Bench,
    form: PartForm,
    *,
    rest: tuple[Finding, ...] = (),
    problem: str = "",
    forceable: bool = False,
    status: int = 200,
) -> HttpResponse:
    errors = [{"link": f"#{one.id}", "sentence": f"{one.label}: {one.error}"} for one in form.inputs if one.error] + [
        {"link": f"#{name}", "sentence": form.errors[name]} for name in form.errors if not name.startswith("w.")
    ]
    context = {
        "bench": found,
        "form": form,
        "errors": errors,
        "rest": wrongs(found, rest),
        "problem": problem,
        "forceable": forceable,
        "kinds": _kinds(),
    }
    return frame.show(request, reader, "draft_part.html", context, section=_section(found.kind), status=status)


def _kinds() -> tuple[tuple[str, str, str], ...]:
    return (
        ("werkwijze", _("Werkwijze"), _("Wij werken hier anders.")),
        ("huisstijl", _("Huisstijl"), _("Wij zeggen of tonen het anders. De inhoud is gelijk.")),
        ("verordening", _("Verordening"), _("De raad of het college heeft het zo geregeld.")),
    )


# --- changes ----------------------------------------------------------------------------------------------------------


def _posted(request: PageRequest, reader: Staff, kind: str, key: str) -> HttpResponse:
    act = posted.one(request, "doe")
    if act in ("terug", "opnieuw", "gooi_weg"):
        return _step(reader, kind, key, act)
    found = bench(reader, kind, key)
    path = partform.path_of(posted.one(request, "pad")[:LONGEST_PATH])
    if act == "landelijk":
        return _save(reader, found, without_deviation(found.text, path), ())
    return _change(request, reader, found, path, act)


def _step(reader: Staff, kind: str, key: str, act: str) -> HttpResponse:
    {"terug": actions.undo, "opnieuw": actions.redo, "gooi_weg": actions.discard}[act](reader, kind, key)
    if act == "gooi_weg":
        return HttpResponseRedirect(f"{reverse('studio:drafts')}?gedaan=weggegooid")
    return _to(kind, key, (), act)


def _to(kind: str, key: str, path: tuple[str, ...], done: str) -> HttpResponse:
    query = {"pad": dotted(path)} if path else {}
    return HttpResponseRedirect(f"{reverse('studio:draft', args=[kind, key])}?{urlencode({**query, 'gedaan': done})}")


def _save(reader: Staff, found: Bench, text: str, path: tuple[str, ...]) -> HttpResponse:
    if text == found.text:
        return _to(found.kind, found.key, path, "gelijk")
    if found.draft is None:
        actions.start_draft(reader, found.kind, found.key)
    actions.save_draft(reader, found.kind, found.key, text)
    return _to(found.kind, found.key, path, "bewaard")


def _change(request: PageRequest, reader: Staff, found: Bench, path: tuple[str, ...], act: str) -> HttpResponse:
    form = partform.form(found, path, new=posted.one(request, "nieuw") == "1")
    values, why = partform.typed(request, form), partform.why_typed(request)
    text: str | None = None
    rest: tuple[Finding, ...] = ()
    if posted.one(request, "gezien") != found.seen:
        who = found.draft.edited_by_name if found.draft else _("iemand")
        problem = _("%(who)s heeft dit concept intussen gewijzigd. Kijk of het nog klopt en bewaar opnieuw.") % {
            "who": who
        }
    else:
        text, rest, problem = _tried(found, form, values, why, act, posted.one(request, "na"))
    if text is not None and ((not rest and not form.errors) or act == "toch"):
        return _save(reader, found, text, _after(form, act))
    partform.again(form, values, why)
    status = 409 if problem else 422
    return _part(request, reader, found, form, rest=rest, problem=problem, forceable=text is not None, status=status)


def _after(form: PartForm, act: str) -> tuple[str, ...]:
    """Where somebody goes on after a change: to the list for what is new, gone or moved, else one step up."""
    if form.new:
        return form.path
    return (
        form.path[:-1] if act in ("weg", "hoger", "lager") or form.is_item else form.path if len(form.path) > 1 else ()
    )


def _tried(
    found: Bench, form: PartForm, values: dict[str, str], why: Why, act: str, after: str
) -> tuple[str | None, tuple[Finding, ...], str]:
    """The text that follows, what is newly wrong with it (the rest stands at its inputs), and what stands in the way."""
    try:
        text = partform.text_after(found, form, values, why, act, after)
    except (Conflict, Invalid) as error:
        return None, (), error.sentence
    if text is None:
        return None, (), ""
    checked = queries.check_text(found.municipality, found.kind, found.key, text)
    if checked.ok:
        return text, (), ""
    before = {(one.path, one.message) for one in _checked(found).wrong}
    fresh = tuple(one for one in checked.wrong if (one.path, one.message) not in before)
    return text, partform.placed_errors(form, fresh), ""


@require_POST
def check(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """What would be wrong with what is typed: a part of the page, asked for while somebody types. Writes nothing."""
    reader = staff(request)
    found = bench(reader, kind, key)
    path = partform.path_of(posted.one(request, "pad")[:LONGEST_PATH])
    form = partform.form(found, path, new=posted.one(request, "nieuw") == "1")
    values, why = partform.typed(request, form), partform.why_typed(request)
    text, rest, problem = _tried(found, form, values, why, "bewaar", posted.one(request, "na"))
    named = {one.name: one.label for one in form.inputs}
    errors = [f"{named[name]}: {sentence}" if name in named else sentence for name, sentence in form.errors.items()]
    context = {"errors": errors, "rest": wrongs(found, rest), "problem": problem, "same": text == found.text}
    return render(request, "web/studio/checked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def yaml(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """The whole text, to be changed by hand."""
    reader = staff(request)
    found = bench(reader, kind, key)
    text, problem = found.text, ""
    if request.method == "POST":
        text = posted.long(request, "tekst")
        if posted.one(request, "gezien") == found.seen or text == found.text:
            _save(reader, found, text, ())
            return HttpResponseRedirect(f"{reverse('studio:draft-yaml', args=[kind, key])}?gedaan=bewaard")
        problem = _("Een collega heeft dit concept intussen gewijzigd. Bewaar opnieuw om zijn tekst te vervangen.")
    checked = queries.check_text(found.municipality, kind, key, text)
    context = {
        "bench": found,
        "text": text,
        "problem": problem,
        "checked": checked,
        "wrong": wrongs(found, checked.wrong),
    }
    return frame.show(
        request, reader, "draft_yaml.html", context, section=_section(kind), status=409 if problem else 200
    )


@require_POST
def check_yaml(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """What is wrong with a text while somebody types it. Writes nothing."""
    found = bench(staff(request), kind, key)
    text = posted.long(request, "tekst")
    checked = queries.check_text(found.municipality, kind, key, text)
    context = {
        "errors": (),
        "rest": wrongs(found, checked.wrong)[:MOST_SHOWN],
        "problem": "",
        "same": text == found.text,
        "lines": True,
    }
    return render(request, "web/studio/checked.html", context)
