"""Write a definition beside what is live, have a second person look, publish it for good, and say when it is over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, NotFound, Stale, TooLarge
from vliegwiel.base.sourcefile import MAX_BYTES, MapNode, Node, TextNode, parse_source
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..adopting.outlook import OURS, answer, answered, path_of
from ..adopting.spreading import published
from ..canonical import node_hash, text_hash
from ..check.found import Finding, dotted
from ..editing import CannotRewrite, as_value, node_of, placed, rewrite, written
from ..merging import merge
from ..models import Draft, DraftState, Kind, Publication
from ..texts import name_of, version_key
from .checking import Checked
from .numbering import next_number, next_version
from .publishing import publish
from .queries import came_from, check_text, text_now, text_of
from .views import DraftView, Published, TextNow, draft_view

MOST_KEPT = 50
"""How many earlier texts of a draft can be brought back."""
MOST_CHARACTERS = 2_000_000
"""All texts of one draft together."""
LONGEST_WORDS = 4_000
LONGEST_KEY = 80
_KEY = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_TOWN = re.compile(r"GM[0-9]{4}")


@dataclass(frozen=True, slots=True)
class CameIn:
    """A definition that `publisher` (a municipality, with its name) published on another installation. `owner`: whose variant it
    is, or ""."""

    kind: str
    key: str
    owner: str
    version: str
    text: str
    publisher: str
    publisher_name: str
    parents: Sequence[str] = ()
    summary: str = ""
    reason: str = ""


def start_draft(actor: Staff, kind: str, key: str, *, text: str | None = None) -> DraftView:
    """Begin a draft with the text that is live now (or an empty variant), or with `text`; gives the draft that is there already.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` for a definition nobody knows when no text is given, `Conflict` when a text is
    given and somebody is writing already, `Invalid` for a kind that does not exist.
    """
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _row(actor, kind, key)
        if row is not None:
            if text is not None and text != row.text:
                raise Conflict(f"{row.edited_by_name} werkt al aan een concept. Maak dat af, of gooi het weg.")
            return draft_view(row)
        live = _live(actor.municipality, kind, key)
        if text is None and live is None and kind != Kind.VARIANT:
            raise NotFound("Deze definitie kennen wij niet.")
        begun = text if text is not None else live.text if live is not None else _empty_variant(actor.municipality, key)
        _fits(begun)
        return draft_view(
            Draft.objects.create(
                municipality_id=actor.municipality,
                kind=kind,
                key=key,
                owner=_owner(actor, kind),
                base=live.hash if live else "",
                text=begun,
                history=[begun],
                edited_by=actor.subject,
                edited_by_name=actor.name,
                edited_at=now(),
            )
        )


def save_draft(actor: Staff, kind: str, key: str, text: str) -> tuple[Finding, ...]:
    """Keep a text, right or wrong, and say what is wrong with it. What was offered is a draft again.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` when there is no draft and `TooLarge`.
    """
    _fits(text)
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _mine(actor, kind, key)
        if text != row.text:
            history = [*row.history[: row.place + 1], text][-MOST_KEPT:]
            while sum(map(len, history)) > MOST_CHARACTERS and len(history) > 1:
                history.pop(0)
            row.history, row.place, row.text = history, len(history) - 1, text
            _touched(row, actor)
    return check_text(actor.municipality, kind, key, text).findings


def undo(actor: Staff, kind: str, key: str) -> DraftView:
    """Bring the text before the last change back. Raises `NotFound`, and `Conflict` when there is nothing before it."""
    return _step(actor, kind, key, -1)


def redo(actor: Staff, kind: str, key: str) -> DraftView:
    """Take an undo back. Raises as `undo`."""
    return _step(actor, kind, key, 1)


def _step(actor: Staff, kind: str, key: str, by: int) -> DraftView:
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _mine(actor, kind, key)
        place = row.place + by
        if not 0 <= place < len(row.history):
            raise Conflict("Er is niets om terug te halen." if by < 0 else "Er is niets om opnieuw te doen.")
        row.place, row.text = place, row.history[place]
        _touched(row, actor)
        return draft_view(row)


def _touched(row: Draft, actor: Staff) -> None:
    row.edited_by, row.edited_by_name, row.edited_at = actor.subject, actor.name, now()
    row.state, row.offered_by, row.offered_by_name, row.offered_at = DraftState.WRITING, "", "", None
    row.save()


def discard(actor: Staff, kind: str, key: str) -> None:
    """Throw a draft away; what is live stays. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        _allowed(actor, kind, key)
        _mine(actor, kind, key).delete()


