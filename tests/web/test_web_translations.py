"""Every text of the shell and of the citizen's pages also exists in English, and nothing stays behind that is no longer used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template import Template
from django.template.base import Node, NodeList, TextNode
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from vliegwiel.base import translations

WEB = Path(translations.PACKAGE) / "web"
PO = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
# What the desk says is translated where its pages are; a missing one there shows in Dutch.
CITIZEN = ("web", "web/citizen", "cotton")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def children(node: Node) -> Iterator[Node]:
    for name in ("nodelist", "nodelist_true", "nodelist_false", "nodelist_loop", "nodelist_empty", "nodelist_extra"):
        found = getattr(node, name, None)
        if isinstance(found, (list, NodeList)):
            yield from found
    for _condition, nodes in getattr(node, "conditions_nodelists", []):
        yield from nodes
    for prepared in getattr(node, "_prepared_attrs", []):
        compiled = getattr(prepared.compiled, "nodelist", None) or getattr(
            getattr(prepared.compiled, "_template", None), "nodelist", None
        )
        yield from compiled or []


def texts_of(nodes: Iterator[Node]) -> Iterator[tuple[str, str | None]]:
    for node in nodes:
        if isinstance(node, TranslateNode):
            var = node.filter_expression.var
            if isinstance(var, str):
                yield str(var), None
            elif getattr(var, "literal", None) is not None:
                yield str(var.literal), None
        if isinstance(node, BlockTranslateNode):
            singular, _ = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield singular, plural
        yield from texts_of(children(node))


def in_templates() -> set[tuple[str, str | None]]:
    found: set[tuple[str, str | None]] = set()
    for folder in CITIZEN:
        for path in sorted((WEB / "templates" / folder).glob("*.html")):
            template: Template = get_template(f"{folder}/{path.name}").template  # type: ignore[attr-defined]
            assert not any(isinstance(n, TextNode) and "{%" in n.s for n in template.nodelist)
            found |= set(texts_of(iter(template.nodelist)))
    return found


def in_code() -> set[tuple[str, str | None]]:
    found: set[tuple[str, str | None]] = set()
    for path in WEB.rglob("*.py"):
        if {"desk", "studio", "compare"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                strings = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                if strings:
                    found.add((strings[0], strings[1] if node.func.id == "ngettext" else None))
    return found


def translated() -> dict[str, str]:
    with PO.open("rb") as handle:
        catalogue = read_po(handle, locale="en")
    return {
        (m.id[0] if isinstance(m.id, (tuple, list)) else m.id): (
            m.string[0] if isinstance(m.string, (tuple, list)) else m.string
        )
        for m in catalogue
        if m.id and not m.fuzzy
    }


@pytest.mark.django_db(databases=[])
def test_every_text_a_citizen_meets_is_also_there_in_english() -> None:
    wanted = {singular for singular, _ in in_templates() | in_code()}
    known = translated()
    missing = sorted(text for text in wanted if not known.get(text))
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    for dutch, english in translated().items():
        holes = re.compile(r"%\((\w+)\)[sd]")
        assert set(holes.findall(dutch)) == set(holes.findall(english)), dutch
        assert dutch.count("<b") == english.count("<b"), dutch
