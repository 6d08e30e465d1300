"""Make what pages need and what is not kept in the repository: `python -m vliegwiel.web.assets`.

1. Scripts and fonts from `node_modules` go to the vendor folder (`VLIEGWIEL_VENDOR`, default `var/vendor`), with their licences.
2. Translations (`locale/*/LC_MESSAGES/*.po`) are compiled beside their source (`base.translations`).

Both only when the source is newer. Without `node_modules` the pages use the system's font and no script; that is said,
and it is no error.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from vliegwiel.base import translations

FROM_NPM = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/LICENSE": "leaflet.LICENSE.txt",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-viewer.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
    "bpmn-js/LICENSE": "bpmn-js.LICENSE.txt",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": "source-sans-3-latin-wght-normal.woff2",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2": (
        "source-sans-3-latin-ext-wght-normal.woff2"
    ),
    "@fontsource-variable/source-sans-3/LICENSE": "source-sans-3.LICENSE.txt",
}


def _newer(source: Path, made: Path) -> bool:
    return not made.exists() or source.stat().st_mtime > made.stat().st_mtime


def copy_vendor(node_modules: Path, target: Path) -> list[str]:
    """Copy the files of `FROM_NPM` that are there and changed. Returns the names of those that are not installed."""
    missing = []
    target.mkdir(parents=True, exist_ok=True)
    for source, name in FROM_NPM.items():
        path = node_modules / source
        if not path.is_file():
            missing.append(source)
        elif _newer(path, target / name):
            shutil.copyfile(path, target / name)
    return missing


def main() -> int:
    """Do both, say what was done."""
    vendor = Path(os.environ.get("VLIEGWIEL_VENDOR", Path(os.environ.get("VLIEGWIEL_DATA", "var")) / "vendor"))
    missing = copy_vendor(Path("node_modules"), vendor)
    if missing:
        print(f"niet geïnstalleerd, de pagina's doen het zonder: {', '.join(missing)}", file=sys.stderr)
    translations.compile_stale()
    return 0


if __name__ == "__main__":
    sys.exit(main())
