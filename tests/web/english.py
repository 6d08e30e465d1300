"""What the pages of a part of the platform say, and what a catalogue of translations knows."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po
from django.template.loader import get_template

from tests.web.test_web_translations import CALLS, WEB, texts_of


def said(templates: str, code: Iterable[Path]) -> set[str]:
    """Every text of the templates in a folder (`web/desk`) and of these Python files."""
    found: set[str] = set()
    for path in sorted((WEB / "templates" / templates).glob("*.html")):
        template = get_template(f"{templates}/{path.name}").template  # type: ignore[attr-defined]
        found |= {singular for singular, _ in texts_of(iter(template.nodelist))}
    for path in sorted(code):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                first = node.args[1 if node.func.id == "pgettext" else 0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def known_in(po: Path) -> dict[str, str]:
    """The texts of a catalogue without a context, with their English."""
    with po.open("rb") as handle:
        catalogue = read_po(handle, locale="en")
    return {
        (m.id[0] if isinstance(m.id, tuple | list) else m.id): str(m.string)
        for m in catalogue
        if m.id and not m.context
    }
