"""Bijstand by hand in NumPy, for this one law and date: floats, nothing unknown, no reasons. The floor of the bench."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

ON = date(2026, 7, 1)
PIECE = 131_072
ALLEEN, PAAR = 1419.46, 2027.79
JONG = {"alleen": 350.42, "paar": 700.84, "gemengd": 1364.32, "paar_kinderen": 1106.40, "gemengd_kinderen": 1769.88}
PENSIOEN_ALLEEN, PENSIOEN_PAAR = 1587.34, 2176.10
JONGE_PARTNER_KINDEREN, JONGE_PARTNER = 755.98, 350.42
ZONDER_OUDERS = 762.24
INRICHTING, INRICHTING_PAAR = 449.44 + 47.00, 699.11 + 106.00
OPHOGING_KIND = 284.67

Column: TypeAlias = npt.NDArray[Any]


def _column(part: pl.DataFrame, name: str, fill: object = 0) -> Column:
    values = part[name].to_physical() if part[name].dtype in (pl.Date, pl.Enum) else part[name]
    found: Column = (values.fill_null(fill) if values.null_count() else values).to_numpy()
    return found


def _born_before(years: int) -> int:
    return int(np.datetime64(date(ON.year - years, ON.month, ON.day)).astype(np.int64))


def _word(part: pl.DataFrame, name: str, word: str) -> Column:
    kind = part.schema[name]
    assert isinstance(kind, pl.Enum)
    found: Column = _column(part, name) == kind.categories.to_list().index(word)
    return found


def _sharing(part: pl.DataFrame) -> Column:
    """Housemates that share the costs, per household."""
    lists = part["huisgenoten"]
    people = lists.explode(empty_as_null=False, keep_nulls=False).struct.unnest()
    counts = lists.list.len().to_numpy()
    if not people.height:
        return np.zeros(part.height)
    own_contract = _word(people, "contract", "met_u") & ~people["naaste_familie"].to_numpy()
    shares = (people["leeftijd"].to_numpy() >= 27) & ~people["volgt_onderwijs"].to_numpy()
    shares &= ~_word(people, "contract", "zelfde_verhuurder") & ~own_contract
    return np.bincount(np.repeat(np.arange(part.height), counts), weights=shares, minlength=part.height)


def _cents(amount: Column) -> Column:
    """Half up, to whole cents."""
    found: Column = np.floor(amount * 100 + 0.5 + 1e-6) / 100
    return found


def _freed(part: pl.DataFrame, kind: str, wage: str, months: str, age: Column, lone: Column | None) -> Column:
    """The part of a wage that does not count."""
    wages, run = _column(part, wage), _column(part, months)
    helps, no_more = _column(part, "vrijlating_draagt_bij"), _column(part, "uitbreiding_niet_mogelijk")
    six = _word(part, kind, "zes_maanden") & (age >= 27) & (run < 6) & helps
    freed = np.where(six, _cents(np.minimum(wages * 0.25, 285.00)), 0.0)
    if lone is not None:
        freed = np.where(lone & (age >= 27) & (run < 30) & helps, _cents(np.minimum(wages * 0.125, 177.66)), freed)
    fifteen = wages * 0.15
    freed = np.where(_word(part, kind, "medisch"), _cents(np.minimum(fifteen, 180.19)), freed)
    subsidy = _word(part, kind, "loonkostensubsidie") & ((run < 12) | no_more)
    return np.where(subsidy, _cents(np.minimum(fifteen, 180.19)), freed)


def _norm(part: pl.DataFrame, who: dict[str, Column]) -> tuple[Column, Column]:
    """The norm of each household, and the norm of a couple that both have a right."""
    jong, pensioen, paar = who["jong"], who["pensioen"], who["paar"]
    partner_jong, partner_pensioen, geen_recht = who["partner_jong"], who["partner_pensioen"], who["geen_recht"]
    kind, hier, partner_hier = who["kind"], who["in_inrichting"], who["partner_in_inrichting"]
    deelt = who["deelt"]
    volwassen_partner = paar & ~partner_jong
    personen = who["kostendelers"] + 1 + (volwassen_partner & ~hier & ~partner_hier)
    grondslag = np.where(pensioen | (paar & partner_pensioen), PENSIOEN_PAAR, PAAR)
    per_deler = _cents(grondslag * (40 + 30 * personen) / 100 / personen)
    beiden_jong, gemengd = jong & partner_jong, jong ^ partner_jong
    met_pensioen = ~beiden_jong & ~gemengd & (pensioen | partner_pensioen)
    gehuwd = np.where(deelt, 2 * per_deler, np.where(met_pensioen, PENSIOEN_PAAR, PAAR))
    gemengde_norm = np.where(
        deelt,
        np.where(kind, JONGE_PARTNER_KINDEREN, JONGE_PARTNER) + per_deler,
        np.where(kind, JONG["gemengd_kinderen"], JONG["gemengd"]),
    )
    gehuwd = np.where(gemengd, gemengde_norm, gehuwd)
    jonge_norm = np.where(kind, JONG["paar_kinderen"], JONG["paar"])
    gehuwd = np.where(beiden_jong, jonge_norm, gehuwd)
    alleen = np.where(jong, JONG["alleen"], np.where(deelt, per_deler, np.where(pensioen, PENSIOEN_ALLEEN, ALLEEN)))
    half = np.where(deelt, per_deler, np.where(pensioen, PENSIOEN_PAAR / 2, _cents(np.full(len(jong), PAAR / 2))))
    half = np.where(jong, _cents(jonge_norm / 2), half)
    thuis = np.where(paar, np.where(geen_recht, half, gehuwd), alleen)

    zonder_ouders = (jong | (paar & partner_jong & ~geen_recht)) & ~_column(part, "kan_beroep_op_ouders")
    hoogstens = np.where(paar, np.where(geen_recht, round(PAAR / 2 + 1e-9, 2), PAAR), ALLEEN)
    met_jong = jong | (paar & partner_jong)
    verhoging = np.where(zonder_ouders & met_jong, np.minimum(ZONDER_OUDERS, hoogstens - thuis), 0.0)
    ophoging = np.where(paar & geen_recht & kind & _column(part, "toeslagpartner"), OPHOGING_KIND, 0.0)

    thuis_jong = np.where(hier, paar & partner_jong, jong)
    thuis_pensioen = np.where(hier, paar & partner_pensioen, pensioen)
    gewoon = np.where(thuis_pensioen, PENSIOEN_ALLEEN, ALLEEN)
    een_thuis = INRICHTING + np.where(thuis_jong, JONG["alleen"], np.where(deelt, per_deler, gewoon))
    samen = np.where(hier & partner_hier, INRICHTING_PAAR, een_thuis)
    inrichting = np.where(paar, samen, INRICHTING)
    in_een = hier | (paar & partner_hier)
    return np.where(in_een, inrichting, thuis + verhoging + ophoging), gehuwd


def _who(part: pl.DataFrame) -> dict[str, Column]:
    born, partner_born = _column(part, "geboortedatum"), _column(part, "partner_geboortedatum", -100_000)
    paar = _word(part, "huishouden", "paar")
    pensioen, partner_pensioen = _column(part, "aow_leeftijd_bereikt"), _column(part, "partner_aow_leeftijd_bereikt")
    kostendelers = _sharing(part)
    return {
        "paar": paar,
        "pensioen": pensioen,
        "jong": ~pensioen & (born > _born_before(21)),
        "partner_pensioen": paar & partner_pensioen,
        "partner_jong": paar & ~partner_pensioen & (partner_born > _born_before(21)),
        "geen_recht": paar & (_column(part, "partner_zonder_recht") | (partner_born > _born_before(18))),
        "kind": _column(part, "kinderen_ten_laste"),
        "in_inrichting": _column(part, "in_inrichting"),
        "partner_in_inrichting": _column(part, "partner_in_inrichting"),
        "kostendelers": kostendelers,
        "deelt": (kostendelers > 0) & ~_column(part, "mantelzorg_elders"),
    }


def _income(part: pl.DataFrame, who: dict[str, Column], norm: Column, gehuwd: Column) -> Column:
    born, partner_born = _column(part, "geboortedatum"), _column(part, "partner_geboortedatum", -100_000)
    age = np.where(born <= _born_before(27), 27, 0)
    partner_age = np.where(partner_born <= _born_before(27), 27, 0)
    lone = _word(part, "vrijlating", "alleenstaande_ouder") & _word(part, "huishouden", "alleenstaande_ouder")
    lone &= _column(part, "jongste_kind", 99) < 12
    wage, partner_wage = _column(part, "loon"), _column(part, "partner_loon")
    volunteer = _column(part, "vrijwilligersvergoeding")
    counts = np.where(age < 27, volunteer, np.maximum(0, volunteer - 220.00))
    own = wage - _freed(part, "vrijlating", "loon", "maanden_vrijlating", age, lone)
    own = own + _column(part, "ander_inkomen") + counts
    free = _freed(part, "partner_vrijlating", "partner_loon", "partner_maanden_vrijlating", partner_age, None)
    other = partner_wage - free + _column(part, "partner_ander_inkomen")
    above = np.maximum(0, own + other + np.maximum(0, norm - own) - gehuwd)
    return own + np.where(who["paar"], np.where(who["geen_recht"], above, other), 0.0)


def _wealth(part: pl.DataFrame) -> Column:
    house, gifts = _column(part, "overwaarde_woning"), _column(part, "giften")
    wealth = _column(part, "bezittingen") - _column(part, "gespaard_tijdens_bijstand") - _column(part, "schulden")
    wealth = wealth + np.where(_column(part, "woning_te_gelde_maken"), np.maximum(0, house - 67_500), 0)
    return wealth + np.where(_column(part, "giften_verantwoord"), 0, np.maximum(0, gifts - 1_200))


def _piece(frame: pl.DataFrame, start: int) -> tuple[int, float]:
    part = frame.slice(start, PIECE)
    who = _who(part)
    born = _column(part, "geboortedatum")
    norm, gehuwd = _norm(part, who)
    income = _income(part, who, norm, gehuwd)
    grown = born <= _born_before(27)
    right = _column(part, "woont_in_gemeente") & ~_word(part, "verblijf", "anders") & (born <= _born_before(18))
    right &= ~who["pensioen"] & ~who["partner_pensioen"] & _word(part, "uitsluiting", "geen")
    right &= _column(part, "weken_buitenland") <= 4
    right &= ~who["in_inrichting"] | (born <= _born_before(21))
    lone = _word(part, "huishouden", "alleenstaande_ouder")
    right &= ~_column(part, "onbetaald_verlof") | (lone & _column(part, "ouderschapsverlof"))
    school = _column(part, "kan_onderwijs_volgen")
    follows = ~_column(part, "recht_op_studiefinanciering") & _column(part, "volgt_onderwijs")
    right &= grown | ~school | follows
    right &= grown | ~_column(part, "wil_verplichtingen_niet_nakomen")
    right &= ~_column(part, "voorliggende_voorziening")
    right &= income < norm - 1e-6
    limit = np.where(_word(part, "huishouden", "alleenstaande"), 8_000.0, 16_000.0)
    right &= _wealth(part) <= limit + 1e-6
    return int(right.sum()), float(np.where(right, norm - income, 0.0).sum())


def bijstand_by_hand(frame: pl.DataFrame) -> tuple[int, float]:
    """Households with a right to bijstand in Utrecht on 2026-07-01, and what they get together a month. Two threads.

    Utrecht lowers no norm in these data: where it would, this floor does not know.
    """
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda start: _piece(frame, start), range(0, frame.height, PIECE)))
    return sum(number for number, _ in found), sum(amount for _, amount in found)
