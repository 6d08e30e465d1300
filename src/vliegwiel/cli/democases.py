"""Cases of the demonstration, made the way people make them: through the actions, in the order of the process.

The cast says who plays which flow. The first people of each municipality are left alone, so that whoever tries the demo can
apply as them; the others have applied already, on different days, and the desk has got so far with them as `COURSES` says.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import cycle
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions, drafts, information, notes, tasks
from vliegwiel.casework.pages import Field
from vliegwiel.simulators.cast.people import GEMEENTEN, Cast, Persoon, read_cast
from vliegwiel.trust.identity import Citizen, Level, Role, Staff

LEFT_ALONE = 2
"""How many people of each municipality have no case yet."""

PRODUCTS = {
    "rijbewijs": "rijbewijs-verlengen",
    "verhuizing": "verhuizing-doorgeven",
    "parkeren": "bewonersparkeervergunning",
    "toeslag": "individuele-inkomenstoeslag",
}
TEAMS = {"rijbewijs": "burgerzaken", "verhuizing": "burgerzaken", "parkeren": "parkeren", "toeslag": "inkomen"}
COURSES = ("nieuw", "in behandeling", "besluit", "vraag", "nieuw", "besluit", "notitie")
"""How far the desk has come, in turn."""
AGES = (1, 3, 6, 9, 14, 20, 27, 35, 48)
"""How many days ago it was sent, in turn."""

EMAIL, IBAN = "voorbeeld@example.org", "NL91 ABNA 0417 1643 00"
STORY = "Ik zoek al twee jaar werk en volg een cursus. Door mijn gezondheid lukt een volle werkweek nog niet."


@dataclass(frozen=True, slots=True)
class Part:
    """Who plays what."""

    person: Persoon
    municipality: str
    flow: str


def make_cases() -> int:
    """Make them all; returns how many."""
    cast = read_cast()
    ages, courses = cycle(AGES), cycle(COURSES)
    made = 0
    for parts in _players(cast):
        days, course = next(ages), next(courses)
        sent = clock.now() - timedelta(days=days)
        part, zaak = _first_that_can(parts, sent)
        if part is not None and zaak is not None:
            with clock.set_to(min(sent + timedelta(hours=20), clock.now())):
                _handle(cast, part, zaak, course)
            made += 1
    return made


def _players(cast: Cast) -> Iterator[tuple[Part, ...]]:
    """For each person who plays: what they could apply for, what is theirs to play first."""
    for code in GEMEENTEN:
        players = [p for p in cast.personen if p.can_log_in and p.speelt and cast.gemeente_of(p) == code]
        for number, person in enumerate(players[LEFT_ALONE:]):
            flows = [told.partition("/")[0] for told in person.speelt]
            turned = flows[number % len(flows) :] + flows[: number % len(flows)]
            yield tuple(Part(person, code, flow) for flow in dict.fromkeys(turned) if flow in PRODUCTS)


def _first_that_can(parts: Sequence[Part], sent: datetime) -> tuple[Part | None, UUID | None]:
    """Apply for the first product that this person can apply for; the story of some is that they cannot."""
    for part in parts:
        try:
            with clock.set_to(sent):
                return part, _apply(part)
        except (Conflict, Invalid, NotFound, Forbidden):
            continue
    return None, None


def _apply(part: Part) -> UUID:
    """Fill in the form step by step, add what is asked for, and send it."""
    citizen = Citizen(part.municipality, part.person.bsn, Level.HOOG, part.person.naam)
    draft = drafts.start_draft(citizen, PRODUCTS[part.flow])
    step: str | None = None
    while True:
        page = queries.draft_page(citizen, draft, step)
        for field in page.fields:
            if field.kind == "bestand" and not field.uploads:
                drafts.add_upload(citizen, draft, field.key, "voorbeeld.png", BytesIO(picture()))
        typed = {field.key: typed_by(part, field) for field in page.fields if field.kind != "bestand"}
        step = drafts.answer(citizen, draft, page.step.key, typed, version=page.version)
        if step is None:
            break
    return drafts.submit(citizen, draft, version=queries.check_answers(citizen, draft).version)


def typed_by(part: Part, field: Field) -> Sequence[str]:
    """What this person types. Questions without an answer of their own get "nee", the first choice, or nothing."""
    moving = clock.today() + timedelta(days=3)
    cars = part.person.voertuigen
    answers: Mapping[str, Sequence[str]] = {
        "email": [EMAIL],
        "spoed": ["nee"],
        "verhuisdatum": [str(moving.day), str(moving.month), str(moving.year)],
        "nieuw_adres": NEW_HOMES[part.municipality],
        "nieuw_in_gemeente": ["ja"],
        "woonvorm": ["huur"],
        "adres_in_gebied": ["ja"],
        "kenteken": [cars[0].kenteken if cars else "QQ999Q"],
        "vergunningen_op_adres": ["0"],
        "zelfstandige_woning": ["ja"],
        "inkomen": ["1050,00"],
        "hoe_lang": ["vijf"],
        "vermogen": ["1200,00"],
        "inspanning": [STORY],
        "rekening": [IBAN],
    }
    if field.key in answers:
        return answers[field.key]
    if field.kind == "ja_nee":
        return ["nee"]
    return [field.choices[0].value] if field.choices and field.required else []


NEW_HOMES: Mapping[str, Sequence[str]] = {
    "GM0546": ["2332QC", "88"],
    "GM0547": ["2353QB", "102"],
    "GM0606": ["3119QC", "240"],
    "GM0772": ["5658QC", "19"],
    "GM0344": ["3544QC", "301"],
    "GM0599": ["3076QC", "501"],
    "GM0796": ["5244QC", "9"],
}
"""An address in each municipality to move to."""


def _handle(cast: Cast, part: Part, zaak: UUID, course: str) -> None:
    """What the desk has done with it. Where the law left nothing to a person, the case is decided already."""
    if course == "nieuw":
        return
    clerk = _clerk(cast, part)
    tasks.take_on(clerk, zaak, version=queries.case_page(clerk, zaak).version)
    page = queries.case_page(clerk, zaak)
    if course == "notitie":
        notes.add(clerk, zaak, "Gebeld en ingesproken. Belt morgen terug.")
    elif course == "vraag" and page.may.ask:
        information.ask(
            clerk, zaak, version=page.version, title="Wij missen nog iets",
            text="Stuur ons een duidelijke kopie van het stuk dat u meestuurde. De eerste kopie is niet goed te lezen.",
            days=14,
        )  # fmt: skip
    elif course == "besluit":
        _decide(clerk, zaak)


def _decide(clerk: Staff, zaak: UUID) -> None:
    """Do what must be done first, and decide as the law says."""
    while True:
        page = queries.case_page(clerk, zaak)
        waiting = next((t for t in page.tasks if t.state == "open" and t.may and not t.optional and not t.fields), None)
        if waiting is None or page.decide.may:
            break
        tasks.complete(clerk, waiting.id, version=page.version)
    if not page.decide.may:
        return
    reason = "Dit blijkt uit de stukken in het dossier."
    judgements = {j.key: decisions.Judgement("ja", reason) for j in page.decide.judgements}
    decisions.decide(clerk, zaak, decisions.DecisionInput(page.version, judgements))


def _clerk(cast: Cast, part: Part) -> Staff:
    """Somebody of the team that does this; Leiden does the inkomenstoeslag of Leiderdorp."""
    home = "GM0546" if (part.flow, part.municipality) == ("toeslag", "GM0547") else part.municipality
    suffix = f"-{TEAMS[part.flow]}"
    people = [m for m in cast.medewerkers if m.gemeente == home]
    found = next((m for m in people if m.sub.endswith(suffix)), people[0])
    return Staff(home, found.sub, found.naam, frozenset(Role(r) for r in found.rollen), frozenset(found.teams))


def picture() -> bytes:
    """A small grey picture (PNG), as an example of a document."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    width, height = 210, 297
    rows = (b"\x00" + b"\xdd" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
