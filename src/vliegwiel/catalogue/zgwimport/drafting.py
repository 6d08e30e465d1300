"""A proposal as a definition file that a person goes on with: a variant of a product, or the beginning of a product."""

from __future__ import annotations

from .proposing import Proposal, as_yaml, slug, without_code
from .recognising import Recognised


def variant_text(proposal: Proposal, municipality: str, source: str, begin: str, *, own_words: bool = False) -> str:
    """The proposal as a variant file. With `own_words` the municipality keeps its names for the same steps.

    `begin` is an ISO date. Raises `ValueError` when there is no product to vary.
    """
    if not proposal.product:
        raise ValueError("a variant needs a product")
    lines = [
        "# Voorstel uit een ingelezen zaaktype. Kijk elke afwijking na: kan zij weg, dan is dat het beste.",
        "soort: variant",
        f"gemeente: {municipality}",
        f"product: {proposal.product}",
        f"vanaf: {begin}",
        "bronnen:",
        f"  - {{sleutel: zaaktype, naam: {as_yaml(source[:200])}}}",
    ]
    chosen = (*proposal.deviations, *(proposal.wordings if own_words else ()))
    if chosen:
        lines.append("afwijkingen:")
    for one in chosen:
        kind = "huisstijl" if one in proposal.wordings else "werkwijze"
        lines += [
            f"  - pad: {one.path}",
            f"    waarde: {one.value}",
            f"    soort: {kind}",
            f"    reden: {as_yaml(one.reason)}",
        ]
        if kind == "werkwijze":
            lines.append("    bron: zaaktype")
    told = (*proposal.questions, *proposal.fixed)
    if told:
        lines.append("niet_gevonden:")
        lines += [f"  - {as_yaml(question)}" for question in told]
    return "\n".join(lines) + "\n"


def product_text(one: Recognised, proposal: Proposal) -> str:
    """A first text for a product that the catalogue does not have: what the case type tells, and what is still missing.

    It is a draft: it cannot be published before a person added the law, the form and the examples.
    """
    case, match = one.case, one.product
    name = without_code(case.name)[:80]
    lines = [
        "# Begin van een product, uit een ingelezen zaaktype. Er ontbreken nog: de wet met regels, de gegevens, de vragen,",
        "# de uitkomsten met hun nummer in de selectielijst, en voorbeelden.",
        "soort: product",
        f"sleutel: {slug(match.name if match else name, frozenset()).replace('_', '-')}",
        "versie: 0.1.0",
        f"naam: {as_yaml(name)}",
    ]
    if match is not None:
        lines.append(f"upl: {{naam: {as_yaml(match.upl_name)}, uri: {as_yaml(match.upl_uri)}}}")
    opened = f", met: [{', '.join(proposal.slots)}]" if proposal.slots else ""
    lines.append(f"patroon: {{sleutel: {proposal.pattern}{opened}}}")
    if case.keywords:
        lines.append(f"zoekwoorden: [{', '.join(as_yaml(word) for word in case.keywords[:20])}]")
    told = {
        "doel": case.purpose, "aanleiding": case.cause, "onderwerp": case.subject[:80],
        "handeling_initiator": case.initiator_does[:20], "handeling_behandelaar": case.handler_does[:20],
        "procestype": str(case.process_type or ""),
    }  # fmt: skip
    filled = {key: text for key, text in told.items() if text}
    if filled:
        lines.append("zaaktype:")
        lines += [f"  {key}: {text if key == 'procestype' else as_yaml(text)}" for key, text in filled.items()]
    extra = [d for d in proposal.deviations if d.path.startswith("proces.taken.")]
    if extra:
        lines += ["proces:", "  taken:"]
        lines += [f"    - {{sleutel: {d.path.rpartition('.')[2]}, {d.value[1:]}" for d in extra]
    return "\n".join(lines) + "\n"
