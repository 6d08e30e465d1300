"""Mistakes made on purpose in the definitions of the platform: a number decides which file, which mistake, which spot.

Each mistake is one that people make (a slip, a word that does not exist, something that may not be) or one that a stranger could
try (an alias, a tag, a formula that never ends). Each is wrong wherever it is made; so each must be refused.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from vliegwiel.catalogue.library import Library

NAME = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What goes wrong: at a spot that `find` matches, on one line, the match becomes `put`. `kinds`: in which files."""

    name: str
    find: str
    put: str | Callable[[re.Match[str]], str]
    kinds: tuple[str, ...] = ("product", "patroon", "blok", "variant")
    below: str = ""
    """Only at or below the top-level key of this name."""


FORMULA = "(( and"
RUNS_ON = "a formula that would run for ever"
MISTAKES = (
    Mistake("unknown key", r"(?<=[{ ])(naam|vraag|velden|label|zin|dan|duur|pad|fase|rol)(?=: )", r"\1x"),
    Mistake(
        "a span without a unit", r"(?<=\b)(duur|termijn|na): ([0-9]+) [a-z]+", r"\1: \2", ("product", "patroon", "blok")
    ),
    Mistake("a span in words", r"\b(duur|termijn): [0-9]+ [a-z]+", r"\1: een poosje", ("product", "patroon", "blok")),
    Mistake(
        "a span of ages", r"\b(duur|termijn): [0-9]+ ", r"\1: 99999999999999999999 ", ("product", "patroon", "blok")
    ),
    Mistake(
        "a kind of field that is not there",
        r"soort: (ja_nee|keuze|datum|geld|getal|lange_tekst)\b",
        "soort: vraagteken",
    ),
    Mistake(
        "neither yes nor no", r"\b(informeert|eind|verleent|optioneel|herhaalbaar|getoond): (ja|nee)", r"\1: misschien"
    ),
    Mistake("a role nobody has", rf"\brol: {NAME}", "rol: burgemeester_van_elders", ("patroon",)),
    Mistake("a phase that is not there", rf"\bfase: {NAME}", "fase: nergens", ("patroon",)),
    Mistake("an outcome that is not there", rf"\bdan: {NAME}", "dan: nergens", ("product",), "uitkomst_als"),
    Mistake("a block that is not there", r"\{blok: [a-z0-9_/-]+", "{blok: bestaat_niet", ("product", "patroon")),
    Mistake(
        "a letter with a text that is not there",
        rf"brief: \[{NAME}",
        "brief: [bestaat_niet",
        ("product", "patroon"),
        "uitkomsten",
    ),
    Mistake("a rule the law does not have", rf"\bregel: {NAME}", "regel: bestaat_niet", ("product",), "wet"),
    Mistake("a law that is not there", rf"^  naam: {NAME}", "  naam: wet_die_er_niet_is", ("product",), "wet"),
    Mistake(
        "a name nobody knows in a condition", r"\bals: [^,}]+", "als: bestaat_niet_hier", ("product",), "uitkomst_als"
    ),
    Mistake(
        "a condition that cannot be read",
        r"\b(als|begint_als|klaar_als|tonen_als): ",
        rf"\1: {FORMULA} ",
        ("product", "patroon", "blok"),
    ),
    Mistake(
        "a number that is not on the retention list",
        r'selectielijst: "[0-9.]+"',
        'selectielijst: "99.9.9"',
        ("product",),
    ),
    Mistake("a version in words", r"^versie: [0-9.]+", "versie: de nieuwste", ("product", "patroon")),
    Mistake("a key twice", r"^(naam|versie|soort): (.*)$", r"\1: \2\n\1: \2", ("product", "patroon", "variant")),
    Mistake("a tab", r"^  (?=\S)", "\t", ("product", "patroon", "blok", "variant")),
    Mistake("an alias", r"^(naam|soort|product): .*$", r"\1: *iets"),
    Mistake("an anchor", r"^(naam|soort|product): (.*)$", r"\1: &iets \2"),
    Mistake(
        "a tag that makes an object",
        r"^(naam|product): .*$",
        r'\1: !!python/object/apply:os.system ["true"]',
        ("product", "patroon", "variant"),
    ),
    Mistake(
        "nested without end",
        r"^(naam|zoekwoorden|product): .*$",
        lambda m: f"{m[1]}: {'[' * 200}{']' * 200}",
        ("product", "patroon", "variant"),
    ),
    Mistake(
        "a list where a text belongs",
        r"^(naam|omschrijving|product|gemeente): .*$",
        r"\1: [een, twee]",
        ("product", "patroon", "variant"),
    ),
    Mistake(
        "a pattern that is not there", rf"^patroon: \{{sleutel: {NAME}", "patroon: {sleutel: wachtkamer", ("product",)
    ),
    Mistake("an opening that is not there", rf"^(patroon: .*met: \[){NAME}", r"\1achterdeur", ("product",)),
    Mistake("a register that does not know it", r"register: [A-Za-z]+", "register: Speurwerk", ("product", "blok")),
    Mistake("a name of the UPL that is no address", r"uri: \"[^\"]+\"", 'uri: "https://example.org/"', ("product",)),
    Mistake("a path that leads nowhere", r"^  - pad: \S+", "  - pad: nergens.te.vinden", ("variant",)),
    Mistake("a path that is fixed", r"^  - pad: \S+", "  - pad: upl.naam", ("variant",)),
    Mistake(
        "a kind of deviation that is not there",
        r"^    soort: (verordening|werkwijze|huisstijl)",
        "    soort: gewoonte",
        ("variant",),
    ),
    Mistake("no reason", r"^    reden: .*\n", "", ("variant",)),
    Mistake("another municipality", r"^gemeente: GM[0-9]{4}", "gemeente: GM0001", ("variant",)),
    Mistake("a municipality that cannot be", r"^gemeente: GM[0-9]{4}", "gemeente: Leiden", ("variant",)),
    Mistake("both a value and none", r"^    reden: ", "    vervalt: ja\n    reden: ", ("variant",)),
    Mistake("behind something that is not there", r"^    na: \S+", "    na: nergens", ("variant",)),
    Mistake("a day that does not exist", r"^vanaf: \S+", "vanaf: 2026-02-30", ("variant",)),
    Mistake(
        "an example that expects something else",
        r"verwacht: \{uitkomst: [a-z_]+",
        "verwacht: {uitkomst: bestaat_niet",
        ("product",),
        "voorbeelden",
    ),
    Mistake("an example like one that is not there", rf"zoals: {NAME}", "zoals: niemand", ("product",), "voorbeelden"),
    Mistake(
        RUNS_ON,
        r"\bals: [^,}]+",
        'als: "count(for i in 1..99999, j in 1..99999, k in 1..99999 return i) > 0"',
        ("product",),
        "uitkomst_als",
    ),
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mistake in a file: the text with it, and the line of the spot."""

    seed: int
    mistake: str
    kind: str
    key: str
    owner: str
    file: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.seed}: {self.mistake} in {self.file}:{self.line}"


def mutation(seed: int, found: Library) -> Mutation:
    """The mistake of this number. The same number gives the same mistake as long as the definitions do not change."""
    rng = random.Random(seed)
    kinds = ("product", "patroon", "variant", "blok")
    kind = kinds[seed % len(kinds)]
    possible = [one for one in MISTAKES if kind in one.kinds]
    while True:
        mistake = possible[rng.randrange(len(possible))]
        key, owner, name, text = rng.choice(_files(found)[kind])
        spots = _spots(mistake, text)
        if spots:
            start, end, put = rng.choice(spots)
            line = text.count("\n", 0, start) + 1
            return Mutation(seed, mistake.name, kind, key, owner, name, text[:start] + put + text[end:], line)


def _spots(mistake: Mistake, text: str) -> list[tuple[int, int, str]]:
    """Where the mistake can be made: from, to, and what comes there. Not in comments, nor inside a quoted text."""
    low, high = 0, len(text)
    if mistake.below:
        top = re.search(rf"^{mistake.below}:.*\n(?:[ #].*\n|\n)*", text, re.MULTILINE)
        if top is None:
            return []
        low, high = top.span()
    found = []
    for match in re.finditer(mistake.find, text[low:high], re.MULTILINE):
        start = low + match.start()
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if before.lstrip().startswith("#") or before.count('"') % 2 or before.count("'") % 2:
            continue
        put = mistake.put(match) if callable(mistake.put) else match.expand(mistake.put)
        found.append((start, low + match.end(), put))
    return found


@functools.cache
def _files(found: Library) -> dict[str, list[tuple[str, str, str, str]]]:
    """Every file by kind: key, municipality, name and text."""
    files: dict[str, list[tuple[str, str, str, str]]] = {"product": [], "patroon": [], "blok": [], "variant": []}
    for kind, keys, read in (
        ("product", found.products(), found.product),
        ("patroon", found.patterns(), found.pattern),
        ("blok", found.blocks(), found.block),
    ):
        for key in keys:
            file = read(key)
            assert file is not None
            files[kind].append((key, "", file.name, (found.folder / file.name).read_text()))
    for town in found.municipalities():
        for key in found.variants_of(town):
            file = found.variant_file(town, key)
            assert file is not None
            files["variant"].append((key, town, file.name, (found.folder / file.name).read_text()))
    return files


def patterns_with(found: Library, one: Mutation) -> list[str]:
    """The patterns in which the file takes part."""
    if one.kind == "patroon":
        return [one.key]
    if one.kind != "blok":
        return []
    word = re.compile(rf"blok: {re.escape(one.key)}\b")
    return [key for key, _, _, text in _files(found)["patroon"] if word.search(text)]


MOST_USERS = 6


def users_of(found: Library, one: Mutation) -> list[tuple[str, str]]:
    """Products, each with a municipality that offers it, with the file in them: some leave a part out, or say it otherwise."""
    if one.kind == "variant":
        return [(one.key, one.owner)]
    if one.kind == "product":
        return [(one.key, town) for town in ("GM0000", *_towns(found, one.key))][: MOST_USERS + 1]
    used = patterns_with(found, one)
    words = [rf"^patroon: \{{sleutel: ({'|'.join(map(re.escape, used))})\b"] if used else []
    if one.kind == "blok":
        words.insert(0, rf"blok: {re.escape(one.key)}\b")
    keys = [
        key for word in words for key, _, _, text in _files(found)["product"] if re.search(word, text, re.MULTILINE)
    ]
    return [(key, next(iter(_towns(found, key)), "GM0000")) for key in keys[:MOST_USERS]]


def _towns(found: Library, key: str) -> list[str]:
    return [town for town in found.municipalities() if found.variant_file(town, key) is not None]
