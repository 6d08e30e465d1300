"""What staff read: the worklist, one case, the letter before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict
from vliegwiel.catalogue.resolve import library
from vliegwiel.trust.identity import Actor, Staff
from vliegwiel.trust.rights import Right, may, scope_of

from . import casepage, clerks, dossierdata, hot, looking, worklist
from .access import reach, still_open
from .actions.decisions import DecisionInput, Prepared, may_be_decided, prepare, proposed
from .assessing import known_of, work_out
from .decisionletter import content_of, letter_for
from .deskpages import (
    CasePage,
    Colleague,
    Facet,
    LetterPreview,
    MandateLine,
    Neighbour,
    OutcomeChoice,
    Paragraph,
    Selection,
    Sort,
    View,
    Worklist,
    WorklistFilter,
    WorkRow,
    WorkView,
)
from .freetext import plain_signs
from .grants import Sight, sight_of
from .lawpages import Turn
from .lawview import kind_of
from .letter import Letter, render
from .models import Clerk, SavedView
from .pages import Event
from .places import place
from .progress import Case
from .statuspage import timeline as lines_of
from .taking import case_of, look
from .terms import objection_until
from .worklist import PAGE, Days
from .worklistpage import TURN_TITLES, facet, group_counts, groups, one_group, views, work_row

CHUNK = 1000
MOST_PAGES = 100_000


def worklist_page(actor: Staff, wanted: WorklistFilter) -> Worklist:
    """One page of the worklist with all its counts. Raises `StaffLoginNeeded`, `Forbidden`."""
    with scope_of(actor):
        sight = sight_of(actor)
        days = Days.of(today())
        wanted = _clean(wanted)
        counted = worklist.count_open(actor, sight, wanted, days)
        apart = bool(wanted.text) or wanted.view is View.AFGEROND
        shown = worklist.count_found(sight, wanted, days) if apart else counted
        counts = group_counts(shown, wanted)
        total = sum(counts.values())
        pages = max(1, -(-total // PAGE))
        wanted = replace(wanted, page=min(wanted.page, pages))
        rows = worklist.rows(actor, sight, wanted, days, offset=(wanted.page - 1) * PAGE) if total else []
        saved = _saved(actor)
        looking.at_list(actor, rows)
        people = clerks.colleagues(actor)
    by_due = wanted.sort is Sort.TERMIJN and wanted.view is not View.AFGEROND
    return Worklist(
        filter=wanted,
        views=views(actor, counted, wanted, saved),
        groups=groups(rows, counts, days) if by_due else one_group(rows, total, days, _order_title(wanted)),
        products=facet("product", shown, wanted, _product_name),
        municipalities=facet("municipality", shown, wanted, lambda code: place(code).name),
        turns=facet("turn", shown, wanted, lambda turn: TURN_TITLES[Turn(turn)]),
        phases=facet("phase", shown, wanted, lambda phase: phase.replace("_", " ").capitalize()),
        teams=tuple(Facet(team, team, 0, team == wanted.team) for team in _teams(actor, people)),
        mandates=_mandates(actor, sight),
        colleagues=people,
        total=total,
        shown=len(rows),
        pages=pages,
        at=now(),
    )


def _clean(wanted: WorklistFilter) -> WorklistFilter:
    """A filter without signs that no database takes, and a page that exists."""
    return replace(
        wanted,
        text=plain_signs(wanted.text)[:200],
        product=plain_signs(wanted.product)[:100],
        municipality=plain_signs(wanted.municipality)[:6],
        phase=plain_signs(wanted.phase)[:60],
        team=plain_signs(wanted.team)[:80],
        page=min(max(1, wanted.page), MOST_PAGES),
    )


def _teams(actor: Staff, people: Sequence[Colleague]) -> list[str]:
    return sorted({*actor.teams, *(team for person in people for team in person.teams)})


def _order_title(wanted: WorklistFilter) -> str:
    if wanted.view is View.AFGEROND:
        return "Afgerond in de laatste 90 dagen"
    return "Langst lopend eerst" if wanted.sort is Sort.LOOPT else "Nieuwste eerst"


def _saved(actor: Staff) -> list[tuple[str, WorklistFilter, WorkView]]:
    made = []
    for row in SavedView.objects.filter(municipality_id=actor.municipality, owner=actor.subject).order_by("title"):
        kept = _filter(row.filter)
        made.append((row.title, kept, WorkView(f"bewaard:{row.id}", row.title, 0, False, row.id, kept)))
    return made


def _filter(stored: Mapping[str, str]) -> WorklistFilter:
    """A kept filter; what no longer makes sense in it is left out."""
    start = WorklistFilter()
    return WorklistFilter(
        view=next((view for view in View if view.value == stored.get("view")), start.view),
        text=stored.get("text", ""),
        product=stored.get("product", ""),
        municipality=stored.get("municipality", ""),
        turn=next((turn for turn in Turn if turn.value == stored.get("turn")), None),
        phase=stored.get("phase", ""),
        team=stored.get("team", ""),
        sort=next((sort for sort in Sort if sort.value == stored.get("sort")), start.sort),
    )


def _product_name(key: str) -> str:
    """The national name of a product; a product we no longer have is called by its key."""
    if key not in _names:
        file = library().product(key)
        name = file.root.get("naam") if file else None
        _names[key] = getattr(name, "text", "") or key.replace("-", " ").capitalize()
    return _names[key]


_names: dict[str, str] = {}


def _mandates(actor: Staff, sight: Sight) -> tuple[MandateLine, ...]:
    return tuple(
        MandateLine(
            place(grant.municipality),
            grant.municipality == actor.municipality,
            tuple(_product_name(key) for key in sorted(grant.products or ())),
        )
        for grant in sight.grants
    )


def worklist_rows(actor: Staff, wanted: WorklistFilter) -> Iterator[WorkRow]:
    """All rows of a filter, page after page, each in its own transaction; what is seen is logged as on the page."""
    offset, wanted = 0, _clean(wanted)
    while True:
        with scope_of(actor):
            days = Days.of(today())
            rows = worklist.rows(actor, sight_of(actor), wanted, days, limit=CHUNK, offset=offset)
            looking.at_list(actor, rows)
        yield from (work_row(row, days) for row in rows)
        if len(rows) < CHUNK:
            return
        offset += CHUNK


def selection(actor: Staff, zaak_ids: Sequence[UUID]) -> Selection:
    """Cases that were ticked, as they are now. Ids that are not in sight are left out."""
    with scope_of(actor):
        sight = sight_of(actor)
        rows = worklist.by_ids(sight, list(dict.fromkeys(zaak_ids))[:200])
        looking.at_list(actor, rows)
        assignable = frozenset(
            row.id
            for row in rows
            if may(actor, Right.ZAAK_TOEWIJZEN, municipality=row.municipality, product=row.product)
        )
        people = clerks.colleagues(actor)
    days = Days.of(today())
    return Selection(tuple(work_row(row, days) for row in rows), assignable, people, tuple(_teams(actor, people)))


def staff_names(actor: Staff, subjects: Sequence[str]) -> Mapping[str, str]:
    """The names of clerks of the own municipality, by subject; unknown ones are left out."""
    with scope_of(actor):
        rows = Clerk.objects.filter(municipality_id=actor.municipality, subject__in=list(subjects))
        return dict(rows.values_list("subject", "name"))


# -- one case -----------------------------------------------------------------------------------------------------------


def case_page(actor: Staff, zaak_id: UUID, *, filter: WorklistFilter | None = None) -> CasePage:  # the contract
    """One case with all a clerk needs; the neighbours are those in the list of `filter`. Raises `NotFound`."""
    with scope_of(actor):
        sight = sight_of(actor)
        zaak = reach(actor, zaak_id, Right.ZAAK_LEZEN)
        dossier = dossierdata.read(zaak, to_citizen=False)
        notes = hot.notes_of(zaak.municipality_id, zaak.id)
        proposal = hot.proposal_of(zaak.municipality_id, zaak.id)
        before, after = worklist.neighbours(actor, sight, _clean(filter or WorklistFilter()), zaak.id, zaak.due)
        looking.at_case(actor, zaak, dossier.facts.values())
        worked = None
        if zaak.einddatum is None:
            worked = work_out(dossier.case.resolved, known_of(dossier.case, dossier.facts), dossier.facts)
        # Still inside the scope, where the clerk's mandates are at hand.
        return casepage.case_page(
            actor,
            dossier,
            worked,
            notes=notes,
            proposal=proposal,
            timeline=lines_of(dossier, to_citizen=False),
            before=Neighbour(*before) if before else None,
            after=Neighbour(*after) if after else None,
        )


def timeline(actor: Actor, zaak_id: UUID) -> tuple[Event, ...]:
    """Everything that happened on a case, newest first, as this reader may know."""
    to_citizen = not isinstance(actor, Staff)
    with scope_of(actor):
        zaak = reach(actor, zaak_id, Right.ZAAK_LEZEN)
        look(actor, zaak, ["het verloop van uw zaak"], reason="het verloop van uw zaak bekijken")
        dossier = dossierdata.read(zaak, to_citizen=to_citizen)
    return lines_of(dossier, to_citizen=to_citizen)


# -- the letter before it is sent ---------------------------------------------------------------------------------------


def _prepared(actor: Staff, zaak_id: UUID, input_: DecisionInput | None) -> tuple[Case, Prepared, Letter]:
    with scope_of(actor):
        zaak = reach(actor, zaak_id, Right.ZAAK_BESLUITEN)
        still_open(zaak)
        case = case_of(zaak)
        if input_ is None:
            proposal = hot.proposal_of(zaak.municipality_id, zaak.id)
            if proposal is None:
                raise Conflict("Er ligt geen voorstel om mee te kijken.")
            input_ = proposed(proposal, zaak.version)
        else:
            may_be_decided(case)
        prepared = prepare(case, input_)
        look(actor, zaak, ["de brief met het besluit"], reason="om een besluit voor te bereiden")
        until = objection_until(case.resolved.objection, today()) if prepared.choice.outcome.decision else None
        content = content_of(case, prepared.worked, prepared.facts, prepared.choice, until)
        letter = letter_for(case, prepared.worked, content, prepared.facts, prepared.choice.outcome)
    return case, prepared, letter


def letter_preview(actor: Staff, zaak_id: UUID, input_: DecisionInput) -> LetterPreview:
    """The letter as it will be sent. Raises what `decide` raises, but for staleness."""
    return _preview(*_prepared(actor, zaak_id, input_))


def proposal_preview(actor: Staff, zaak_id: UUID) -> LetterPreview:
    """The letter of the proposal that waits for a second pair of eyes. Raises `Conflict` when there is none."""
    return _preview(*_prepared(actor, zaak_id, None))


def letter_preview_pdf(actor: Staff, zaak_id: UUID, input_: DecisionInput) -> bytes:
    """The same letter as PDF/A."""
    return render(_prepared(actor, zaak_id, input_)[2], now())


def _pair(label: str, value: str) -> str:
    """A question is followed by its answer, a word by a colon."""
    return f"{label} {value}" if label.endswith("?") else f"{label}: {value}"


def _preview(case: Case, prepared: Prepared, letter: Letter) -> LetterPreview:
    outcome = prepared.choice.outcome
    until = objection_until(case.resolved.objection, today()) if outcome.decision else None
    paragraphs = [Paragraph("", (letter.salutation,), ())]
    for section in letter.sections:
        lines = tuple(f"{line.text} ({line.note})" if line.note else line.text for line in section.lines)
        rows = tuple(
            _pair(row[0], row[1]) + (f" ({row[2]})" if len(row) > 2 and row[2] else "") for row in section.rows
        )
        paragraphs.append(Paragraph(section.heading, section.text, (*lines, *rows)))
    paragraphs.append(Paragraph("", tuple(line for line in letter.closing if line), ()))
    verb = "Voorleggen aan een collega" if prepared.second else f"Besluiten: {outcome.name.lower()}"
    return LetterPreview(
        zaak=case.zaak.id,
        version=case.zaak.version,
        outcome=OutcomeChoice(outcome.key, outcome.name, kind_of(outcome.kind), not prepared.choice.deviation),
        verdict=casepage.verdict(outcome, prepared.worked.assessment),
        deviation=bool(prepared.choice.deviation),
        four_eyes=prepared.second,
        paragraphs=tuple(paragraphs),
        objection_until=until,
        appeal=case.resolved.objection.kind == "beroep",
        button=verb,
        unverified=letter.unverified,
    )
