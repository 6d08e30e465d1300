"""What each process of the web server starts with: logs and settings first, then the application."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from vliegwiel.base import bootstrap
from vliegwiel.base.child import follow_parent


def make() -> Callable[..., object]:
    """The WSGI application, ready to serve. It ends with the process that started it."""
    follow_parent()
    bootstrap.configure()
    application: Callable[..., object] = import_string(settings.WSGI_APPLICATION)
    return application
