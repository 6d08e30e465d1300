"""`gather`: all that is needed about one person, from all registers, asking each only what is needed.

The BRP and the RDW are asked at the same time; the BAG after the BRP, which knows the home. A register that is down makes
its data wait and never stops the rest. Nothing is written here: what was looked at is in the answer, for the log.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, InvalidParam

from .answered import Answered
from .brpdata import Persoon
from .cache import Answer, Key
from .configured import Registers, registers
from .driving import LICENCE_READERS, VEHICLE_READERS
from .errors import PersonNotFound, PersonNotUnique, RegisterRefused, RegisterUnavailable
from .facts import Datum, Gathered, LookedAt, Missing, Register, Why
from .found import Found
from .homes import READERS as HOME_READERS
from .homes import HomeAnswered
from .needs import Need, find_needs
from .persons import READERS as PERSON_READERS
from .rdw import plate_from
from .residence import home_of

T = TypeVar("T")
_HOME_FIELD = "verblijfplaats.adresseerbaarObjectIdentificatie"
_GEMEENTE = re.compile(r"GM[0-9]{4}")


@dataclass(slots=True)
class _Part:
    """What one register gave, while it is being gathered."""

    data: dict[str, Datum] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    not_found: list[Register] = field(default_factory=list)
    looked_at: list[LookedAt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who is asked about, for what and for whom."""

    bsn: str = field(repr=False)
    purpose: str
    gemeente: str
    registers: Registers

    def remembered(self, operation: str, subject: str, fields: Iterable[str], ask: Callable[[], T]) -> Answer[T]:
        """The answer from memory when exactly this was asked before for this purpose, else from the register."""
        key = Key(self.gemeente, self.purpose, operation, subject, frozenset(fields))
        cache = self.registers.cache_for(operation)
        held = cache.get(key)
        if held is not None:
            return held
        answer = Answer(ask(), now())
        cache.put(key, answer)
        return answer


def gather(
    needs: Iterable[str],
    bsn: str,
    purpose: str,
    gemeente: str,
    *,
    kenteken: str | None = None,
    registers_: Registers | None = None,
) -> Gathered:
    """What the registers say about the person with `bsn`, for each name in `needs` (see `gegevens.yaml`).

    purpose: why (a sentence or key; it goes along to the register and parts the memory). gemeente: GM code of the
    municipality that asks. kenteken: the plate the person gave, for `voertuig.*`; as people write it.
    Raises `Invalid` for an unknown name, a bsn that is none, or a malformed plate; never because of a register.
    """
    wanted = find_needs(needs)
    _check(bsn, purpose, gemeente)
    asker = _Asker(bsn, purpose, gemeente, registers_ or registers())
    of_brp = [need for need in wanted if need.register is Register.BRP]
    of_bag = [need for need in wanted if need.register is Register.BAG]
    of_licence = [need for need in wanted if need.register is Register.RDW and not need.of_vehicle]
    of_vehicle = [need for need in wanted if need.of_vehicle]
    plate = _plate(kenteken) if of_vehicle and kenteken else None
    work: list[Callable[[], _Part]] = []
    if of_brp or of_bag:
        work.append(lambda: _persons_and_homes(asker, of_brp, of_bag))
    if of_licence:
        work.append(lambda: _licence(asker, of_licence))
    if of_vehicle:
        work.append(lambda: _vehicle(asker, of_vehicle, plate))
    return _together(wanted, _at_once(asker.registers.executor, work))


def _check(bsn: str, purpose: str, gemeente: str) -> None:
    if not is_bsn(bsn):
        raise Invalid("Dit is geen burgerservicenummer.", invalid=[InvalidParam("bsn", "bsn", "Vul 9 cijfers in.")])
    if not purpose.strip():
        raise ValueError("registers are never asked without a purpose")
    if not _GEMEENTE.fullmatch(gemeente):
        raise ValueError(f"not a municipality code: {gemeente!r}")


