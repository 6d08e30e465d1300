"""Take a product over, try it first, go along with a new version or not, and go back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, NotFound
from vliegwiel.base.municipalities import municipality as facts
from vliegwiel.base.municipalities import reorganisations
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..check import example_findings
from ..check.found import Finding, dotted
from ..keeping import keep
from ..library import Library
from ..model import Resolved, Variant
from ..models import Adoption, AdoptionMode, AdoptionStep, Kind, Notice, NoticeState, Publication, ResolvedDefinition
from ..queries import by_hash
from ..resolve import layered, resolve
from ..texts import name_of, with_texts
from ..versions.actions import start_draft
from ..versions.shelves import Line, headers, library_for, library_on, readable
from . import spreading
from .joining import Joined, Town, TownClash, chosen, join, joined_text
from .outlook import Outlook, outlook
from .trying import Trial, try_out

OPEN = (NoticeState.NEW, NoticeState.SEEN, NoticeState.CHOSEN)


def adopt(
    actor: Actor,
    municipality: str,
    key: str,
    *,
    begin: date | None = None,
    mode: AdoptionMode = AdoptionMode.FOLLOW,
    publisher: str = "",
    version_hash: str = "",
) -> None:
    """Offer a product from a date on (default today); what was agreed earlier ends the day before.

    `publisher` is whose publications it follows beside its own and the package. `version_hash` is the text of the product that it
    takes; then `mode` must be PIN. Needs `DEFINITIE_BEHEREN`. Raises `NotFound` (no such product or version), `Conflict` (already
    so from that date), `Invalid` when an example does not come out for this municipality, `SourceInvalid` for a wrong definition.
    """
    day = begin or today()
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        line, among = offered_by(municipality, key, day, publisher, version_hash)
        if version_hash and mode is not AdoptionMode.PIN:
            raise Invalid("Wie een versie kiest, zet haar vast. Kies 'vastzetten', of geen versie.")
        definition = resolve(municipality, key, day, among=among)
        _examples_must_pass(definition, among)
        start(actor, definition, day, mode, line)


def offered_by(municipality: str, key: str, day: date, publisher: str, version_hash: str = "") -> tuple[Line, Library]:
    """The line of somebody who starts to follow a publisher today, and the definitions along it. Call inside a scope."""
    newest = max((one.number for one in headers(publisher) if not one.owner), default=0) if publisher else 0
    if publisher and publisher != municipality and not newest:
        raise NotFound("Deze gemeente heeft niets gepubliceerd.")
    line = Line(municipality, "" if publisher == municipality else publisher, newest)
    among = library_on(line, day)
    if version_hash:
        row = Publication.everywhere.filter(kind="product", key=key, hash=version_hash).order_by("-number").first()
        if row is None:
            raise NotFound("Deze versie kennen wij niet.")
        if row.deprecated_from is not None and row.deprecated_from <= day:
            raise Conflict(f"Met versie {row.version} kunt u niet meer beginnen: {row.deprecation_reason}")
        among = with_texts(among, {name_of("product", key): row.text})
    return line, among


def start(actor: Actor, definition: Resolved, day: date, mode: AdoptionMode, line: Line) -> None:
    """Write an adoption; rights and examples were looked at."""
    municipality, key = definition.municipality, definition.key
    earlier = list(Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key))
    if any(row.begin >= day for row in earlier):
        raise Conflict("Voor dit product is al iets afgesproken vanaf die dag of later. Trek dat eerst in.")
    for row in earlier:
        if row.end is None or row.end >= day:
            row.end = day - timedelta(days=1)
            row.save(update_fields=["end"])
    adoption = Adoption.objects.create(
        municipality_id=municipality,
        product=key,
        begin=day,
        mode=mode,
        pinned=keep(definition) if mode is AdoptionMode.PIN else "",
        publisher=line.publisher,
        upto=line.upto,
        release=line.release,
        adopted_at=now(),
        definition=definition.hash,
        version=definition.version,
    )
    spreading.step(actor, adoption, definition, day, "overgenomen")
    payload = {"product": key, "versie": definition.version, "vanaf": day.isoformat(), "hash": definition.hash}
    ledger.append(actor, municipality=municipality, kind="definitie.overgenomen", zaak_id=None, payload=payload)


def _examples_must_pass(definition: Resolved, among: Library) -> None:
    findings = example_findings(definition, among=among)
    if findings:
        raise _refused(
            "Niet alle voorbeelden komen uit zoals ze zeggen. Kijk ze na voordat u dit product aanbiedt.", findings
        )


def _refused(sentence: str, findings: list[Finding]) -> Invalid:
    return Invalid(sentence, invalid=[InvalidParam(dotted(f.path), "example", f.message) for f in findings])


def stop_offering(actor: Actor, municipality: str, key: str, *, last: date) -> None:
    """Offer a product until and including `last`; cases that run go on. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        rows = Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key, begin__lte=last)
        row = rows.order_by("-begin").first()
        if row is None or (row.end is not None and row.end < last):
            raise NotFound("Dit product wordt op die dag niet aangeboden.")
        row.end = last
        row.save(update_fields=["end"])
        payload = {"product": key, "tot_en_met": last.isoformat()}
        ledger.append(actor, municipality=municipality, kind="definitie.beeindigd", zaak_id=None, payload=payload)


