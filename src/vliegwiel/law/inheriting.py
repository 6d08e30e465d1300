"""An example that is like another one (`zoals`): it says only what differs, so that a reader sees what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import MapNode, Node, TextNode
from vliegwiel.law.findings import Findings
from vliegwiel.law.lawfile import ExampleSpec

_GONE = "onbekend"


def whole_examples(examples: Iterable[ExampleSpec], findings: Findings) -> tuple[ExampleSpec, ...]:
    """Every example with all its data: those of the example it is like, and its own above them.

    A datum that is `onbekend` in an example with `zoals` is taken away. An example may only be like an earlier one.
    """
    known: dict[str, ExampleSpec] = {}
    found: list[ExampleSpec] = []
    for number, example in enumerate(examples):
        whole = example
        if example.zoals is not None:
            base = known.get(example.zoals)
            if base is None:
                meant = nearest(example.zoals, known)
                hint = f" Bedoelt u '{meant}'?" if meant else ""
                said = f"Hierboven is geen voorbeeld '{example.zoals}'.{hint}"
                findings.wrong(example.at, "voorbeeld", said, ("voorbeelden", number, "zoals"))
            else:
                whole = replace(example, gegevens=_merged(base.gegevens, example.gegevens))
        known.setdefault(example.naam, whole)
        found.append(whole)
    return tuple(found)


def _merged(base: MapNode | None, own: MapNode | None) -> MapNode | None:
    if base is None or own is None:
        return own if base is None else base
    differs = {key.text: (key, node) for key, node in own.entries}
    kept = [differs.pop(key.text, (key, node)) for key, node in base.entries]
    entries = tuple((key, node) for key, node in (*kept, *differs.values()) if not _gone(node))
    return MapNode(entries, own.at)


def _gone(node: Node) -> bool:
    return isinstance(node, TextNode) and node.plain and node.text == _GONE
