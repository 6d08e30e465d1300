"""Addresses on a municipality's own host. The platform's own host has `urls_bare`."""

from __future__ import annotations

from django.urls import include, path

from . import errors, login

urlpatterns = [
    path("inloggen/", login.citizen, name="login"),
    path("inloggen/terug/", login.citizen_back, name="login-back"),
    path("inloggen/medewerker/", login.staff, name="login-staff"),
    path("inloggen/medewerker/terug/", login.staff_back, name="login-staff-back"),
    path("uitloggen/", login.out, name="logout"),
    path("uitgelogd/", login.logged_out, name="logged-out"),
    path("werk/", include("vliegwiel.web.desk.urls")),
    path("studio/", include("vliegwiel.web.studio.urls")),
    path("rondes/", include("vliegwiel.web.rounds.urls")),
    path("container/", include("vliegwiel.web.rounds.street_urls")),
    path("", include("vliegwiel.api.urls")),
    path("", include("vliegwiel.web.citizen.urls")),
    path("", include("vliegwiel.web.urls_common")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