def trial(
    actor: Staff,
    key: str,
    *,
    publisher: str = "",
    version_hash: str = "",
    variant: str | None = None,
    examples: str = "",
    begin: date | None = None,
) -> Trial:
    """Try a product out before it is taken over, with the own variant (or a text of it) and own examples, as YAML.

    Writes nothing. Needs `DEFINITIE_BEHEREN`. Raises as `adopt`; an example that does not come out is told, not raised.
    """
    municipality, day = actor.municipality, begin or today()
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        _, among = offered_by(municipality, key, day, publisher, version_hash)
        return try_out(municipality, key, day, among=among, variant=variant, examples=examples)


def roll_back(actor: Staff, key: str, *, to: str = "", why: str) -> None:
    """From today on run an earlier definition again, and stay on it. `to` is its hash in the trail; "" is the one before this.

    Cases that run stay as they are. Needs `DEFINITIE_BEHEREN`. Raises `NotFound` (not offered, nothing to go back to, not in the
    trail) and `Invalid` without a reason.
    """
    if not why.strip():
        raise Invalid("Zeg waarom u teruggaat.", invalid=[InvalidParam("why", "required", "Zeg waarom u teruggaat.")])
    municipality, day = actor.municipality, today()
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        rows = Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key, begin__lte=day)
        row = rows.order_by("-begin").first()
        if row is None or (row.end is not None and row.end < day):
            raise NotFound("Dit product wordt nu niet aangeboden.")
        earlier = _earlier(municipality, key, row.pinned or row.definition, to)
        if row.begin < day:
            end, row.end = row.end, day - timedelta(days=1)
            row.save(update_fields=["end"])
            row = Adoption(
                municipality_id=municipality, product=key, begin=day, end=end, publisher=row.publisher, upto=row.upto,
                release=row.release, adopted_at=now(),
            )  # fmt: skip
        row.mode, row.pinned = AdoptionMode.PIN, earlier.hash
        row.save()
        spreading.step(actor, row, earlier, day, f"teruggegaan: {why.strip()}")
        payload = {"product": key, "versie": earlier.version, "hash": earlier.hash, "vanaf": day.isoformat()}
        ledger.append(actor, municipality=municipality, kind="definitie.teruggezet", zaak_id=None, payload=payload)


def _earlier(municipality: str, key: str, running: str, to: str) -> Resolved:
    trail = AdoptionStep.objects.filter(municipality_id=municipality, product=key).order_by("-at", "-id")
    hashes = [hash_ for hash_ in trail.values_list("definition", flat=True) if hash_ != running]
    kept = ResolvedDefinition.objects.filter(municipality_id=municipality, key=key, hash__in=[to] if to else hashes[:1])
    row = kept.first()
    if row is None or row.hash not in hashes:
        raise NotFound("Er is geen eerdere versie om naar terug te gaan.")
    return by_hash(municipality, row.hash)


