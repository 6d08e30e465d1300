"""The style of one municipality: a few tokens, and the typeface where it was installed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base.queries import Served
from vliegwiel.catalogue.queries import theme

from .staticfile import FONT, FONT_EXTENDED, address, found

_FACE = """@font-face {{
  font-family: "Source Sans 3 Variable"; src: url("{url}") format("woff2"); font-weight: 200 900; font-display: swap;
  unicode-range: {range};
}}
"""
# Which characters each file holds, as the package says it; a browser fetches the second only when a name needs it.
_LATIN = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
)
_LATIN_EXTENDED = (
    "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,"
    "U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF"
)


def faces() -> str:
    """The `@font-face` rules of what is installed; without them the browser uses the system's font."""
    installed = [(path, chars) for path, chars in ((FONT, _LATIN), (FONT_EXTENDED, _LATIN_EXTENDED)) if found(path)]
    return "".join(_FACE.format(url=address(path), range=chars) for path, chars in installed)


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """`/huisstijl.css`, kept by browsers for an hour."""
    municipality: Served | None = getattr(request, "municipality", None)
    tokens = theme(municipality.code if municipality else "")
    response = HttpResponse(faces() + tokens.css(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
