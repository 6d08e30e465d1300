"""From a case type of another system to a start here: a pattern with its openings, and only what really differs.

Other words for the same step are told apart from real differences: an extra step, an opening that is used. Legal terms are never
taken over from a case type: what somebody once typed in is no legal basis, so another term becomes a question. Whatever is not
sure is a question too, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vliegwiel.base.sourcefile import MapNode

from ..layers import fixed_by
from ..library import Library
from ..model import Product
from . import words
from .foreign import ForeignCaseType, days_of, span_of
from .known import items_of, pattern_root, telling_name, text_of
from .recognising import Recognised

_HOUSEKEEPING = frozenset({"huishouden", "wachten", "verzending", "ontvangst", "einde", "volledigheid", "behandeling"})
"""Steps that every process has somewhere, or that belong to keeping files and not to a process."""
_GIVEN = ("verleend", "toegekend", "geleverd", "verwerkt")
_EXTRA_TERM = "10 werkdagen"
"""A task must have a term; a case type seldom tells one. The question asks for it."""


class Kind(StrEnum):
    """What a difference is."""

    SAME = "hetzelfde"
    WORDS = "alleen andere woorden"
    TASK = "is hier een taak"
    OPENING = "opening van het patroon"
    EXTRA = "extra stap"
    NOT_HERE = "hoort niet bij het proces"


@dataclass(frozen=True, slots=True)
class StepFound:
    """What became of one status: the step here that it is (`path` from the top of the definition), or what it would add."""

    name: str
    kind: Kind
    path: str = ""
    here: str = ""


@dataclass(frozen=True, slots=True)
class ProposedDeviation:
    """A deviation in the format of variants. `value` is YAML on one line. `after` is the key it comes behind."""

    path: str
    value: str
    reason: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A start for one case type. `product` is empty where the catalogue has no such product yet.

    `deviations` are real differences; `wordings` the names that would keep the own words (path, value); `fixed` what national law
    does not let differ, with the article; `questions` what a person must answer. `slots` are the openings to open.
    """

    pattern: str
    product: str
    slots: tuple[str, ...]
    steps: tuple[StepFound, ...]
    deviations: tuple[ProposedDeviation, ...]
    wordings: tuple[ProposedDeviation, ...]
    fixed: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Here:
    """The process a case type is laid on: names by path, by meaning, and which openings are closed."""

    statuses: Mapping[str, tuple[str, str]]
    tasks: Mapping[str, tuple[str, str]]
    closed: Mapping[str, str]
    phases: tuple[str, ...]
    handler: str
    outcomes: Mapping[str, tuple[str, str]]
    keys: frozenset[str]


def propose(one: Recognised, found: Library, product: Product | None) -> Proposal:
    """What to start from. `product` is the product as it is for all, where the catalogue has it (and its pattern counts)."""
    pattern = product.pattern.key if product is not None else one.pattern
    file = found.pattern(pattern)
    if file is None:
        raise LookupError(pattern)
    root = pattern_root(found, file)
    opened = product.pattern.slots if product is not None else ()
    here = _here(root, product, frozenset(opened))
    steps = tuple(_steps(one.case, here))
    slots = tuple(dict.fromkeys(step.path for step in steps if step.kind is Kind.OPENING))
    deviations = [*_opened(one.case, opened, slots, product), *_extra(one.case, steps, here)]
    wordings = [*_status_words(steps), *_result_words(one.case, here)]
    allowed, fixed = _allowed([*deviations, *wordings], product)
    return Proposal(
        pattern=pattern,
        product=product.key if product is not None else "",
        slots=slots,
        steps=steps,
        deviations=tuple(d for d in deviations if d in allowed),
        wordings=tuple(d for d in wordings if d in allowed),
        fixed=fixed,
        questions=tuple(_questions(one, steps, product, here)),
    )