# --- notices ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prospect:
    """A notice as it would come out now."""

    outlook: Outlook
    move: spreading.Move


def see_notice(actor: Staff, id_: UUID) -> None:
    """Note that somebody read it. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        row = _notice(actor, id_)
        if row.state == NoticeState.NEW:
            row.state = NoticeState.SEEN
            row.save(update_fields=["state"])


def accept_notice(actor: Staff, id_: UUID, choices: Mapping[str, str] | None = None) -> NoticeState:
    """Take a new version over. Where somebody had to choose, a second person must confirm it (`confirm_notice`): the variant
    becomes another one. Gives the state of the notice after it.

    `choices`: by path of a conflict (or of a deviation that may not be there any more): "ours", "theirs", "proposal", or the
    value itself as YAML. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, `Conflict` when it was decided before, and `Invalid` with
    every conflict that is still open and every example that does not come out.
    """
    with scope_of(actor):
        row = _notice(actor, id_)
        found = prospect(row, choices or {})
        _must_be_clean(found.outlook)
        if not (row.conflicts or choices):
            spreading.take_over(actor, found.move, found.outlook, _day(found.move.adoption), row)
            _repin(found)
            return NoticeState.ACCEPTED
        row.choices, row.state = dict(choices or {}), NoticeState.CHOSEN
        row.chosen_by, row.chosen_by_name = actor.subject, actor.name
        row.save(update_fields=["choices", "state", "chosen_by", "chosen_by_name"])
        return NoticeState.CHOSEN


def confirm_notice(actor: Staff, id_: UUID) -> None:
    """Take a new version over in which a colleague chose. Raises as `accept_notice`, and `Forbidden` for who chose."""
    with scope_of(actor):
        row = _notice(actor, id_)
        if row.state != NoticeState.CHOSEN:
            raise Conflict("Hier heeft nog niemand gekozen.")
        if row.chosen_by == actor.subject:
            raise Forbidden("Vraag een collega om dit te bevestigen. Wie koos, keurt het niet zelf goed.")
        found = prospect(row, row.choices)
        _must_be_clean(found.outlook)
        spreading.take_over(actor, found.move, found.outlook, _day(found.move.adoption), row)
        _repin(found)


def refuse_notice(actor: Staff, id_: UUID, why: str) -> None:
    """Stay on what runs now. The next version asks again. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, `Invalid`, `Conflict`."""
    if not why.strip():
        raise Invalid("Zeg waarom u dit niet overneemt.", invalid=[InvalidParam("why", "required", "Zeg waarom.")])
    with scope_of(actor):
        row = _notice(actor, id_)
        row.state, row.note = NoticeState.REFUSED, why.strip()
        row.decided_by, row.decided_by_name, row.decided_at = actor.subject, actor.name, now()
        row.save(update_fields=["state", "note", "decided_by", "decided_by_name", "decided_at"])
        payload = {"product": row.product, "versie": row.to_version}
        ledger.append(
            actor, municipality=actor.municipality, kind="definitie.niet_bijgewerkt", zaak_id=None, payload=payload
        )


def prospect(row: Notice, choices: Mapping[str, str]) -> Prospect:
    """What a notice would come to now, with these choices. Call inside the scope of its municipality. Raises `NotFound`."""
    day = today()
    live = [one for one in spreading.live(row.municipality_id, day) if one.product == row.product]
    if not live:
        raise NotFound("Dit product wordt niet meer aangeboden.")
    adoption = live[0]
    old = spreading.line_of_adoption(adoption)
    new = replace(old, release=None) if not row.publisher else replace(old, upto=max(row.upto, old.upto))
    came = tuple(one for one in headers(row.publisher) if old.upto < one.number <= new.upto) if row.publisher else ()
    moment = _day(adoption)
    try:
        seen = outlook(
            row.municipality_id, row.product, moment, old=library_on(old, moment), new=library_on(new, moment), choices=choices
        )  # fmt: skip
    except SourceInvalid as error:
        raise Invalid("Uw keuze is niet te lezen.", invalid=error.invalid) from error
    return Prospect(seen, spreading.Move(adoption, old, new, came))


def _repin(found: Prospect) -> None:
    """Who stays on a version stays on the new one from now on."""
    adoption, after = found.move.adoption, found.outlook.after
    if adoption.mode == AdoptionMode.PIN and after is not None:
        adoption.pinned = after.hash
        adoption.save(update_fields=["pinned"])


def _day(adoption: Adoption) -> date:
    return max(today(), adoption.begin)


def _notice(actor: Staff, id_: UUID) -> Notice:
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    row = Notice.objects.select_for_update().filter(municipality_id=actor.municipality, id=id_).first()
    if row is None:
        raise NotFound("Dit bericht is er niet (meer).")
    if row.state not in OPEN:
        raise Conflict("Over dit bericht is al besloten.")
    return row


def _must_be_clean(seen: Outlook) -> None:
    if seen.clean:
        return
    wrong = [InvalidParam(".".join(one.path), "choose", "Kies hier wat moet gelden.") for one in seen.open_]
    wrong += [
        InvalidParam(one.old.path, "fixed", f"Dit mag niet meer afwijken: {one.fixed.basis if one.fixed else ''}")
        for one in seen.forbidden
    ]
    wrong += [InvalidParam(dotted(one.path), "example", one.message) for one in seen.findings]
    raise Invalid("De nieuwe versie kan nog niet worden overgenomen.", invalid=wrong)


# --- municipalities that become one -----------------------------------------------------------------------------------


def towns_before(municipality: str) -> tuple[str, ...]:
    """The municipalities that this one carries on, by the facts since 2015, itself first where it was one of them already.

    Empty when it never took part in a reorganisation.
    """
    begin = facts(municipality).begin
    found: list[str] = []
    for one in reorganisations():
        if municipality in one.receivers:
            found += [municipality] if begin is None or begin < one.day else []
            found += one.ended
    return tuple(dict.fromkeys(found))


def joined(municipality: str, key: str, predecessors: Sequence[str] = ()) -> Joined:
    """What the variants of a product in earlier municipalities come to together. Reads only what is public.

    `predecessors` default to those it carries on. Raises `NotFound` when there are none or the product is unknown.
    """
    codes = tuple(predecessors) or towns_before(municipality)
    if not codes:
        raise NotFound("Deze gemeente is niet uit andere ontstaan. Noem de gemeenten die samengaan.")
    with readable(municipality):
        found = [library_for(code, key) for code in codes]
        towns = [Town(code, _variant_in(one, code, key)) for code, one in zip(codes, found, strict=True)]
        product = library_for(municipality, key).product(key)
        if product is None:
            raise NotFound("Dit product kennen wij niet.")
        return join(towns, layered(library_for(municipality, key), product, (), None).root)


def _variant_in(found: Library, code: str, key: str) -> Variant | None:
    pair = found.variant(code, key)
    return pair[0] if pair is not None else None


def join_variants(
    actor: Staff, key: str, *, predecessors: Sequence[str] = (), choices: Mapping[str, str] | None = None
) -> Joined:
    """Make a draft of the variant of a new municipality from those of the ones it carries on. Two persons publish it, as any.

    `choices`: the town that counts, by path of a clash ("" for none of them). Needs `DEFINITIE_BEHEREN`. Raises `NotFound`,
    `Conflict` when somebody is writing the variant already, and `Invalid` with every clash nobody chose in.
    """
    municipality = actor.municipality
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        found = joined(municipality, key, predecessors)
        deviations, open_ = chosen(found, choices or {})
        if open_:
            raise Invalid(
                "Kies wat in de nieuwe gemeente moet gelden.",
                invalid=[InvalidParam(one.path, "choose", _who_differ(one)) for one in open_],
            )
        start_draft(actor, Kind.VARIANT, key, text=joined_text(municipality, key, today(), found, deviations))
        return found


def _who_differ(clash: TownClash) -> str:
    return "Hier verschillen " + ", ".join(f"{code} ({one.reason})" for code, one in clash.told)
