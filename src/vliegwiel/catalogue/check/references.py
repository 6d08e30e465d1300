"""Everything a definition names exists: data, rules of the law, outcomes, texts, sources, results of the selectielijst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.law.errors import LawNotFound, NotInForce
from vliegwiel.registers.needs import needs as all_data
from vliegwiel.trust.activities import activity_register

from .. import selectielijst
from ..case_type import too_long
from ..examples import ALL, HERE, UNKNOWN
from ..lawbook import data_names, law_book
from ..model import Basis, Field, Product, find
from ..typing_in import day_text
from ..upl import product as upl_product
from .found import Found, Keyed, Keys


def check_references(product: Product, found: Found, on: date) -> None:
    """Check all names of a definition but those in FEEL texts, which `check_conditions` looks at."""
    _lists(product, found)
    _upl(product, found)
    _needs(product, found)
    _law(product, found, on)
    _outcomes(product, found)
    _form(product, found)
    _rest(product, found)
    for path, basis in bases(product):
        _basis(product, path, basis, found)
    for path, length, most in too_long(product):
        found.wrong(
            path, f"Dit heeft {length} tekens. In een zaaktype (ZGW) mogen het er {most} zijn. Maak het korter.", "zgw"
        )


def _lists(product: Product, found: Found) -> None:
    lists: dict[Keys, Sequence[Keyed]] = {
        ("gegevens",): product.needs,
        ("stappen",): product.steps,
        ("stukken",): product.documents,
        ("kanalen",): product.channels,
        ("uitkomsten",): product.outcomes,
        ("teksten",): product.texts,
        ("bronnen",): product.sources,
        ("voorbeelden",): product.examples,
        ("wet", "regels"): product.law.rules,
        ("wet", "feiten"): product.law.facts,
        ("proces", "fasen"): product.process.phases,
        ("proces", "statussen"): product.process.statuses,
        ("proces", "taken"): product.process.tasks,
    }
    for path, items in lists.items():
        found.once(path, items)


def _upl(product: Product, found: Found) -> None:
    """The name and URI are those of one product of the Uniforme Productnamenlijst."""
    try:
        one = upl_product(product.upl.name)
    except NotFound:
        found.wrong(
            ("upl", "naam"), f"De naam '{product.upl.name}' staat niet in de Uniforme Productnamenlijst.", "upl"
        )
        return
    if one.uri != product.upl.uri:
        found.wrong(
            ("upl", "uri"), f"Bij '{product.upl.name}' hoort in de Uniforme Productnamenlijst {one.uri}.", "upl"
        )


def _needs(product: Product, found: Found) -> None:
    data = all_data()
    fields = {field.key for field in product.fields()}
    for need in product.needs:
        path: Keys = ("gegevens", need.key)
        datum = data.get(need.key)
        if datum is None:
            found.unknown(path, need.key, data, "Het gegeven")
        elif datum.register.value != need.register:
            found.wrong(
                (*path, "register"), f"'{need.key}' komt uit {datum.register.value}, niet uit '{need.register}'."
            )
        if need.ask and need.ask not in fields:
            found.unknown((*path, "anders_vragen"), need.ask, fields, "Het veld")
        if need.question and not need.why_not:
            found.wrong(path, "Bij 'vraag' hoort 'waarom_niet': waarom deze vraag niet gesteld hoeft te worden.")
    known = {activity.id for activity in activity_register().activities}
    if product.processing.activity not in known:
        found.unknown(("verwerking", "activiteit"), product.processing.activity, known, "De verwerkingsactiviteit")


def _law(product: Product, found: Found, on: date) -> None:
    law = product.law.law
    try:
        program = law_book().law(law, on)
        data = data_names(law, found.municipality or None, on)
    except LawNotFound:
        found.unknown(("wet", "naam"), law, law_book().law_ids, "De wet")
        return
    except NotInForce as error:
        found.wrong(("wet", "naam"), f"{error.sentence} Gekeken is op {day_text(on)}.", "geldigheid")
        return
    names = {*program.rules, *program.norms, *program.open_terms}
    for wanted in product.law.rules:
        if wanted.rule not in names:
            found.unknown(("wet", "regels", wanted.key, "regel"), wanted.rule, names, "De regel")
    for fact in product.law.facts:
        if fact.key not in data:
            found.unknown(("wet", "feiten", fact.key), fact.key, data, "Het gegeven van de wet")


def _outcomes(product: Product, found: Found) -> None:
    for number, row in enumerate(product.assessment, 1):
        found.must_be(("uitkomst_als", str(number), "dan"), row.outcome, product.outcomes, "De uitkomst")
    if product.assessment[-1].when is not None:
        path = ("uitkomst_als", str(len(product.assessment)))
        found.wrong(path, "De laatste regel van 'uitkomst_als' heeft geen 'als': anders is er soms geen uitkomst.")
    for outcome in product.outcomes:
        path = ("uitkomsten", outcome.key)
        if outcome.kind == "elders":
            continue
        if not outcome.selectielijst:
            found.wrong(
                path, "Deze uitkomst heeft 'selectielijst' nodig: daaruit volgen het resultaat en de bewaartermijn."
            )
            continue
        _retention(product, outcome.selectielijst, (*path, "selectielijst"), found)
    kinds = {outcome.kind for outcome in product.outcomes}
    for kind in ("weigeren", "niet_behandelen", "ingetrokken"):
        if kind not in kinds:
            found.wrong(("uitkomsten",), f"Er is geen uitkomst van soort '{kind}'. Elke zaak moet zo kunnen eindigen.")
    if product.automatic:
        for key in product.automatic.outcomes:
            found.must_be(("automatisch", "uitkomsten"), key, product.outcomes, "De uitkomst")


def _retention(product: Product, number: str, path: Keys, found: Found) -> None:
    try:
        result = selectielijst.resultaat(number)
    except NotFound as error:
        found.wrong(path, error.sentence, "selectielijst")
        return
    if result.vervallen:
        found.wrong(path, f"Resultaat {number} is vervallen. Nu geldt {result.nu}.", "selectielijst")
    if result.procestype != product.case_type.process_type:
        number_ = product.case_type.process_type
        found.wrong(
            path, f"Resultaat {number} hoort bij procestype {result.procestype}, niet bij {number_}.", "selectielijst"
        )


def _form(product: Product, found: Found) -> None:
    needs = {need.key for need in product.needs}
    seen: dict[str, str] = {}
    for step in product.steps:
        for field in step.fields:
            path: Keys = ("stappen", step.key, "velden", field.key)
            if field.key in seen:
                found.wrong(path, f"De sleutel '{field.key}' staat ook in stap '{seen[field.key]}'. Geef een andere.")
            seen[field.key] = step.key
            _choices(path, field, found)
            if field.options_from and field.options_from not in needs:
                found.unknown((*path, "keuzes_uit"), field.options_from, needs, "Het gegeven")
    for document in product.documents:
        # Both stand on a form of a draft under their own key: the second would hide the first.
        if document.key in seen:
            found.wrong(
                ("stukken", document.key),
                f"De sleutel '{document.key}' is ook een veld in stap '{seen[document.key]}'. Geef het stuk een andere.",
            )
    for task in product.process.tasks:
        for field in task.fields:
            _choices(("proces", "taken", task.key, "velden", field.key), field, found)
    keys = {channel.key for channel in product.channels}
    for lead in product.terms.service:
        if lead.key not in keys:
            found.unknown(("termijnen", "levertijd", lead.key), lead.key, keys, "Het kanaal")


def _choices(path: Keys, field: Field, found: Found) -> None:
    """No option is called what an example means by a word of its own: an example could never choose it."""
    for choice in field.choices:
        if choice.value in (HERE, ALL, UNKNOWN):
            said = (
                f"De sleutel '{choice.value}' betekent in een voorbeeld iets anders. Geef de keuze een andere sleutel."
            )
            found.wrong((*path, "keuzes", choice.value), said)


def _rest(product: Product, found: Found) -> None:
    rules = product.law.rules
    for part in product.fee.parts if product.fee else ():
        found.must_be(("leges", "delen", part.key, "regel"), part.rule, rules, "Het resultaat van de wet")
    if product.entitlement and product.entitlement.until:
        results: list[Keyed] = [*rules, *product.law.derived]
        found.must_be(("aanspraak", "tot_regel"), product.entitlement.until, results, "Het resultaat van de wet")
    if product.terms.begins:
        days: list[Keyed] = [*rules, *product.law.derived]
        found.must_be(("termijnen", "vanaf_regel"), product.terms.begins, days, "Het resultaat van de wet")
    if any(outcome.grants for outcome in product.outcomes) and product.entitlement is None:
        found.wrong(("uitkomsten",), "Een uitkomst verleent iets ('verleent: ja'), maar 'aanspraak' zegt niet wat.")
    for outcome in product.outcomes:
        if outcome.grants and outcome.kind not in ("toekennen", "deels"):
            found.wrong(("uitkomsten", outcome.key, "verleent"), "Alleen een uitkomst die toekent kan iets verlenen.")


# --- sources ----------------------------------------------------------------------------------------------------------


def bases(product: Product) -> Iterator[tuple[Keys, Basis]]:
    """Every legal basis of a definition, with where it stands."""
    yield ("verwerking", "grondslag"), product.processing.basis
    yield from _bases_of_form(product)
    for path, term in (
        (("termijnen", "beslissen"), product.terms.decide),
        (("termijnen", "verdagen"), product.terms.extend),
        (("termijnen", "ophalen"), product.terms.collect),
        (("bezwaar", "termijn"), product.objection.term),
    ):
        if term and term.basis:
            yield (*path, "grondslag"), term.basis
    if product.fee:
        yield ("leges", "grondslag"), product.fee.basis
    if product.automatic:
        yield ("automatisch", "grondslag"), product.automatic.basis
    for wait in product.process.waits:
        if wait.suspends:
            yield ("proces", "wachten", wait.key, "schort_op"), wait.suspends
    for fixed in product.fixed:
        yield ("vast", fixed.path, "grondslag"), fixed.basis


def _bases_of_form(product: Product) -> Iterator[tuple[Keys, Basis]]:
    places: list[tuple[Keys, Basis | None]] = []
    for step in product.steps:
        places += [(("stappen", step.key, "velden", field.key), field.basis) for field in step.fields]
    places += [(("stukken", document.key), document.basis) for document in product.documents]
    places += [(("kanalen", channel.key), channel.basis) for channel in product.channels]
    places += [(("gegevens", need.key), need.basis) for need in product.needs]
    if product.precheck:
        places += [(("past_dit", "adviezen", advice.key), advice.basis) for advice in product.precheck.advices]
    for path, basis in places:
        if basis is not None:
            yield (*path, "grondslag"), basis


def _basis(product: Product, path: Keys, basis: Basis, found: Found) -> None:
    """What is called verified names where it was read; a source without a space is a key of `bronnen`."""
    if not basis.source:
        if basis.verified:
            found.wrong(path, "Zeg in 'bron' waar dit is gelezen, of zet 'geverifieerd: nee'.", "bron")
    elif " " not in basis.source and find(product.sources, basis.source) is None:
        found.unknown((*path, "bron"), basis.source, (source.key for source in product.sources), "De bron")
