"""The life of a case: open it at the desk, fetch its data again, withdraw, extend, close, reopen."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam
from vliegwiel.catalogue.model import Span, Unit, find
from vliegwiel.catalogue.queries import product_for
from vliegwiel.law import termijnen
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Citizen, Staff
from vliegwiel.trust.rights import Right, require, scope_of

from .. import clerks, gathering, letters, numbers
from ..access import reach
from ..assessing import reassess
from ..casefacts import current_facts
from ..deadlines import set_deadline
from ..dossier import letter_out
from ..events import Kind
from ..filledform import Typed, fill
from ..freetext import written
from ..letter import Letter
from ..models import Resultaat, Suspension
from ..models.zaak import NO_TERM
from ..opening import Application, open_case
from ..progress import Case
from ..refetching import take_in
from ..taking import case_of, finish, take
from ..terms import duration, extension, stops_of
from ..worklater import make_letter


def open_at_desk(
    actor: Staff, product: str, bsn: str, typed: Typed, *, municipality: str | None = None, channel: str = "balie"
) -> UUID:
    """Open a case for somebody who is at the counter or on the phone; returns its id.

    Raises `Invalid` per field, `Forbidden`, `NotFound` for a product that is not offered.
    """
    code = municipality or actor.municipality
    if not is_bsn(bsn):
        sentence = "Vul een burgerservicenummer van 9 cijfers in."
        raise Invalid(sentence, invalid=[InvalidParam("bsn", "wrong", sentence)])
    with scope_of(actor):
        require(actor, Right.ZAAK_BEHANDELEN, municipality=code, product=product)
        clerks.note(actor)
    resolved = product_for(code, product)
    asked = gathering.ask(resolved, bsn)
    data = {fact.name: fact.value for fact in asked.facts if fact.known}
    steps = [step.key for step in resolved.steps]
    form = fill(resolved, data, typed, {}, channel=channel, done=steps, today=today())
    # Documents are shown at the counter, not sent; the clerk adds them to the case.
    wrong = [w for w in form.wrong if w.field in {f.key for f in resolved.fields()}]
    if wrong:
        raise Invalid("Kijk de antwoorden na.", invalid=[InvalidParam(w.field, w.code, w.sentence) for w in wrong])
    with scope_of(actor):
        application = Application(
            resolved=resolved,
            bsn=bsn,
            channel=channel,
            received=now(),
            facts=asked.facts,
            form=form,
            silent=asked.silent,
            asked=asked,
        )
        return open_case(actor, application)


def refresh_facts(actor: Staff, zaak_id: UUID, *, version: int) -> None:
    """Ask the registers again and work the law out again. What is not answered keeps what was known."""
    with scope_of(actor):
        zaak = reach(actor, zaak_id, Right.ZAAK_BEHANDELEN)
        case = case_of(zaak)
        plate = next(
            (str(f.value) for name, f in current_facts(zaak).items() if name.endswith("kenteken") and f.value), ""
        )
    asked = gathering.ask(case.resolved, zaak.bsn, plate=plate)
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        take_in(case, actor, asked)


def withdraw(actor: Actor, zaak_id: UUID, *, version: int, reason: str = "") -> None:
    """The applicant withdraws. A letter confirms it. Raises `Conflict` when it was decided already."""
    reason = written("reden", reason, longest=400)
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        if case.zaak.outcome:
            raise Conflict("Er is al besloten. Intrekken kan niet meer; bezwaar maken wel.")
        case.stop_waiting()
        case.set(case.zaak, withdrawn=True)
        pending = _letter(case, letters.withdrawn(case))
        by: Json = "inwoner" if isinstance(actor, Citizen) else "medewerker"
        finish(case, actor, Kind.INGETROKKEN, payload={"door": by}, personal={"reden": reason} if reason else None)
        if pending is not None:
            make_letter.later(municipality=case.zaak.municipality_id, letter=str(pending))


def _letter(case: Case, letter: Letter | None) -> UUID | None:
    if letter is None or not case.zaak.bsn:
        return None
    return letter_out(case, letter, type_="Brief", number=numbers.take()[0])[1].id


def extend_term(actor: Staff, zaak_id: UUID, *, version: int, reason: str, days: int | None = None) -> None:
    """Give the decision more time, once, and tell the applicant (Awb 4:14).

    `days` (default: all that the definition allows) are as few as possible. Raises `Conflict` when it was extended before,
    is too late already, or the definition does not allow it.
    """
    reason = written("reden", reason, longest=200, empty="Schrijf op waarom er meer tijd nodig is.", lines=False)
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        zaak, terms = case.zaak, case.resolved.terms
        if terms.extend is None:
            raise Conflict("De termijn van dit product kan niet worden verlengd.")
        if zaak.extended_to is not None:
            raise Conflict("De termijn is al een keer verlengd.")
        if zaak.outcome or zaak.uiterlijke_einddatum_afdoening is None or zaak.uiterlijke_einddatum_afdoening < today():
            raise Conflict("De termijn kan nu niet meer worden verlengd.")
        stops = stops_of(Suspension.objects.filter(zaak_id=zaak.id))
        most = extension(zaak, terms.decide, stops, duration(terms.extend.span), today())
        by = duration(terms.extend.span) if days is None else _days(days)
        until = extension(zaak, terms.decide, stops, by, today())
        if until > most:
            sentence = f"Verlengen kan met hoogstens {terms.extend.span}."
            raise Invalid(sentence, invalid=[InvalidParam("dagen", "bounds", sentence)])
        iso = terms.extend.span.iso() if days is None else Span(days, Unit.DAGEN).iso()
        case.set(zaak, extended_on=today(), extended_to=until, verlenging_reden=reason, verlenging_duur=iso)
        set_deadline(case)
        pending = _letter(case, letters.extended(case, until, reason))
        finish(case, actor, Kind.TERMIJN_VERLENGD, payload={"tot": until.isoformat()}, personal={"reden": reason})
        make_letter.later(municipality=zaak.municipality_id, letter=str(pending))


def _days(days: int) -> termijnen.Duration:
    if days < 1:
        sentence = "Verleng met minstens 1 dag."
        raise Invalid(sentence, invalid=[InvalidParam("dagen", "bounds", sentence)])
    return termijnen.Duration(days, termijnen.Unit.DAYS)


def close(actor: Staff, zaak_id: UUID, *, version: int, reason: str) -> None:
    """End a case that was decided, though something was not done (a document was never collected)."""
    reason = written("reden", reason, longest=400, empty="Schrijf op waarom u de zaak afsluit.")
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        if not case.zaak.outcome:
            raise Conflict("Er is nog niet besloten. Neem eerst een besluit.")
        case.end_now(actor)
        outcome = find(case.resolved.outcomes, case.zaak.outcome)
        payload: dict[str, Json] = {"resultaat": case.zaak.outcome, "resultaat_naam": outcome.name if outcome else ""}
        finish(case, actor, Kind.AFGESLOTEN, payload=payload, personal={"reden": reason}, ended=True)


def reopen(actor: Staff, zaak_id: UUID, *, version: int, reason: str) -> None:
    """Open a closed case again (ZGW zrc-008): it has no end and no result any more, and must be decided anew.

    An earlier decision stays in force until a new one replaces it.
    """
    reason = written("reden", reason, longest=400, empty="Schrijf op waarom u de zaak opnieuw opent.")
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version, closed=True)
        zaak = case.zaak
        if zaak.einddatum is None:
            raise Conflict("Deze zaak is al open.")
        Resultaat.objects.filter(zaak_id=zaak.id).delete()
        case.set(
            zaak,
            einddatum=None,
            archiefnominatie="",
            archiefactiedatum=None,
            startdatum_bewaartermijn=None,
            selectielijstklasse="",
            outcome="",
            withdrawn=False,
            complete=True,
            phase="",
            status="",
            due=zaak.uiterlijke_einddatum_afdoening or NO_TERM,
        )
        reassess(case)
        finish(case, actor, Kind.HEROPEND, personal={"reden": reason})
