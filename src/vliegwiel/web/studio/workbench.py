"""What is on the workbench: a definition of this municipality with its draft, or as it is live when nobody writes yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound, VliegwielError
from vliegwiel.base.sourcefile import MapNode, Node, SourceInvalid, parse_source
from vliegwiel.catalogue.editing.deviating import new_variant
from vliegwiel.catalogue.editing.parts import Definition
from vliegwiel.catalogue.editing.working import Workpiece
from vliegwiel.catalogue.layers import Origins
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.model import Fee, Fixed, LawUse, Pattern, PreCheck, Process, Product, Resolved, Step
from vliegwiel.catalogue.resolve import layered_of, national, resolve
from vliegwiel.catalogue.texts import with_text
from vliegwiel.catalogue.versions import queries
from vliegwiel.catalogue.versions.shelves import library_for
from vliegwiel.catalogue.versions.views import DraftView
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require

NATIONAL = "GM0000"
IN_BLOCKS = (Process, Pattern, LawUse, PreCheck, Fee, Step)
"""What has lists that a shared block may hold, besides a product."""
KINDS = ("variant", "product", "patroon", "blok")


@dataclass(frozen=True, slots=True)
class Bench:
    """A definition that can be changed. `draft` is None while nobody writes; `live` the text that counts now ("" for none).

    `definition` is None while the text cannot be laid together; `resolved` where it makes no whole product.
    """

    municipality: str
    kind: str
    key: str
    name: str
    draft: DraftView | None
    live: str
    text: str
    library: Library
    below: Library
    definition: Definition | None
    base: Node | None
    resolved: Resolved | None

    @property
    def seen(self) -> str:
        """Marks the text that a person looked at."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def piece(self) -> Workpiece:
        """The text with what it makes. Raises `NotFound` while it cannot be laid together."""
        if self.definition is None:
            raise NotFound(_("Dit concept is nu alleen als YAML te wijzigen."))
        return Workpiece(self.kind, self.text, self.definition.root, self.base or self.definition.root)


def bench(actor: Staff, kind: str, key: str) -> Bench:
    """The workbench for a definition. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    if kind not in KINDS:
        raise NotFound(_("Deze soort definitie kennen wij niet."))
    below = library_for(actor.municipality, key if kind in ("product", "variant") else "")
    if kind == "variant" and below.product(key) is None:
        raise NotFound(_("Dit product kennen wij niet."))
    draft = queries.draft(actor, kind, key)
    live = live_text(actor.municipality, kind, key)
    if not live and draft is None and kind != "variant":
        raise NotFound(_("Deze definitie kennen wij niet."))
    text = draft.text if draft else live or new_variant(actor.municipality, key, clock.today())
    library = with_text(below, kind, key, text, actor.municipality if kind == "variant" else "")
    definition, base, resolved = _laid(actor.municipality, kind, key, text, library, below)
    return Bench(
        actor.municipality,
        kind,
        key,
        name_in(below, kind, key),
        draft,
        live,
        text,
        library,
        below,
        definition,
        base,
        resolved,
    )


def live_text(municipality: str, kind: str, key: str) -> str:
    """The text that counts now; empty where there is none."""
    try:
        return queries.text_now(municipality, kind, key).text
    except NotFound:
        return ""


def name_in(below: Library, kind: str, key: str) -> str:
    """What a definition is called in a library; its key where it has no name."""
    file = below.product(key) if kind in ("product", "variant") else below.pattern(key) if kind == "patroon" else None
    node = file.root.get("naam") if file is not None else None
    return getattr(node, "text", "") or key


def _laid(
    town: str, kind: str, key: str, text: str, library: Library, below: Library
) -> tuple[Definition | None, Node | None, Resolved | None]:
    try:
        if kind in ("patroon", "blok"):
            root = parse_source(text, key).root
            if not isinstance(root, MapNode):
                return None, None, None
            shared = Definition(root, Origins(), (), Product, IN_BLOCKS)
            return (Definition(root, Origins(), (), Pattern) if kind == "patroon" else shared), None, None
        who = town if kind == "variant" else NATIONAL
        layers = layered_of(who, key, among=library)
        fixed, base = _fixed_and_base(key, library, kind)
    except (SourceInvalid, NotFound):
        return None, None, None
    return Definition(layers.root, layers.origins, fixed), base, _resolved(who, key, library)


def _fixed_and_base(key: str, library: Library, kind: str) -> tuple[tuple[Fixed, ...], Node]:
    """What may not vary, and the product before the variant."""
    base = layered_of(NATIONAL, key, among=library).root
    return (national(key, among=library).fixed if kind == "variant" else ()), base


def _resolved(town: str, key: str, library: Library) -> Resolved | None:
    try:
        return resolve(town, key, clock.today(), among=library)
    except VliegwielError:
        return None
