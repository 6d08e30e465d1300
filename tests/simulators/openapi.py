"""Hold an answer against an OpenAPI specification: types, patterns, required fields, the schema that a `type` field points
at, and no field that the specification does not know."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import yaml

Node = dict[str, "Node | list[Node] | str | int | bool"]


class Specification:
    """A specification file. `relaxed` are patterns that the specification's own tables break, with what is meant."""

    def __init__(self, path: Path, relaxed: dict[str, str] | None = None) -> None:
        self._text = path.read_text("utf-8")
        self._relaxed = relaxed or {}

    @cached_property
    def schemas(self) -> dict:
        loaded = yaml.load(self._text, yaml.CSafeLoader)
        return loaded["components"]["schemas"]

    def problems(self, schema: str, value: object) -> list[str]:
        """What is wrong with `value` as a `schema`; empty when nothing is."""
        return list(self._check({"$ref": f"#/components/schemas/{schema}"}, value, "$"))

    def paths(self, schema: str) -> set[str]:
        """Every path of fields below a schema, through lists and over all kinds that a discriminator names."""
        return set(self._paths({"$ref": f"#/components/schemas/{schema}"}, ""))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _resolve(self, node: dict) -> dict:
        while "$ref" in node:
            node = self.schemas[node["$ref"].rpartition("/")[2]]
        return node

    def _flat(self, node: dict) -> tuple[dict, list[str], dict]:
        """Properties, required names and the discriminator of a schema with all it is made of."""
        node = self._resolve(node)
        properties, required, discriminator = {}, list(node.get("required", [])), dict(node.get("discriminator", {}))
        for part in node.get("allOf", []):
            below = self._flat(part)
            properties |= below[0]
            required += below[1]
            discriminator = discriminator or below[2]
        return properties | node.get("properties", {}), required, discriminator

    def _check(self, node: dict, value: object, at: str) -> Iterator[str]:
        node = self._resolve(node)
        for option in node.get("oneOf", []):
            if not list(self._check(option, value, at)):
                return
        if "oneOf" in node:
            yield f"{at}: fits none of the options"
            return
        properties, required, discriminator = self._flat(node)
        if isinstance(value, dict):
            yield from self._check_object(node, value, at, properties, required, discriminator)
        elif properties or node.get("type") == "object":
            yield f"{at}: not an object but {type(value).__name__}"
        else:
            yield from self._check_plain(node, value, at)

    def _check_object(
        self, node: dict, value: dict, at: str, properties: dict, required: list[str], discriminator: dict
    ) -> Iterator[str]:
        kind = value.get(discriminator.get("propertyName", ""))
        target = discriminator.get("mapping", {}).get(kind)
        if discriminator.get("mapping") and target is None:
            yield f"{at}: {kind!r} is no known type"
        elif target is not None:
            properties, more, _ = self._flat({"$ref": target})
            required = required + more
        for name in required:
            if name not in value and name in properties:
                yield f"{at}.{name}: required"
        for name, part in value.items():
            if name in properties:
                yield from self._check(properties[name], part, f"{at}.{name}")
            elif properties or not node.get("additionalProperties", True):
                yield f"{at}.{name}: not in the specification"

    def _check_plain(self, node: dict, value: object, at: str) -> Iterator[str]:
        kinds = {
            "string": str, "integer": int, "boolean": bool, "array": list, "number": (int, float), "null": type(None),
        }  # fmt: skip
        wanted = kinds.get(node.get("type", ""))
        if wanted is not None and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
            yield f"{at}: not {node['type']} but {value!r}"
            return
        if "enum" in node and value not in node["enum"]:
            yield f"{at}: {value!r} is not one of {node['enum']}"
        if isinstance(value, str):
            yield from self._check_text(node, value, at)
        if isinstance(value, int) and not node.get("minimum", value) <= value <= node.get("maximum", value):
            yield f"{at}: {value} is out of bounds"
        if isinstance(value, list):
            if len(value) < node.get("minItems", 0):
                yield f"{at}: fewer than {node['minItems']}"
            for number, item in enumerate(value):
                yield from self._check(node.get("items", {}), item, f"{at}[{number}]")

    def _check_text(self, node: dict, value: str, at: str) -> Iterator[str]:
        pattern = self._relaxed.get(node.get("pattern", ""), node.get("pattern"))
        if pattern and not re.search(pattern, value):
            yield f"{at}: {value!r} does not fit {pattern}"
        if not node.get("minLength", 0) <= len(value) <= node.get("maxLength", 10**6):
            yield f"{at}: {value!r} has {len(value)} characters"
        if node.get("format") == "date":
            try:
                datetime.date.fromisoformat(value)
            except ValueError:
                yield f"{at}: {value!r} is no date"

    def _paths(self, node: dict, before: str) -> Iterator[str]:
        node = self._resolve(node)
        if node.get("type") == "array":
            yield from self._paths(node["items"], before)
            return
        properties, _, discriminator = self._flat(node)
        kinds = [self._flat({"$ref": ref})[0] for ref in discriminator.get("mapping", {}).values()]
        for part in (properties, *kinds):
            for name, below in part.items():
                path = f"{before}{name}"
                yield path
                yield from self._paths(below, f"{path}.")
