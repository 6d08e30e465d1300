"""Case types as many municipalities keep them: eight processes underneath, disguised.

A disguise renames every step (from a stock of words that was written apart from the list that recognises them), shuffles the
middle, leaves steps out, adds steps of the house, leaves whole parts away (documents, roles, the number in the selectielijst),
puts codes before names and types badly now and then. Out comes what Open Zaak exports: JSON resources in a zip.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BASE = "https://zaken.voorbeeld.example/catalogi/api/v1"


@dataclass(frozen=True)
class Process:
    """A real process. Steps in their order and results: the words for each, and how often it is there."""

    key: str
    number: int
    steps: tuple[tuple[tuple[str, ...], float], ...]
    results: tuple[tuple[tuple[str, ...], float], ...]
    names: tuple[str, ...]
    products: tuple[str, ...]
    verbs: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    roles: tuple[str, ...]
    terms: tuple[str, ...]


def _read() -> tuple[tuple[Process, ...], tuple[str, ...]]:
    content = yaml.safe_load((Path(__file__).parent / "disguises.yaml").read_text())
    shared = {name: tuple(words) for name, words in content["gedeeld"].items()}

    def stock(rows: list[dict[str, Any]]) -> tuple[tuple[tuple[str, ...], float], ...]:
        return tuple((shared[w] if isinstance(w := row["woorden"], str) else tuple(w), row["deel"]) for row in rows)

    made = tuple(
        Process(
            one["sleutel"], one["procestype"], stock(one["stappen"]), stock(one["resultaten"]), tuple(one["namen"]),
            tuple(one["producten"]), tuple((a, b) for a, b in one["werkwoorden"]), tuple(one["stukken"]), tuple(one["rollen"]),
            tuple(one["termijnen"]),
        )
        for one in content["processen"]
    )  # fmt: skip
    return made, tuple(content["van_het_huis"])


PROCESSES, HOUSE = _read()


@dataclass
class Disguised:
    """What a municipality exports, and which process each case type really is (by its identificatie)."""

    resources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    truth: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: dict[str, Any]) -> str:
        rows = self.resources.setdefault(name, [])
        path = {"ZaakType": "zaaktypen", "StatusType": "statustypen"}.get(name, name.lower())
        url = f"{BASE}/{path}/{len(rows):08d}-0000-4000-8000-000000000000"
        rows.append({"url": url, **content})
        return url

    def archive(self, folder: str = "") -> bytes:
        """The zip, as Open Zaak makes it."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, rows in self.resources.items():
                made.writestr(f"{folder}{name}.json", json.dumps(rows))
        return out.getvalue()


def disguise(
    count: int, seed: int, *, leave_out: str = "aanvraag", process_types: dict[int, str] | None = None
) -> Disguised:
    """`count` case types that are really the processes without `leave_out`. `process_types`: ids of procestypen by number."""
    chance = random.Random(seed)
    made = Disguised()
    made.add("Catalogus", {"domein": "ALG", "rsin": "002564440"})
    chosen = [one for one in PROCESSES if one.key != leave_out]
    for number in range(count):
        # Not all equally often: catalogues are full of permits.
        process = chosen[number % len(chosen)] if number < 3 * len(chosen) else chance.choice(chosen)
        _case_type(made, process, number, chance, process_types or {})
    return made


def _case_type(made: Disguised, process: Process, number: int, chance: random.Random, ids: dict[int, str]) -> None:
    code = chance.choice(("", "", f"B{number:04d} ", f"{number:03d}-"))
    style = chance.choice((str, str, str.upper, str.lower))
    product = chance.choice(process.products)
    verb = chance.choice(process.verbs)
    identification = f"ZT-{number:04d}"
    told = chance.random() < 0.6 and process.number in ids
    listed = f"https://selectielijst.example/api/v1/procestypen/{ids[process.number]}" if told else ""
    url = made.add("ZaakType", {
        "identificatie": identification,
        "omschrijving": f"{code}{chance.choice(process.names).format(p=product)}"[:80],
        "omschrijvingGeneriek": "", "doel": chance.choice(("", f"Behandelen van {product}")), "aanleiding": "",
        "onderwerp": product.capitalize(),
        "handelingInitiator": verb[0] if chance.random() < 0.7 else "", "handelingBehandelaar": verb[1],
        "doorlooptijd": chance.choice(process.terms), "servicenorm": None, "trefwoorden": [], "productenOfDiensten": [],
        "selectielijstProcestype": listed,
        "catalogus": made.resources["Catalogus"][0]["url"], "beginGeldigheid": "2023-01-01", "concept": False,
    })  # fmt: skip
    made.truth[identification] = process.key
    steps = _steps(process, chance)
    for place, name in enumerate(steps, 1):
        made.add("StatusType", {
            "zaaktype": url, "omschrijving": _typed(f"{style(name)}", chance), "omschrijvingGeneriek": "", "statustekst": "",
            "volgnummer": place, "isEindstatus": place == len(steps), "doorlooptijd": None,
        })  # fmt: skip
    for words, share in process.results:
        if chance.random() < share:
            made.add(
                "ResultaatType", {"zaaktype": url, "omschrijving": chance.choice(words), "selectielijstklasse": ""}
            )
    if chance.random() < 0.6:
        for generic in ("initiator", "behandelaar", *process.roles):
            made.add(
                "RolType", {"zaaktype": url, "omschrijving": generic.capitalize(), "omschrijvingGeneriek": generic}
            )
    if chance.random() < 0.5:
        for place, name in enumerate(chance.sample(process.documents, k=min(3, len(process.documents))), 1):
            document = made.add("InformatieObjectType", {"omschrijving": name})
            link = {"zaaktype": url, "informatieobjecttype": document, "volgnummer": place, "richting": "inkomend"}
            made.add("ZaakTypeInformatieObjectType", link)


def _steps(process: Process, chance: random.Random) -> list[str]:
    kept = [chance.choice(names) for names, share in process.steps if chance.random() < share]
    first, middle, last = kept[0], kept[1:-1], kept[-1]
    for _ in range(chance.choice((0, 1, 2))):
        if len(middle) > 1:
            place = chance.randrange(len(middle) - 1)
            middle[place], middle[place + 1] = middle[place + 1], middle[place]
    for _ in range(chance.choice((0, 0, 1, 2))):
        middle.insert(chance.randrange(len(middle) + 1), chance.choice(HOUSE))
    return [first, *middle, last]


def _typed(name: str, chance: random.Random) -> str:
    if len(name) > 8 and chance.random() < 0.06:
        place = chance.randrange(3, len(name) - 2)
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name
