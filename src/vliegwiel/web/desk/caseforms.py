"""The small forms of a case: note, document, question to the citizen, term, withdraw, reopen, task, report to a register."""

from __future__ import annotations

import re
from typing import BinaryIO, cast
from uuid import UUID

from django.utils.translation import gettext as _

from vliegwiel.base.errors import Invalid, InvalidParam, NotFound
from vliegwiel.casework.actions import cases, documents, information, notes, registers, tasks
from vliegwiel.casework.deskpages import CasePage, TaskView
from vliegwiel.casework.pages import Choice, KnownFact, Question
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right
from vliegwiel.web import wording
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.posted import Posted

from .smallforms import About, Filled, Kind, SmallForm, view_of

USUAL_DAYS = 14
FILES = ".pdf,.jpg,.jpeg,.png"


def _first(given: Posted, key: str) -> str:
    return next(iter(given.texts.get(key, ())), "").strip()


def _days(given: Posted) -> int | None:
    """The number of days that was typed, None for none. Raises `Invalid`; whether it is right is for casework to say."""
    text = _first(given, "dagen")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        sentence = _("Vul een heel aantal dagen in, bijvoorbeeld 14.")
        raise Invalid(sentence, invalid=[InvalidParam("dagen", "number", sentence)])
    return int(text)


def _always(case: CasePage) -> bool:
    return True


# -- a note -------------------------------------------------------------------------------------------------------------


def _note(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Notitie schrijven"),
        lead=_("Voor collega’s die aan deze zaak werken."),
        points=(_("De inwoner mag de notitie opvragen. Schrijf dus op wat ook de inwoner mag lezen."),),
        fields=(filled.text("notitie", _("Notitie")),),
        button=_("Notitie bewaren"),
    )


def _write_note(clerk: Staff, about: About, version: int, given: Posted) -> UUID:
    return notes.add(clerk, about.case.id, _first(given, "notitie"))


# -- a document ---------------------------------------------------------------------------------------------------------


def _document(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Document toevoegen"),
        lead=_("Bijvoorbeeld een verslag of een advies."),
        points=(_("De inwoner ziet het document bij de zaak."),),
        fields=(
            filled.text("titel", _("Hoe heet het document?"), kind="tekst"),
            filled.file("bestand", _("Bestand"), hint=_("pdf, jpg of png"), accept=FILES),
        ),
        button=_("Document toevoegen"),
    )


def _add_document(clerk: Staff, about: About, version: int, given: Posted) -> UUID:
    files = given.files.get("bestand", ())
    content = files[0].file if len(files) == 1 else None
    if content is None:
        sentence = _("Kies één bestand.")
        raise Invalid(sentence, invalid=[InvalidParam("bestand", "required", sentence)])
    return documents.add(clerk, about.case.id, _first(given, "titel"), files[0].name or "", cast(BinaryIO, content))


# -- a question to the citizen ------------------------------------------------------------------------------------------


def _ask(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Informatie vragen"),
        lead=_("U schrijft de inwoner. Zeg wat u nodig hebt en waarom."),
        points=(
            _("De inwoner krijgt bericht en kan online antwoorden."),
            _("De termijn staat stil tot het antwoord er is, of tot de laatste dag die u noemt (Awb, artikel 4:15)."),
        ),
        fields=(
            filled.text(
                "titel",
                _("Wat hebt u nodig?"),
                kind="tekst",
                hint=_("Kort, bijvoorbeeld: een kopie van uw huurcontract"),
            ),
            filled.text("tekst", _("Uw bericht aan de inwoner"), hint=_("Komt zo in de brief.")),
            filled.text(
                "dagen", _("Hoeveel dagen krijgt de inwoner?"), kind="getal", unit=_("dagen"), start=str(USUAL_DAYS)
            ),
            filled.choice(
                "bestanden",
                _("Vraagt u om bestanden?"),
                (Choice("ja", _("Ja"), "", False), Choice("nee", _("Nee, een antwoord is genoeg"), "", False)),
                start="ja",
            ),
        ),
        button=_("Vraag versturen"),
    )


def _send_question(clerk: Staff, about: About, version: int, given: Posted) -> UUID:
    return information.ask(
        clerk,
        about.case.id,
        version=version,
        title=_first(given, "titel"),
        text=_first(given, "tekst"),
        days=_days(given),
        wants_files=_first(given, "bestanden") != "nee",
    )


