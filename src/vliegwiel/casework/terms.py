"""The legal deadline of a case, how it came about, and what to say about it.

The counting itself is law (`vliegwiel.law.termijnen`, Awb 4:13-4:15 and Algemene termijnenwet). Here it is applied to a
case: its decision term, the stretches in which the clock stood still, and an extension told to the applicant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vliegwiel.base.clock import local
from vliegwiel.catalogue import model
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.law import termijnen
from vliegwiel.law.termijnen import Duration, is_rest_day

from .lawpages import Badge, Kind, Term, TermLine
from .models import Suspension, Zaak
from .worklistpage import deadline_badge

_UNITS = {
    model.Unit.WERKDAGEN: termijnen.Unit.WORKING_DAYS,
    model.Unit.DAGEN: termijnen.Unit.DAYS,
    model.Unit.WEKEN: termijnen.Unit.WEEKS,
    model.Unit.MAANDEN: termijnen.Unit.MONTHS,
    model.Unit.JAREN: termijnen.Unit.YEARS,
}
STANDSTILL = "Algemene wet bestuursrecht, artikel 4:15"
EXTENSION = "Algemene wet bestuursrecht, artikel 4:14"
REST_DAYS = "Algemene termijnenwet, artikel 1"


def duration(span: model.Span) -> Duration:
    """A span of a definition as the law counts it."""
    return Duration(span.number, _UNITS[span.unit])


def objection_until(objection: model.Objection, announced: date) -> date:
    """Until when a person may object to a decision made known on a day: six weeks (Awb 6:7), or what a special law says."""
    return termijnen.term(announced, duration(objection.term.span), on=announced).end


def received_on(zaak: Zaak) -> date:
    """The Dutch day on which the application came in."""
    return local(zaak.received).date()


def counts_from(zaak: Zaak) -> date:
    """The day after which the decision term counts: of receipt, or another that the law gives (Awb 7:10)."""
    return zaak.term_from or received_on(zaak)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock stands still, asked on a day; the same as a row of `Suspension`."""

    asked: date
    due: date
    answered: date | None
    reason: str
    article: str = STANDSTILL

    @classmethod
    def of(cls, row: Suspension) -> Stop:
        """A row begins on the day after asking."""
        return cls(row.begins - timedelta(days=1), row.until, row.ended, row.reason, _article(row.ground))

    @property
    def law(self) -> termijnen.Suspension:
        """As the law counts it."""
        return termijnen.Suspension(self.asked, self.due, self.answered)

    def open_on(self, day: date) -> bool:
        """Whether the clock stands still, or will from tomorrow, because of this."""
        return self.answered is None and day <= self.due


def _article(ground: str) -> str:
    """`7:10-2` is article 7:10 of the Awb."""
    return f"Algemene wet bestuursrecht, artikel {ground.partition('-')[0]}" if ground else STANDSTILL


def stops_of(rows: Iterable[Suspension]) -> list[Stop]:
    """The stretches in order."""
    return sorted((Stop.of(row) for row in rows), key=lambda stop: stop.asked)


def worked_out(zaak: Zaak, decide: model.Term, stops: Sequence[Stop], on: date) -> termijnen.Term:
    """The decision term as it stands on a day."""
    return termijnen.term(
        counts_from(zaak),
        duration(decide.span),
        suspensions=[stop.law for stop in stops],
        extended_to=_extended(zaak, stops, on),
        on=on,
    )


def _extended(zaak: Zaak, stops: Sequence[Stop], on: date) -> date | None:
    """The last day that was told, later by the days the clock stood still since then."""
    if zaak.extended_to is None or zaak.extended_on is None:
        return None
    since = [stop.law.days(on) for stop in stops if stop.asked >= zaak.extended_on]
    still = {day for days in since for day in days if day > zaak.extended_on}
    end = zaak.extended_to + timedelta(days=len(still))
    while is_rest_day(end):
        end += timedelta(days=1)
    return end


def latest_deadline(zaak: Zaak, decide: model.Term, stops: Sequence[Stop], today: date) -> date:
    """The deadline; while the clock stands still, the latest it can become. Never earlier than without standing still."""
    until = max([today, *(stop.due for stop in stops if stop.answered is None)])
    return worked_out(zaak, decide, stops, until).end