def catch_up(actor: Staff, kind: str, key: str, choices: Mapping[str, str] | None = None) -> DraftView:
    """Take what became live since the draft was begun into the draft. It is a draft again, and undo begins here.

    `choices`: by path of a conflict (`effects.meanwhile`), "ours" (the draft), "theirs" (live), "proposal", or YAML. Needs
    `DEFINITIE_BEHEREN`. Raises `NotFound`, `Conflict` when nothing came meanwhile, `Invalid` with the conflicts still open.
    """
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _mine(actor, kind, key)
        live = _live(actor.municipality, kind, key)
        if live is None or live.hash == row.base:
            raise Conflict("Er is geen nieuwe versie gekomen.")
        base = (text_of(row.base, actor.municipality) if row.base else None) or row.history[0]
        text = _together(base, row.text, live.text, choices or {})
        # What came before was written on another text: undoing past this would lose what became live without a word.
        row.history, row.place, row.text, row.base = [text], 0, text, live.hash
        _touched(row, actor)
        return draft_view(row)


def take_in(actor: Staff, kind: str, key: str, hash_: str, choices: Mapping[str, str] | None = None) -> DraftView:
    """Take the version at an address into the own draft (begun when there is none): what it changed since both came apart.

    For who published an own version and wants what another brought later. `choices` as in `catch_up`. Needs `DEFINITIE_BEHEREN`.
    Raises `NotFound` for an address nobody here has, `Conflict` when the two have no version in common, `Invalid` with the
    conflicts still open.
    """
    start_draft(actor, kind, key)
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _mine(actor, kind, key)
        theirs = text_of(hash_, actor.municipality)
        if theirs is None:
            raise NotFound("Deze versie kennen wij niet.")
        ours = set(came_from(actor.municipality, row.base))
        common = next((one for one in came_from(actor.municipality, hash_) if one in ours), None)
        base = text_of(common, actor.municipality) if common else None
        if base is None:
            raise Conflict("Deze versie en die van u hebben geen gemeenschappelijke oorsprong. Neem met de hand over.")
        text = _together(base, row.text, theirs, choices or {})
        row.history = [*row.history[: row.place + 1], text][-MOST_KEPT:]
        row.place, row.text = len(row.history) - 1, text
        _touched(row, actor)
        return draft_view(row)


def _together(base: str, ours: str, theirs: str, choices: Mapping[str, str]) -> str:
    """Two texts merged on what both came from, in the words and order of ours. Raises `Invalid` where somebody must choose."""
    merged = merge(*(parse_source(one, "").root for one in (base, ours, theirs)))
    # Both sides count their own versions; the draft gets its number when it is offered.
    choices = {"versie": OURS, **choices}
    open_ = [one for one in merged.conflicts if path_of(one) not in choices]
    if open_ or merged.node is None:
        raise Invalid(
            "Kies wat moet gelden.",
            invalid=[InvalidParam(path_of(one), "choose", "Kies hier wat moet gelden.") for one in open_],
        )
    node: Node = merged.node
    for one in merged.conflicts:
        node = answered(node, one.path, answer(one, choices[path_of(one)])) or node
    try:
        return rewrite(ours, node)
    except CannotRewrite:
        return written(as_value(node))


