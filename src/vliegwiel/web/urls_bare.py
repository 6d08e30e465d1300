"""The platform's own host: which municipalities there are."""

from __future__ import annotations

from django.urls import include, path

from . import errors, landing

urlpatterns = [
    path("", landing.page, name="landing"),
    path("", include("vliegwiel.web.urls_common")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
