"""What a place of a definition is called, and what stands there, in words a functional administrator reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..layers import identity
from ..merging import Change, ChangeKind, differences
from ..merging.nodes import Path, at_path, spelled

SECTIONS: Final = {
    "naam": "Naam", "zoekwoorden": "Zoekwoorden", "bronnen": "Bronnen", "pagina": "Productpagina",
    "past_dit": "Past dit bij u?", "verwerking": "Gebruik van gegevens", "gegevens": "Gegevens uit registers",
    "stappen": "Formulier", "stukken": "Documenten", "kanalen": "Kanalen", "wet": "Wet", "uitkomst_als": "Uitkomst",
    "uitkomsten": "Uitkomsten", "leges": "Kosten", "termijnen": "Termijnen", "aanspraak": "Wat het besluit geeft",
    "afspraak": "Afspraak", "automatisch": "Automatisch besluiten", "vier_ogen": "Tweede paar ogen", "proces": "Proces",
    "bezwaar": "Bezwaar", "teksten": "Brieven en teksten", "zaaktype": "Zaaktype", "voorbeelden": "Voorbeelden",
    "patroon": "Patroon", "vast": "Wat vastligt", "upl": "Officiële naam",
}  # fmt: skip
"""The parts of a product, in the words of its page."""

_STEPS: Final = {
    "velden": "vragen", "vraag": "de vraag", "uitleg": "uitleg", "label": "label", "leeg": "melding bij leeg",
    "fout": "melding bij een fout", "keuzes": "keuzes", "duur": "hoe lang", "beslissen": "beslistermijn",
    "verdagen": "verlengen", "levertijd": "levertijd", "ophalen": "ophalen", "per": "per hoe lang", "delen": "bedragen",
    "taken": "taak", "statussen": "status", "wachten": "wachten", "klokken": "klok", "fasen": "fase", "rollen": "rol",
    "zin": "zin", "tekst": "tekst", "kop": "kop", "kosten": "kosten", "wat": "wat het is",
    "hoe_lang": "hoe lang het duurt", "samenvatting": "samenvatting", "goed_om_te_weten": "goed om te weten",
    "nodig": "wat nodig is", "feiten": "gegevens voor de wet", "regels": "regels", "afgeleid": "afgeleid",
    "termijn": "termijn", "waarom": "waarom", "verplicht": "verplicht", "tonen_als": "tonen als", "als": "voorwaarde",
    "is": "hoe bepaald", "grondslag": "grondslag", "betalen": "wanneer betalen", "naam": "naam", "soort": "soort",
    "max": "hoogste waarde", "min": "laagste waarde", "rol": "rol", "brief": "brief", "minuten": "minuten",
    "met": "openingen", "sleutel": "sleutel", "niveau": "inlogniveau", "adviezen": "adviezen", "vragen": "vragen",
    "selectielijst": "bewaren", "informeert": "bericht aan de inwoner", "optioneel": "mag worden overgeslagen",
}  # fmt: skip
_NAMES: Final = ("naam", "label", "vraag", "kop", "vertelt", "zin")
LONGEST: Final = 160


def section_of(path: Path) -> str:
    """The part of the product that a place lies in."""
    return SECTIONS.get(path[0], path[0].replace("_", " ").capitalize()) if path else "Het hele product"


def place_name(root: Node, path: Path, also: Node | None = None) -> str:
    """A place in words: `Formulier: "Waar woont u?", vragen`. `also` is what stands there where the product has nothing."""
    if len(path) < 2:
        return section_of(path)
    parts = [_step(root, path[: n + 1], also if n + 1 == len(path) else None) for n in range(1, len(path))]
    return f"{section_of(path)}: {', '.join(part for part in parts if part)}"


def _step(root: Node, path: Path, also: Node | None) -> str:
    parent = at_path(root, path[:-1])
    if isinstance(parent, ListNode):
        return _name_of(at_path(root, path) or also) or path[-1].replace("_", " ")
    return _STEPS.get(path[-1], path[-1].replace("_", " "))


def _name_of(node: Node | None) -> str:
    if isinstance(node, MapNode):
        for name in _NAMES:
            found = node.get(name)
            if isinstance(found, TextNode):
                return f"“{shortened(found.text, 60)}”"
    return ""


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text on one line, cut between words."""
    one = " ".join(text.split())
    return one if len(one) <= longest else one[: longest - 1].rsplit(" ", 1)[0] + " …"


def change_text(base: Node | None, node: Node | None) -> str:
    """What stands at a place instead of what is shared: for something large only what is other in it."""
    if not isinstance(base, ListNode | MapNode) or not isinstance(node, ListNode | MapNode):
        return value_text(node)
    changes = differences(base, node)
    if len(changes) > _MOST or any(not change.path for change in changes):
        return value_text(node)
    return shortened("; ".join(_change(change) for change in changes), 2 * LONGEST)


_MOST: Final = 4


def _change(change: Change) -> str:
    last = _STEPS.get(change.path[-1], change.path[-1].replace("_", " "))
    match change.kind:
        case ChangeKind.ADDED:
            return (
                f"erbij: {_item(change.after)}"
                if isinstance(change.after, MapNode)
                else f"{last}: {value_text(change.after)}"
            )
        case ChangeKind.REMOVED:
            return f"zonder: {_item(change.before)}" if isinstance(change.before, MapNode) else f"zonder {last}"
        case ChangeKind.MOVED:
            return "andere volgorde"
    return f"{last}: {value_text(change.after)}"


def value_text(node: Node | None) -> str:
    """What stands at a place, short enough for a cell. Empty for nothing."""
    if node is None:
        return ""
    if isinstance(node, TextNode):
        return shortened(node.text)
    if isinstance(node, ListNode):
        return shortened("; ".join(_item(item) for item in node.items))
    return shortened("; ".join(_entries(node)))


def _item(node: Node | None) -> str:
    if isinstance(node, MapNode):
        named = _name_of(node).strip("“”") or identity(node) or spelled(node)
        options = node.get("keuzes")
        inside = f" ({', '.join(_item(option) for option in options.items)})" if isinstance(options, ListNode) else ""
        return named + inside
    return spelled(node)


def _entries(node: MapNode) -> Iterator[str]:
    for key, value in node.entries:
        if key.text in ("sleutel", "bron", "grondslag", "leeg", "fout", "waarom_niet"):
            continue
        if key.text == "nodig" and isinstance(value, TextNode):
            yield "verplicht" if value.text == "ja" else "niet verplicht"
        elif isinstance(value, ListNode | MapNode):
            yield f"{_STEPS.get(key.text, key.text)}: {value_text(value)}"
        elif key.text in _NAMES:
            yield value.text
        else:
            yield f"{_STEPS.get(key.text, key.text.replace('_', ' '))}: {value.text}"
