"""What a law file says and DMN has no place for: articles, sources, questions, sentences. Kept in extension elements.

DMN lets every element carry elements of another namespace; a tool that does not know them keeps or drops them. So the rules of
an exported law stand in plain DMN, and only what is said about them stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree
from msgspec import Struct, field

SPACE: Final = "urn:vliegwiel:dmn"
_OWN: Final = f"{{{SPACE}}}herkomst"
_SENTENCE: Final = f"{{{SPACE}}}zin"


class Note(Struct, frozen=True):
    """What is said about one element.

    `kind` is wet, tekst, gegeven, norm, open term, oordeel, regel, voorwaarde, soort or functie; `values` are short facts by
    name (article, source, standing), `sentences` the sentences by when they are said. `label` and `description` are DMN's own.
    """

    kind: str = ""
    label: str = ""
    description: str = ""
    values: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)


NOTHING: Final = Note()


def write_note(element: etree._Element, note: Note, model_space: str) -> None:
    """Put a note on an element that has no children yet."""
    if note.label:
        element.set("label", _clean(note.label))
    if note.description:
        etree.SubElement(element, f"{{{model_space}}}description").text = _clean(note.description)
    if not note.kind:
        return
    outer = etree.SubElement(element, f"{{{model_space}}}extensionElements")
    own = etree.SubElement(outer, _OWN, {"soort": note.kind})
    for name, value in note.values.items():
        if value:
            own.set(name, _clean(value))
    for when, sentence in note.sentences.items():
        etree.SubElement(own, _SENTENCE, {"bij": _clean(when)}).text = _clean(sentence)


def read_notes(root: etree._Element) -> dict[str, Note]:
    """The notes of all elements that have an id; the whole model's are under the empty name."""
    found: dict[str, Note] = {}
    for element in root.iter("{*}*"):
        identifier = "" if element is root else element.get("id")
        if identifier is not None:
            note = _note(element)
            if note != NOTHING:
                found.setdefault(identifier, note)
    return found


def _note(element: etree._Element) -> Note:
    description, own = "", None
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "description":
            description = " ".join((child.text or "").split())
        elif name == "extensionElements":
            own = child.find(_OWN)
    label = element.get("label") or ""
    if own is None:
        return Note("", label, description)
    values = {str(name): str(value) for name, value in own.items() if name != "soort"}
    sentences = {child.get("bij") or "": child.text or "" for child in own.findall(_SENTENCE)}
    return Note(own.get("soort") or "", label, description, values, sentences)


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not _lone(c)))


def _lone(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


Notes = Mapping[str, Note]
