"""Pages as casework returns them, made by hand: for what a page must be able to show but a real case seldom is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from vliegwiel.casework.deskpages import (
    CasePage,
    Colleague,
    DecidePart,
    Facet,
    JudgementView,
    LawPart,
    LetterPreview,
    MandateLine,
    May,
    Neighbour,
    NoteView,
    OutcomeChoice,
    Paragraph,
    PersonView,
    Phase,
    Proposal,
    Selection,
    TaskView,
    View,
    When,
    WorkGroup,
    Worklist,
    WorklistFilter,
    WorkRow,
    WorkView,
)
from vliegwiel.casework.lawpages import (
    Badge,
    DecisionView,
    Document,
    Kind,
    LawNode,
    Mark,
    Pair,
    Term,
    TermLine,
    Turn,
)
from vliegwiel.casework.pages import (
    Answer,
    AnswerGroup,
    Choice,
    EntitlementView,
    Event,
    FactGroup,
    Field,
    KnownFact,
    Origin,
    Place,
    Question,
    Silent,
)

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LEIDEN = Place("GM0546", "Leiden", "14 071", "Bargelaan 190")
LEIDERDORP = Place("GM0547", "Leiderdorp", "071 545 85 00", "Willem-Alexanderlaan 1")
CASE = UUID("0193a1c2-0000-7000-8000-000000000001")
TASK = UUID("0193a1c2-0000-7000-8000-0000000000a1")
QUESTION = UUID("0193a1c2-0000-7000-8000-0000000000b1")
BRP = Origin("BRP", NOW - timedelta(minutes=1))
SELF = Origin("eigen opgave", NOW - timedelta(days=54), self_given=True)


def row(
    number: int, days: int, product: str, person: str, step: str, place: Place = LEIDEN, **changes: object
) -> WorkRow:
    """A row of the worklist that falls due in `days`."""
    if days < 0:
        badge, when = Badge(f"{-days} dagen te laat", Kind.ERR), When.TE_LAAT
    elif days < 2:
        badge, when = Badge("morgen" if days else "vandaag", Kind.WARN), When.VANDAAG_MORGEN
    else:
        badge, when = Badge(f"nog {days} dagen", Kind.NONE), When.DEZE_WEEK if days < 6 else When.LATER
    made = WorkRow(
        id=UUID(int=CASE.int + number),
        version=3,
        number=f"{place.name[0]} {4390 + number} {number % 90 + 10}",
        product=product.lower(),
        product_name=product,
        person=person,
        place=place,
        badge=badge,
        deadline=TODAY + timedelta(days=days),
        days=days,
        group=when,
        next_step=step,
        turn=Turn.GEMEENTE,
        phase="besluiten",
        assignee="u-1",
        assignee_name="T. Wielinga",
        team="Parkeren",
        opened=TODAY - timedelta(days=58),
        running_days=58,
        closed=None,
        secret=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test says which fields


ROWS = (
    row(1, -4, "Bewonersparkeervergunning", "R. Haverman", "Besluit nemen. Dwangsom loopt vanaf 8 dec"),
    row(2, 0, "Individuele inkomenstoeslag", "N. Dorstkamp", "Besluit nemen", LEIDERDORP),
    row(3, 0, "Rijbewijs verlengen", "J. Aldewei", "Identiteit vaststellen", secret=True),
    row(4, 1, "Verhuizing doorgeven", "Gezin Oostwal", "Adresonderzoek: 6 personen op 1 adres"),
    row(
        5,
        3,
        "Bewonersparkeervergunning",
        "L. Zandwijk",
        "Kenteken nakijken",
        assignee="u-2",
        assignee_name="K. Berkhout",
    ),
    row(
        6,
        16,
        "Individuele inkomenstoeslag",
        "F. Ruigoord",
        "Inkomen toetsen: 1 maand ontbreekt",
        LEIDERDORP,
        assignee="",
        assignee_name="",
    ),
)
TITLES = {
    When.TE_LAAT: "Te laat",
    When.VANDAAG_MORGEN: "Vandaag en morgen",
    When.DEZE_WEEK: "Deze week",
    When.LATER: "Later",
}
VIEWS = (
    WorkView("mijn", "Mijn werk", 14, True, None, WorklistFilter()),
    WorkView("dringend", "Te laat of bijna", 9, False, None, WorklistFilter(view=View.DRINGEND)),
    WorkView("team:Parkeren", "Team Parkeren", 62, False, None, WorklistFilter(view=View.TEAM, team="Parkeren")),
    WorkView("wacht", "Wacht op inwoner", 21, False, None, WorklistFilter(view=View.WACHT)),
    WorkView("niemand", "Niemand bezig", 17, False, None, WorklistFilter(view=View.NIEMAND)),
    WorkView("alles", "Alles", 104, False, None, WorklistFilter(view=View.ALLES)),
    WorkView("afgerond", "Afgerond", 0, False, None, WorklistFilter(view=View.AFGEROND)),
    WorkView("x", "Leiderdorp toeslag", 3, False, UUID(int=7), WorklistFilter(view=View.ALLES, municipality="GM0547")),
)
COLLEAGUES = (Colleague("u-2", "K. Berkhout", ("Parkeren",)), Colleague("u-3", "S. de Wit", ("Werk en Inkomen",)))


def groups(rows: tuple[WorkRow, ...] = ROWS) -> tuple[WorkGroup, ...]:
    """The rows in their groups."""
    return tuple(
        WorkGroup(when, title, sum(r.group is when for r in rows), tuple(r for r in rows if r.group is when))
        for when, title in TITLES.items()
        if any(r.group is when for r in rows)
    )


def worklist(**changes: object) -> Worklist:
    """A list of six cases in two municipalities."""
    made = Worklist(
        filter=WorklistFilter(),
        views=VIEWS,
        groups=groups(),
        products=(
            Facet("bewonersparkeervergunning", "Bewonersparkeervergunning", 2, False),
            Facet("iit", "Individuele inkomenstoeslag", 2, False),
            Facet("rijbewijs", "Rijbewijs verlengen", 1, False),
        ),
        municipalities=(Facet("GM0546", "Leiden", 4, False), Facet("GM0547", "Leiderdorp", 2, False)),
        turns=(Facet("gemeente", "Wij", 5, False), Facet("inwoner", "Inwoner", 1, False)),
        phases=(),
        teams=(),
        mandates=(MandateLine(LEIDEN, True, ()), MandateLine(LEIDERDORP, False, ("Individuele inkomenstoeslag",))),
        colleagues=COLLEAGUES,
        total=14,
        shown=6,
        pages=3,
        at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test says which fields


SELECTION = Selection(ROWS[:3], frozenset(r.id for r in ROWS[:2]), COLLEAGUES, ("Parkeren", "Burgerzaken"))


def leaf(
    mark: Mark,
    text: str,
    value: str = "",
    source: str = "",
    article: str = "",
    verified: bool = True,
    *children: LawNode,
) -> LawNode:
    """A line of law."""
    return LawNode(mark, text, value, source, article, verified, children)


TREE = (
    leaf(
        Mark.ASK,
        "Recht op toeslag",
        "hangt af van uw oordeel",
        "",
        "Participatiewet, artikel 36",
        True,
        leaf(Mark.OK, "21 jaar of ouder, nog geen AOW", "38 jaar", "BRP", "artikel 36, lid 1"),
        leaf(
            Mark.OK,
            "Langdurig laag inkomen",
            "60 van 60 maanden",
            "eigen opgave",
            "verordening Leiderdorp, artikel 3",
            True,
            leaf(Mark.NONE, "Grens", "110 % van de bijstandsnorm", "", "lokale keuze, landelijk open", False),
            leaf(Mark.NONE, "Hoogste maand: maart 2025", "€ 1.441,20", "", ""),
        ),
        leaf(
            Mark.OK,
            "Vermogen onder de grens",
            "€ 2.115",
            "eigen opgave",
            "artikel 34",
            True,
            leaf(Mark.NONE, "Bank en spaargeld", "€ 2.115 op 17 september"),
        ),
        leaf(Mark.NO, "Laatste toeslag langer dan 12 maanden geleden", "3 september 2026", "eigen zaken", "artikel 36"),
        leaf(
            Mark.ASK,
            "Geen uitzicht op meer inkomen",
            "uw oordeel",
            "",
            "artikel 36, lid 2",
            True,
            leaf(Mark.NONE, "Let op wat iemand kan, en op wat iemand deed om meer te verdienen."),
        ),
    ),
    leaf(
        Mark.OK,
        "Bedrag",
        "€ 510,00, alleenstaande ouder",
        "",
        "verordening Leiderdorp, artikel 5",
        True,
        leaf(Mark.NONE, "Twee kinderen op het adres", "", "BRP"),
    ),
)
LAW = LawPart(
    outcome="toekennen",
    verdict="Toekennen: € 510,00",
    condition="als u oordeelt dat er geen uitzicht is op meer inkomen",
    kind=Kind.OK,
    amounts=(),
    parts=(),
    reasons=(),
    tree=TREE,
    change="Een inkomen boven de grens in één van de 60 maanden (kleinste afstand: € 62,50 in maart 2025).",
    missing=(),
    unverified=("Grens van het inkomen in Leiderdorp", "Bedrag voor 2026"),
    computed=NOW,
    micros=210,
    law_hash="abc",
)
JUDGEMENT = JudgementView(
    "uitzicht",
    "Is er uitzicht op meer inkomen?",
    "artikel 36, lid 2",
    ("Wat kan deze persoon?", "Wat deed deze persoon om meer te verdienen?"),
    (Choice("nee", "Nee", "Wet: toekennen, € 510,00", False), Choice("ja", "Ja", "Wet: afwijzen", False)),
    "",
    "",
    "Waarom?",
)
OUTCOMES = (
    OutcomeChoice("toekennen", "Toekennen", Kind.OK, True),
    OutcomeChoice("weigeren", "Afwijzen", Kind.NO, False),
)
TERM = Term(
    TODAY,
    0,
    Badge("vandaag", Kind.WARN),
    "8 weken plus 12 dagen stilstand",
    "Awb, artikel 4:13",
    (
        TermLine("Aangevraagd op 17 september", "Awb, artikel 4:13"),
        TermLine("12 dagen stil: wij wachtten op een bankafschrift", "Awb, artikel 4:15"),
    ),
    None,
    None,
    False,
    True,
)
ALL = May(True, True, True, True, True, True, False, False, True)
NONE = May(False, False, False, False, False, False, False, False, False)
NOTHING = DecidePart(False, "Rond eerst de taak “Gesprek voeren” af.", (), (), False, False, None, "")


def field(key: str, kind: str, label: str) -> Field:
    """A field of a definition."""
    choices = (Choice("ja", "Ja", "", False), Choice("nee", "Nee", "", False)) if kind == "ja_nee" else ()
    return Field(key, kind, label, "", "", True, (), choices, "", "off", "", (), "")


TASKS = (
    TaskView(
        UUID(int=1),
        "identiteit",
        "Identiteit",
        "",
        "done",
        False,
        "",
        None,
        NOW,
        "",
        "DigiD, substantieel",
        (),
        "",
        False,
    ),
    TaskView(
        UUID(int=2), "inkomen", "Inkomen nakijken", "", "done", False, "", None, NOW, "T. Wielinga", "", (), "", False
    ),
    TaskView(
        TASK,
        "gesprek",
        "Gesprek voeren",
        "Praat met de inwoner over werk en kansen.",
        "open",
        False,
        "",
        None,
        None,
        "",
        "",
        (
            field("taak:gevoerd", "ja_nee", "Is het gesprek gevoerd?"),
            field("taak:verslag", "lange_tekst", "Kort verslag"),
        ),
        "",
        True,
    ),
    TaskView(UUID(int=4), "advies", "Advies vragen", "", "skipped", True, "", None, None, "", "", (), "", False),
    TaskView(
        UUID(int=5),
        "besluit",
        "Besluit nemen",
        "",
        "open",
        False,
        "",
        TODAY,
        None,
        "",
        "",
        (),
        "Eerst het gesprek.",
        False,
    ),
)


def case(**changes: object) -> CasePage:
    """The inkomenstoeslag of Leiderdorp, decided in Leiden under mandate."""
    made = CasePage(
        id=CASE,
        version=7,
        number="V 1207 33",
        product="individuele-inkomenstoeslag",
        product_name="Individuele inkomenstoeslag",
        definition="definitie 2.4 van 1 juli 2026",
        place=LEIDERDORP,
        in_mandate=True,
        badge=Badge("Uiterlijk vandaag besluiten", Kind.WARN),
        persons=(
            PersonView(
                "N. Dorstkamp", "2 mei 1988 (38 jaar)", "Hoflaan 61, Leiderdorp", "999990135", False, (), "aanvrager"
            ),
        ),
        phases=(
            Phase("a", "Aangevraagd", "done", date(2026, 9, 17)),
            Phase("b", "Gegevens compleet", "done", date(2026, 10, 20)),
            Phase("c", "Besluiten", "current", None),
            Phase("d", "Betalen", "open", None),
        ),
        term=TERM,
        expected=TODAY,
        turn=Turn.GEMEENTE,
        turn_text="Wij zijn aan zet",
        law=LAW,
        groups=(
            FactGroup(
                "Over de inwoner",
                BRP,
                (
                    KnownFact("persoon.geboortedatum", "Geboren", "2 mei 1988 (38 jaar)", BRP, True),
                    KnownFact("persoon.adres", "Adres", "Hoflaan 61, Leiderdorp, sinds 2019", BRP, True, reported=NOW),
                ),
            ),
            FactGroup("Inkomen", SELF, (KnownFact("inkomen", "Inkomen per maand", "€ 1.389,60", SELF, False),)),
        ),
        silent=(),
        answers=(
            AnswerGroup(
                "rekening", "Uw rekening", (Answer("rekening", "iban", "Rekening", "NL91 ABNA 0417 1643 00", ()),)
            ),
        ),
        tasks=TASKS,
        open_tasks=2,
        decide=DecidePart(True, "", (JUDGEMENT,), OUTCOMES, True, True, None, "Brief nakijken"),
        decisions=(),
        entitlements=(),
        questions=(),
        documents=(
            Document(
                UUID(int=11), "Aanvraag", "inwoner", date(2026, 9, 17), 61_000, "application/pdf", "aanvraag.pdf", True
            ),
            Document(UUID(int=12), "Besluit", "gemeente", TODAY, 0, "application/pdf", "besluit.pdf", False),
        ),
        notes=(
            NoteView(
                UUID(int=21), "K. Berkhout", NOW - timedelta(days=1), "Gebeld, neemt donderdag contact op.", False
            ),
        ),
        reports=(),
        milestones=(),
        timeline=(
            Event(NOW, "systeem", "Wet opnieuw uitgerekend: geen verschil"),
            Event(NOW - timedelta(days=20), "T. Wielinga", "Gesprek gevoerd"),
            Event(
                NOW - timedelta(days=35),
                "inwoner",
                "Bankafschrift ontvangen. Termijn loopt weer (12 dagen stilgestaan)",
            ),
            Event(NOW - timedelta(days=68), "inwoner", "Aangevraagd via internet. 9 vragen niet gesteld"),
        ),
        events=14,
        chain="keten klopt",
        assignee="u-1",
        assignee_name="T. Wielinga",
        team="Werk en Inkomen",
        opened=NOW - timedelta(days=68),
        closed=None,
        messages=(),
        withdraw_reasons=(),
        can_add=(Choice("advies", "Advies vragen", "", False),),
        may=ALL,
        before=Neighbour(UUID(int=1), "S 4390 11"),
        after=Neighbour(UUID(int=2), "S 4417 02"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test says which fields


def decided() -> CasePage:
    """The same case after the decision."""
    decision = DecisionView(
        UUID(int=31),
        "B 1207 33",
        TODAY,
        "Toegekend",
        Kind.OK,
        "N. Dorstkamp krijgt € 510,00.",
        (),
        (Pair("Bedrag", "€ 510,00", "verordening Leiderdorp, artikel 5", False),),
        (),
        "",
        "",
        False,
        Document(UUID(int=12), "Besluit", "gemeente", TODAY, 43_000, "application/pdf", "besluit.pdf", True),
        "",
        date(2027, 1, 5),
        "",
        (),
    )
    return case(
        decisions=(decision,),
        closed=TODAY,
        decide=replace(NOTHING, why_not=""),
        may=replace(NONE, reopen=True),
        entitlements=(
            EntitlementView(
                UUID(int=41), "Individuele inkomenstoeslag 2026", Badge("geldig", Kind.OK), TODAY, date(2027, 11, 24)
            ),
        ),
        badge=Badge("afgerond", Kind.OK),
        open_tasks=0,
        before=None,
        after=None,
    )


def proposed(*, may_confirm: bool = True) -> CasePage:
    """The same case, waiting for the second pair of eyes."""
    proposal = Proposal(
        UUID(int=51),
        OUTCOMES[0],
        "S. de Wit",
        NOW - timedelta(hours=1),
        "",
        (Pair("Is er uitzicht op meer inkomen?", "Nee. U hebt sinds 2021 geen werk."),),
        may_confirm,
        "" if may_confirm else "U deed het voorstel zelf. Een collega moet meekijken.",
    )
    return case(decide=replace(case().decide, proposal=proposal))


def asked() -> CasePage:
    """The same case while the clock stands still."""
    question = Question(
        QUESTION,
        "Bankafschrift van september",
        "Wilt u een bankafschrift van september sturen?",
        NOW,
        TODAY + timedelta(days=14),
        False,
        "Zonder antwoord beslissen wij op wat wij weten.",
        True,
    )
    term = replace(
        TERM,
        badge=Badge("staat stil", Kind.BUSY),
        suspended_since=TODAY,
        stands_until=TODAY + timedelta(days=14),
        may_extend=False,
    )
    return case(
        questions=(question,),
        term=term,
        decide=NOTHING,
        silent=(Silent("RDW", "Wij proberen het over een uur opnieuw."),),
        messages=("Let op: de inwoner verhuisde op 1 november.",),
    )


LETTER = LetterPreview(
    CASE,
    7,
    OUTCOMES[0],
    "Toekennen: € 510,00",
    False,
    True,
    (
        Paragraph("", ("Beste N. Dorstkamp,", "U krijgt de individuele inkomenstoeslag: € 510,00."), ()),
        Paragraph(
            "Waarom?",
            ("U hebt sinds 2021 geen werk.",),
            ("U bent 38 jaar (artikel 36, lid 1).", "Uw inkomen was 60 maanden laag."),
        ),
        Paragraph("Niet mee eens?", ("U kunt bezwaar maken tot en met 5 januari 2027.",), ()),
    ),
    date(2027, 1, 5),
    "Voorstel doen",
    ("Bedrag voor 2026",),
)
