"""What a new version does to one municipality, before it counts there: what changes, and what becomes of its variant.

Pure: two libraries in (as it is, as it would be), an outlook out. Nothing is guessed: what both sides changed differently stays
a conflict until somebody chooses.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import decode_node
from vliegwiel.base.sourcefile import (
    NOWHERE,
    ListNode,
    MapNode,
    Node,
    SourceError,
    SourceInvalid,
    TextNode,
    parse_source,
)
from vliegwiel.law.findings import Finding

from ..check.found import from_invalid
from ..check.report import check_one
from ..editing import CannotRewrite, as_value, node_of, placed, removed, rewrite, written
from ..layers import identity
from ..library import DefinitionFile, Library
from ..merging import Change, Conflict, Fate, Rebased, alike, at_path, differences, merge, rebase
from ..merging.rebasing import with_key
from ..model import Fixed, Resolved, Variant
from ..model.variant import Given
from ..resolve import layered, resolve
from ..texts import name_of, with_texts

OURS, THEIRS, PROPOSAL = "ours", "theirs", "proposal"
"""What a person may choose at a conflict: the municipality's, the country's, both together; or any other text, read as YAML."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A new version under the variant of a municipality.

    `changes`: what the country changed (product with pattern and blocks). `rebased`: what becomes of each deviation.
    `open_`: the conflicts nobody has chosen in. `forbidden`: the deviations that may not be there any more.
    `variant_text`: the text of the variant for the new version, None where it stays as it is. `before` and `after`: what the
    municipality runs; None where it cannot be made. `findings`: what is wrong after.
    """

    changes: tuple[Change, ...]
    rebased: tuple[Rebased, ...]
    open_: tuple[Conflict, ...]
    forbidden: tuple[Rebased, ...]
    variant_text: str | None
    before: Resolved | None
    after: Resolved | None
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether it can go ahead without anybody choosing, examples included."""
        return self.after is not None and not (self.open_ or self.forbidden or self.findings)

    @property
    def same(self) -> bool:
        """Whether nothing changes for this municipality."""
        return self.before is not None and self.after is not None and self.before.hash == self.after.hash


def outlook(
    municipality: str,
    key: str,
    on: date,
    *,
    old: Library,
    new: Library,
    choices: Mapping[str, str] | None = None,
    examples: bool = True,
) -> Outlook:
    """What going from `old` to `new` does to a municipality's product. `choices`: by path of a conflict, see `OURS`.

    `examples` runs those of the municipality on what comes out. Raises `NotFound` when the product is in neither.
    """
    before = _resolved(municipality, key, on, old)
    found = old.variant(municipality, key)
    written_for_new = _variant_state(new, municipality, key) != _variant_state(old, municipality, key)
    base, theirs = _roots(old, new, key, found if not written_for_new else None)
    changes = differences(base, theirs)
    if found is None or written_for_new or not changes:
        return _ended(municipality, key, on, new, changes=changes, before=before, examples=examples)
    variant, file = found
    empty = MapNode((), NOWHERE)
    rebasing = rebase(variant.deviations, base or empty, theirs or empty, _fixed(theirs))
    chosen = [_chosen(one, base, theirs, choices or {}) for one in rebasing.deviations]
    open_ = tuple(conflict for one in chosen if one.fate is Fate.CONFLICT for conflict in one.conflicts)
    # What became fixed by law must go; that too somebody has to see and say.
    forbidden = tuple(one for one in chosen if one.fate is Fate.FIXED and (choices or {}).get(one.old.path) != THEIRS)
    text = None
    if any(one.fate not in (Fate.KEPT, Fate.CONFLICT) for one in chosen):
        text = _variant_text(old, file, chosen)
    return _ended(
        municipality, key, on, new, changes=changes, before=before, examples=examples, text=text, rebased=tuple(chosen),
        open_=open_, forbidden=forbidden,
    )  # fmt: skip


def _ended(
    municipality: str,
    key: str,
    on: date,
    new: Library,
    *,
    changes: tuple[Change, ...],
    before: Resolved | None,
    examples: bool,
    text: str | None = None,
    rebased: tuple[Rebased, ...] = (),
    open_: tuple[Conflict, ...] = (),
    forbidden: tuple[Rebased, ...] = (),
) -> Outlook:
    among = with_texts(new, {name_of("variant", key, municipality): text}) if text is not None else new
    after: Resolved | None = None
    wrong: tuple[Finding, ...] = ()
    if not open_ and not forbidden:
        after, wrong = _holds(municipality, key, on, among, before, examples=examples)
    return Outlook(changes, rebased, open_, forbidden, text, before, after, wrong)


def _holds(
    municipality: str, key: str, on: date, among: Library, before: Resolved | None, *, examples: bool
) -> tuple[Resolved | None, tuple[Finding, ...]]:
    try:
        after = resolve(municipality, key, on, among=among)
    except SourceInvalid as error:
        return None, tuple(from_invalid(error))
    except NotFound:
        gone = SourceError(name_of("product", key), 1, 1, (), "Dit product is er in de nieuwe versie niet meer.")
        return None, tuple(from_invalid(SourceInvalid([gone])))
    if not examples or (before is not None and before.hash == after.hash):
        return after, ()
    return after, tuple(one for one in check_one(municipality, key, on, among=among)[0] if one.severity == "fout")


def _resolved(municipality: str, key: str, on: date, among: Library) -> Resolved | None:
    try:
        return resolve(municipality, key, on, among=among)
    except (SourceInvalid, NotFound):
        return None


def _variant_state(found: Library, municipality: str, key: str) -> object:
    file = found.variant_file(municipality, key)
    return file.state if file else None


