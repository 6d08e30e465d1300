"""Make the translations that Django reads (`.mo`) out of the ones people write (`.po`), when they are newer.

Done here with Babel, so that a machine needs no gettext.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def stale() -> tuple[Path, ...]:
    """The translations whose compiled form is absent or older than what people wrote."""

    def old(source: Path) -> bool:
        made = source.with_suffix(".mo")
        return not made.exists() or made.stat().st_mtime < source.stat().st_mtime

    return tuple(sorted(path for path in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po") if old(path)))


def compile_stale() -> int:
    """Compile what is stale; returns how many files were made. Uncertain (fuzzy) translations are left out."""
    sources = stale()
    for source in sources:
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parents[1].name)
        fresh = source.with_suffix(".mo.new")
        with fresh.open("wb") as handle:
            write_mo(handle, catalogue, use_fuzzy=False)
        fresh.replace(source.with_suffix(".mo"))
    return len(sources)
