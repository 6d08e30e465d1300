"""Texts of definitions with their placeholders filled in.

A placeholder is `{naam}`. A name is one of `NAMES` (what every case has), or the key of a result of the law (`wet.regels`),
which stands in words ("€ 53,65", "24 november 2036"). Nothing else is ever put in a text: no expressions, no markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import Text

NAMES: Mapping[str, str] = {
    "product": "de naam van het product, in een zin",
    "nummer": "het zaaknummer",
    "gemeente": "de naam van de gemeente",
    "telefoon": "het telefoonnummer van de gemeente",
    "naam": "de naam van de aanvrager",
    "vandaag": "de datum van de brief",
    "ontvangen_op": "de dag waarop de aanvraag binnenkwam",
    "beslis_tot": "de laatste dag voor het besluit",
    "aanvullen_tot": "de laatste dag om aan te vullen",
    "bezwaar_tot": "de laatste dag om bezwaar te maken",
}
"""What may stand in any text, with what it holds."""

GENERATED: Mapping[str, str] = {
    "waarom": "de redenen, met artikelen, uit de uitleg van de wet",
    "bedragen": "de bedragen uit de wet",
    "gegevens": "de gegevens waarop het besluit rust, met hun bron",
    "wat_maakt_het_anders": "wat de uitkomst zou veranderen",
}
"""Blocks of a letter that are made from the decision and are no text of the definition."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")


class NotFilled(ValueError):
    """A text has a placeholder for which there is no value. `names` says which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"no value for {', '.join(names)}")
        self.names = names


def placeholders(text: str) -> tuple[str, ...]:
    """The names a text asks for, each once, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def malformed(text: str) -> bool:
    """Whether a text has a brace that is no placeholder."""
    return _BRACE.search(_PLACEHOLDER.sub("", text)) is not None


def render(text: Text | str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. Raises `NotFilled` naming all that is missing."""
    body = text.body if isinstance(text, Text) else text
    missing = tuple(name for name in placeholders(body) if name not in values)
    if missing:
        raise NotFilled(missing)
    return _PLACEHOLDER.sub(lambda found: values[found[1]], body)


def render_known(text: Text | str, values: Mapping[str, str], instead: str) -> str:
    """The text with `instead` where there is no value: for pages that show a text before anything was decided."""
    body = text.body if isinstance(text, Text) else text
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], instead), body)


def paragraphs(text: str) -> tuple[str, ...]:
    """A text in paragraphs: parted by an empty line; a single line break is a space."""
    parts = (re.sub(r"\s*\n\s*", " ", part).strip() for part in re.split(r"\n\s*\n", text))
    return tuple(part for part in parts if part)
