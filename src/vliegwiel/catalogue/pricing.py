"""What a product costs, from the law: the parts that everyone pays, and the extras for who wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vliegwiel.law import Decision, LawBook, NotInForce, decide
from vliegwiel.law.feel.values import Unknown
from vliegwiel.law.types import Money
from vliegwiel.registers.facts import Value

from .assess import law_inputs
from .conditions import verdict
from .lawbook import law_book
from .model import Fee, FeePart, Resolved, by_key
from .typing_in import amount_text

PER = {"maand": "per maand", "kwartaal": "per kwartaal", "halfjaar": "per half jaar", "jaar": "per jaar"}


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A part of the price. `amount` in euros, None when the law cannot tell it yet or nobody settled it.

    per: the period of the amount ("" for a sum). extra: only for who wants or needs it; not in the total. verified: whether
    what the amount rests on was verified. article: where it stands.
    """

    key: str
    name: str
    amount: Decimal | None
    per: str
    extra: bool
    goes_to: str
    verified: bool
    article: str

    @property
    def text(self) -> str:
        """`€ 53,65`, `€ 89,80 per jaar`, or that it is not known."""
        if self.amount is None:
            return "niet bekend"
        return f"{amount_text(self.amount)} {PER[self.per]}" if self.per in PER else amount_text(self.amount)


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """The price. `total` is None when a part of it is not known. `missing`: what would have to be known first."""

    lines: tuple[FeeLine, ...]
    total: Decimal | None
    per: str
    rhythm: str
    verified: bool
    basis: str
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The total in words; "gratis" when nothing has to be paid."""
        if not self.lines:
            return "gratis"
        if self.total is None:
            return "hangt af van uw situatie" if self.missing else "niet bekend"
        return f"{amount_text(self.total)} {PER[self.per]}" if self.per in PER else amount_text(self.total)


FREE = FeeQuote((), Decimal(0), "", "eenmalig", True, "")


def fee(resolved: Resolved, on: date, known: Mapping[str, Value] | None = None) -> FeeQuote:
    """What it costs on a date, as far as what is known tells. Without `known`: what anyone pays.

    On a date on which the law is not known to hold the price is not known either. Raises what else `law.decide` raises.
    """
    if resolved.fee is None:
        return FREE
    try:
        if known is None:
            return _plain_fee(resolved, resolved.fee, on)
        return _fee(resolved, resolved.fee, on, known)
    except NotInForce:
        parts = (FeeLine(p.key, p.name, None, "", p.when is not None, p.goes_to, False, "") for p in resolved.fee.parts)
        return FeeQuote(tuple(parts), None, "", resolved.fee.rhythm, False, str(resolved.fee.basis))


_plain: dict[tuple[str, date], tuple[LawBook, FeeQuote]] = {}
_MOST_KEPT = 512


def _plain_fee(resolved: Resolved, fee_: Fee, on: date) -> FeeQuote:
    """The price without any facts is the same for everyone: kept as long as the law stays what it was."""
    book = law_book()
    kept = _plain.get((resolved.hash, on))
    if kept is not None and kept[0] is book:
        return kept[1]
    quote = _fee(resolved, fee_, on, {"gemeente": resolved.municipality, "vandaag": on})
    if len(_plain) >= _MOST_KEPT:
        _plain.clear()
    _plain[(resolved.hash, on)] = (book, quote)
    return quote


def _fee(resolved: Resolved, fee_: Fee, on: date, known: Mapping[str, Value]) -> FeeQuote:
    inputs, absent = law_inputs(resolved, known, on, {})
    rules = [by_key(resolved.law.rules, part.rule).rule for part in fee_.parts]
    decision = decide(law_book(), resolved.law.law, rules, inputs, on=on, gemeente=resolved.municipality)
    lines = []
    for part in fee_.parts:
        wanted = verdict(part.when, known)
        if wanted is False:
            continue
        lines.append(_line(resolved, part, decision, extra=isinstance(wanted, Unknown)))
    counted = [line for line in lines if not line.extra]
    amounts = [line.amount for line in counted if line.amount is not None]
    complete = len(amounts) == len(counted)
    missing = {
        name
        for part in fee_.parts
        for law_name in decision.outcomes[by_key(resolved.law.rules, part.rule).rule].missing
        for name in absent.get(law_name, (law_name,))
    }
    return FeeQuote(
        lines=tuple(lines),
        total=sum(amounts, Decimal(0)) if complete else None,
        per=counted[0].per if counted else "",
        rhythm=fee_.rhythm,
        verified=all(line.verified for line in counted),
        basis=str(fee_.basis),
        missing=() if complete else tuple(sorted(missing)),
    )


def _line(resolved: Resolved, part: FeePart, decision: Decision, *, extra: bool) -> FeeLine:
    outcome = decision.outcomes[by_key(resolved.law.rules, part.rule).rule]
    value = outcome.value if outcome.known else None
    per = outcome.type.per if isinstance(outcome.type, Money) and outcome.type.per else ""
    return FeeLine(
        key=part.key,
        name=part.name,
        amount=value if isinstance(value, Decimal) else None,
        per=per,
        extra=extra,
        goes_to=part.goes_to,
        verified=outcome.verified,
        article=f"{outcome.ground.law_name}, artikel {outcome.ground.article}",
    )