def _plate(text: str) -> str:
    plate = plate_from(text)
    if plate is None:
        hint = InvalidParam("kenteken", "kenteken", "Vul 6 letters en cijfers in, zoals 12-ABC-3.")
        raise Invalid("Dit is geen kenteken.", invalid=[hint])
    return plate


def _at_once(executor: ThreadPoolExecutor, work: Sequence[Callable[[], _Part]]) -> list[_Part]:
    """Do the pieces at the same time; the first here, so that one piece needs no thread."""
    if not work:
        return []
    # The clock may stand still in a test: the threads must see the same one.
    others = [executor.submit(contextvars.copy_context().run, piece) for piece in work[1:]]
    return [work[0](), *(other.result() for other in others)]


def _together(wanted: Sequence[Need], parts: Sequence[_Part]) -> Gathered:
    data = {name: datum for part in parts for name, datum in part.data.items()}
    return Gathered(
        data=MappingProxyType({need.name: data[need.name] for need in wanted if need.name in data}),
        missing=tuple(missing for part in parts for missing in part.missing),
        not_found=tuple(dict.fromkeys(register for part in parts for register in part.not_found)),
        looked_at=tuple(look for part in parts for look in part.looked_at),
    )


# -- BRP and BAG -------------------------------------------------------------------------------------------------------


def _persons_and_homes(asker: _Asker, of_brp: Sequence[Need], of_bag: Sequence[Need]) -> _Part:
    part = _Part()
    fields = {field for need in of_brp for field in need.asks}
    resident_fields = {field for need in of_brp for field in need.asks_residents}
    if of_bag or resident_fields:
        fields.add(_HOME_FIELD)
    if resident_fields or not fields:
        # Whose list it is must be known to leave the person out of the people at the address; and something must be asked.
        fields.add("burgerservicenummer")
    with _Trouble(part, Register.BRP, [*of_brp, *of_bag]) as trouble:
        brp = asker.registers.brp
        person = asker.remembered(
            "brp.persoon", asker.bsn, fields, lambda: brp.person(asker.bsn, fields, asker.purpose)
        )
        home = home_of(person.value)
        residents = _residents(asker, part, home, resident_fields) if resident_fields else None
        part.looked_at.append(_looked(Register.BRP, (asker.bsn, *_named(person.value)), fields, person))
        _take(part, of_brp, asker, person.at, lambda need: PERSON_READERS[need.name](Answered(person.value, residents)))
    if of_bag and not trouble.happened:
        _home(asker, part, home, of_bag)
    return part


def _residents(asker: _Asker, part: _Part, home: str, fields: set[str]) -> tuple[Persoon, ...] | None:
    if not home:
        # Abroad or at a place without an address: the BRP cannot say who else is there.
        return None
    asked = fields | {"burgerservicenummer"}
    brp = asker.registers.brp
    answer = asker.remembered("brp.bewoners", home, asked, lambda: brp.residents(home, asked, asker.purpose))
    seen = tuple(p.burgerservicenummer for p in answer.value or () if p.burgerservicenummer)
    part.looked_at.append(_looked(Register.BRP, seen, asked, answer))
    return answer.value


def _named(person: Persoon) -> tuple[str, ...]:
    """The relatives whose data an answer about somebody else shows."""
    partners = (partner.burgerservicenummer for partner in person.partners)
    relatives = (relative.burgerservicenummer for relative in (*person.kinderen, *person.ouders))
    return tuple(bsn for bsn in (*partners, *relatives) if bsn)


def _home(asker: _Asker, part: _Part, home: str, of_bag: Sequence[Need]) -> None:
    if not home:
        part.not_found.append(Register.BAG)
        return
    wants_since = any("levenscyclus" in need.asks for need in of_bag)
    asks = {field for need in of_bag for field in need.asks}
    with _Trouble(part, Register.BAG, of_bag):
        bag = asker.registers.bag

        def ask() -> HomeAnswered | None:
            found = bag.home(home, asker.purpose)
            return HomeAnswered(found, bag.since(home, asker.purpose) if wants_since else None) if found else None

        answer = asker.remembered("bag.woning", home, asks, ask)
        part.looked_at.append(_looked(Register.BAG, (asker.bsn,), asks, answer))
        said = answer.value
        if said is None:
            part.not_found.append(Register.BAG)
        else:
            _take(part, of_bag, asker, answer.at, lambda need: HOME_READERS[need.name](said))


