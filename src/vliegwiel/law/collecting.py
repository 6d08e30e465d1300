"""Read many law files together: each needs the names of the laws it uses or fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from vliegwiel.base.sourcedecode import decode, nearest
from vliegwiel.base.sourcefile import (
    MapNode,
    Position,
    SourceError,
    SourceFile,
    SourceInvalid,
    parse_source,
    read_source,
)
from vliegwiel.law.building import build
from vliegwiel.law.declaring import Declared, declare
from vliegwiel.law.feel.vocabulary import BUILTIN_NAMES
from vliegwiel.law.findings import Finding, Findings, from_errors
from vliegwiel.law.lawfile import LawSpec, OrdinanceSpec
from vliegwiel.law.model import Text

_TOP: Final = Position(1, 1)
_RESERVED: Final = tuple(name for name in BUILTIN_NAMES if " " not in name)


def law_files(paths: Iterable[Path]) -> list[Path]:
    """The YAML files among and below these paths, in a fixed order."""
    found: set[Path] = set()
    for path in paths:
        found.update(path.rglob("*.yaml") if path.is_dir() else [path])
    return sorted(found)


def read_files(paths: Iterable[Path]) -> tuple[list[SourceFile], list[Finding]]:
    """Every law file as nodes; what cannot be read is a finding."""
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for path in law_files(paths):
        try:
            sources.append(read_source(path, _shown(path)))
        except SourceInvalid as error:
            findings.extend(from_errors(error.errors))
    return sources, findings


def _shown(path: Path) -> str:
    """The name of a file in messages: short, and the same on every machine."""
    parts = path.parts
    if "definitions" in parts:
        return "/".join(parts[parts.index("definitions") + 1 :])
    return path.name


def read_texts(named: Mapping[str, str]) -> tuple[list[SourceFile], list[Finding]]:
    """Law files given as text, by name."""
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for name, text in named.items():
        try:
            sources.append(parse_source(text, name))
        except SourceInvalid as error:
            findings.extend(from_errors(error.errors))
    return sources, findings


def collect(sources: Iterable[SourceFile]) -> tuple[list[Text], list[Finding]]:
    """All texts that were read, with every finding. A text with a `fout` is among the texts too: do not use it then."""
    specs: list[tuple[LawSpec | OrdinanceSpec, Findings]] = []
    findings: list[Finding] = []
    for source in sources:
        try:
            specs.append((_decode(source), Findings(source.name)))
        except SourceInvalid as error:
            findings.extend(from_errors(error.errors))
    declared = [(spec, declare(spec, found, _RESERVED), found) for spec, found in specs]
    laws = _latest(declared)
    texts: list[Text] = []
    used: dict[str, set[str]] = {}
    for spec, own, found in declared:
        base = _base(spec, declared, found)
        others = _others(spec, laws, found)
        text, names = build(spec, own, base, others, found)
        texts.append(text)
        used.setdefault(text.fills or text.id, set()).update(names)
        findings.extend(found.found)
    findings.extend(_overlaps(texts))
    findings.extend(_unused(texts, used))
    return texts, sorted(findings)


def _decode(source: SourceFile) -> LawSpec | OrdinanceSpec:
    root = source.root
    keys = [key.text for key, _ in root.entries] if isinstance(root, MapNode) else []
    if "wet" in keys:
        return decode(source, LawSpec)
    if "verordening" in keys:
        return decode(source, OrdinanceSpec)
    message = "Dit is geen wet en geen verordening: de sleutel 'wet' of 'verordening' ontbreekt."
    raise SourceInvalid([SourceError(source.name, 1, 1, (), message)])


def _latest(declared: list[tuple[LawSpec | OrdinanceSpec, Declared, Findings]]) -> dict[str, tuple[LawSpec, Declared]]:
    """The newest version of each law: references between laws are checked against it."""
    found: dict[str, tuple[LawSpec, Declared]] = {}
    for spec, own, _ in declared:
        if isinstance(spec, LawSpec) and (own.id not in found or found[own.id][0].geldig.van < spec.geldig.van):
            found[own.id] = (spec, own)
    return found


def _base(
    spec: LawSpec | OrdinanceSpec, declared: list[tuple[LawSpec | OrdinanceSpec, Declared, Findings]], found: Findings
) -> Declared | None:
    """The version of the law that an ordinance fills: the newest that holds while the ordinance does."""
    if isinstance(spec, LawSpec):
        return None
    versions = [(law, own) for law, own, _ in declared if isinstance(law, LawSpec) and law.id == spec.vult]
    if not versions:
        meant = nearest(spec.vult, [law.id for law, _, _ in declared if isinstance(law, LawSpec)])
        hint = f" Bedoelt u '{meant}'?" if meant else ""
        found.wrong(spec.at, "naam", f"De wet '{spec.vult}' is er niet.{hint}", ("vult",))
        return None
    law, own = max(versions, key=lambda pair: pair[0].geldig.van)
    number = spec.grondslag.split()[0]
    if number not in law.artikelen:
        found.wrong(spec.at, "artikel", f"Artikel '{number}' staat niet in '{law.id}'.", ("grondslag",))
    if law.geldig.tot is not None and (spec.geldig.tot is None or spec.geldig.tot > law.geldig.tot):
        found.note(
            spec.at,
            "geldigheid",
            f"De wet '{law.id}' loopt af op {law.geldig.tot}; deze verordening niet.",
            ("geldig",),
        )
    return own


def _others(
    spec: LawSpec | OrdinanceSpec, laws: Mapping[str, tuple[LawSpec, Declared]], found: Findings
) -> dict[str, Declared]:
    """The laws whose rules a text may name."""
    if isinstance(spec, OrdinanceSpec):
        filled = laws.get(spec.vult)
        wanted = filled[0].gebruikt if filled else ()
    else:
        wanted = spec.gebruikt
    others: dict[str, Declared] = {}
    for name in wanted:
        if name in laws:
            others[name] = laws[name][1]
        else:
            found.wrong(_TOP, "naam", f"De wet '{name}' onder 'gebruikt' is er niet.", ("gebruikt",))
    return others


def _unused(texts: list[Text], used: Mapping[str, set[str]]) -> list[Finding]:
    """Data and norms that no rule of the law or its ordinances looks at: a datum that is not needed may not be asked."""
    findings: list[Finding] = []
    elsewhere = {name.partition(".")[2] for names in used.values() for name in names if "." in name}
    for text in texts:
        known = used[text.fills or text.id] | elsewhere
        for group, items in (("gegevens", text.data), ("normen", text.norms), ("open_termen", text.open_terms)):
            for name, item in items.items():
                if name not in known:
                    said = f"Geen regel gebruikt '{name}'."
                    line, column = item.at.line, item.at.column
                    findings.append(Finding(text.file, line, column, "let op", "ongebruikt", said, (group, name)))
    return findings


def _overlaps(texts: list[Text]) -> list[Finding]:
    """Two versions of one text may not hold on the same day."""
    findings: list[Finding] = []
    by_id: dict[tuple[str, str | None], list[Text]] = {}
    for text in texts:
        by_id.setdefault((text.id, text.fills), []).append(text)
    for versions in by_id.values():
        ordered = sorted(versions, key=lambda text: text.validity.van)
        for earlier, later in pairwise(ordered):
            if earlier.validity.tot is None or earlier.validity.tot >= later.validity.van:
                said = f"'{later.id}' geldt op {later.validity.van} twee keer: ook volgens {earlier.file}."
                findings.append(Finding(later.file, 1, 1, "fout", "geldigheid", said, ("geldig",)))
    return findings