def offer_for_approval(actor: Staff, kind: str, key: str, *, version: str = "", summary: str, reason: str) -> DraftView:
    """Ask a second person to publish the draft. `summary` says what changes, `reason` why; `version` "" takes the next one.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound`; `Conflict` when nothing changed or live changed meanwhile; `Invalid` with all
    that is wrong when the text does not hold or an example does not come out.
    """
    said = {"summary": summary.strip(), "reason": reason.strip()}
    empty = [InvalidParam(name, "required", "Vul dit in.") for name, words in said.items() if not words]
    long = [InvalidParam(n, "too_long", "Maak dit korter.") for n, words in said.items() if len(words) > LONGEST_WORDS]
    if empty or long:
        raise Invalid("Zeg wat er verandert en waarom.", invalid=[*empty, *long])
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _mine(actor, kind, key)
        live = _live(actor.municipality, kind, key)
        _still_fits(row, live)
        wanted = _version_for(row, live, version.strip())
        text = _with_version(kind, row.text, wanted)
        _must_hold(actor.municipality, kind, key, text)
        if text != row.text:
            row.text, row.history = text, [*row.history[: row.place + 1], text][-MOST_KEPT:]
            row.place = len(row.history) - 1
        row.state, row.version, row.refusal = DraftState.OFFERED, wanted, ""
        row.summary, row.reason = said["summary"], said["reason"]
        row.offered_by, row.offered_by_name, row.offered_at = actor.subject, actor.name, now()
        row.save()
        _tell(actor, "definitie.aangeboden", row.kind, row.key, {"versie": wanted, "hash": text_hash(text)})
        return draft_view(row)


def send_back(actor: Staff, kind: str, key: str, why: str) -> DraftView:
    """The second person does not publish it, and says why. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, `Conflict`."""
    if not why.strip():
        raise Invalid("Zeg wat er anders moet.", invalid=[InvalidParam("why", "required", "Zeg wat er anders moet.")])
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _offered(actor, kind, key)
        row.state, row.refusal = DraftState.WRITING, why.strip()[:LONGEST_WORDS]
        row.save()
        return draft_view(row)


def approve_and_publish(actor: Staff, kind: str, key: str, *, seen: str) -> Published:
    """Publish what somebody else wrote and offered. `seen` is the hash of the text that the actor looked at.

    Needs `DEFINITIE_BEHEREN`. Raises `Forbidden` when the actor wrote or offered it, `Stale` when the text is another by now,
    `Conflict` when live changed meanwhile, `Invalid` when it does not hold (any more).
    """
    with scope_of(actor):
        _allowed(actor, kind, key)
        row = _offered(actor, kind, key)
        if actor.subject in (row.offered_by, row.edited_by):
            raise Forbidden("Vraag een collega om dit te publiceren. Wie het schreef, keurt het niet zelf goed.")
        if text_hash(row.text) != seen:
            raise Stale("De tekst is veranderd nadat u hem bekeek. Bekijk hem opnieuw.")
        live = _live(actor.municipality, kind, key)
        _still_fits(row, live)
        _must_hold(actor.municipality, kind, key, row.text)
        made = publish(
            Publication(
                municipality_id=actor.municipality,
                kind=row.kind,
                key=row.key,
                owner=row.owner,
                version=row.version,
                hash=seen,
                text=row.text,
                parents=[row.base] if row.base else [],
                summary=row.summary,
                reason=row.reason,
                prepared_by=row.offered_by,
                prepared_by_name=row.offered_by_name,
                approved_by=actor.subject,
                approved_by_name=actor.name,
                published_at=now(),
            )
        )
        row.delete()
        _tell(actor, "definitie.gepubliceerd", made.kind, made.key, {"versie": made.version, "hash": made.hash})
        published(actor, made)
        return made


