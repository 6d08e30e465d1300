"""A living worklist for the demonstration: fictional people, real products, every stage of a case.

Cases are made through the same code as real ones, with the clock in the past. What a person is like comes from the worked
examples of each product, so that refusals, doubts and judgements are there too. The same seed gives the same cases. These
people are in no register: asking again for their data finds nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.errors import VliegwielError
from vliegwiel.catalogue.check.conditions import LOOKED_UP
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.model import Example, Field, FieldKind, Resolved
from vliegwiel.catalogue.queries import adoptions, product_for
from vliegwiel.registers.facts import Value
from vliegwiel.registers.needs import needs
from vliegwiel.trust.identity import Citizen, Level, Staff, System
from vliegwiel.trust.rights import scope_of

from . import queries
from .actions import cases, decisions, information, notes, tasks
from .actions.anonymous import without_login
from .actions.decisions import DecisionInput, Judgement
from .clerks import team_for
from .facts import StoredFact
from .filledform import Typed, fill
from .opening import Application, open_case
from .timers import guard

FIRST = (
    "Aafke", "Bram", "Cato", "Daan", "Esmee", "Faisal", "Gijs", "Hanna", "Ilias", "Jip", "Katinka", "Lars", "Mei", "Nadia",
    "Otis", "Pleun", "Quirijn", "Rosa", "Sem", "Tygo", "Ülkü", "Vera", "Wout", "Xenia", "Yusuf", "Zoë",
)  # fmt: skip
LAST = (
    "Aldewei", "van den Berkhof", "Castrop", "Dorstkamp", "Eelderink", "van Fluitenberg", "Groenewal", "Haverman", "IJzerloo",
    "Jongerling", "Kroonveld", "Lindegraaf", "Merelbeke", "Nieuwstad", "Oldekerk", "Padding", "Ruigoord", "Schuurhof",
    "Tiggelaar", "Uilenbroek", "Vosbergen", "Westmaas", "Zandwijk",
)  # fmt: skip
STREETS = (
    "Voorbeeldlaan",
    "Proefstraat",
    "Modelplein",
    "Fictiekade",
    "Oefenweg",
    "Schetspad",
    "Maquettehof",
    "Verzonnen Dijk",
)
_TEXTS = {
    FieldKind.TEKST: "voorbeeld",
    FieldKind.LANGE_TEKST: "Ik zocht werk, volg een cursus en help in de buurt.",
    FieldKind.TIJD: "14:00",
    FieldKind.EMAIL: "iemand@voorbeeld.nl",
    FieldKind.TELEFOON: "0612345678",
    FieldKind.KENTEKEN: "16-RSL-9",
    FieldKind.IBAN: "NL91 ABNA 0417 1643 00",
    FieldKind.JA_NEE: "nee",
    FieldKind.GETAL: "1",
    FieldKind.GELD: "500",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A case and when it came in."""

    zaak: UUID
    received: datetime
    citizen: Citizen
    team: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who works here. The first clerk decides, the second looks along."""

    municipality: str
    clerks: tuple[Staff, ...]

    def clerk(self, made: Made, number: int) -> Staff:
        """A clerk of the team that does this case, in turn; where there is no such team, anybody."""
        of_team = [who for who in self.clerks if made.team in who.teams] or list(self.clerks)
        return of_team[number % len(of_team)]


Course = Callable[[Office, Made, Random, int], None]


def fill_worklist(municipality: str, clerks: Sequence[Staff], *, count: int = 25, seed: int = 1) -> int:
    """Make about `count` cases for a municipality in all stages; returns how many. `clerks` may be of another municipality
    that holds a mandate. Products whose examples cannot be played here are passed over."""
    dice = Random(f"{municipality}{seed}")  # noqa: S311  # a demonstration, and it must be the same each time
    office = Office(municipality, tuple(clerks))
    offered = [product_for(municipality, adopted.product) for adopted in adoptions(municipality)]
    products = [resolved for resolved in offered if not without_login(resolved)]
    courses: list[tuple[int, Course]] = [*COURSES, *COURSES][: max(count, 1)]
    made = 0
    for number, (days, course) in enumerate(courses[:count]):
        resolved = products[number % len(products)]
        received = clock.now() - timedelta(days=days, hours=dice.randint(0, 8), minutes=dice.randint(0, 59))
        case = _open(resolved, dice, received, number)
        if case is None:
            continue
        made += 1
        with clock.set_to(received):
            _play(course, office, case, dice, number)
    guard(System(municipality, "termijnbewaking"))
    return made


def _play(course: Course, office: Office, case: Made, dice: Random, number: int) -> None:
    """A course that this product does not allow simply stops where it is; the case stays as it became."""
    with suppress(VliegwielError):
        course(office, case, dice, number)


# -- people -------------------------------------------------------------------------------------------------------------


def _open(resolved: Resolved, dice: Random, received: datetime, number: int) -> Made | None:
    examples = [example for example in resolved.examples if example.expected.outcome]
    for example in dice.sample(examples, len(examples)):
        with clock.set_to(received):
            case = _open_as(resolved, example, dice, number)
        if case is not None:
            return case
    return None


def _open_as(resolved: Resolved, example: Example, dice: Random, number: int) -> Made | None:
    known = facts_of(resolved, example, resolved.municipality)
    channel = str(known.get("kanaal", "internet"))
    facts = _facts(resolved, known, dice, number)
    data = {fact.name: fact.value for fact in facts}
    form_typed = _typed(resolved, known)
    steps = [step.key for step in resolved.steps]
    files = dict.fromkeys((document.key for document in resolved.documents), 1)
    for _ in range(3):
        form = fill(resolved, data, form_typed, files, channel=channel, done=steps, today=clock.today())
        wrong = [w.field for w in form.wrong if w.field in {f.key for f in resolved.fields()}]
        if not wrong:
            break
        fields = {field.key: field for field in resolved.fields()}
        form_typed = {**form_typed, **{key: _default(fields[key]) for key in wrong}}
    else:
        return None
    bsn = _bsn(resolved.municipality, number)
    citizen = Citizen(resolved.municipality, bsn, Level.HOOG, str(data.get("persoon.naam", "")))
    application = Application(
        resolved=resolved, bsn=bsn, channel=channel, received=clock.now(), facts=facts, form=form,
    )  # fmt: skip
    with scope_of(citizen):
        zaak = open_case(citizen, application)
    return Made(zaak, clock.now(), citizen, team_for(resolved.municipality, resolved.key))


def _bsn(municipality: str, number: int) -> str:
    """A number of the test block that passes the 11-test and that the cast of the registers does not use."""
    start = 999_980_000 + int(municipality[2:]) % 300 * 30 + number * 11 % 9000
    return next(str(n) for n in range(start, start + 30) if is_bsn(str(n)))


def _facts(resolved: Resolved, known: Mapping[str, Value], dice: Random, number: int) -> list[StoredFact]:
    name = (
        f"{FIRST[(number * 7 + dice.randint(0, 3)) % len(FIRST)]} {LAST[(number * 5 + dice.randint(0, 4)) % len(LAST)]}"
    )
    street, house = dice.choice(STREETS), dice.randint(1, 240)
    postcode = f"{dice.randint(1000, 9999)}Q{dice.choice('ABCDE')}"
    address: dict[str, Value] = {
        "straat": street, "huisnummer": house, "postcode": postcode, "woonplaats": "Voorbeeldstad", "functie": "woonadres",
        "nummeraanduiding": f"{int(resolved.municipality[2:]):04d}200000{number:06d}",
    }  # fmt: skip
    own: dict[str, Value] = {
        "persoon.naam": name,
        "persoon.aanschrijfnaam": name,
        "persoon.aanhef": "Geachte heer, mevrouw",
        "persoon.adres": address,
        "persoon.geheimhouding": number % 19 == 0,
        "persoon.opschorting": "geen",
        "persoon.overleden": False,
        "persoon.ingezetene": True,
        "persoon.geboortedatum": date(dice.randint(1945, 2004), dice.randint(1, 12), dice.randint(1, 28)),
    }
    wanted = {need.key: need.register for need in resolved.needs}
    values = {**own, **{key: value for key, value in known.items() if key in needs()}}
    values["persoon.naam"] = name
    looked_up = {f"{field.key}.{part}" for field in resolved.fields() if field.lookup for part in LOOKED_UP}
    values |= {key: known.get(key) for key in looked_up}
    wanted |= dict.fromkeys(looked_up, "BAG")
    return [
        StoredFact(key, values[key], wanted.get(key, "BRP"), clock.now(), resolved.processing.purpose)
        for key in dict.fromkeys([*wanted, "persoon.geheimhouding"])
        if key in values
    ]


def _typed(resolved: Resolved, known: Mapping[str, Value]) -> Typed:
    typed: dict[str, Sequence[str]] = {}
    for field in resolved.fields():
        value = known.get(field.key)
        if isinstance(value, bool):
            typed[field.key] = ["ja" if value else "nee"]
        elif isinstance(value, date):
            typed[field.key] = [value.isoformat()]
        elif isinstance(value, Mapping) and field.kind is FieldKind.ADRES:
            typed[field.key] = [
                str(value.get(part) or "") for part in ("postcode", "huisnummer", "huisletter", "toevoeging")
            ]
        elif value is not None and not isinstance(value, Mapping | tuple | list):
            typed[field.key] = [str(value).replace(".", ",")]
    return typed


def _default(field: Field) -> list[str]:
    if field.choices:
        return [field.choices[0].value]
    if field.kind is FieldKind.DATUM:
        return [(clock.today() + timedelta(days=2)).isoformat()]
    if field.kind is FieldKind.ADRES:
        return ["1234QA", "10", "", ""]
    if field.kind is FieldKind.GETAL and field.low is not None:
        return [str(field.low)]
    return [_TEXTS.get(field.kind, "voorbeeld")]


# -- what the desk does -------------------------------------------------------------------------------------------------


def _later(made: Made, days: float) -> datetime:
    return min(made.received + timedelta(days=days), clock.now() + timedelta(days=days))


def _version(who: Staff, zaak: UUID) -> int:
    return queries.case_page(who, zaak).version


def _new(office: Office, made: Made, dice: Random, number: int) -> None:
    """Nobody has looked at it."""


def _taken(office: Office, made: Made, dice: Random, number: int) -> None:
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 0.9)):
        tasks.take_on(who, made.zaak, version=_version(who, made.zaak))


def _noted(office: Office, made: Made, dice: Random, number: int) -> None:
    _taken(office, made, dice, number)
    with clock.set_to(_later(made, 1.5)):
        notes.add(office.clerk(made, number), made.zaak, "Gebeld en ingesproken. Belt morgen terug.")


def _worked(office: Office, made: Made, dice: Random, number: int) -> None:
    """All that is done by hand is done; only the decision is left."""
    _taken(office, made, dice, number)
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 2.0)):
        while True:
            page = queries.case_page(who, made.zaak)
            task = next((t for t in page.tasks if t.may and not t.optional and t.state == "open"), None)
            if task is None or page.closed is not None:
                return
            typed = {f.key: [f.choices[0].value] if f.choices else [_written(FieldKind(f.kind))] for f in task.fields}
            tasks.complete(who, task.id, version=page.version, typed=typed)


def _written(kind: FieldKind) -> str:
    """What a clerk fills in for a field of this kind."""
    return clock.today().isoformat() if kind is FieldKind.DATUM else _TEXTS.get(kind, "voorbeeld")


def _waiting(office: Office, made: Made, dice: Random, number: int) -> None:
    _taken(office, made, dice, number)
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 2.0)):
        information.ask(
            who, made.zaak, version=_version(who, made.zaak), title="Een duidelijke kopie van uw bewijs",
            text="Het bewijs dat u meestuurde is niet goed te lezen. Wilt u een nieuwe foto of kopie sturen?", days=14,
        )  # fmt: skip


def _answered(office: Office, made: Made, dice: Random, number: int) -> None:
    _waiting(office, made, dice, number)
    question = queries.status_page(made.citizen, made.zaak).questions[0]
    with clock.set_to(_later(made, 7.0)):
        information.give_information(
            made.citizen, made.zaak, question.id, text="Het origineel was klein; dit staat erop: alles klopt."
        )


def _decided(office: Office, made: Made, dice: Random, number: int) -> None:
    _worked(office, made, dice, number)
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 3.0)):
        page = queries.case_page(who, made.zaak)
        answer = "nee" if dice.random() < 0.7 else "ja"
        judged = {j.key: Judgement(answer, "Dit blijkt uit uw verhaal en de stukken.") for j in page.decide.judgements}
        taken = decisions.decide(who, made.zaak, DecisionInput(page.version, judged))
        if taken.waits_for_second and len(office.clerks) > 1:
            second = next(one for one in office.clerks if one.subject != who.subject)
            decisions.confirm(second, made.zaak, version=_version(second, made.zaak))


def _proposed(office: Office, made: Made, dice: Random, number: int) -> None:
    """A deviation waits for a second pair of eyes."""
    _worked(office, made, dice, number)
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 3.0)):
        page = queries.case_page(who, made.zaak)
        other = next((o.key for o in page.decide.outcomes if not o.by_law), "")
        reason = (
            "De omstandigheden zijn zo bijzonder dat de gewone uitkomst niet redelijk is. Dit is besproken in het team."
        )
        decisions.decide(who, made.zaak, DecisionInput(page.version, {}, other, reason))


def _done(office: Office, made: Made, dice: Random, number: int) -> None:
    """Decided, and all that comes after it is done."""
    _decided(office, made, dice, number)
    _worked(office, made, dice, number)


def _withdrawn(office: Office, made: Made, dice: Random, number: int) -> None:
    with clock.set_to(_later(made, 1.0)):
        page = queries.status_page(made.citizen, made.zaak)
        cases.withdraw(made.citizen, made.zaak, version=page.version, reason="Ik heb het niet meer nodig.")


def _extended(office: Office, made: Made, dice: Random, number: int) -> None:
    _taken(office, made, dice, number)
    who = office.clerk(made, number)
    with clock.set_to(_later(made, 50.0)):
        cases.extend_term(
            who, made.zaak, version=_version(who, made.zaak), reason="wij wachten op een advies van een ander", days=14
        )


COURSES: tuple[tuple[int, Course], ...] = (
    (0, _new), (1, _new), (2, _taken), (70, _new), (5, _worked), (9, _waiting), (12, _decided), (55, _taken), (3, _new),
    (20, _answered), (8, _noted), (30, _done), (61, _taken), (6, _worked), (15, _proposed), (4, _withdrawn), (25, _done),
    (53, _extended), (11, _waiting), (1, _new), (40, _done), (50, _worked), (7, _taken), (18, _decided), (2, _new),
)  # fmt: skip
"""How many days ago a case came in, and how far the desk has come with it."""
