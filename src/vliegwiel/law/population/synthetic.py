"""A made-up population to try rules on: households with people, ages, income, wealth and costs that hang together.

Nobody in it exists and no figure of it is a fact about any municipality: shares and amounts are assumptions, listed in
`ASSUMPTIONS`. The code of the municipality only picks other dice. The same code, number, seed and date give the same rows.
The columns are the data and judgements of bijstand, individuele inkomenstoeslag and kwijtschelding.
"""

from __future__ import annotations

from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from vliegwiel.law.population.cells import NOTHING
from vliegwiel.law.population.columns import EPOCH
from vliegwiel.law.population.errors import WrongData

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Whole: TypeAlias = npt.NDArray[np.int64]

MOST_HOUSEHOLDS: Final = 20_000_000

ASSUMPTIONS: Final = (
    "Aanname: leeftijd van de aanvrager 18 tot 95 jaar, het vaakst tussen 30 en 65.",
    "Aanname: 40 procent alleenstaand (jong en oud vaker), 8 procent alleenstaande ouder, de rest paar.",
    "Aanname: kinderen vooral bij ouders van 25 tot 55 jaar, een tot vier per gezin.",
    "Aanname: de pensioenleeftijd is voor iedereen 67 jaar.",
    "Aanname: 12 procent heeft een tot drie andere huisgenoten, meestal volwassen familie.",
    "Aanname: 78 procent van de mensen onder de pensioenleeftijd werkt; loon scheef verdeeld rond 2.150 euro netto per maand.",
    "Aanname: wie niet werkt heeft niets of een uitkering van 600 tot 1.900 euro; wie pensioen heeft krijgt 1.400 euro of meer.",
    "Aanname: vermogen groeit met leeftijd en inkomen en is scheef verdeeld; 30 procent heeft schulden.",
    "Aanname: 55 procent heeft een koopwoning, vaker bij een hoger inkomen.",
    "Aanname: huur en woonlasten 450 tot 1.100 euro per maand, hoger bij een hoger inkomen.",
    "Aanname: wie nu een laag inkomen heeft, had dat vaak al lang (0 tot 120 maanden).",
    "Aanname: bijzondere situaties (instelling, detentie, onderneming, faillissement) komen bij 1 tot 4 procent voor.",
    "Aanname: oordelen van een medewerker vallen uit zoals meestal: geen andere regeling, geen weigering, giften verantwoord.",
    "Aanname: voor kwijtschelding tellen Utrecht en Rotterdam 100 procent van de norm, Zuidplas geen extra geld (niet gelezen).",
    "Aanname: het netto minimumloon is 2.150 euro per maand (alleen om mee te rekenen; kijk het bedrag na).",
)

_SHARES: Final[dict[str, float]] = {
    "woont_in_gemeente": 0.995,
    "partner_zonder_recht": 0.0,
    "mantelzorg_elders": 0.005,
    "in_inrichting": 0.01,
    "zonder_woonkosten": 0.02,
    "onbetaald_verlof": 0.004,
    "ouderschapsverlof": 0.002,
    "doelgroep_loonkostensubsidie": 0.02,
    "speciaal_onderwijs": 0.003,
    "medisch_urenbeperkt": 0.03,
    "schuld_van_voor_samenwonen": 0.01,
    "auto_onmisbaar": 0.05,
    "aangifte_ontbreekt": 0.02,
    "failliet_of_surseance": 0.005,
    "schuldsanering": 0.02,
    "voorlopige_aanslag": 0.05,
    "ondernemer": 0.04,
    "uitzicht_op_inkomen": 0.08,
    "voorliggende_voorziening": 0.02,
    "wil_verplichtingen_niet_nakomen": 0.0,
    "vrijlating_draagt_bij": 0.9,
    "uitbreiding_niet_mogelijk": 0.1,
    "giften_verantwoord": 0.9,
    "woning_te_gelde_maken": 0.3,
    "eerder_in_behandeling": 0.05,
    "eerdere_ingang_nodig": 0.01,
    "andere_uitgaven_nodig": 0.5,
    "betaalt_later_wel": 0.02,
    "eigen_schuld": 0.01,
}
_ZERO: Final = (
    "vrijwilligersvergoeding", "werkpremie", "gespaard_tijdens_bijstand", "woonlasten_zonder_toeslag",
    "betaling_belastingschulden", "aflossing_belastinglening", "kosten_kostgangers", "andere_uitgaven",
    "bevoorrechte_schulden", "prijs_verzorging", "extra_geld_zuidplas",
)  # fmt: skip


