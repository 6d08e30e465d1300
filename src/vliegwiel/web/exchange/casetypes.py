"""Case types of another system: give the export, read how many processes they really are, and begin with one."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.errors import Conflict, Forbidden, Invalid, TooLarge, Unavailable, VliegwielError
from vliegwiel.catalogue.zgwimport import keeping
from vliegwiel.catalogue.zgwimport.archive import read_archive
from vliegwiel.catalogue.zgwimport.live import read_api
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.studio import frame

MOST_BYTES = 10 << 20
HEADS = (
    "Zaaktype", "Identificatie", "Proces", "Patroon", "Past", "Zeker", "Product", "Openingen", "Afwijkingen",
    "Ligt vast", "Vragen",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """What was read before, and reading something new."""
    reader = staff(request)
    problem: VliegwielError | None = None
    if request.method == "POST":
        try:
            made = _read(request)
            return HttpResponseRedirect(reverse("studio:casetypes-report", args=(made,)))
        except (Invalid, TooLarge, Conflict, Forbidden, Unavailable) as error:
            problem = error
    context = {
        "imports": keeping.imports(reader),
        "problem": problem.sentence if problem is not None else "",
        "url": posted.one(request, "url"),
        "most": MOST_BYTES >> 20,
    }
    status = problem.status if problem is not None else 200
    return frame.show(request, reader, "casetypes.html", context, section="casetypes", status=status)


def _read(request: PageRequest) -> UUID:
    reader = staff(request)
    # Who may not keep it, does not make us read it.
    keeping.imports(reader)
    url = posted.one(request, "url").strip()
    upload = request.FILES.get("bestand")
    if isinstance(upload, UploadedFile) and upload.size:
        if upload.size > MOST_BYTES:
            raise TooLarge(f"Dit bestand is te groot: hoogstens {MOST_BYTES >> 20} MB.")
        name = posted.clean(upload.name or "")[:120] or "export.zip"
        return keeping.keep_import(reader, read_archive(upload.read()), title=name, source=name)
    if url:
        reading = read_api(url, token=posted.one(request, "token").strip())
        return keeping.keep_import(reader, reading, title=url, source=url)
    raise Invalid("Kies een zip-bestand, of vul het adres van een Catalogi API in.")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PageRequest, import_id: UUID) -> HttpResponse:
    """What was found; begin with one, or throw the list away."""
    reader = staff(request)
    problem = ""
    if request.method == "POST":
        if posted.one(request, "doe") == "weg":
            keeping.remove_import(reader, import_id)
            return HttpResponseRedirect(f"{reverse('studio:casetypes')}?gedaan=lijstweg")
        try:
            place = posted.one(request, "plaats")
            made = keeping.draft_of(reader, import_id, int(place) if place.isdigit() and len(place) < 6 else -1)
            return HttpResponseRedirect(reverse("studio:draft", args=made))
        except Conflict as error:
            problem = error.sentence
    found = keeping.one_import(reader, import_id)
    rows = list(enumerate(found.report.case_types))
    context = {
        "found": found,
        "problem": problem,
        "processes": [(one, [row for row in rows if row[1].process == one.number]) for one in found.report.processes],
        "apart": [row for row in rows if row[1].process is None],
        "same": sum(not row.deviations for _, row in rows),
        "sure": sum(row.sure for _, row in rows),
        "known": sum(bool(row.product) and row.product_sure for _, row in rows),
    }
    status = 409 if problem else 200
    return frame.show(request, reader, "casetypes_report.html", context, section="casetypes", status=status)


@require_safe
def markdown(request: PageRequest, import_id: UUID) -> HttpResponse:
    """The report as a text."""
    found = keeping.one_import(staff(request), import_id)
    response = HttpResponse(found.markdown, content_type="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="zaaktypen.md"'
    return response


@require_safe
def csv(request: PageRequest, import_id: UUID) -> HttpResponse:
    """One line per case type."""
    found = keeping.one_import(staff(request), import_id)
    rows = (
        (
            row.name, row.identification, row.process or "", row.pattern, f"{row.fit:.2f}".replace(".", ","),
            "ja" if row.sure else "nee", row.product, " ".join(row.slots), " | ".join(one.path for one in row.deviations),
            " | ".join(row.fixed), " | ".join(row.questions),
        )
        for row in found.report.case_types
    )  # fmt: skip
    return csvfile.download("zaaktypen", HEADS, rows, source=found.source, at=found.created_at)