def extension(zaak: Zaak, decide: model.Term, stops: Sequence[Stop], by: Duration, today: date) -> date:
    """The new last day when the term is extended `by` a duration, counted from the deadline as it is."""
    end = by.after(latest_deadline(zaak, decide, stops, today))
    while is_rest_day(end):
        end += timedelta(days=1)
    return end


def view(zaak: Zaak, decide: model.Term, extend: model.Term | None, stops: Sequence[Stop], today: date) -> Term:
    """The term for pages: badge, one sentence, and the lines that explain it."""
    deadline = zaak.uiterlijke_einddatum_afdoening
    article = str(decide.basis) if decide.basis else ""
    if deadline is None:
        return Term(
            None,
            None,
            Badge("geen termijn", Kind.NONE),
            "Voor deze zaak geldt geen termijn.",
            "",
            (),
            None,
            None,
            False,
            False,
        )
    open_stop = next((stop for stop in stops if stop.open_on(today)), None)
    ended = zaak.einddatum is not None or bool(zaak.outcome)
    badge = Badge("termijn staat stil", Kind.BUSY) if open_stop and not ended else deadline_badge(deadline, today)
    if ended:
        badge = Badge("afgehandeld" if zaak.einddatum else "besloten", Kind.OK)
    return Term(
        deadline=deadline,
        days_left=None if ended else (deadline - today).days,
        badge=badge,
        sentence=_sentence(decide, stops, today, zaak),
        article=article,
        lines=_lines(zaak, decide, stops, today, article),
        suspended_since=open_stop.asked + timedelta(days=1) if open_stop and not ended else None,
        stands_until=open_stop.due if open_stop and not ended else None,
        extended=zaak.extended_to is not None,
        may_extend=not ended and zaak.extended_to is None and extend is not None and deadline >= today,
    )


def days_still(stops: Sequence[Stop], today: date) -> int:
    """On how many days the clock stood still until now."""
    return len({day for stop in stops for day in stop.law.days(today)})


def _sentence(decide: model.Term, stops: Sequence[Stop], today: date, zaak: Zaak) -> str:
    text = f"{decide.span} na {day_text(zaak.term_from) if zaak.term_from else 'de aanvraag'}"
    if still := days_still(stops, today):
        text += f" plus {still} {'dag' if still == 1 else 'dagen'} stilstand"
    if zaak.extended_to is not None:
        text += ", verlengd"
    return text


def _lines(zaak: Zaak, decide: model.Term, stops: Sequence[Stop], today: date, article: str) -> tuple[TermLine, ...]:
    received = received_on(zaak)
    worked = worked_out(zaak, decide, stops, max([today, *(s.due for s in stops if s.answered is None)]))
    until = f"{decide.span}: tot en met {day_text(worked.plain_end)}"
    begun = f"Aangevraagd op {day_text(received)}. De termijn is {until}."
    if zaak.term_from is not None:
        begun = f"Ontvangen op {day_text(received)}. De termijn begint na {day_text(zaak.term_from)} en is {until}."
    lines = [TermLine(begun, article)]
    for stop in stops:
        first = stop.asked + timedelta(days=1)
        if stop.open_on(today):
            until = f"tot het antwoord er is en uiterlijk tot en met {day_text(stop.due)}"
            lines.append(TermLine(f"De termijn staat stil vanaf {day_text(first)}, {until}.", stop.article))
            continue
        days = len(stop.law.days(today))
        if days:
            lines.append(
                TermLine(
                    f"Vanaf {day_text(first)} stond de termijn {days} {'dag' if days == 1 else 'dagen'} stil: {stop.reason}.",
                    stop.article,
                )
            )
    if worked.rest_days:
        lines.append(
            TermLine(
                f"De laatste dag zou in een weekend of op een feestdag vallen en schuift op naar {day_text(worked.end)}.",
                REST_DAYS,
            )
        )
    if zaak.extended_to is not None:
        reason = f": {zaak.verlenging_reden}" if zaak.verlenging_reden else ""
        lines.append(TermLine(f"De termijn is verlengd tot en met {day_text(zaak.extended_to)}{reason}.", EXTENSION))
    return tuple(lines)