def _here(root: MapNode, product: Product | None, opened: frozenset[str]) -> _Here:
    process = root.get("proces")
    known = words.steps()
    statuses, tasks, closed = dict[str, tuple[str, str]](), dict[str, tuple[str, str]](), dict[str, str]()
    for section, into in (("statussen", statuses), ("taken", tasks), ("wachten", tasks)):
        for item in items_of(process, section):
            meaning, slot = known.meaning(telling_name(item)), text_of(item, "bij")
            if not meaning:
                continue
            if slot and slot not in opened:
                closed.setdefault(meaning, slot)
            else:
                into.setdefault(meaning, (f"proces.{section}.{text_of(item, 'sleutel')}", text_of(item, "naam")))
    for item in items_of(root, "openingen"):
        slot, meaning = text_of(item, "sleutel"), known.meaning(telling_name(item))
        if meaning and meaning not in statuses and meaning not in tasks:
            if slot in opened:
                tasks[meaning] = (f"patroon.met.{slot}", text_of(item, "naam"))
            else:
                closed.setdefault(meaning, slot)
    phases = tuple(p.key for p in product.process.phases) if product else ()
    roles = items_of(process, "rollen")
    outcomes = {
        meaning: (f"uitkomsten.{text_of(item, 'sleutel')}", text_of(item, "naam"))
        for item in reversed(items_of(root, "uitkomsten"))
        if (meaning := words.results().meaning(text_of(item, "naam")))
    }
    if product is not None:
        for outcome in product.outcomes:
            if meaning := words.results().meaning(outcome.name):
                outcomes.setdefault(meaning, (f"uitkomsten.{outcome.key}", outcome.name))
    keys = {text_of(item, "sleutel") for section in ("statussen", "taken") for item in items_of(process, section)}
    keys |= {task.key for task in product.process.tasks} if product else set()
    return _Here(
        statuses=statuses,
        tasks=tasks,
        closed=closed,
        phases=phases or tuple(text_of(item, "sleutel") for item in items_of(process, "fasen")),
        handler=next((text_of(r, "sleutel") for r in roles if text_of(r, "generiek") == "behandelaar"), "behandelaar"),
        outcomes=outcomes,
        keys=frozenset(keys),
    )


def _steps(case: ForeignCaseType, here: _Here) -> Iterator[StepFound]:
    known = words.steps()
    for status in case.statuses:
        meaning = known.meaning(status.name) or known.meaning(status.generic)
        if meaning in here.statuses:
            path, name = here.statuses[meaning]
            kind = Kind.SAME if _same(name, status.name) else Kind.WORDS
            yield StepFound(status.name, kind, path, name)
        elif meaning in here.tasks:
            path, name = here.tasks[meaning]
            yield StepFound(status.name, Kind.TASK, path, name)
        elif meaning in here.closed:
            yield StepFound(status.name, Kind.OPENING, here.closed[meaning])
        elif meaning in _HOUSEKEEPING or status.final or not re.search(r"[^\W\d_]{3}", status.name):
            yield StepFound(status.name, Kind.NOT_HERE)
        else:
            yield StepFound(status.name, Kind.EXTRA, f"proces.taken.{slug(status.name, here.keys)}")


def _opened(
    case: ForeignCaseType, opened: Sequence[str], slots: Sequence[str], product: Product | None
) -> Iterator[ProposedDeviation]:
    if slots and product is not None:
        every = ", ".join((*opened, *slots))
        yield ProposedDeviation("patroon.met", f"[{every}]", f"In {_quoted(case.name)} zit ook: {', '.join(slots)}.")


def _extra(case: ForeignCaseType, steps: Sequence[StepFound], here: _Here) -> Iterator[ProposedDeviation]:
    phase = "behandeling" if "behandeling" in here.phases else here.phases[min(1, len(here.phases) - 1)]
    terms = {status.name: span_of(status.term) for status in case.statuses}
    seen: set[str] = set()
    for step in steps:
        if step.kind is not Kind.EXTRA or step.path in seen:
            continue
        seen.add(step.path)
        parts = {
            "naam": as_yaml(step.name[:80]), "fase": phase, "rol": here.handler,
            "termijn": terms.get(step.name) or _EXTRA_TERM, "optioneel": "ja",
        }  # fmt: skip
        value = "{" + ", ".join(f"{key}: {text}" for key, text in parts.items()) + "}"
        yield ProposedDeviation(step.path, value, f"Deze stap stond in {_quoted(case.name)}.")


def _status_words(steps: Sequence[StepFound]) -> Iterator[ProposedDeviation]:
    seen: set[str] = set()
    for step in steps:
        if step.kind is Kind.WORDS and step.path not in seen:
            seen.add(step.path)
            yield ProposedDeviation(
                f"{step.path}.naam", as_yaml(step.name[:80]), f"Bij ons heet {_quoted(step.here)} zo."
            )


def _result_words(case: ForeignCaseType, here: _Here) -> Iterator[ProposedDeviation]:
    seen: set[str] = set()
    for result in case.results:
        path, name = _outcome(result.name, here) or ("", "")
        if path and path not in seen and not _same(name, result.name):
            seen.add(path)
            yield ProposedDeviation(f"{path}.naam", as_yaml(result.name[:30]), f"Bij ons heet {_quoted(name)} zo.")