def publish_received(actor: Staff, came: CameIn) -> Published:
    """Publish what another installation made, prepared there and approved here by the actor.

    The same text in the same version again changes nothing. Needs `DEFINITIE_BEHEREN`. Raises `Conflict` when this version is
    there with another text, `Invalid` when it does not hold here (examples included).
    """
    kind, key, owner, version, text = came.kind, came.key, came.owner, came.version, came.text
    with scope_of(actor):
        _allowed(actor, kind, key)
        if (kind == Kind.VARIANT) != bool(_TOWN.fullmatch(owner)) or (owner and kind != Kind.VARIANT):
            raise Invalid("Een variant hoort bij een gemeente; de rest bij niemand.")
        _fits(text)
        hash_ = text_hash(text, name_of(kind, key, owner))
        same = Publication.objects.filter(
            municipality_id=actor.municipality, kind=kind, key=key, owner=owner, version=version
        ).first()
        if same is not None:
            if same.hash != hash_:
                raise Conflict(f"Versie {version} is er al met een andere tekst. Vraag om een nieuwe versie.")
            return Published(kind, key, owner, version, hash_, same.number)
        if version_key(version) == ():
            raise Invalid(f"'{version}' is geen versie als 1.0.0.")
        if kind != Kind.VARIANT or owner == actor.municipality:
            _must_hold(actor.municipality, kind, key, text)
        made = publish(_publication(actor, came, hash_))
        told = {"versie": version, "hash": hash_, "van": came.publisher}
        _tell(actor, "definitie.gepubliceerd", made.kind, made.key, told)
        published(actor, made)
        return made


def _publication(actor: Staff, came: CameIn, hash_: str) -> Publication:
    """The row of what came in. People there are not named: the municipality prepared it."""
    return Publication(
        municipality_id=actor.municipality,
        kind=came.kind,
        key=came.key,
        owner=came.owner,
        version=came.version,
        hash=hash_,
        text=came.text,
        parents=list(came.parents)[:16],
        summary=came.summary[:LONGEST_WORDS],
        reason=came.reason[:LONGEST_WORDS],
        prepared_by=came.publisher,
        prepared_by_name=f"gemeente {came.publisher_name}"[:200],
        approved_by=actor.subject,
        approved_by_name=actor.name,
        published_at=now(),
        origin=f"uitwisseling:{came.publisher}",
    )


def deprecate(
    actor: Staff, kind: str, key: str, version: str, *, start: date, until: date | None = None, reason: str
) -> None:
    """Say that a version should not be begun with from `start`, and after `until` (last day) no longer counts.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, and `Invalid` when the days are the wrong way round or there is no reason.
    """
    if not reason.strip() or (until is not None and until < start):
        raise Invalid("Geef een reden, en een laatste dag die niet voor de eerste ligt.")
    with scope_of(actor):
        _allowed(actor, kind, key)
        rows = Publication.objects.select_for_update().filter(municipality_id=actor.municipality, kind=kind, key=key)
        row = rows.filter(owner=_owner(actor, kind), version=version).first()
        if row is None:
            raise NotFound("Deze versie hebt u niet gepubliceerd.")
        row.serial = next_number()
        row.deprecated_from, row.deprecated_until = start, until
        row.deprecation_reason = reason.strip()[:LONGEST_WORDS]
        row.save(update_fields=["serial", "deprecated_from", "deprecated_until", "deprecation_reason"])
        told = {"versie": version, "hash": row.hash, "vanaf": start.isoformat()}
        _tell(actor, "definitie.uitgefaseerd", kind, key, told)


# --- inside -----------------------------------------------------------------------------------------------------------


def _allowed(actor: Staff, kind: str, key: str) -> None:
    product = key if kind in (Kind.PRODUCT, Kind.VARIANT) else None
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality, product=product)
    if kind not in Kind.values:
        raise Invalid(f"'{kind}' is geen soort definitie. Er is: {', '.join(Kind.values)}.")
    # A key becomes the name of a file where somebody exports it: only what looks like a name may be one.
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise Invalid(f"'{key[:LONGEST_KEY]}' is geen sleutel. Gebruik kleine letters, cijfers en streepjes.")


def _row(actor: Staff, kind: str, key: str) -> Draft | None:
    rows = Draft.objects.select_for_update().filter(municipality_id=actor.municipality, kind=kind, key=key)
    return rows.first()


def _mine(actor: Staff, kind: str, key: str) -> Draft:
    row = _row(actor, kind, key)
    if row is None:
        raise NotFound("Er is geen concept. Begin er eerst een.")
    return row


