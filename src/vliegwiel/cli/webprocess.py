"""What the web server serves. Loaded before its processes are forked, so that they start at once and share the memory."""

from __future__ import annotations

import signal
from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from vliegwiel.base import bootstrap
from vliegwiel.base.child import follow_parent


def load() -> Callable[..., object]:
    """The WSGI application. No connection stays open: it could not be shared over a fork."""
    bootstrap.configure()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # files come from the packages; the folder may hold more
    application: Callable[..., object] = import_string(settings.WSGI_APPLICATION)
    connections.close_all()
    return application


def make() -> Callable[..., object]:
    """The application, in a process of its own that ends with the one that started it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # Inherited from the process that forked us, where it only sets a flag: a signal during start would be lost.
        signal.signal(number, signal.SIG_DFL)
    follow_parent()
    return load()
