"""The zip that Open Zaak exports: `ZaakType.json`, `StatusType.json` and so on, each a list of what the API would give.

The zip comes from outside: sizes are counted while unpacking (what the zip says of itself is not believed), names become no
paths, and nothing is written.
"""

from __future__ import annotations

import io
import zipfile
import zlib

import msgspec

from vliegwiel.base.errors import Invalid, TooLarge
from vliegwiel.base.typed import prepare

from .resources import RESOURCES, Reading, Resources, case_types

MOST_BYTES = 50_000_000
"""Of the zip itself."""
MOST_UNPACKED = 200_000_000
MOST_FILES = 400
_CHUNK = 1 << 16


class _Page(msgspec.Struct):
    results: list[msgspec.Raw] = []


prepare(list[msgspec.Raw], _Page)
_NAMES = {name.casefold(): name for name in RESOURCES}


def read_archive(data: bytes) -> Reading:
    """The case types in a zip. Raises `Invalid` or `TooLarge` with a sentence that says what to do."""
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"Dit bestand is te groot: hoogstens {MOST_BYTES // 1_000_000} MB. Voer minder zaaktypen tegelijk uit."
        )
    resources = Resources()
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = archive.infolist()
            if len(inside) > MOST_FILES:
                raise TooLarge(f"Er zitten {len(inside)} bestanden in deze zip; hoogstens {MOST_FILES} kan.")
            for info in inside:
                name = _NAMES.get(_stem(info.filename))
                if name is None or info.is_dir():
                    continue
                content = _unpacked(archive, info, left)
                left -= len(content)
                _add(resources, name, content, info.filename)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise Invalid("Dit is geen leesbaar zip-bestand. Voer de catalogus opnieuw uit en kies dat bestand.") from error
    if not resources.raw.get("ZaakType"):
        raise Invalid("Er staan geen zaaktypen in deze zip. Verwacht wordt een export met ZaakType.json erin.")
    return case_types(resources)


def _stem(filename: str) -> str:
    """`map/ZaakType.json` → `zaaktype`; what is no JSON gives nothing."""
    last = filename.replace("\\", "/").rpartition("/")[2].casefold()
    return last.removesuffix(".json") if last.endswith(".json") else ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > left:
                raise TooLarge("Deze zip wordt te groot bij het uitpakken. Voer minder zaaktypen tegelijk uit.")
            parts.append(part)
    return b"".join(parts)


def _add(resources: Resources, name: str, content: bytes, filename: str) -> None:
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        if text[:1] == b"{":
            resources.add(name, msgspec.json.decode(text, type=_Page).results)
        else:
            resources.add(name, msgspec.json.decode(text, type=list[msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        resources.skipped.append(f"{_stem(filename)}.json is geen leesbare JSON en is overgeslagen.")
