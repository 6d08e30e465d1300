"""Texts: letters are whole, placeholders have a value, the tone is ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Product
from ..wording import GENERATED, NAMES, malformed, placeholders
from .found import Found, Keys

_PAGE_NAMES = frozenset({"kosten"})
# Words that blame, plead or hide: see the tone of the design (B1, "u", no blame).
_NOT_OURS = re.compile(
    r"\b(helaas|ongeldige invoer|aanvullende bescheiden|dient te|dienen te|derhalve|middels)\b|!", re.I
)


def check_texts(product: Product, found: Found) -> None:
    """Check letters, placeholders and tone."""
    _letters(product, found)
    rules = {rule.key for rule in product.law.rules}
    for text in product.texts:
        _placeholders(("teksten", text.key, "tekst"), text.body, {*NAMES, *rules}, found)
    for path, text_ in page_texts(product):
        _placeholders(path, text_, _PAGE_NAMES, found)
    for path, text_ in (*page_texts(product), *_other_texts(product)):
        seen = _NOT_OURS.search(text_)
        if seen:
            found.note(path, f"'{seen[0]}' past niet bij onze toon. Zeg het gewoon, in korte zinnen.", "toon")


def _letters(product: Product, found: Found) -> None:
    texts = {text.key for text in product.texts}
    for outcome in product.outcomes:
        path: Keys = ("uitkomsten", outcome.key, "brief")
        for block in outcome.letter:
            if block not in texts and block not in GENERATED:
                found.unknown(path, block, {*texts, *GENERATED}, "Het tekstblok")
        if outcome.decision and outcome.kind != "elders":
            if not outcome.letter:
                found.wrong(path, "Een besluit heeft een brief nodig: noem de tekstblokken in 'brief'.", "tekst")
            elif product.objection.text not in outcome.letter:
                found.wrong(
                    path,
                    f"In de brief van een besluit staat hoe iemand bezwaar maakt: zet '{product.objection.text}' erbij"
                    " (Algemene wet bestuursrecht, artikel 3:45).",
                    "tekst",
                )
        if outcome.kind in ("weigeren", "deels") and outcome.decision and "waarom" not in outcome.letter:
            message = "In deze brief horen de redenen: zet 'waarom' erbij (Algemene wet bestuursrecht, artikel 3:47)."
            found.wrong(path, message, "tekst")
        if outcome.kind in ("weigeren", "deels", "elders") and not outcome.change:
            path_ = ("uitkomsten", outcome.key)
            found.wrong(path_, "Zeg in 'wat_maakt_het_anders' wat iemand kan doen.", "tekst")
    found.must_be(("bezwaar", "tekst"), product.objection.text, product.texts, "De tekst")


def _placeholders(path: Keys, text: str, allowed: set[str] | frozenset[str], found: Found) -> None:
    for name in placeholders(text):
        if name not in allowed:
            found.unknown(path, name, allowed, "De invulplek")
    if malformed(text):
        found.wrong(path, "Hier staat een accolade die geen invulplek is. Schrijf een invulplek als {naam}.", "tekst")


def page_texts(product: Product) -> Iterator[tuple[Keys, str]]:
    """The texts of the product page, with where they stand."""
    page = product.page
    for name, text in (
        ("samenvatting", page.summary),
        ("wat", page.what),
        ("kosten", page.cost),
        ("hoe_lang", page.duration),
    ):
        yield ("pagina", name), text
    for name, lines in (("nodig", page.needed), ("goed_om_te_weten", page.good_to_know)):
        for number, line in enumerate(lines, 1):
            yield ("pagina", name, str(number)), line


def _other_texts(product: Product) -> Iterator[tuple[Keys, str]]:
    for text in product.texts:
        yield ("teksten", text.key, "tekst"), text.body
    for outcome in product.outcomes:
        yield ("uitkomsten", outcome.key, "zin"), outcome.sentence
    for step in product.steps:
        yield ("stappen", step.key, "vraag"), step.title
        for field in step.fields:
            path: Keys = ("stappen", step.key, "velden", field.key)
            yield (*path, "label"), field.label
            yield (*path, "leeg"), field.empty
            yield (*path, "fout"), field.wrong