# -- RDW ---------------------------------------------------------------------------------------------------------------


def _licence(asker: _Asker, wanted: Sequence[Need]) -> _Part:
    part = _Part()
    fields = {field for need in wanted for field in need.asks}
    with _Trouble(part, Register.RDW, wanted):
        rdw = asker.registers.rdw
        answer = asker.remembered(
            "rdw.rijbewijs", asker.bsn, fields, lambda: rdw.licence(asker.bsn, fields, asker.purpose)
        )
        part.looked_at.append(_looked(Register.RDW, (asker.bsn,), fields, answer))
        _take(part, wanted, asker, answer.at, lambda need: LICENCE_READERS[need.name](answer.value))
    return part


def _vehicle(asker: _Asker, wanted: Sequence[Need], plate: str | None) -> _Part:
    part = _Part()
    if plate is None:
        part.missing.append(Missing(Register.RDW, Why.NO_INPUT, tuple(need.name for need in wanted), retry_after=0))
        return part
    fields = {field for need in wanted for field in need.asks}
    with _Trouble(part, Register.RDW, wanted):
        rdw = asker.registers.rdw
        answer = asker.remembered(
            "rdw.voertuig", f"{asker.bsn} {plate}", fields, lambda: rdw.vehicle(plate, asker.bsn, fields, asker.purpose)
        )
        part.looked_at.append(_looked(Register.RDW, (asker.bsn,), fields, answer))
        _take(part, wanted, asker, answer.at, lambda need: VEHICLE_READERS[need.name](answer.value))
    return part


# -- shared ------------------------------------------------------------------------------------------------------------


class _Trouble:
    """Within the block a register may fail: then its data are noted as missing, and the rest goes on."""

    def __init__(self, part: _Part, register: Register, needs: Sequence[Need]) -> None:
        self._part = part
        self._register = register
        self._names = tuple(need.name for need in needs)
        self.happened = False

    def __enter__(self) -> _Trouble:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, trace: object) -> bool:
        self.happened = wrong is not None
        match wrong:
            case RegisterUnavailable(retry_after=seconds):
                self._miss(Why.DOWN, seconds)
            case RegisterRefused():
                self._miss(Why.REFUSED, 3600)
            case PersonNotUnique():
                self._miss(Why.NOT_UNIQUE, 0)
            case PersonNotFound():
                self._part.not_found.append(self._register)
            case _:
                return False
        return True

    def _miss(self, why: Why, retry_after: int) -> None:
        self._part.missing.append(Missing(self._register, why, self._names, retry_after))


def _looked(register: Register, subjects: Iterable[str], fields: Iterable[str], answer: Answer[T]) -> LookedAt:
    return LookedAt(register, tuple(dict.fromkeys(subjects)), tuple(sorted(fields)), now(), answer.from_cache)


def _take(part: _Part, wanted: Iterable[Need], asker: _Asker, at: datetime, read: Callable[[Need], Found]) -> None:
    for need in wanted:
        found = read(need)
        part.data[need.name] = Datum(
            name=need.name,
            label=need.label,
            value=found.value,
            register=need.register,
            path=found.path,
            fetched_at=at,
            purpose=asker.purpose,
            known=found.known,
            in_onderzoek=found.doubt,
            partial=found.partial,
        )


def readable() -> Mapping[str, object]:
    """Every name that can be read, with its reader; the list of `gegevens.yaml` must hold exactly these."""
    return {**PERSON_READERS, **HOME_READERS, **LICENCE_READERS, **VEHICLE_READERS}
