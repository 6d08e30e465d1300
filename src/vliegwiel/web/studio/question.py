"""The question of a calculation: read from the form, shown again with what was typed, and said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from vliegwiel.base import clock
from vliegwiel.base.errors import Invalid, InvalidParam, NotFound, VliegwielError
from vliegwiel.base.municipalities import municipality
from vliegwiel.catalogue import typing_in
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.shelf import Town, town
from vliegwiel.catalogue.simulations import (
    MOST_CHANGES,
    MOST_HOUSEHOLDS,
    USUAL_HOUSEHOLDS,
    Change,
    Changeable,
    Question,
    changeable,
    splittable,
)
from vliegwiel.law.outcomes import outcomes_of
from vliegwiel.law.program import Program
from vliegwiel.law.types import kind_of
from vliegwiel.web import wording
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest
from vliegwiel.web.templatetags.dutch import language

from . import asked as address

ROWS = 3
"""Changes that the form has room for; filled ones always fit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in. `content` is the file that was sent, if any."""

    law: str
    title: str
    on: str
    wanted: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]
    other_on: str
    other_town: str
    population: str
    households: str
    seed: str
    by: tuple[str, ...]
    columns: str
    empty: str
    file_name: str
    town: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tick."""

    value: str
    label: str
    note: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in the form."""

    number: int
    name: str
    expression: str
    fault: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the form offers for this law. `outcomes` and `by` are what people ask for, or what was chosen; `more…` is the rest."""

    law_name: str
    outcomes: tuple[Option, ...]
    more: tuple[Option, ...]
    groups: tuple[tuple[str, tuple[Changeable, ...]], ...]
    by: tuple[Option, ...]
    more_by: tuple[Option, ...]
    rows: tuple[ChangeRow, ...]
    towns: tuple[Town, ...]
    most: int


def read(request: PageRequest) -> Asked:
    """What was filled in; on a fresh page what is usual."""
    if request.method != "POST":
        law = posted.query(request, "wet", 80)
        return Asked(
            law, "", clock.today().isoformat(), (), (), "", "", "verzonnen", str(USUAL_HOUSEHOLDS), "1", (), "", "niets", "",
            request.municipality.code,
        )  # fmt: skip
    upload = request.FILES.get("file")
    names = request.POST.getlist("change-name")[:MOST_CHANGES]
    texts = request.POST.getlist("change-text")[:MOST_CHANGES]
    changes = [(posted.clean(n)[:120], posted.clean(t).strip()[:2000]) for n, t in zip(names, texts, strict=False)]
    return Asked(
        law=posted.one(request, "law")[:80],
        title=" ".join(posted.one(request, "title").split())[:200],
        on=posted.one(request, "on")[:40],
        wanted=tuple(posted.clean(name)[:80] for name in request.POST.getlist("wanted")[:40]),
        changes=tuple((n, t) for n, t in changes if n or t),
        other_on=posted.one(request, "other_on")[:40],
        other_town=posted.one(request, "other_town")[:6],
        population=posted.one(request, "population"),
        households=posted.one(request, "households")[:20],
        seed=posted.one(request, "seed")[:20],
        by=tuple(posted.clean(name)[:80] for name in request.POST.getlist("by")[:20]),
        columns=posted.one(request, "columns")[:300],
        empty=posted.one(request, "empty"),
        file_name=(upload.name or "")[:120] if upload is not None and not isinstance(upload, list) else "",
        town=request.municipality.code,
        content=upload.read() if upload is not None and not isinstance(upload, list) else None,
    )


def made(asked: Asked) -> Question:
    """The question, with everything that cannot be read told at once. Raises `Invalid`."""
    wrong: list[InvalidParam] = []
    uploaded = asked.population == "bestand"
    if uploaded and asked.content is None:
        wrong.append(InvalidParam("file", "absent", _("Kies een bestand.")))
    on = _day("on", asked.on, wrong) or clock.today()
    other_on = _day("other_on", asked.other_on, wrong) if asked.other_on else None
    other_town = None
    if asked.other_town:
        other_town = address.known_town(asked.other_town)
        if other_town is None:
            wrong.append(InvalidParam("other_town", "unknown", _("Kies een gemeente uit de lijst.")))
    households = USUAL_HOUSEHOLDS if uploaded else _whole("households", asked.households, wrong)
    seed = 1 if uploaded else _whole("seed", asked.seed, wrong)
    if wrong:
        raise Invalid(_("Kijk na wat u vraagt."), invalid=wrong)
    columns = tuple(name.strip() for name in asked.columns.split(",") if name.strip()) if uploaded else ()
    return Question(
        law=asked.law,
        wanted=asked.wanted,
        on=on,
        town=asked.town,
        changes=tuple(Change(name, text) for name, text in asked.changes),
        other_on=other_on,
        other_town=other_town,
        by=tuple(dict.fromkeys((*asked.by, *columns))),
        households=households,
        seed=seed,
        file_name=asked.file_name if uploaded else "",
        empty_is_none=asked.empty != "onbekend",
    )