def generate(gemeente: str, households: int, seed: int = 1, on: date = date(2026, 7, 1)) -> pl.DataFrame:
    """So many households on a date, one a row. Raises `WrongData` for a number that is out of range."""
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise WrongData(f"Het aantal huishoudens is 1 tot en met {MOST_HOUSEHOLDS}.")
    dice = np.random.default_rng([seed, households, *gemeente.encode()])
    return _Town(dice, households, gemeente, on).frame()


class _Town:
    def __init__(self, dice: np.random.Generator, size: int, gemeente: str, on: date) -> None:
        self.dice = dice
        self.size = size
        self.gemeente = gemeente
        self.on = on.toordinal() - EPOCH
        self.columns: dict[str, pl.Series] = {}

    def frame(self) -> pl.DataFrame:
        """All columns."""
        self.put("huishouden_nummer", pl.Series(np.arange(1, self.size + 1)))
        self.put("gemeente", pl.Series([self.gemeente]).cast(pl.Enum([self.gemeente])).new_from_index(0, self.size))
        ages, form = self.people()
        children = self.children(ages, form)
        mates = self.housemates()
        income, working = self.incomes(ages, form)
        self.wealth(ages, income)
        self.costs(income, children)
        self.history(income, ages, working)
        self.rest(ages, form)
        self.put("huisgenoten", mates)
        return pl.DataFrame(list(self.columns.values()))

    # --- dice --------------------------------------------------------------------------------------------------------

    def put(self, name: str, values: pl.Series) -> None:
        self.columns[name] = values.alias(name)

    def flags(self, name: str, values: Flags) -> None:
        self.put(name, pl.Series(values))

    def money(self, name: str, values: Floats) -> None:
        self.put(name, pl.Series(np.round(np.maximum(values, 0), 2)))

    def chance(self, share: float | Floats) -> Flags:
        return self.dice.random(self.size, dtype=np.float32) < share

    def scattered(self, middle: Floats | float, spread: float) -> Floats:
        """Skewed around a middle."""
        found: Floats = middle * np.exp(spread * self.dice.standard_normal(self.size, dtype=np.float32)).astype(
            np.float64
        )
        return found

    def choice(self, name: str, options: tuple[str, ...], shares: tuple[float, ...]) -> None:
        codes = np.searchsorted(np.cumsum(shares)[:-1], self.dice.random(self.size, dtype=np.float32), side="right")
        self.words(name, options, codes)

    def words(self, name: str, options: tuple[str, ...], codes: Whole) -> None:
        self.put(name, pl.Series(codes.astype(np.uint8)).cat.to(pl.Enum(list(options))))

    # --- people ------------------------------------------------------------------------------------------------------

    def people(self) -> tuple[Whole, Whole]:
        """Ages in years, and the form of the household (0 alone, 1 single parent, 2 couple)."""
        ages = np.clip(18 + self.dice.beta(1.6, 1.9, self.size) * 77, 18, 95).astype(np.int64)
        born = self.on - (ages * 365.25).astype(np.int64) - self.dice.integers(0, 365, self.size)
        self.put("geboortedatum", pl.Series(born.astype(np.int32)).cast(pl.Date))
        pensioned = ages >= 67
        self.flags("aow_leeftijd_bereikt", pensioned)
        alone = np.where((ages < 30) | (ages > 75), 0.55, 0.34)
        parent = np.where((ages >= 22) & (ages < 60), 0.12, 0.01)
        lot = self.dice.random(self.size)
        form = np.where(lot < alone, 0, np.where(lot < alone + parent, 1, 2))
        self.words("huishouden", ("alleenstaande", "alleenstaande_ouder", "paar"), form)
        couple = form == 2
        partner = np.clip(ages + self.dice.normal(0, 3, self.size).astype(np.int64), 18, 95)
        partner_born = self.on - (partner * 365.25).astype(np.int64) - self.dice.integers(0, 365, self.size)
        self.dated("partner_geboortedatum", partner_born, couple)
        self.flags("partner_aow_leeftijd_bereikt", couple & (partner >= 67))
        self.flags("toeslagpartner", couple)
        self.flags("partner_in_inrichting", couple & self.chance(0.005))
        return ages, form

    def dated(self, name: str, days: Whole, there: Flags) -> None:
        """A date, or known to be nothing."""
        dates = pl.Series(name, days.astype(np.int32)).cast(pl.Date)
        self.put(name, dates.set(pl.Series(~there), None))
        self.put(name + NOTHING, pl.Series(~there))

    def children(self, ages: Whole, form: Whole) -> Whole:
        """How many children under 18."""
        fit = np.where(form == 1, 1.0, np.where((form == 2) & (ages >= 25) & (ages < 55), 0.6, 0.0))
        there = self.chance(fit)
        number = np.where(there, 1 + np.minimum(self.dice.poisson(0.8, self.size), 3), 0)
        youngest = self.dice.integers(0, 18, self.size)
        oldest = np.minimum(youngest + self.dice.integers(0, 8, self.size) * (number > 1), 17)
        self.flags("kinderen_ten_laste", there)
        for name, values in (("jongste_kind", youngest), ("leeftijd_oudste_kind", oldest)):
            self.put(name, pl.Series(values.astype(np.int16)).set(pl.Series(~there), None))
            self.put(name + NOTHING, pl.Series(~there))
        self.put("aantal_kinderen", pl.Series(number.astype(np.int8)))
        return number

    def housemates(self) -> pl.Series:
        """Others in the house: a list of groups."""
        count = np.where(self.chance(0.12), 1 + np.minimum(self.dice.poisson(0.4, self.size), 2), 0)
        total = int(count.sum())
        ages = np.clip(16 + self.dice.gamma(2.0, 10.0, total), 16, 90).astype(np.int16)
        family = self.dice.random(total) < 0.8
        contract = np.where(family, 0, self.dice.integers(0, 3, total)).astype(np.uint8)
        items = pl.DataFrame(
            {
                "rij": np.repeat(np.arange(self.size, dtype=np.int64), count),
                "leeftijd": ages,
                "volgt_onderwijs": (ages < 30) & (self.dice.random(total) < 0.4),
                "contract": pl.Series(contract).cat.to(pl.Enum(["geen", "met_u", "zelfde_verhuurder"])),
                "naaste_familie": family,
            }
        )
        fields = pl.struct("leeftijd", "volgt_onderwijs", "contract", "naaste_familie")
        lists = items.select("rij", fields.alias("huisgenoten")).group_by("rij", maintain_order=True).all()
        every = pl.DataFrame({"rij": np.arange(self.size, dtype=np.int64)})
        joined = every.join(lists, on="rij", how="left", maintain_order="left")["huisgenoten"]
        return joined.fill_null([])

    # --- money -------------------------------------------------------------------------------------------------------

    def incomes(self, ages: Whole, form: Whole) -> tuple[Floats, Flags]:
        """The income of the household a month, and who works."""
        pensioned, couple = ages >= 67, form == 2
        working = ~pensioned & self.chance(np.where(form == 1, 0.64, 0.8))
        wage = np.where(working, self.scattered(2150.0, 0.45), 0.0)
        benefit = np.where(self.chance(0.75), 600 + 1300 * self.dice.random(self.size), 0.0)
        other = np.where(pensioned, 1400 + self.scattered(350.0, 0.9), np.where(working, 0.0, benefit))
        partner_works = couple & ~pensioned & self.chance(0.62)
        partner_wage = np.where(partner_works, self.scattered(1850.0, 0.5), 0.0)
        partner_other = np.where(
            couple & ~partner_works & self.chance(0.3), 300 + 900 * self.dice.random(self.size), 0.0
        )
        for name, values in (
            ("loon", wage), ("ander_inkomen", other), ("partner_loon", partner_wage), ("partner_ander_inkomen", partner_other),
            ("inkomen", wage + other + partner_wage + partner_other),
            ("verwacht_inkomen", wage + other), ("partner_verwacht_inkomen", partner_wage + partner_other),
            ("netto_aow", np.where(pensioned, 1450.0, 0.0)),
            ("alimentatie_betaald", np.where(self.chance(0.02), 250.0, 0.0)),
        ):  # fmt: skip
            self.money(name, values)
        return wage + other + partner_wage + partner_other, working

    def wealth(self, ages: Whole, income: Floats) -> None:
        """What they own and owe."""
        owns = self.chance(np.clip(0.15 + income / 6500, 0, 0.85))
        assets = self.scattered(400 + 0.6 * income * np.maximum(ages - 18, 1) / 10, 1.3)
        debts = np.where(self.chance(0.3), self.scattered(3500.0, 1.0), 0.0)
        self.money("bezittingen", assets)
        self.money("schulden", debts)
        self.put("vermogen", pl.Series(np.round(assets - debts, 2)))
        self.money("overwaarde_woning", np.where(owns, self.scattered(95_000.0, 0.7), 0.0))
        self.flags("koopwoning", owns)
        self.money("geld", assets * 0.8)
        self.money("ander_bezit", np.where(self.chance(0.05), assets * 0.2, 0.0))
        self.money("waarde_auto", np.where(self.chance(0.5), self.scattered(3000.0, 0.8), 0.0))
        self.money("giften", np.where(self.chance(0.1), self.scattered(400.0, 0.8), 0.0))

    def costs(self, income: Floats, children: Whole) -> None:
        """What they pay."""
        self.money("woonlasten", np.clip(self.scattered(450 + 0.12 * income, 0.2), 250, 1400))
        self.money("zorgpremie", self.scattered(160.0, 0.05))
        self.money("zorgtoeslag", np.where(income < 3200, np.clip(131 - income / 40, 0, 131), 0.0))
        self.money("kinderopvang", np.where((children > 0) & self.chance(0.2), self.scattered(150.0, 0.6), 0.0))
        most: Floats = 190.0 * children.astype(np.float64)
        self.money("hoogste_kindgebonden_budget", most)
        self.money("kindgebonden_budget", np.where(income < 4000, most, most * 0.4))
        self.money("openstaand", np.round(self.scattered(420.0, 0.35), 2))
        for name in ("norm_procent_utrecht", "norm_procent_rotterdam"):
            self.put(name, pl.Series([100], dtype=pl.Int8).new_from_index(0, self.size))
        for name in _ZERO:
            self.put(name, pl.Series([0.0]).new_from_index(0, self.size))
        self.put("netto_minimumloon", pl.Series([2150.0]).new_from_index(0, self.size))

    # --- the rest ----------------------------------------------------------------------------------------------------

    def history(self, income: Floats, ages: Whole, working: Flags) -> None:
        """What happened before."""
        low = income < 1900
        months = np.where(low, self.dice.integers(0, 121, self.size), 0)
        self.put("maanden_laag_inkomen", pl.Series(months.astype(np.int16)))
        before = low & (months >= 36) & self.chance(0.3)
        self.dated("laatste_toeslag", self.on - self.dice.integers(30, 900, self.size), before)
        self.flags("studeert", (ages < 30) & self.chance(0.3))
        left = (ages < 28) & self.chance(0.1)
        self.dated("school_verlaten_op", self.on - self.dice.integers(1, 180, self.size), left)
        asked = self.on - self.dice.integers(0, 60, self.size)
        self.put("meldingsdatum", pl.Series(asked.astype(np.int32)).cast(pl.Date))
        since = asked - self.dice.integers(0, 90, self.size)
        self.put("recht_ontstaan_op", pl.Series(since.astype(np.int32)).cast(pl.Date))
        self.dated("betaald_op", asked, self.chance(0.05))
        self.put("verzoek_op", pl.Series(asked.astype(np.int32)).cast(pl.Date))
        self.put(
            "weken_buitenland",
            pl.Series(np.where(self.chance(0.2), self.dice.integers(0, 8, self.size), 0).astype(np.int8)),
        )
        self.put(
            "maanden_vrijlating", pl.Series(np.where(working, self.dice.integers(0, 9, self.size), 0).astype(np.int8))
        )
        self.put("partner_maanden_vrijlating", pl.Series(np.zeros(self.size, dtype=np.int8)))

    def rest(self, ages: Whole, form: Whole) -> None:
        """Situations and judgements."""
        for name, share in _SHARES.items():
            if share == 0.0:
                self.put(name, pl.Series([False]).new_from_index(0, self.size))
            else:
                self.flags(name, self.chance(share))
        young = ages < 27
        self.flags("kan_onderwijs_volgen", young & self.chance(0.4))
        self.flags("recht_op_studiefinanciering", young & self.chance(0.35))
        self.flags("volgt_onderwijs", young & self.chance(0.3))
        self.flags("kan_beroep_op_ouders", (ages < 21) & self.chance(0.7))
        self.flags("hoort_bij_bedrijf", self.chance(0.005))
        self.put("personen_65_in_1999", pl.Series(np.zeros(self.size, dtype=np.int8)))
        self.choice("verblijf", ("nederlander", "gelijkgesteld", "anders"), (0.9, 0.085, 0.015))
        self.choice("vrijlating", _RELEASES, (0.9, 0.06, 0.015, 0.015, 0.01))
        self.choice("partner_vrijlating", (_RELEASES[0], _RELEASES[1], *_RELEASES[3:]), (0.95, 0.03, 0.01, 0.01))
        self.choice("belasting", _TAXES, (0.6, 0.2, 0.15, 0.04, 0.01))
        self.choice("uitsluiting", _EXCLUSIONS, (0.985, 0.005, 0.002, 0.0, 0.001, 0.006, 0.001))


_RELEASES: Final = ("geen", "zes_maanden", "alleenstaande_ouder", "medisch", "loonkostensubsidie")
_TAXES: Final = (
    "afvalstoffenheffing", "rioolheffing", "onroerendezaakbelasting", "hondenbelasting_eerste", "hondenbelasting_tweede",
)  # fmt: skip
_EXCLUSIONS: Final = (
    "geen", "gedetineerd", "voortvluchtig", "dienstplicht", "staking", "schulden", "uitreiziger",
)  # fmt: skip
