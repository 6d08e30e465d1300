"""A document of a case, for a clerk."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base.errors import NotFound
from vliegwiel.casework import queries
from vliegwiel.web.request import PageRequest, staff

# What a browser shows itself without running anything; all else is downloaded.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})


@require_safe
def document(request: PageRequest, zaak_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The file itself. Who may, and that it was looked at, is for casework."""
    found = queries.document(staff(request), document_id, of=zaak_id)
    meta = found.meta
    if not meta.ready:
        raise NotFound(_("Dit document wordt nog gemaakt. Kijk over een minuut nog eens."))
    response = FileResponse(
        found.open(), as_attachment=meta.media_type not in SHOWN, filename=meta.file_name, content_type=meta.media_type
    )
    response["Content-Length"] = str(meta.size)
    return response
