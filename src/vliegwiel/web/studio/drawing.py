"""The process of a product as a drawing: BPMN 2.0 shown by bpmn-js, and the same in a table."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.bpmn import bpmn_of, steps_of
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.web import staticfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .productpage import NATIONAL, head_of

VIEWER = "vendor/bpmn-viewer.min.js"


@require_safe
def page(request: PageRequest, key: str) -> HttpResponse:
    """The process, as this municipality runs it or (`zoals=landelijk`) as it is for all."""
    reader = staff(request)
    own, definition, national = _definition(request, key)
    context = {
        "head": head_of(reader, own, "process"),
        "national": national,
        "steps": steps_of(definition),
        "roles": definition.process.roles,
        "xml": bpmn_of(definition).decode("utf-8"),
        "viewer": VIEWER if staticfile.found(VIEWER) is not None else "",
    }
    return frame.show(request, reader, "product_process.html", context, section="products")


@require_safe
def xml(request: PageRequest, key: str) -> HttpResponse:
    """The same as a file, for a program that reads BPMN."""
    staff(request)
    definition = _definition(request, key)[1]
    response = HttpResponse(bpmn_of(definition), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{definition.key}.bpmn"'
    return response


def _definition(request: PageRequest, key: str) -> tuple[Resolved, Resolved, bool]:
    """What the municipality runs, what is asked for, and whether that is the national version."""
    town, on = request.municipality.code, clock.today()
    library = library_for(town, key)
    own = resolve(town, key, on, among=library)
    national = posted.query(request, "zoals", 12) == "landelijk"
    return own, resolve(NATIONAL, key, on, among=library) if national else own, national
