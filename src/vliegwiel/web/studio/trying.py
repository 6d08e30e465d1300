"""Trying a law: a form in the address, so that a link carries the values and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base.errors import Invalid, NotFound
from vliegwiel.base.municipalities import existing_on
from vliegwiel.casework import lawview
from vliegwiel.casework.lawpages import Kind
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.page import law_page
from vliegwiel.catalogue.laws.shelf import Town, town
from vliegwiel.catalogue.laws.trying import Asked, Form, Trial, Tried, example_of, trial
from vliegwiel.catalogue.laws.typed import Field
from vliegwiel.law import Decision, LawBook, Outcome, OutcomeExplanation
from vliegwiel.web import wording
from vliegwiel.web.desk import judging
from vliegwiel.web.desk.lawtree import Branch, branches
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.templatetags.dutch import language

from . import asked, frame, reading

_STATES = {"ja": Kind.OK, "nee": Kind.NO, "onbekend": Kind.WARN}


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome: its value, in which colour, and why."""

    outcome: Outcome
    kind: str
    why: OutcomeExplanation


@dataclass(frozen=True, slots=True)
class Side:
    """What the law says for one municipality and date."""

    title: str
    key: str
    decision: Decision
    results: tuple[Result, ...]
    tree: tuple[Branch, ...]
    unverified: tuple[str, ...]


@require_safe
def page(request: PageRequest, law: str) -> HttpResponse:
    """The form; and where it was sent, the answer of the law."""
    reader = staff(request)
    book = _book_with(law)
    if "voorbeeld" in request.GET:
        return HttpResponseRedirect(reverse("studio:try", args=[law]) + _example(request, book, law))
    first, second = asked.asked(request, law)
    tried = trial(book, first, second, run=_sent(request))
    shown = law_page(book, law, first.on)
    link = _link(tried, first, second)
    context = {
        "card": shown.card,
        "law": shown,
        "asked": first,
        "compare": second,
        "trial": tried,
        "problems": judging.problems(tried.invalid),
        "sides": _sides(tried),
        "towns": _towns(book, law, first.on),
        "others": _others(book, law, first.on),
        "link": link,
        "absolute": request.build_absolute_uri(reverse("studio:try", args=[law]) + link) if link else "",
        "examples": reading.examples(shown.examples, law, first.on),
        "day_fault": asked.day_fault(request, "op"),
        "day_fault2": asked.day_fault(request, "op2"),
        "chosen_count": sum(one.chosen for one in tried.form.outcomes) if tried.form else 0,
        "tab": "try",
    }
    return frame.show(request, reader, "try.html", context, status=422 if tried.invalid or tried.problem else 200)


@require_safe
def json(request: PageRequest, law: str) -> HttpResponse:
    """The decision with its explanation and trace, as data. Raises `Invalid` with what is wrong."""
    staff(request)
    first, second = asked.asked(request, law)
    tried = trial(_book_with(law), first, second, run=True)
    if tried.first is None:
        raise Invalid(tried.problem or _("Kijk na wat u invulde."), invalid=tried.invalid)
    made = [{"besluit": one.decision, "uitleg": one.explanation} for one in (tried.first, tried.second) if one]
    body = msgspec.json.format(msgspec.json.encode(made if len(made) > 1 else made[0], order="deterministic"))
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{law}-{first.on.isoformat()}.json"'
    return response


def _book_with(law: str) -> LawBook:
    """The law book, when it has this law. An ordinance is tried as part of its law. Raises `NotFound`."""
    book = law_book()
    if law not in book.law_ids:
        raise NotFound(_("Deze wet is er niet."))
    return book


def _example(request: PageRequest, book: LawBook, law: str) -> str:
    """The query that carries the data of an example: `wet:2026-01-01:3` is the third of that version. Raises `NotFound`."""
    id_, _colon, rest = posted.query(request, "voorbeeld", 120).partition(":")
    van, _colon, number = rest.partition(":")
    for text in book.texts:
        if text.id == id_ and (text.fills or text.id) == law and text.validity.van.isoformat() == van:
            found = [spec for count, spec in enumerate(text.examples, 1) if str(count) == number]
            if found:
                tried = example_of(book, text, found[0])
                return asked.link(tried, names=tried.wanted)
    raise NotFound(_("Dit voorbeeld is er niet (meer)."))


def _sent(request: PageRequest) -> bool:
    return "toon" in request.GET or any(name.startswith(asked.DATUM) for name in request.GET)


def _link(tried: Trial, first: Asked, second: Asked | None) -> str:
    """The shortest address of this page with these values; empty when it is too long to share."""
    if tried.form is None:
        return ""
    chosen = tuple(one.name for one in tried.form.outcomes if one.chosen)
    usual = tuple(one.name for one in tried.form.outcomes if one.main)
    return asked.link(first, second, names=() if chosen == usual else chosen, keys=frozenset(_keys(tried.form)))


def _keys(form: Form) -> Iterator[str]:
    def below(field: Field) -> Iterator[str]:
        yield field.key
        for part in field.parts:
            yield from below(part)

    for field in (*form.data, *form.judgements, *form.terms):
        yield from below(field)


def _sides(tried: Trial) -> tuple[Side, ...]:
    found = [one for one in (tried.first, tried.second) if one is not None]
    return tuple(_side(one, key, found) for one, key in zip(found, ("a", "b"), strict=False))


def _side(one: Tried, key: str, among: list[Tried]) -> Side:
    decision = one.decision
    refused = any(outcome.state == "nee" for outcome in decision.outcomes.values())
    results = tuple(
        Result(decision.outcomes[why.name], _STATES.get(why.state, Kind.NONE).value, why)
        for why in one.explanation.outcomes
    )
    tree = branches(lawview.tree(decision), refused=refused)
    return Side(_title(one, among), key, decision, results, tree, lawview.unverified(decision))


def _title(one: Tried, among: list[Tried]) -> str:
    """What tells the sides apart: the municipality, the date, or both."""
    where = one.town.name if one.town is not None else _("zonder gemeente")
    when = wording.day(one.asked.on, language(), weekday=False, year=True)
    if len({other.town for other in among}) == 1 and len(among) > 1:
        return when
    return where if len({other.asked.on for other in among}) == 1 else f"{where}, {when}"


def _towns(book: LawBook, law: str, on: date) -> tuple[Town, ...]:
    """Municipalities with an ordinance to this law or one it uses, by name."""
    laws = (law, *book.versions(law)[-1].uses)
    codes = {code for one in laws if one in book.law_ids for code in book.ordinance_municipalities(one, on)}
    return tuple(sorted((town(code) for code in codes), key=lambda found: found.name))


def _others(book: LawBook, law: str, on: date) -> tuple[Town, ...]:
    """All other municipalities of that day: there the law's own defaults count."""
    known = {one.code for one in _towns(book, law, on)}
    rest = (Town(fact.code, fact.name) for fact in existing_on(on) if fact.code not in known)
    return tuple(sorted(rest, key=lambda found: found.name))
