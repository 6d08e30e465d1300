"""What letters say: the words of the definition, filled with what this case is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from vliegwiel.base.clock import local, today
from vliegwiel.catalogue.model import Resolved, Text, find
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.catalogue.wording import paragraphs, render_known
from vliegwiel.registers.facts import Value

from .casefacts import current_facts
from .facts import StoredFact
from .facttext import group_text
from .letter import Letter, Section
from .models import InformationRequest, Zaak
from .places import place
from .progress import Case

MISSING = "nog niet bekend"


def sender(zaak: Zaak) -> tuple[str, tuple[str, ...]]:
    """The municipality, and the lines under its name."""
    where = place(zaak.municipality_id)
    lines = [where.visiting_address, f"Telefoon {where.phone}" if where.phone else ""]
    return f"Gemeente {where.name}", tuple(line for line in lines if line)


def addressee(zaak: Zaak, facts: Mapping[str, StoredFact]) -> tuple[str, ...]:
    """Name and address as on the envelope. Without a known address, or with one that the register itself doubts, only the
    name: others may live there, and the letter stands on the person's page."""
    name = _text(facts, "persoon.aanschrijfnaam") or _text(facts, "persoon.naam") or zaak.person
    address = facts.get("persoon.adres")
    lines = [name]
    if address is not None and isinstance(address.value, Mapping) and not address.in_doubt:
        lines += [line.strip() for line in group_text(address.value).split(",", 1)]
    return tuple(line for line in lines if line)


def salutation(facts: Mapping[str, StoredFact]) -> str:
    """As the BRP says how to begin a letter to this person."""
    return f"{_text(facts, 'persoon.aanhef') or 'Geachte heer, mevrouw'},"


def _text(facts: Mapping[str, StoredFact], name: str) -> str:
    value: Value = facts[name].value if name in facts else None
    return value if isinstance(value, str) else ""


def names(zaak: Zaak, resolved: Resolved, facts: Mapping[str, StoredFact]) -> dict[str, str]:
    """The names that any text may use (`vliegwiel.catalogue.wording.NAMES`), as far as they are known."""
    where = place(zaak.municipality_id)
    deadline = zaak.uiterlijke_einddatum_afdoening
    found = {
        "product": resolved.name[:1].lower() + resolved.name[1:],
        "nummer": zaak.identificatie,
        "gemeente": where.name,
        "telefoon": where.phone or "het nummer op onze website",
        "naam": _text(facts, "persoon.naam") or zaak.person,
        "vandaag": day_text(today()),
        "ontvangen_op": day_text(local(zaak.received).date()),
    }
    if deadline:
        found["beslis_tot"] = day_text(deadline)
    return found


def section(text: Text, values: Mapping[str, str]) -> Section:
    """A text of the definition as a part of a letter."""
    return Section(text.title, paragraphs(render_known(text, values, MISSING)))


def closing(resolved: Resolved, zaak: Zaak) -> tuple[str, ...]:
    """The signature: on whose behalf."""
    team = f"Team {zaak.team}" if zaak.team else f"Gemeente {place(zaak.municipality_id).name}"
    return ("Met vriendelijke groet,", "", f"namens {with_article(resolved.case_type.responsible)}", team)


def with_article(body: str) -> str:
    """A body of the municipality with its article: het college, de burgemeester, de gemeenteraad, de heffingsambtenaar."""
    return f"{'het' if body.startswith(('college', 'dagelijks bestuur', 'hoofd')) else 'de'} {body}"


def letter_of(
    zaak: Zaak,
    resolved: Resolved,
    facts: Mapping[str, StoredFact],
    title: str,
    sections: Sequence[Section],
    unverified: Sequence[str] = (),
) -> Letter:
    """A letter to the person the case is about."""
    name, lines = sender(zaak)
    return Letter(
        title=title,
        subject=resolved.name,
        number=zaak.identificatie,
        sender=name,
        sender_lines=lines,
        addressee=addressee(zaak, facts),
        meta=(("Datum", day_text(today())), ("Zaaknummer", zaak.identificatie), ("Onderwerp", resolved.name)),
        salutation=salutation(facts),
        sections=tuple(sections),
        closing=closing(resolved, zaak),
        unverified=tuple(unverified),
    )


def question(case: Case, asked: InformationRequest) -> Letter:
    """The letter that asks for more. It says by when, and what happens when nothing comes."""
    zaak, resolved = case.zaak, case.resolved
    facts = current_facts(zaak)
    values = {**names(zaak, resolved, facts), "aanvullen_tot": day_text(asked.due)}
    text = find(resolved.texts, "aanvulling")
    opening = section(text, values) if text else Section("", (f"Voor uw aanvraag missen wij nog iets: {asked.title}.",))
    how = f"Antwoorden kan op uw eigen pagina, onder Mijn zaken. Bellen mag ook: {values['telefoon']}."
    sections = (Section("", opening.text), Section(asked.title, paragraphs(asked.text)), Section("", (how,)))
    return letter_of(zaak, resolved, facts, opening.heading or "Wij hebben nog iets van u nodig", sections)


def reminder(zaak: Zaak, resolved: Resolved, key: str, due: date) -> Letter | None:
    """A reminder with a text of the definition; None when it has no such text."""
    text = find(resolved.texts, key)
    if text is None:
        return None
    facts = current_facts(zaak)
    part = section(text, {**names(zaak, resolved, facts), "aanvullen_tot": day_text(due)})
    return letter_of(zaak, resolved, facts, part.heading or "Wij wachten nog op u", (Section("", part.text),))


def extended(case: Case, until: date, reason: str) -> Letter:
    """The letter that tells of a later deadline (Awb 4:14)."""
    zaak, resolved = case.zaak, case.resolved
    facts = current_facts(zaak)
    values = names(zaak, resolved, facts)
    said = (
        f"U hebt op {values['ontvangen_op']} aangevraagd: {values['product']}. Wij hebben meer tijd nodig om te besluiten.",
        f"Wij besluiten uiterlijk op {day_text(until)} (Algemene wet bestuursrecht, artikel 4:14).",
    )
    sections = (Section("", said), Section("Waarom?", paragraphs(reason)))
    return letter_of(zaak, resolved, facts, "Ons besluit komt later", sections)


def withdrawn(case: Case) -> Letter | None:
    """The letter that confirms a withdrawal; None when the definition has no text for it."""
    outcome = find(case.resolved.outcomes, "ingetrokken")
    texts = [find(case.resolved.texts, key) for key in outcome.letter] if outcome else []
    facts = current_facts(case.zaak)
    values = names(case.zaak, case.resolved, facts)
    parts = [section(text, values) for text in texts if text is not None]
    if not parts:
        return None
    sections = [Section("", parts[0].text), *parts[1:]]
    return letter_of(case.zaak, case.resolved, facts, parts[0].heading, sections)
