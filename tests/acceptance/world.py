"""Three municipalities full of people, each with words of their own that stand nowhere else, so that a leak is seen.

Leiden and Utrecht have nothing to do with each other. Leiden decides the inkomenstoeslag of Leiderdorp under a mandate, and
nothing else of Leiderdorp. Whatever a person is called, types, sends or is told carries that person's word.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.test import Client
from msgspec.structs import replace

from tests.acceptance.studio import Studio, fill_studio
from tests.casework.conftest import (
    ADDRESS,
    ALLOWANCE,
    LEIDEN,
    LEIDERDORP,
    LICENCE,
    PARKING,
    UTRECHT,
    RegistersSay,
    person,
)
from tests.casework.test_applying import fill_in
from vliegwiel.base.jobs import run_waiting
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, documents, drafts, information, notes, tasks, views
from vliegwiel.casework.deskpages import View, WorklistFilter
from vliegwiel.catalogue.actions import start_simulation
from vliegwiel.catalogue.simulations import Change, Question
from vliegwiel.trust.actions import give_mandate
from vliegwiel.trust.identity import Actor, Anonymous, Citizen, Level, Role, Staff
from vliegwiel.trust.rights import MANDATABLE
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

TOESLAG, LICENCES, PERMIT = "individuele-inkomenstoeslag", "rijbewijs-verlengen", "bewonersparkeervergunning"
HOSTS = {LEIDEN: "leiden.localhost", LEIDERDORP: "leiderdorp.localhost", UTRECHT: "utrecht.localhost"}
EVERYONE = {
    "A1": (LEIDEN, "999990019", "Qwarra"),
    "A2": (LEIDEN, "999990020", "Qwespe"),
    "B1": (UTRECHT, "999990032", "Qwobol"),
    "C1": (LEIDERDORP, "999990044", "Qwicci"),
    "C2": (LEIDERDORP, "999990056", "Qwuddu"),
}
FILLED: Mapping[str, Mapping[str, Sequence[str]]] = {TOESLAG: ALLOWANCE, LICENCES: LICENCE, PERMIT: PARKING}


NOTHING = UUID(int=0)


@dataclass
class Owner:
    """A person with a case and a draft. `word` stands in all of it; `staff_word` in what staff wrote for each other, and
    `draft_word` in what only the person has seen yet."""

    who: Citizen
    word: str
    zaak: UUID = NOTHING
    number: str = ""
    draft: UUID = NOTHING
    draft_step: str = ""
    ids: dict[str, list[UUID]] = field(default_factory=dict)

    @property
    def staff_word(self) -> str:
        return self.word.replace("Qw", "Xn")

    @property
    def draft_word(self) -> str:
        return self.word.replace("Qw", "Zd")

    @property
    def case_words(self) -> tuple[str, ...]:
        """What stands on pages about the case."""
        return (self.word, self.number, self.who.bsn)

    def add(self, kind: str, *ids: UUID) -> None:
        self.ids.setdefault(kind, []).extend(ids)


@dataclass(frozen=True)
class Player:
    """Somebody who looks. `sees` are the owners whose case may appear, `own` the one whose draft may, `meets` those whose
    things are tried: one of each relation there can be."""

    name: str
    actor: Actor
    sees: frozenset[str]
    meets: tuple[str, ...]
    own: str = ""

    @property
    def is_staff(self) -> bool:
        return isinstance(self.actor, Staff)

    def client(self, host: str = "") -> Client:
        """A browser in which this player is logged in."""
        browser = Client(HTTP_HOST=host or HOSTS[self.actor.municipality])
        if isinstance(self.actor, Citizen | Staff):
            browser.cookies[session_cookie()] = open_session(self.actor, "")
        return browser


@dataclass
class World:
    """Everybody, and what may be seen by whom."""

    owners: dict[str, Owner]
    players: tuple[Player, ...]
    mandate: UUID
    views: dict[str, UUID]
    runs: dict[str, UUID]
    studios: dict[str, Studio]

    def hidden(self, player: Player) -> Iterator[tuple[str, str]]:
        """Whose, and which words a player may never meet."""
        for name, owner in self.owners.items():
            if name not in player.sees:
                yield from ((name, word) for word in owner.case_words)
                yield name, owner.staff_word
            elif not player.is_staff:
                yield name, owner.staff_word
            if name != player.own:
                yield name, owner.draft_word
        for name in self.views:
            if name != player.name:
                yield name, view_word(name)
        for name in self.runs:
            if name != player.name:
                yield name, run_word(name)
        for name, studio in self.studios.items():
            if name != player.name:
                yield name, studio.word


def view_word(player: str) -> str:
    """The word in the name of a saved view."""
    return f"Vjoz{''.join(c for c in player if c.isalpha())}"


def run_word(player: str) -> str:
    """The word in the name of a calculation."""
    return f"Zulk{''.join(c for c in player if c.isalpha())}"


def studio_word(player: str) -> str:
    """The word in what the studio of a player holds."""
    return f"Hyfp{''.join(c for c in player if c.isalpha())}"


def clerk(code: str, name: str, *roles: Role) -> Staff:
    """A member of staff."""
    return Staff(code, name, f"Medewerker {name}", frozenset(roles or (Role.MEDEWERKER,)), frozenset({"Burgerzaken"}))


def players() -> tuple[Player, ...]:
    """Every kind of actor."""
    of_leiden, of_leiderdorp = frozenset({"A1", "A2", "C1"}), frozenset({"C1", "C2"})
    # Own town, a town under mandate with and without the mandated product, and a town that is nothing to them.
    desk = ("A1", "C1", "C2", "B1")
    return (
        Player("bezoeker A", Anonymous(LEIDEN), frozenset(), ("A1",)),
        Player("inwoner A1", citizen_of("A1"), frozenset({"A1"}), ("A1", "A2", "B1"), "A1"),
        Player("inwoner B1", citizen_of("B1"), frozenset({"B1"}), ("B1", "A1"), "B1"),
        Player("inwoner C2", citizen_of("C2"), frozenset({"C2"}), ("C2", "C1"), "C2"),
        Player("nieuwe inwoner A", Citizen(LEIDEN, "999990068", Level.BASIS), frozenset(), ("A1",)),
        Player("medewerker A", clerk(LEIDEN, "anna"), of_leiden, desk),
        Player("teamleider A", clerk(LEIDEN, "ties", Role.TEAMLEIDER), of_leiden, desk),
        Player("beheerder A", clerk(LEIDEN, "fien", Role.FUNCTIONEEL_BEHEERDER), frozenset(), desk),
        Player("privacy A", clerk(LEIDEN, "pim", Role.PRIVACY_OFFICER), frozenset(), desk),
        Player("medewerker B", clerk(UTRECHT, "bram"), frozenset({"B1"}), ("B1", "A1")),
        Player("medewerker C", clerk(LEIDERDORP, "cas"), of_leiderdorp, ("C2", "A1")),
    )


def citizen_of(name: str) -> Citizen:
    """The person behind an owner, logged in well."""
    code, bsn, word = EVERYONE[name]
    return Citizen(code, bsn, Level.SUBSTANTIEEL, f"Ike {word}")


def build(registers: RegistersSay) -> World:
    """Fill the municipalities. Inside a transaction that the test rolls back."""
    mandate = give_mandate(
        clerk(LEIDERDORP, "carla", Role.TEAMLEIDER),
        mandataris=LEIDEN, products=[TOESLAG], rights=list(MANDATABLE), valid_from=date(2026, 1, 1),
        besluit="Mandaatbesluit Leiderdorp 2026",
    )  # fmt: skip
    owners: dict[str, Owner] = {}
    for name in EVERYONE:
        owner = Owner(citizen_of(name), EVERYONE[name][2])
        says(registers, owner)
        open_case(owner, LICENCES if name == "C2" else TOESLAG)
        fill_case(owner)
        begin_draft(owner)
        owners[name] = owner
    run_waiting()
    for owner in owners.values():
        page = queries.status_page(owner.who, owner.zaak)
        owner.add("document", *(one.id for one in page.documents))
    kept = {
        player.name: views.save(player.actor, view_word(player.name), WorklistFilter(view=View.ALLES))
        for player in players()
        if isinstance(player.actor, Staff) and player.actor.roles & {Role.MEDEWERKER, Role.TEAMLEIDER}
    }
    studios = {name: fill_studio(who, studio_word(name)) for name, who in keepers().items()}
    return World(owners, players(), mandate, kept, calculations(), studios)


def keepers() -> dict[str, Staff]:
    """Who keeps the definitions of Leiden and of Utrecht, by player; the one of Utrecht is nobody here."""
    return {
        "beheerder A": clerk(LEIDEN, "fien", Role.FUNCTIONEEL_BEHEERDER),
        "beheerder B": clerk(UTRECHT, "ursa", Role.FUNCTIONEEL_BEHEERDER),
    }


def calculations() -> dict[str, UUID]:
    """A calculation in Leiden and one in Utrecht, by the player who may see it; that of Utrecht is nobody's here."""
    question = Question("participatiewet", (), date(2026, 11, 24), LEIDEN, (Change("bijstandsnorm.alleen", "1500"),))
    own, other = keepers().values()
    return {
        "beheerder A": start_simulation(own, question, title=run_word("beheerder A")),
        "beheerder B": start_simulation(other, replace(question, town=UTRECHT), title=run_word("beheerder B")),
    }


