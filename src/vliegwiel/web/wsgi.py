"""Where the application server comes in."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vliegwiel.base.settings")

application = get_wsgi_application()

# Imported only now: what it reads needs the settings and the apps.
from .warm import warm  # noqa: E402

warm()
