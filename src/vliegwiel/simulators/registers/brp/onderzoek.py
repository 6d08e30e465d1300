"""Data under investigation: element 83.10 says which, and stays true until 83.30 (end) is filled (LO BRP, group 83)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .datum import datum
from .json import Json
from .lijst import Rubrieken

_CODE = re.compile(r"\d{6}")
VERBLIJFT_NIET_OP_ADRES = "089999"


@dataclass(frozen=True, slots=True)
class Onderzoek:
    """A running investigation. `code` is CCGGEE: category, group, element; zeros mean all of it."""

    code: str
    sinds: Json

    def raakt(self, element: str) -> bool:
        """Whether the element (`08.11.20`) is under investigation."""
        wanted = element.replace(".", "")
        if self.code[:2] != wanted[:2]:
            return False
        if self.code[2:] in {"0000", "9999"}:
            return True
        return self.code[:4] == wanted[:4] and self.code[4:] in {"00", wanted[4:]}


def onderzoek(rubrieken: Rubrieken) -> Onderzoek | None:
    """The investigation that runs on a category, if any. A code that is none (the test set has some) counts as none."""
    code = rubrieken.get("83.10", "")
    if not _CODE.fullmatch(code) or "83.30" in rubrieken:
        return None
    return Onderzoek(code, datum(rubrieken.get("83.20")) or datum("00000000"))


def in_onderzoek(
    elementen: Mapping[str, tuple[str, ...]], lopend: Mapping[str, Onderzoek], datumnamen: Mapping[str, str]
) -> dict[str, Json]:
    """The `inOnderzoek` part of a group: true for every field one of whose elements is under investigation.

    elementen: field to elements (`01.02.10`); lopend: category to investigation; datumnamen: category to the name under
    which the API tells since when.
    """
    velden: dict[str, Json] = {}
    datums: dict[str, Json] = {}
    for veld, bron in elementen.items():
        for element in bron:
            loopt = lopend.get(element[:2])
            if loopt and loopt.raakt(element):
                velden[veld] = True
                datums[datumnamen[element[:2]]] = loopt.sinds
    return velden | datums
