"""What was found in the case types of another system, for a person (Markdown) and for programs (plain data)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..library import Library
from .proposing import Kind, Proposal, propose
from .recognising import FoundProcess, Recognised, Recognition, catalogue_of, recognise
from .reportdata import CaseTypeLine, Differing, ProcessLine, ReportData
from .resources import Reading

_SHOWN = 12
_HOW = (
    "Elke stap, elk resultaat en elke naam is teruggebracht tot een betekenis (de lijst staat in "
    "definitions/processtappen.yaml). Zaaktypen met dezelfde betekenissen horen bij elkaar, hoe de stappen ook heten en in "
    "welke volgorde ze staan. Het aantal processen volgt uit de zaaktypen zelf en is niet vooraf gekozen. Wettelijke "
    "termijnen zijn niet overgenomen."
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Everything that can be said: what each case type is, with a proposal for each (in the same order)."""

    recognition: Recognition
    proposals: tuple[Proposal, ...]

    @property
    def names(self) -> int:
        """How many different names for steps there were."""
        cases = self.recognition.case_types
        return len({status.name.casefold() for one in cases for status in one.case.statuses})

    @property
    def same(self) -> int:
        """How many case types differ from their pattern in words only."""
        return sum(not proposal.deviations for proposal in self.proposals)


def report_on(reading: Reading, found: Library) -> ImportReport:
    """Look at what was read: processes, patterns, products, proposals."""
    recognition = recognise(reading, found)
    return ImportReport(recognition, tuple(proposal_for(one, found) for one in recognition.case_types))


def proposal_for(one: Recognised, found: Library) -> Proposal:
    """A start for one case type: on the product it is surely for, else on the pattern."""
    match = one.product
    product = catalogue_of(found)[1].product(match.key) if match is not None and match.key and match.sure else None
    return propose(one, found, product)


def as_markdown(report: ImportReport, title: str) -> str:
    """The report for people."""
    return "\n".join(_lines(report, title)) + "\n"


def _lines(report: ImportReport, title: str) -> Iterator[str]:
    recognition = report.recognition
    yield f"# Ingelezen zaaktypen: {title}"
    yield ""
    yield from _summary(report)
    for process in recognition.processes:
        yield ""
        yield from _process(process, recognition.case_types, report.proposals)
    if recognition.apart:
        yield ""
        yield "## Staat op zichzelf"
        yield ""
        yield "Deze zaaktypen lijken op geen ander. Kijk of ze nog gebruikt worden."
        yield ""
        for place in recognition.apart:
            one = recognition.case_types[place]
            yield f"- {one.case.label}: nog het meest als '{one.pattern}'{_percent(one.fit)}"
    unsure = [one for one in recognition.case_types if not one.sure and one.process]
    if unsure:
        yield ""
        yield "## Kijk deze na"
        yield ""
        yield "Hier is de herkenning niet zeker. Een mens kiest."
        yield ""
        for one in unsure:
            yield f"- {one.case.label}: '{one.pattern}'{_percent(one.fit)}, of '{one.next_pattern}'"
    if recognition.skipped:
        yield ""
        yield "## Niet gelezen"
        yield ""
        for sentence in recognition.skipped:
            yield f"- {sentence}"
    yield ""
    yield "## Hoe dit is bepaald"
    yield ""
    yield _HOW


