"""A law file as YAML text: keys in the order of the format, short groups on one line, no anchors or tags."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import yaml

from vliegwiel.law.feel.values import show_number

_LINE: Final = 100


class _Dumper(yaml.SafeDumper):
    """Writes what the strict reader of law files takes."""

    def ignore_aliases(self, data: object) -> bool:
        """Anchors are not allowed in a law file."""
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """A short group on one line, a longer one with a line for each key."""
        node: yaml.MappingNode = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _width(node) <= _LINE
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        """The same for a list."""
        node: yaml.SequenceNode = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _width(node) <= _LINE
        return node


def _width(node: yaml.Node) -> int:
    """How many characters a node takes on one line, about."""
    if isinstance(node, yaml.MappingNode):
        return sum(_width(key) + _width(value) + 4 for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return sum(_width(item) + 2 for item in node.value)
    return len(str(node.value))


def _number(dumper: _Dumper, value: Decimal) -> yaml.Node:
    text = show_number(value)
    return dumper.represent_scalar("tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int", text)


def _truth(dumper: _Dumper, value: bool) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", "ja" if value else "nee")


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(bool, _truth)


def law_text(law: dict[str, object], remarks: Iterable[str]) -> str:
    """The text of a law file, with remarks as comment on top."""
    head = "".join(f"# {line}\n" for remark in remarks for line in remark.splitlines())
    body = yaml.dump(law, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return head + body


def without_repeats(value: object, source: object, verified: object) -> object:
    """The same keys without a source and standing that are what the whole around them says."""
    if isinstance(value, list):
        return [without_repeats(item, source, verified) for item in value]
    if not isinstance(value, dict):
        return value
    own_source, own_verified = value.get("bron", source), value.get("geverifieerd", verified)
    kept = {
        key: without_repeats(item, own_source, own_verified)
        for key, item in value.items()
        if not (key == "bron" and item == source) and not (key == "geverifieerd" and item == verified)
    }
    return kept["waarde"] if list(kept) == ["waarde"] and "bron" in value else kept