def _roots(
    old: Library, new: Library, key: str, found: tuple[Variant, DefinitionFile] | None
) -> tuple[Node | None, Node | None]:
    """The product with pattern and blocks, before and after; with the pattern that the variant chose, where it chose one."""
    shape = tuple(one for one in found[0].deviations if one.keys[0] == "patroon") if found else ()
    roots: list[Node | None] = []
    for library in (old, new):
        product = library.product(key)
        try:
            roots.append(layered(library, product, shape, found[1] if found else None).root if product else None)
        except SourceInvalid:
            roots.append(product.root if product else None)
    if roots == [None, None]:
        raise NotFound("Dit product kennen wij niet.")
    return roots[0], roots[1]


def _fixed(root: Node | None) -> tuple[Fixed, ...]:
    listed = root.get("vast") if isinstance(root, MapNode) else None
    if listed is None:
        return ()
    try:
        return decode_node(listed, tuple[Fixed, ...], "", ("vast",))
    except SourceInvalid:
        return ()


# --- choosing ---------------------------------------------------------------------------------------------------------


def path_of(conflict: Conflict) -> str:
    """The path of a conflict as choices name it, and as a variant writes it."""
    return ".".join(f'"{step}"' if "." in step else step for step in conflict.path)


def _chosen(one: Rebased, base: Node | None, theirs: Node | None, choices: Mapping[str, str]) -> Rebased:
    """A deviation after what somebody chose in its conflicts; still a conflict where anything is open."""
    if one.fate is not Fate.CONFLICT:
        return one
    open_ = tuple(conflict for conflict in one.conflicts if path_of(conflict) not in choices)
    if open_:
        return Rebased(one.old, Fate.CONFLICT, one.old, open_)
    answers = {path_of(conflict): answer(conflict, choices[path_of(conflict)]) for conflict in one.conflicts}
    if all(alike(answers[path_of(conflict)], conflict.ours) for conflict in one.conflicts):
        # Ours everywhere: what the country changed elsewhere below the deviation is taken along by the merge.
        return _became(one, base, theirs, {})
    return _became(one, base, theirs, answers)


def answer(conflict: Conflict, choice: str) -> Node | None:
    """What a choice puts at a conflict. Raises `SourceInvalid` for YAML that cannot be read."""
    if choice == OURS or (choice == PROPOSAL and conflict.proposal is None):
        return conflict.ours
    if choice == PROPOSAL:
        return conflict.proposal
    return conflict.theirs if choice == THEIRS else parse_source(choice, "uw keuze").root


def _became(one: Rebased, base: Node | None, theirs: Node | None, answers: Mapping[str, Node | None]) -> Rebased:
    path = one.old.keys
    from_base, from_theirs = at_path(base, path), at_path(theirs, path)
    given = one.old.value
    ours = with_key(given.node, from_base if from_base is not None else from_theirs) if given is not None else None
    node = merge(from_base, ours, from_theirs).node
    for conflict in one.conflicts:
        if path_of(conflict) in answers:
            node = answered(node, conflict.path[len(path) :], answers[path_of(conflict)])
    if alike(node, from_theirs):
        return Rebased(one.old, Fate.NEEDLESS, None)
    if node is None or alike(node, ours):
        return Rebased(one.old, Fate.KEPT, one.old)
    became = dataclasses.replace(one.old, value=Given(node), remove=False)
    return Rebased(one.old, Fate.UPDATED, became)


def answered(node: Node | None, below: tuple[str, ...], value: Node | None) -> Node | None:
    """The nodes with an answer at a path below them; None takes away what stands there."""
    if not below:
        return value
    if node is None:
        return None
    if value is not None:
        return placed(node, below, value)
    try:
        return removed(node, below)
    except NotFound:
        return node


# --- writing ----------------------------------------------------------------------------------------------------------


def _variant_text(old: Library, file: DefinitionFile, chosen: Sequence[Rebased]) -> str:
    """The text of the variant with each deviation as it became: comments and order stay."""
    name = file.state[0].partition("@")[0]
    text = old.text(name) or ""
    listed = file.root.get("afwijkingen")
    items = listed.items if isinstance(listed, ListNode) else ()
    became = [_item(item, one) for item, one in zip(items, chosen, strict=True)]
    target = placed(file.root, ("afwijkingen",), ListNode(tuple(item for item in became if item is not None), NOWHERE))
    try:
        return rewrite(text, target)
    except CannotRewrite:
        return written(as_value(target))


def _item(item: Node, one: Rebased) -> Node | None:
    if one.fate is Fate.KEPT or one.fate is Fate.CONFLICT:
        return item
    if one.deviation is None or not isinstance(item, MapNode):
        return None
    kept = [(key, value) for key, value in item.entries if key.text not in ("waarde", "vervalt", "na")]
    value = one.deviation.value
    if value is not None:
        kept.append((_key("waarde"), _as_given(value.node, one)))
    if one.deviation.after:
        kept.append((_key("na"), node_of(one.deviation.after)))
    order = [key.text for key, _ in item.entries]
    kept.sort(key=lambda pair: order.index(pair[0].text) if pair[0].text in order else 1)
    return MapNode(tuple(kept), item.at)


def _as_given(node: Node, one: Rebased) -> Node:
    """The value as its writer had it: without the key that the path says already."""
    given = one.old.value.node if one.old.value is not None else None
    if not isinstance(node, MapNode) or (given is not None and identity(given) is not None):
        return node
    if identity(node) != one.old.keys[-1]:
        return node
    return MapNode(tuple(pair for pair in node.entries if pair[0].text != "sleutel"), node.at)


def _key(text: str) -> TextNode:
    return TextNode(text, True, NOWHERE, NOWHERE)
