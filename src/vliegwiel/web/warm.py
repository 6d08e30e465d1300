"""Read beforehand what the first visitor would otherwise wait for: templates, definitions and laws.

Files only: the web server forks after this, and neither a database connection nor a thread survives that.
"""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from django.template import TemplateSyntaxError
from django.template.loader import get_template

from vliegwiel.base.clock import today
from vliegwiel.base.errors import VliegwielError
from vliegwiel.catalogue import upl
from vliegwiel.catalogue.queries import law_book
from vliegwiel.catalogue.resolve import library, resolve

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).resolve().parent / "templates"
NOBODY = "GM0000"


def warm() -> None:
    """Never a reason not to serve: what is wrong here is logged, and is wrong again where somebody sees it."""
    try:
        for path in sorted(TEMPLATES.rglob("*.html")):
            get_template(str(path.relative_to(TEMPLATES)))
        law_book()
        upl.producten()
        for product in library().products():
            resolve(NOBODY, product, today())
    except (TemplateSyntaxError, VliegwielError) as error:
        log.warning("vooraf inlezen lukte niet", exc_info=error)
    # What was read stays for good: the collector need not walk it again and again, a sixth of the processor time of a request.
    gc.collect()
    gc.freeze()