def says(registers: RegistersSay, owner: Owner) -> None:
    """What the registers know of this person."""
    word = owner.word
    assert isinstance(ADDRESS, Mapping)
    address = {**ADDRESS, "straat": f"{word}straat"}
    registers.data = {
        **person(owner.who.municipality),
        "persoon.naam": f"Ike {word}", "persoon.aanschrijfnaam": f"I. {word}", "persoon.aanhef": f"Geachte {word}",
        "persoon.adres": address, "persoon.achternaam": word, "rijbewijs.nummer": f"51{word}",
    }  # fmt: skip


def open_case(owner: Owner, product: str) -> None:
    """A case with the person's word in every answer that takes text."""
    email = {"email": (f"{owner.word.lower()}@voorbeeld.nl",)}
    answers = {**FILLED[product], **email, "inspanning": (f"Ik zocht werk bij {owner.word}.",)}
    draft = drafts.start_draft(owner.who, product)
    fill_in(owner.who, draft, answers)
    owner.zaak = drafts.submit(owner.who, draft, version=queries.check_answers(owner.who, draft).version)
    owner.number = queries.status_page(owner.who, owner.zaak).number


def fill_case(owner: Owner) -> None:
    """A note, a document, a question to the citizen, and somebody who works on it."""
    code, word = owner.who.municipality, owner.word
    home = clerk(code, {LEIDEN: "anna", UTRECHT: "bram", LEIDERDORP: "cas"}[code])
    notes.add(home, owner.zaak, f"Gebeld met {owner.staff_word} hierover.")
    content = io.BytesIO(b"%PDF-1.7\n% " + word.encode() + b"\n1 0 obj<<>>endobj\n%%EOF\n")
    documents.add(home, owner.zaak, f"Verslag {word}", f"verslag-{word}.pdf", content)
    tasks.take_on(home, owner.zaak, version=queries.case_page(home, owner.zaak).version)
    page = queries.case_page(home, owner.zaak)
    owner.add("part", *(task.id for task in page.tasks))
    question = information.ask(
        home, owner.zaak, version=page.version, title=f"Bewijs {word}", text=f"Stuur iets over {word}."
    )
    owner.add("question", question)
    owner.add("part", question)


