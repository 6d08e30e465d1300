"""Does a definition hold in the place where it will stand: is it well written, does what uses it still fit, do examples come out.

Pure: a library in, findings out. The same check runs while somebody types (`thorough=False`: one product stands for all that use
a pattern or block) and before anything is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.sourcedecode import decode
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceInvalid, TextNode

from ..check.found import Finding, from_invalid
from ..check.patterns import pattern_findings
from ..check.report import NATIONAL, check_one
from ..layers import BLOCK, children
from ..library import DefinitionFile, Library, State
from ..model import Variant
from ..texts import name_of, with_text


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `examples` were run in `definitions` resolved definitions; `products` are those that use the text."""

    findings: tuple[Finding, ...]
    examples: int
    definitions: int
    products: tuple[str, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What must be repaired before it can be published."""
        return tuple(one for one in self.findings if one.severity == "fout")

    @property
    def ok(self) -> bool:
        """Whether it can be published."""
        return not self.wrong


def check_in(
    below: Library, municipality: str, kind: str, key: str, text: str, on: date, *, thorough: bool = True
) -> Checked:
    """Check a text as if it stood in this library, for what the municipality runs of it and for the country as a whole."""
    owner = municipality if kind == "variant" else ""
    found = with_text(below, kind, key, text, owner)
    name = name_of(kind, key, owner)
    try:
        file = _file(found, kind, key, owner)
    except SourceInvalid as error:
        return Checked(tuple(from_invalid(error)), 0, 0, ())
    said = list(_header(file, kind, key, municipality, name))
    if said:
        return Checked(tuple(said), 0, 0, ())
    if kind == "patroon":
        said = pattern_findings(found, key)
        if any(one.severity == "fout" for one in said):
            return Checked(tuple(said), 0, 0, ())
    return _checked(below, found, municipality, kind, key, said, on, thorough=thorough)


def _checked(
    below: Library,
    found: Library,
    municipality: str,
    kind: str,
    key: str,
    said: list[Finding],
    on: date,
    *,
    thorough: bool,
) -> Checked:
    name = name_of(kind, key, municipality if kind == "variant" else "")
    products = (key,) if kind in ("product", "variant") else users_of(found, kind, key)
    looked_at = products if thorough else products[:1]
    examples = definitions = 0
    for product in looked_at:
        for place in _places(found, municipality, product, kind):
            wrong, count = check_one(place, product, on, among=found)
            if wrong and kind in ("blok", "patroon"):
                # What was wrong with a product before is not the fault of what it shares with others.
                known = {_alike(one) for one in check_one(place, product, on, among=below)[0]}
                wrong = tuple(one for one in wrong if _alike(one) not in known)
            said += wrong
            examples += count
            definitions += 1
    if thorough and kind == "product" and not examples and not any(one.severity == "fout" for one in said):
        message = "Er is geen voorbeeld uitgerekend. Geef het product een voorbeeld, of maak eerst uw variant."
        said.append(Finding(name, 1, 1, "fout", "voorbeeld", message, ("voorbeelden",)))
    return Checked(tuple(sorted(set(said))), examples, definitions, products)


def _alike(one: Finding) -> tuple[object, ...]:
    return (one.file, one.severity, one.code, one.path, one.message)


def _file(found: Library, kind: str, key: str, owner: str) -> DefinitionFile:
    if kind == "variant":
        file = found.variant_file(owner, key)
    else:
        file = {"product": found.product, "patroon": found.pattern, "blok": found.block}[kind](key)
    assert file is not None
    return file


def _header(file: DefinitionFile, kind: str, key: str, municipality: str, name: str) -> Iterator[Finding]:
    """What stands at the top must be what the definition is known by."""
    if kind == "blok":
        return
    says = {"soort": kind} | ({"gemeente": municipality, "product": key} if kind == "variant" else {"sleutel": key})
    for part, belongs in says.items():
        node = file.root.get(part)
        if not isinstance(node, TextNode) or node.text != belongs:
            at = node.at if node is not None else file.root.at
            yield Finding(name, at.line, at.column, "fout", "naam", f"Hier hoort '{part}: {belongs}'.", (part,))
    if kind == "variant":
        try:
            decode(file.source, Variant)
        except SourceInvalid as error:
            yield from from_invalid(error)


def _places(found: Library, municipality: str, product: str, kind: str) -> list[str]:
    """Where to check it: without any deviation, for the municipality, and for those whose variants come with the package."""
    if kind == "variant":
        return [municipality]
    with_variant = [one for one in found.municipalities() if found.variant_file(one, product) is not None]
    if municipality in with_variant:
        return [NATIONAL, municipality]
    return [NATIONAL, *(with_variant[:2] or [municipality])]


def users_of(found: Library, kind: str, key: str) -> tuple[str, ...]:
    """The products that rest on a pattern or a block, by itself or through their pattern or another block."""
    return tuple(name for name in found.products() if (kind, key) in rests_on(found, name))


def rests_on(found: Library, product: str) -> frozenset[tuple[str, str]]:
    """Kind and key of all that a product is made of: itself, its pattern, and every block that one of them uses."""
    file = found.product(product)
    if file is None:
        return frozenset()
    parts = {("product", product)}
    pending = [file]
    pattern = found.pattern(pattern_key(file.root))
    if pattern is not None:
        parts.add(("patroon", pattern_key(file.root)))
        pending.append(pattern)
    while pending:
        for name in _blocks(pending.pop()):
            block = found.block(name)
            if block is not None and ("blok", name) not in parts:
                parts.add(("blok", name))
                pending.append(block)
    return frozenset(parts)


_blocks_of: dict[State, frozenset[str]] = {}
_MOST = 8192


def _blocks(file: DefinitionFile) -> frozenset[str]:
    """The blocks that a file names, worked out once for each state of it."""
    known = _blocks_of.get(file.state)
    if known is None:
        if len(_blocks_of) >= _MOST:
            _blocks_of.clear()
        known = _blocks_of[file.state] = frozenset(blocks_in(file.root))
    return known


def pattern_key(root: MapNode) -> str:
    """The key of the pattern that a product names, or nothing."""
    use = root.get("patroon")
    named = use.get("sleutel") if isinstance(use, MapNode) else None
    return named.text if isinstance(named, TextNode) else ""


def blocks_in(node: Node) -> set[str]:
    """The blocks that are named somewhere in a definition."""
    found: set[str] = set()
    pending = [node]
    while pending:
        here = pending.pop()
        named = here.get(BLOCK) if isinstance(here, MapNode) else None
        if isinstance(named, TextNode):
            found.add(named.text)
        if isinstance(here, MapNode | ListNode):
            pending.extend(children(here))
    return found