def _outcome(name: str, here: _Here) -> tuple[str, str] | None:
    """The outcome that a result is: path and name. All words for giving what was asked are one outcome."""
    meaning = words.results().meaning(name)
    found = here.outcomes.get(meaning)
    if found is None and meaning in _GIVEN:
        found = next((here.outcomes[other] for other in _GIVEN if other in here.outcomes), None)
    return found


def _allowed(
    wanted: Sequence[ProposedDeviation], product: Product | None
) -> tuple[tuple[ProposedDeviation, ...], tuple[str, ...]]:
    """What may differ, and a sentence for each that national law fixes."""
    if product is None:
        return tuple(wanted), ()
    allowed, told = [], []
    for one in wanted:
        held = fixed_by(product.fixed, tuple(one.path.split(".")))
        if held is None:
            allowed.append(one)
        else:
            told.append(f"'{one.path}' ligt vast: {held.basis}. Uw eigen waarde ({one.value}) vervalt.")
    return tuple(allowed), tuple(told)


def _questions(one: Recognised, steps: Sequence[StepFound], product: Product | None, here: _Here) -> Iterator[str]:
    case = one.case
    if not one.sure:
        other = f" Het kan ook '{one.next_pattern}' zijn." if one.next_pattern else ""
        yield f"Is dit echt een proces als '{one.pattern}'?{other}"
    yield from _about_terms(case, product)
    extra = [step.name for step in steps if step.kind is Kind.EXTRA]
    if extra:
        yield (
            f"Is {_listed(extra)} echt een stap in de zaak, en hoe lang mag die duren? Anders kan de stap weg."
            if len(set(extra)) == 1
            else f"Zijn {_listed(extra)} echt stappen in de zaak, en hoe lang mogen die duren? Anders kunnen zij weg."
        )
    strange = [
        r.name for r in case.results if not _outcome(r.name, here) and words.results().meaning(r.name) != "afgehandeld"
    ]
    if strange:
        yield f"Bij welk resultaat van de selectielijst hoort {_listed(strange)}?"
    asked = _not_asked(case, product)
    if asked:
        yield f"Waarvoor legt u {_listed(asked)} vast? Het product vraagt er niet naar."
    if product is None:
        yield "Op welke wet of verordening rust dit? Zonder regels kan het product nog niet beslissen."


def _about_terms(case: ForeignCaseType, product: Product | None) -> Iterator[str]:
    days = days_of(case.term)
    if days is None or product is None:
        return
    legal = product.terms.decide
    own = days_of(legal.span.iso())
    if own is None or own == days:
        return
    basis = f" ({legal.basis})" if legal.basis else ""
    said = span_of(case.term)
    if days < own:
        yield f"U werkt met {said}, de termijn is {legal.span}{basis}. Wilt u {said} beloven als levertijd?"
    else:
        yield f"U werkt met {said}, maar de termijn is {legal.span}{basis}. Waarop rust de langere termijn?"


def _not_asked(case: ForeignCaseType, product: Product | None) -> list[str]:
    """Properties that neither the form nor a register of the product gives."""
    if product is None:
        return []
    known = {token for field in product.fields() for token in words.tokens_of(f"{field.key} {field.label}")}
    known |= {
        token for need in product.needs for token in words.tokens_of(f"{need.key.replace('.', ' ')} {need.label}")
    }
    return [p.name for p in case.properties if not set(words.tokens_of(f"{p.name} {p.definition}")) & known]


def slug(name: str, taken: frozenset[str]) -> str:
    """A key made of a name; `eigen_` before it when there is one already."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    parts = re.findall(r"[a-z0-9]+", bare)
    while parts and not parts[0][0].isalpha():
        parts = parts[1:]
    made = "_".join(parts)[:50].rstrip("_") or "stap"
    return f"eigen_{made}" if made in taken else made


def without_code(name: str) -> str:
    """A name without the code before it: `B0123 Kapvergunning` is `Kapvergunning`."""
    return re.sub(r"^[A-Za-z]{0,4}[-_. ]?[0-9][0-9.\-_]*[-_:. ]+", "", name) or name


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def as_yaml(text: str) -> str:
    """A text between double quotes, on one line."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    return f"'{text}'"


def _listed(names: Sequence[str]) -> str:
    shown = [_quoted(name) for name in dict.fromkeys(names)]
    if len(shown) > 8:
        shown = [*shown[:7], f"nog {len(shown) - 7}"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} en {shown[-1]}"