def begin_draft(owner: Owner) -> None:
    """An application that was not sent yet, with a file."""
    draft = drafts.start_draft(owner.who, TOESLAG)
    page = queries.draft_page(owner.who, draft)
    while not any(one.kind in ("lange_tekst", "email") for one in page.fields):
        first = {f.key: ALLOWANCE.get(f.key, (f.choices[0].value if f.choices else "nee",)) for f in page.fields}
        following = drafts.answer(owner.who, draft, page.step.key, first, version=page.version)
        assert following is not None
        page = queries.draft_page(owner.who, draft, following)
    key = next(one.key for one in page.fields if one.kind in ("lange_tekst", "email"))
    typed = {key: (f"{owner.draft_word}",)}
    drafts.answer(owner.who, draft, page.step.key, typed, version=page.version, later=True)
    pdf = io.BytesIO(b"%PDF-1.7\n% " + owner.draft_word.encode() + b"\n1 0 obj<<>>endobj\n%%EOF\n")
    owner.add("upload", drafts.add_upload(owner.who, draft, "bankafschriften", f"{owner.draft_word}.pdf", pdf).id)
    owner.draft, owner.draft_step = draft, page.step.key


__all__ = ["EVERYONE", "HOSTS", "Owner", "Player", "World", "build", "cases", "clerk", "view_word"]
