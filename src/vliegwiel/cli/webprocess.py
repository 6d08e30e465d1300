"""What each process of the web server starts with: logs and settings first, then the application."""

from __future__ import annotations

import signal
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from vliegwiel.base import bootstrap
from vliegwiel.base.child import follow_parent


def make() -> Callable[..., object]:
    """The WSGI application, ready to serve. It ends with the process that started it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # Inherited from the process that forked us, where it only sets a flag: a signal during start would be lost.
        signal.signal(number, signal.SIG_DFL)
    follow_parent()
    bootstrap.configure()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # files come from the packages; the folder may hold more
    application: Callable[..., object] = import_string(settings.WSGI_APPLICATION)
    return application