def _question(about: About) -> Question:
    found = next((q for q in about.case.questions if q.id == about.part), None)
    if found is None:
        raise NotFound(_("Deze vraag staat niet meer open."))
    return found


def _resume(about: About, filled: Filled) -> SmallForm:
    question = _question(about)
    return SmallForm(
        title=_("Verder zonder antwoord"),
        lead=question.title,
        points=(
            _("De vraag wordt gesloten. De inwoner kan haar niet meer beantwoorden."),
            _("De termijn loopt weer vanaf vandaag."),
        ),
        fields=(
            filled.text(
                "reden",
                _("Waarom gaat u verder?"),
                kind="tekst",
                hint=_("Bijvoorbeeld: het antwoord kwam per telefoon."),
            ),
        ),
        button=_("Termijn laten lopen"),
    )


def _go_on(clerk: Staff, about: About, version: int, given: Posted) -> None:
    information.resume(clerk, _question(about).id, version=version, reason=_first(given, "reden"))


# -- the term -----------------------------------------------------------------------------------------------------------


def _extend(about: About, filled: Filled) -> SmallForm:
    term = about.case.term
    until = wording.day(term.deadline) if term.deadline else ""
    return SmallForm(
        title=_("Termijn verlengen"),
        lead=_("Nu is de uiterste datum %(day)s.") % {"day": until} if until else "",
        points=(
            _("Dit kan één keer. Houd het zo kort als kan."),
            _("De inwoner krijgt hierover een brief, met uw reden en de nieuwe datum (Awb, artikel 4:14)."),
        ),
        fields=(
            filled.text(
                "dagen",
                _("Hoeveel dagen langer?"),
                kind="getal",
                unit=_("dagen"),
                hint=_("Laat leeg voor zo lang als dit product toelaat."),
                required=False,
            ),
            filled.text("reden", _("Waarom?"), kind="tekst", hint=_("Komt zo in de brief.")),
        ),
        button=_("Termijn verlengen"),
    )


def _make_longer(clerk: Staff, about: About, version: int, given: Posted) -> None:
    cases.extend_term(clerk, about.case.id, version=version, days=_days(given), reason=_first(given, "reden"))


# -- withdraw and reopen ------------------------------------------------------------------------------------------------


def _withdraw(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Zaak intrekken"),
        lead=_("Alleen als de inwoner niet meer wil."),
        points=(_("De zaak stopt zonder besluit. De inwoner krijgt daarvan bericht."),),
        fields=(
            filled.choice("waarom", _("Waarom?"), about.case.withdraw_reasons, start=""),
            filled.text("reden", _("Wat zei de inwoner, en wanneer?"), required=False),
        ),
        button=_("Zaak intrekken"),
    )


def _stop(clerk: Staff, about: About, version: int, given: Posted) -> None:
    chosen = next((c.label for c in about.case.withdraw_reasons if c.value == _first(given, "waarom")), "")
    if not chosen:
        sentence = _("Kies waarom de zaak stopt.")
        raise Invalid(sentence, invalid=[InvalidParam("waarom", "choice", sentence)])
    told = _first(given, "reden")
    cases.withdraw(clerk, about.case.id, version=version, reason=f"{chosen}. {told}" if told else chosen)


def _reopen(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Zaak heropenen"),
        lead=_("De zaak komt weer in de werkvoorraad."),
        points=(_("Een besluit dat al genomen is, blijft gelden tot u een nieuw besluit neemt."),),
        fields=(filled.text("reden", _("Waarom?")),),
        button=_("Zaak heropenen"),
    )


def _start_again(clerk: Staff, about: About, version: int, given: Posted) -> None:
    cases.reopen(clerk, about.case.id, version=version, reason=_first(given, "reden"))


def _close(about: About, filled: Filled) -> SmallForm:
    return SmallForm(
        title=_("Zaak afsluiten"),
        lead=_("Er is besloten, en er gebeurt niets meer."),
        points=(_("Bijvoorbeeld: de inwoner haalde het document niet op."),),
        fields=(filled.text("reden", _("Waarom sluit u de zaak af?")),),
        button=_("Zaak afsluiten"),
    )