def _offered(actor: Staff, kind: str, key: str) -> Draft:
    row = _mine(actor, kind, key)
    if row.state != DraftState.OFFERED:
        raise Conflict("Dit concept is nog niet aangeboden om te publiceren.")
    return row


def _owner(actor: Staff, kind: str) -> str:
    return actor.municipality if kind == Kind.VARIANT else ""


def _live(municipality: str, kind: str, key: str) -> TextNow | None:
    try:
        return text_now(municipality, kind, key)
    except NotFound:
        return None


def _empty_variant(municipality: str, key: str) -> str:
    return f"soort: variant\ngemeente: {municipality}\nproduct: {key}\nvanaf: {today().isoformat()}\nafwijkingen: []\n"


def _fits(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise TooLarge(f"De tekst is te groot. Hij mag hoogstens {MAX_BYTES // 1000} kB zijn.")


def _still_fits(row: Draft, live: TextNow | None) -> None:
    """A draft is of what was live when it was begun; what came since must be merged first, never overwritten."""
    if (live.hash if live else "") != row.base:
        raise Conflict("Er is een nieuwe versie gekomen terwijl u schreef. Voeg die eerst samen met uw concept.")
    if live is not None and node_hash(parse_source(row.text, row.key).root) == live.hash:
        raise Conflict("Er is niets veranderd.")


def _version_for(row: Draft, live: TextNow | None, asked: str) -> str:
    """The version it gets: what was asked, else what the text says when that is new, else the next."""
    published_ = Publication.objects.filter(municipality_id=row.municipality_id, kind=row.kind, key=row.key)
    versions = list(published_.filter(owner=row.owner).values_list("version", flat=True))
    if live is not None:
        versions.append(live.version)
    highest = max(versions, key=version_key, default="")
    if row.kind in (Kind.PRODUCT, Kind.PATTERN) and not asked:
        says = _says(row.text, "versie")
        asked = says if version_key(says) > version_key(highest) else ""
    if not asked:
        return next_version(highest)
    if version_key(asked) == () or len(version_key(asked)) != 3:
        raise Invalid(f"'{asked}' is geen versie. Schrijf haar als 1.2.0.")
    if version_key(asked) <= version_key(highest):
        raise Conflict(f"Versie {highest} is er al. Kies een hogere.")
    return asked


def _says(text: str, part: str) -> str:
    """A word at the top of a text, or nothing."""
    root = parse_source(text, "").root
    node = root.get(part) if isinstance(root, MapNode) else None
    return node.text if isinstance(node, TextNode) else ""


def _with_version(kind: str, text: str, version: str) -> str:
    """The text with its version at the top, comments and all; a block and a variant say none."""
    if kind not in (Kind.PRODUCT, Kind.PATTERN) or _says(text, "versie") == version:
        return text
    try:
        return rewrite(text, placed(parse_source(text, "").root, ("versie",), node_of(version)))
    except CannotRewrite as error:
        raise Invalid(f"Zet zelf 'versie: {version}' in de tekst.") from error


def _must_hold(municipality: str, kind: str, key: str, text: str) -> Checked:
    checked = check_text(municipality, kind, key, text, thorough=True)
    if not checked.ok:
        raise Invalid(
            "Dit kan nog niet gepubliceerd worden. Kijk na wat er staat.",
            invalid=[InvalidParam(dotted(one.path), one.code, _told(one)) for one in checked.wrong],
        )
    return checked


def _told(one: Finding) -> str:
    return f"{one.file}, regel {one.line}: {one.message}"


def _tell(actor: Staff, kind: str, what: str, key: str, payload: dict[str, str]) -> None:
    told = {"soort": what, "sleutel": key, **payload}
    ledger.append(actor, municipality=actor.municipality, kind=kind, zaak_id=None, payload=told)


__all__ = [
    "CameIn", "approve_and_publish", "catch_up", "deprecate", "discard", "offer_for_approval", "publish_received", "redo",
    "save_draft", "send_back", "start_draft", "take_in", "undo",
]  # fmt: skip