def _summary(report: ImportReport) -> Iterator[str]:
    recognition = report.recognition
    count = len(recognition.case_types)
    if not count:
        yield "Er zijn geen zaaktypen gevonden."
        return
    processes = _counted(len(recognition.processes), "echt proces", "echt verschillende processen")
    apart = len(recognition.apart)
    yield f"**{_counted(count, 'zaaktype', 'zaaktypen')}, {processes}.**" + (
        f" {_counted(apart, 'zaaktype staat', 'zaaktypen staan')} op zichzelf." if apart else ""
    )
    yield ""
    products = {
        one.product.key for one in recognition.case_types if one.product and one.product.key and one.product.sure
    }
    known = sum(bool(one.product and one.product.key and one.product.sure) for one in recognition.case_types)
    yield f"- Voor de stappen zijn {report.names} verschillende namen in gebruik."
    yield f"- {_counted(report.same, 'zaaktype wijkt', 'zaaktypen wijken')} alleen in woorden af van het patroon."
    of_products = _counted(len(products), "product", "producten")
    yield f"- Voor {_counted(known, 'zaaktype', 'zaaktypen')} is het product al uitvoerbaar ({of_products})."
    yield f"- Zeker herkend: {sum(one.sure for one in recognition.case_types)} van {count}."
    yield ""
    yield "| proces | patroon | zaaktypen | past | duur in dagen |"
    yield "| --- | --- | ---: | ---: | --- |"
    for process in recognition.processes:
        low, high = process.terms or (0, 0)
        days = "" if not process.terms else str(low) if low == high else f"{low} tot {high}"
        yield f"| {process.number} | {process.pattern_name} | {len(process.members)} | {process.fit:.0%} | {days} |"


def _process(process: FoundProcess, cases: Sequence[Recognised], proposals: Sequence[Proposal]) -> Iterator[str]:
    used = _counted(len(process.members), "zaaktype", "zaaktypen")
    yield f"## Proces {process.number}: {process.pattern_name.lower()} ({used})"
    yield ""
    yield f"Wat bijna alle gemeen hebben: {_listed(process.steps)}."
    if process.sometimes:
        yield f"Sommige hebben ook: {_listed(process.sometimes)}."
    if process.results:
        yield f"Zij eindigen met: {_listed(process.results)}."
    yield f"Voor deze stappen zijn {process.step_names} namen in gebruik."
    own = [proposals[place] for place in process.members]
    slots = Counter(slot for proposal in own for slot in proposal.slots)
    if slots:
        yield (
            "Openingen van het patroon: " + _listed([f"{slot} ({count})" for slot, count in slots.most_common()]) + "."
        )
    extra = Counter(step.name.casefold() for proposal in own for step in proposal.steps if step.kind is Kind.EXTRA)
    if extra:
        yield (
            "Stappen die het patroon niet kent: "
            + _listed([f"{name} ({n})" for name, n in extra.most_common(_SHOWN)])
            + "."
        )
    yield ""
    yield "| zaaktype | product | wijkt af | vragen |"
    yield "| --- | --- | ---: | ---: |"
    for place in process.members:
        one, proposal = cases[place], proposals[place]
        yield f"| {_cell(one.case.label)} | {_cell(_product(one))} | {len(proposal.deviations)} | {len(proposal.questions)} |"


def _product(one: Recognised) -> str:
    match = one.product
    if match is None:
        return "niet gevonden"
    name = match.name if match.key else f"{match.name} (nog niet uitvoerbaar)"
    return name if match.sure else f"{name}?"


def as_data(report: ImportReport) -> ReportData:
    """The report as plain data."""
    recognition = report.recognition
    labels = [one.case.label for one in recognition.case_types]
    return ReportData(
        len(labels),
        tuple(
            ProcessLine(
                process.number, process.pattern, round(process.fit, 3), tuple(labels[place] for place in process.members),
                tuple(process.steps), tuple(process.sometimes), tuple(process.results),
                tuple(process.terms) if process.terms else None, process.step_names,
            )
            for process in recognition.processes
        ),
        tuple(labels[place] for place in recognition.apart),
        tuple(
            _case_type(one, proposal)
            for one, proposal in zip(recognition.case_types, report.proposals, strict=True)
        ),
        tuple(recognition.skipped),
    )  # fmt: skip


def _case_type(one: Recognised, proposal: Proposal) -> CaseTypeLine:
    product = one.product
    return CaseTypeLine(
        one.case.name, one.case.identification, one.process or None, one.pattern, round(one.fit, 3), one.sure,
        one.next_pattern, product.key if product else "", product.name if product else "", bool(product and product.sure),
        product.upl_uri if product else "", tuple(proposal.slots),
        tuple(Differing(d.path, d.value, d.reason) for d in proposal.deviations),
        tuple(Differing(d.path, d.value) for d in proposal.wordings), tuple(proposal.fixed), tuple(proposal.questions),
    )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "niets"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _percent(share: float) -> str:
    return f" ({share:.0%})"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