def _end(clerk: Staff, about: About, version: int, given: Posted) -> None:
    cases.close(clerk, about.case.id, version=version, reason=_first(given, "reden"))


# -- a task -------------------------------------------------------------------------------------------------------------


def _task_of(about: About) -> TaskView:
    found = next((t for t in about.case.tasks if t.id == about.part), None)
    if found is None:
        raise NotFound(_("Deze taak is er niet (meer)."))
    return found


def _task(about: About, filled: Filled) -> SmallForm:
    task = _task_of(about)
    return SmallForm(
        title=task.title,
        lead=task.note,
        points=(task.blocked,) if task.blocked else (),
        fields=filled.as_asked(task.fields),
        button=_("Taak afronden"),
    )


def _finish(clerk: Staff, about: About, version: int, given: Posted) -> None:
    tasks.complete(clerk, _task_of(about).id, version=version, typed=given.texts)


# -- a report to a register ---------------------------------------------------------------------------------------------


def _fact(about: About) -> KnownFact:
    request = about.request
    name = posted.one(request, "gegeven") if request.method == "POST" else posted.query(request, "gegeven", 120)
    facts = (fact for group in about.case.groups for fact in group.facts)
    found = next((fact for fact in facts if fact.datum == name and fact.can_report), None)
    if found is None:
        raise NotFound(_("Over dit gegeven kunt u hier niets melden."))
    return found


def _report(about: About, filled: Filled) -> SmallForm:
    fact = _fact(about)
    return SmallForm(
        title=_("Klopt dit niet?"),
        lead=f"{fact.label}: {fact.text} ({fact.origin.label})",
        points=(
            _("Uw melding gaat naar de beheerder van het register. Die zoekt het uit."),
            _("De zaak loopt gewoon door. Het gegeven blijft staan tot het register het verandert."),
        ),
        fields=(filled.text("toelichting", _("Wat klopt er niet, en hoe weet u dat?")),),
        button=_("Melding versturen"),
        hidden=(("gegeven", fact.datum),),
    )


def _send_report(clerk: Staff, about: About, version: int, given: Posted) -> UUID:
    return registers.report_wrong_datum(clerk, _fact(about).datum, _first(given, "toelichting"), zaak=about.case.id)


note = view_of(
    Kind(
        Right.ZAAK_BEHANDELEN,
        lambda c: c.may.work or c.closed is not None,
        lambda a: ("notitie",),
        _note,
        _write_note,
        "notitie",
    )
)
document = view_of(
    Kind(
        Right.ZAAK_BEHANDELEN,
        lambda c: c.may.upload,
        lambda a: ("titel", "bestand"),
        _document,
        _add_document,
        "document",
    )
)
ask = view_of(
    Kind(
        Right.ZAAK_BEHANDELEN,
        lambda c: c.may.ask,
        lambda a: ("titel", "tekst", "dagen", "bestanden"),
        _ask,
        _send_question,
        "gevraagd",
    )
)
resume = view_of(
    Kind(Right.ZAAK_BEHANDELEN, lambda c: bool(c.questions), lambda a: ("reden",), _resume, _go_on, "hervat")
)
extend = view_of(
    Kind(Right.ZAAK_BEHANDELEN, lambda c: c.may.extend, lambda a: ("dagen", "reden"), _extend, _make_longer, "verlengd")
)
withdraw = view_of(
    Kind(
        Right.ZAAK_BEHANDELEN, lambda c: c.may.withdraw, lambda a: ("waarom", "reden"), _withdraw, _stop, "ingetrokken"
    )
)
reopen = view_of(
    Kind(Right.ZAAK_BEHANDELEN, lambda c: c.may.reopen, lambda a: ("reden",), _reopen, _start_again, "heropend")
)
close = view_of(Kind(Right.ZAAK_BEHANDELEN, lambda c: c.may.close, lambda a: ("reden",), _close, _end, "gesloten"))
task = view_of(
    Kind(
        Right.ZAAK_BEHANDELEN,
        _always,
        lambda a: tuple(f.key for f in _task_of(a).fields),
        _task,
        _finish,
        "taak",
    )
)
report = view_of(Kind(Right.ZAAK_BEHANDELEN, _always, lambda a: ("toelichting",), _report, _send_report, "gemeld"))
