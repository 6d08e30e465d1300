"""Whatever somebody chooses, every form of every municipality can be finished, page by page, without script."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.acceptance.hostile import PDF
from tests.casework.conftest import RegistersSay, offices, person, registers
from vliegwiel.casework import queries
from vliegwiel.casework.pages import Field
from vliegwiel.catalogue.queries import adoptions
from vliegwiel.registers.facts import Value
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

__all__ = ["offices", "registers"]

HOSTS = {
    "GM0546": "leiden", "GM0547": "leiderdorp", "GM0606": "schiedam", "GM0772": "eindhoven", "GM0344": "utrecht",
    "GM0599": "rotterdam", "GM0796": "s-hertogenbosch",
}  # fmt: skip
PRODUCTS = ("rijbewijs-verlengen", "verhuizing-doorgeven", "bewonersparkeervergunning", "individuele-inkomenstoeslag")
MOST_TRIES = 10
FAMILY: Mapping[str, Value] = {
    "persoon.gezin_op_adres": (
        {
            "bsn": "999990032",
            "naam": "Kim Zonneveer",
            "relatie": "kind",
            "geboortedatum": date(2015, 5, 1),
            "leeftijd": 11,
        },
        {
            "bsn": "999990044",
            "naam": "Bo Zonneveer",
            "relatie": "partner",
            "geboortedatum": date(1983, 5, 1),
            "leeftijd": 43,
        },
    )
}
# What fits a kind of question in general, and what these questions want in particular.
FITTING: Mapping[str, Sequence[str]] = {
    "tekst": ("Jansen",), "lange_tekst": ("Ik zocht werk en volg een cursus.",), "getal": ("1", "0", "3"),
    "geld": ("0", "1.234,50"), "datum": ("20-11-2026", "1-5-2025"), "email": ("mila@voorbeeld.nl",),
    "telefoon": ("", "0612345678"), "kenteken": ("16-RSL-9",), "iban": ("NL91ABNA0417164300",),
}  # fmt: skip


def answer(field: Field, chance: random.Random) -> list[str]:
    """Something that somebody could answer."""
    if field.choices:
        return [chance.choice(field.choices).value]
    if field.kind == "ja_nee":
        return [chance.choice(("ja", "nee"))]
    if field.kind == "datum":
        day, month, year = chance.choice(FITTING["datum"]).split("-")
        return [day, month, year]
    if field.kind == "adres":
        return ["2312HG", "14", "", ""]
    return [chance.choice(FITTING[field.kind])] if field.kind in FITTING else []


def finish(browser: Client, who: Citizen, draft: UUID, chance: random.Random) -> list[str]:
    """Fill in page after page; what was chosen, for the message when it goes wrong."""
    told: list[str] = []
    for _ in range(30):
        where = browser.get(f"/aanvraag/{draft}/")
        assert where.status_code == 302, told
        if where["Location"].endswith("/controleren/"):
            return told
        step = where["Location"].split("/")[3]
        given: dict[str, list[str]] = {}
        for _try in range(MOST_TRIES):
            shown = queries.draft_page(who, draft, step, typed=given)
            sent: dict[str, object] = {"versie": str(shown.version)}
            for field in shown.fields:
                if field.kind == "bestand":
                    sent[field.key] = SimpleUploadedFile("bewijs.pdf", PDF)
                    continue
                if field.key not in given or field.error:
                    given[field.key] = answer(field, chance)
                sent[field.key] = given[field.key]
            told.append(f"{step}: {given}")
            response = browser.post(f"/aanvraag/{draft}/{step}/", sent)
            if response.status_code == 302:
                break
            assert response.status_code == 422, told
            # What was wrong is chosen anew; what was right stays.
            text = response.content.decode()
            assert "Fout:" in text, told
            given = {key: value for key, value in given.items() if f'href="#veld-{key}"' not in text}
        else:
            raise AssertionError(f"this page cannot be finished: {told[-MOST_TRIES:]}")
    raise AssertionError(f"this form has no end: {told}")


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("town", HOSTS)
def test_every_form_can_be_finished_whatever_is_chosen(offices: RegistersSay, town: str, product: str) -> None:
    offices.data = {**person(town), **FAMILY}
    ways = 3
    for seed in range(ways):
        chance = random.Random(f"{town}/{product}/{seed}")
        who = Citizen(town, ("999990019", "999990020", "999990068")[seed], Level.SUBSTANTIEEL, "Mila")
        browser = Client(HTTP_HOST=f"{HOSTS[town]}.localhost")
        browser.cookies[session_cookie()] = open_session(who, "")
        begun = browser.post(f"/product/{product}/beginnen/")
        if product not in {adopted.product for adopted in adoptions(town)}:
            assert begun.status_code == 404, "what a town does not offer is not there"
            return
        assert begun.status_code == 302
        draft = UUID(begun["Location"].split("/")[2])
        told = finish(browser, who, draft, chance)
        check = queries.check_answers(who, draft)
        assert check.missing == (), told
        response = browser.post(f"/aanvraag/{draft}/controleren/", {"versie": str(check.version)})
        assert response.status_code in (302, 409), told
        if response.status_code == 409:
            assert check.button == "", "what cannot be sent has no button, and says where to go"
