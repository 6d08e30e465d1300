"""The form for one place of a draft: its inputs, the reason, and the text that follows from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.base.sourcefile import ListNode, Node
from vliegwiel.catalogue.check.found import Finding
from vliegwiel.catalogue.editing.deviating import Why, covering, standing
from vliegwiel.catalogue.editing.kinds import InputKind, Shape
from vliegwiel.catalogue.editing.parts import Definition, Item, Part, Path, node_at, trail
from vliegwiel.catalogue.editing.typing_in import Input, NotTyped, changed, inputs, new_inputs, new_item, with_typed
from vliegwiel.catalogue.editing.words import dotted, label
from vliegwiel.catalogue.editing.working import add, drop, move, needs_reason, put
from vliegwiel.catalogue.layers import identity, is_keyed
from vliegwiel.catalogue.model.facts import path_keys
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest

from .workbench import Bench

MOST_STEPS = 12
LOOKS = ("pagina", "teksten", "zoekwoorden", "past_dit")
"""Where a deviation is most often a matter of house style."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a place."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class SubList:
    """A list below a group, with its items."""

    label: str
    address: str
    items: tuple[Item, ...]
    origin: str
    fixed: str
    keyed: bool


@dataclass(slots=True)
class PartForm:
    """A place with its form. `new`: the form is for a new item of the list at the path."""

    path: Path
    title: str
    crumbs: tuple[Crumb, ...]
    inputs: tuple[Input, ...]
    lists: tuple[SubList, ...]
    new: bool
    is_item: bool
    is_list: bool
    fixed: str
    reason: Why | None
    reasoned: bool
    covers: str
    after: tuple[Item, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The path as text."""
        return dotted(self.path)

    @property
    def main(self) -> tuple[Input, ...]:
        """What stands there or must."""
        return tuple(one for one in self.inputs if one.filled)

    @property
    def more(self) -> tuple[Input, ...]:
        """What may be filled in besides."""
        return tuple(one for one in self.inputs if not one.filled)


def path_of(text: str) -> Path:
    """A path from an address, harmless: at most so many steps."""
    return path_keys(text)[:MOST_STEPS]


def form(bench: Bench, path: Path, *, new: bool = False) -> PartForm:
    """The form of a place. Raises `NotFound`."""
    definition = bench.definition
    shape = definition.shape(path) if definition is not None else None
    if definition is None or shape is None or not path:
        raise NotFound(_("Dit onderdeel is er niet."))
    new = new and shape.kind is InputKind.ITEMS
    inside = definition.node(path[:-1]) if len(path) > 1 else None
    if isinstance(inside, ListNode) and definition.node(path) is None:
        raise NotFound(_("Dit onderdeel is er niet (meer)."))
    part = definition.part(path)
    reasoned = needs_reason(bench.kind, path)
    above = covering(bench.text, path) if reasoned else None
    kind = "huisstijl" if path[0] in LOOKS else "werkwijze"
    return PartForm(
        path=path,
        title=_title(definition, path, shape, new=new),
        crumbs=_crumbs(definition, path),
        inputs=new_inputs(shape) if new else _noted(bench, path, inputs(definition, path)),
        lists=() if new else tuple(_lists(definition, path, shape)),
        new=new,
        is_item=isinstance(inside, ListNode),
        is_list=shape.kind is InputKind.ITEMS,
        fixed=str(part.fixed.basis) if part is not None and part.fixed is not None else "",
        reason=(above.why if above else Why(kind, "")) if reasoned else None,
        reasoned=reasoned,
        covers=trail(above.path, definition.root) if above and above.path != path else "",
        after=definition.items(path) if new else (),
    )


def _noted(bench: Bench, path: Path, found: tuple[Input, ...]) -> tuple[Input, ...]:
    """The inputs; those that deviate by themselves say why."""
    if not needs_reason(bench.kind, path):
        return found
    reasons = {one.path: one.why.reason for one in standing(bench.text)}
    return tuple(replace(one, note=reasons.get((*path, *one.below), "") if one.below else "") for one in found)


def _title(definition: Definition, path: Path, shape: Shape, *, new: bool) -> str:
    if new:
        return _("Nieuw bij: %(list)s") % {"list": label(path[-1])}
    return trail(path, definition.root).rpartition(" › ")[2].strip("“”")


def _crumbs(definition: Definition, path: Path) -> tuple[Crumb, ...]:
    found = []
    for length in range(1, len(path)):
        above = path[:length]
        name = trail(above, definition.root).rpartition(" › ")[2].strip("“”")
        found.append(Crumb(name, dotted(above)))
    return tuple(found)


def _lists(definition: Definition, path: Path, shape: Shape) -> list[SubList]:
    if shape.kind is InputKind.ITEMS:
        part = definition.part(path)
        return [_list(definition, part)] if part else []
    found: list[SubList] = []
    for part in definition.parts(path):
        if part.shape.kind is InputKind.ITEMS:
            found.append(_list(definition, part))
        elif part.shape.kind is InputKind.GROUP:
            found += _lists(definition, part.path, part.shape)
    return found


def _list(definition: Definition, part: Part) -> SubList:
    node = part.node
    keyed = not isinstance(node, ListNode) or is_keyed(node)
    fixed = str(part.fixed.basis) if part.fixed is not None else ""
    return SubList(part.label, part.address, definition.items(part.path), part.origin, fixed, keyed)


# --- what was posted --------------------------------------------------------------------------------------------------


def typed(request: PageRequest, found: PartForm) -> dict[str, str]:
    """What was typed, by name of the field."""
    return {one.name: posted.one(request, one.name) for one in found.inputs if one.name in request.POST}


def why_typed(request: PageRequest) -> Why:
    """The reason as it was typed."""
    return Why(
        kind=posted.one(request, "reden_soort").strip(),
        reason=" ".join(posted.one(request, "reden").split()),
        law=posted.one(request, "reden_wet").strip(),
        article=posted.one(request, "reden_artikel").strip(),
        source=posted.one(request, "reden_bron").strip(),
        verified="reden_niet_nagekeken" not in request.POST,
    )


def again(found: PartForm, values: Mapping[str, str], why: Why | None) -> None:
    """Show what was typed, with the errors."""
    found.inputs = with_typed(found.inputs, values, found.errors)
    if found.reasoned and why is not None:
        found.reason = why


def text_after(
    bench: Bench, found: PartForm, values: Mapping[str, str], why: Why | None, act: str, after: str
) -> str | None:
    """The text that follows; None when something is wrong (`found.errors` says what) or nothing changes.

    Raises `Conflict` and `CannotRewrite` with a sentence for people.
    """
    if found.fixed:
        raise Conflict(_("Dit ligt landelijk vast: %(basis)s.") % {"basis": found.fixed})
    reason = why if found.reasoned else None
    if reason is not None:
        found.errors.update(_wrong_reason(reason))
    try:
        if act in ("weg", "hoger", "lager"):
            return None if found.errors else _moved(bench, found, reason, act)
        if found.new:
            item = _new(bench, found, values)
            return None if found.errors else add(bench.piece, found.path, item, reason, after=after)
        made = changed(found.inputs, values)
    except NotTyped as error:
        found.errors[str(error.args[1])] = str(error.args[0])
        return None
    if found.errors:
        return None
    old = covering(bench.text, found.path) if found.reasoned else None
    changes = [((*found.path, *one.below), value) for one, value in made]
    if not changes and reason is not None and old is not None and old.why != reason:
        node = node_at(bench.piece.root, old.path)
        return put(bench.piece, [(old.path, node)], reason)
    return put(bench.piece, changes, reason) if changes else bench.text


def _new(bench: Bench, found: PartForm, values: Mapping[str, str]) -> Node:
    piece = bench.piece
    listed = node_at(piece.root, found.path)
    items = listed.items if isinstance(listed, ListNode) else ()
    shape = bench.definition.shape(found.path) if bench.definition else None
    record = shape.record if shape else None
    keyed = record is not None and _has_key(record) and (not isinstance(listed, ListNode) or is_keyed(listed))
    return new_item(found.inputs, values, frozenset(identity(item) or "" for item in items), keyed=keyed)


def _has_key(record: type) -> bool:
    return any(name == "key" for name in getattr(record, "__dataclass_fields__", {}))


def _moved(bench: Bench, found: PartForm, reason: Why | None, act: str) -> str:
    if act == "weg":
        return drop(bench.piece, found.path, reason)
    return move(bench.piece, found.path, -1 if act == "hoger" else 1, reason)


def _wrong_reason(why: Why) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if why.kind not in ("verordening", "werkwijze", "huisstijl"):
        wrong["reden_soort"] = _("Kies waarom u afwijkt.")
    if not why.reason:
        wrong["reden"] = _("Schrijf in een zin waarom u hier afwijkt. Andere gemeenten lezen dit.")
    if why.kind == "verordening" and not why.law:
        wrong["reden_wet"] = _("Noem de verordening of het besluit waarin dit staat.")
    if why.kind == "huisstijl" and why.law:
        wrong["reden_wet"] = _("Bij huisstijl hoort geen regeling. Maak dit leeg, of kies verordening.")
    if why.kind == "verordening" and why.law and why.verified and not why.source:
        wrong["reden_bron"] = _("Zeg waar u dit las, of zet een kruisje bij ‘niet nagekeken’.")
    return wrong


def placed_errors(found: PartForm, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings about this place put at their inputs; gives those that belong to this change but to no input."""
    rest = []
    for one in findings:
        if one.severity != "fout":
            continue
        name = _input_at(found, tuple(map(str, one.path)))
        if name:
            found.errors.setdefault(name, one.message)
        else:
            rest.append(one)
    return tuple(rest)


def _input_at(found: PartForm, path: Path) -> str:
    """The name of the input that a path leads to or through; nothing where it leads elsewhere."""
    if path[: len(found.path)] != found.path:
        return ""
    below = path[len(found.path) :]
    return next((one.name for one in found.inputs if one.below == below[: len(one.below)]), "")