def _day(field: str, text: str, wrong: list[InvalidParam]) -> date | None:
    try:
        return typing_in.day([text])
    except typing_in.CannotRead as error:
        wrong.append(InvalidParam(field, "date", str(error)))
        return None


def _whole(field: str, text: str, wrong: list[InvalidParam]) -> int:
    try:
        return int(typing_in.number(text))
    except typing_in.CannotRead as error:
        wrong.append(InvalidParam(field, "number", str(error)))
        return 1


def form(asked: Asked, wrong: Mapping[str, str]) -> Form | None:
    """What can be chosen for this law on this date; None while no law is chosen or it does not hold."""
    try:
        on = typing_in.day([asked.on])
    except typing_in.CannotRead:
        on = clock.today()
    book = law_book()
    try:
        program = book.program(asked.law, on, asked.town)
    except VliegwielError:
        return None
    rows = [ChangeRow(n, name, text, wrong.get(f"change-{n}", "")) for n, (name, text) in enumerate(asked.changes)]
    rows += [
        ChangeRow(n, "", "", wrong.get(f"change-{n}", ""))
        for n in range(len(rows), max(ROWS, min(len(rows) + 1, MOST_CHANGES)))
    ]
    towns = [town(code) for code in book.ordinance_municipalities(asked.law, on) if code != asked.town]
    main = outcomes_of(program)
    outcomes = _outcomes(program, asked, main)
    by, more_by = _by(program, asked)
    return Form(
        law_name=program.texts[0].name,
        outcomes=tuple(one for one in outcomes if one.chosen or one.value in main),
        more=tuple(one for one in outcomes if not one.chosen and one.value not in main),
        groups=_groups(program),
        by=by,
        more_by=more_by,
        rows=tuple(rows),
        towns=tuple(sorted(towns, key=lambda one: one.name)),
        most=MOST_HOUSEHOLDS,
    )


def _outcomes(program: Program, asked: Asked, main: tuple[str, ...]) -> tuple[Option, ...]:
    chosen = asked.wanted or main
    rules = {name: program.units[key] for name, key in program.names.items() if program.units[key].kind == "regel"}
    made_ = [
        Option(name, unit.label, kind_of(unit.type), name in chosen) for name, unit in rules.items() if "." not in name
    ]
    return tuple(sorted(made_, key=lambda one: main.index(one.value) if one.value in main else len(main)))


def _groups(program: Program) -> tuple[tuple[str, tuple[Changeable, ...]], ...]:
    titles = {"norm": _("Bedragen en getallen"), "open term": _("Wat de gemeente invult"), "regel": _("Regels")}
    every = changeable(program)
    found = ((title, tuple(one for one in every if one.group == group)) for group, title in titles.items())
    return tuple((title, ones) for title, ones in found if ones)


def _by(program: Program, asked: Asked) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """What households can be grouped by: what is usual or chosen, and the rest."""
    if not _rules(program, asked):
        return (), ()
    found = splittable(program, asked.wanted or outcomes_of(program))
    chosen = asked.by or tuple(one.name for one in found if one.usual)[:2]
    main = {one.name for one in found if one.usual or one.name in chosen} or {one.name for one in found}
    options = [Option(one.name, one.label, "", one.name in chosen) for one in found]
    return (
        tuple(option for option in options if option.value in main),
        tuple(option for option in options if option.value not in main),
    )


def _rules(program: Program, asked: Asked) -> bool:
    return all(name in program.names for name in asked.wanted)


def said(question: Question) -> list[tuple[str, str]]:
    """The question in words, as pairs of a term and what was chosen."""
    labels = _labels(question)
    pairs = [(_("Datum"), _written(question.on))]
    pairs += [(_("Verandering"), f"{labels.get(one.name, one.name)}: {one.expression}") for one in question.changes]
    if question.other_town:
        pairs.append((_("Verordening van"), _name(question.other_town)))
    if question.other_on:
        pairs.append((_("Vergeleken met"), _written(question.other_on)))
    pairs.append((_("Uitkomsten"), ", ".join(labels.get(name, name) for name in question.wanted)))
    if question.file_name:
        pairs.append((_("Huishoudens"), _("uit het bestand %(name)s") % {"name": question.file_name}))
    else:
        many = wording.number(question.households, language())
        text = _("%(n)s verzonnen huishoudens, begingetal %(seed)d")
        pairs.append((_("Huishoudens"), text % {"n": many, "seed": question.seed}))
    return pairs


def _written(day: date) -> str:
    return wording.day(day, language(), weekday=False, year=True)


def _name(code: str) -> str:
    try:
        return municipality(code).name
    except NotFound:
        return code


def _labels(question: Question) -> Mapping[str, str]:
    try:
        program = law_book().program(question.law, question.on, question.town)
    except VliegwielError:
        return {}
    labels = {name: program.units[key].label for name, key in program.names.items()}
    return labels | {one.name: one.label for one in changeable(program)}
