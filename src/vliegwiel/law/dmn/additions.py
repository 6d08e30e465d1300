"""What law files have and FEEL lacks, written in standard FEEL: knowledge models that go along with an exported law.

Each gives what the built-in function of the same name gives (`vliegwiel.law.feel.builtins.statute` and `.workdays`); a test
holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vliegwiel.law.feel import tree
from vliegwiel.law.termijnen import EQUATED


@dataclass(frozen=True, slots=True)
class Addition:
    """A function in FEEL. `parameters` are (name, type); `needs` are the other additions its body calls."""

    parameters: tuple[tuple[str, str], ...]
    body: str
    result: str
    description: str
    needs: tuple[str, ...] = ()


_TWO_DATES: Final = (("van", "date"), ("tot", "date"))
_DAY: Final = (("datum", "date"),)
_AMOUNT: Final = (("bedrag", "number"),)
_STEP: Final = (("getal", "number"), ("veelvoud", "number"))
_LENGTH: Final = "years and months duration"


def _counted(unit: str, times: str = "aantal") -> str:
    """A whole number of units of time; null for a part of one."""
    return f'if {times} = floor({times}) then duration("{unit}") * ({times}) else null'


def _to_multiple(rounding: str) -> str:
    return f"if veelvoud > 0 then {rounding}(getal / veelvoud, 0) * veelvoud else null"


_EQUATED: Final = ", ".join(f'date("{day.isoformat()}")' for day in sorted(EQUATED))

ADDITIONS: Final[dict[str, Addition]] = {
    "hele_jaren": Addition(
        _TWO_DATES,
        "years and months duration(van, tot).years",
        "number",
        "Hoeveel hele jaren er tussen twee dagen liggen.",
    ),
    "hele_maanden": Addition(
        _TWO_DATES,
        "years and months duration(van, tot).years * 12 + years and months duration(van, tot).months",
        "number",
        "Hoeveel hele maanden er tussen twee dagen liggen.",
    ),
    "dagen_tussen": Addition(
        _TWO_DATES, "(tot - van).days", "number", "Hoeveel dagen de tweede dag na de eerste ligt."
    ),
    "eerste_dag_van_maand": Addition(_DAY, "date(datum.year, datum.month, 1)", "date", "De eerste dag van de maand."),
    "laatste_dag_van_maand": Addition(
        _DAY,
        'date(datum.year, datum.month, 1) + duration("P1M") - duration("P1D")',
        "date",
        "De laatste dag van de maand.",
    ),
    "jaren": Addition((("aantal", "number"),), _counted("P1Y"), _LENGTH, "Zoveel jaren."),
    "maanden": Addition((("aantal", "number"),), _counted("P1M"), _LENGTH, "Zoveel maanden."),
    "weken": Addition(
        (("aantal", "number"),), _counted("P1D", "aantal * 7"), "days and time duration", "Zoveel weken."
    ),
    "dagen": Addition((("aantal", "number"),), _counted("P1D"), "days and time duration", "Zoveel dagen."),
    "procent": Addition(
        (("percentage", "number"), ("bedrag", "number")),
        "percentage * bedrag / 100",
        "number",
        "Zoveel procent van een bedrag.",
    ),
    "afronden": Addition(
        (("getal", "number"), ("decimalen", "number")),
        "round half up(getal, decimalen)",
        "number",
        "Afronden; een half van nul af.",
    ),
    "afronden_op": Addition(
        _STEP, _to_multiple("round half up"), "number", "Afronden op een veelvoud; een half van nul af."
    ),
    "afronden_omlaag": Addition(_STEP, _to_multiple("round down"), "number", "Afronden op een veelvoud, naar nul toe."),
    "afronden_omhoog": Addition(_STEP, _to_multiple("round up"), "number", "Afronden op een veelvoud, van nul af."),
    "per_jaar_uit_maand": Addition(_AMOUNT, "bedrag * 12", "number", "Een bedrag per maand als bedrag per jaar."),
    "per_jaar_uit_kwartaal": Addition(_AMOUNT, "bedrag * 4", "number", "Een bedrag per kwartaal als bedrag per jaar."),
    "in_een_jaar_uit_maand": Addition(
        _AMOUNT, "bedrag * 12", "number", "Een bedrag per maand, opgeteld over een jaar."
    ),
    "in_een_jaar_uit_kwartaal": Addition(
        _AMOUNT, "bedrag * 4", "number", "Een bedrag per kwartaal, opgeteld over een jaar."
    ),
    "per_kwartaal_uit_jaar": Addition(_AMOUNT, "bedrag / 4", "number", "Een bedrag per jaar als bedrag per kwartaal."),
    "per_kwartaal_uit_maand": Addition(
        _AMOUNT, "bedrag * 3", "number", "Een bedrag per maand als bedrag per kwartaal."
    ),
    "per_maand_uit_jaar": Addition(_AMOUNT, "bedrag / 12", "number", "Een bedrag per jaar als bedrag per maand."),
    "per_maand_uit_kwartaal": Addition(
        _AMOUNT, "bedrag / 3", "number", "Een bedrag per kwartaal als bedrag per maand."
    ),
    "paasdag": Addition(
        (("jaar", "number"),),
        "{a: modulo(jaar, 19), b: floor(jaar / 100), c: modulo(jaar, 100), d: floor(b / 4), e: modulo(b, 4),"
        " g: floor((8 * b + 13) / 25), h: modulo(19 * a + b - d - g + 15, 30), i: floor(c / 4), k: modulo(c, 4),"
        " m: floor((a + 11 * h) / 319), r: modulo(2 * e + 2 * i - k - h + m + 32, 7),"
        " maand: floor((h - m + r + 90) / 25), dag: modulo(h - m + r + maand + 19, 32),"
        " datum: date(jaar, maand, dag)}.datum",
        "date",
        "Eerste paasdag (Gregoriaanse kalender).",
    ),
    "feestdagen": Addition(
        (("jaar", "number"),),
        "{pasen: paasdag(jaar), dag: if jaar >= 2014 then date(jaar, 4, 27) else date(jaar, 4, 30),"
        ' koning: if dag.weekday < 7 then dag else if jaar >= 1980 then dag - duration("P1D") else dag + duration("P1D"),'
        ' lijst: [date(jaar, 1, 1), pasen - duration("P2D"), pasen + duration("P1D"), koning, date(jaar, 5, 5),'
        ' pasen + duration("P39D"), pasen + duration("P50D"), date(jaar, 12, 25), date(jaar, 12, 26)],'
        f" gelijkgesteld: [{_EQUATED}], alle: concatenate(lijst, gelijkgesteld)}}.alle",
        "Any",
        "De algemeen erkende feestdagen, Goede Vrijdag en gelijkgestelde dagen (Algemene termijnenwet, artikel 3).",
        ("paasdag",),
    ),
    "is_werkdag": Addition(
        _DAY,
        "if datum = null then null else datum.weekday < 6 and not(list contains(feestdagen(datum.year), datum))",
        "boolean",
        "Geen zaterdag, zondag of algemeen erkende feestdag (Algemene termijnenwet, artikelen 1 en 3).",
        ("feestdagen",),
    ),
    "eerstvolgende_werkdag": Addition(
        _DAY,
        'if datum = null then null else (for i in 0..14 return datum + duration("P1D") * i)[is_werkdag(item)][1]',
        "date",
        "De dag zelf, of de eerste werkdag erna (Algemene termijnenwet, artikel 1).",
        ("is_werkdag",),
    ),
    "werkdagen_na": Addition(
        (("datum", "date"), ("aantal", "number")),
        "if datum = null or aantal = null or aantal < 0 or aantal != floor(aantal) then null else if aantal = 0 then datum else"
        " {feest: flatten(for jaar in datum.year..(datum.year + floor(aantal / 200) + 1) return feestdagen(jaar)),"
        ' dag: (for i in 1..(floor(aantal * 1.6) + 20) return datum + duration("P1D") * i)'
        "[item.weekday < 6 and not(list contains(feest, item))][aantal]}.dag",
        "date",
        "De zoveelste werkdag na een dag.",
        ("feestdagen",),
    ),
    "werkdagen_tussen": Addition(
        _TWO_DATES,
        "if van = null or tot = null then null else if tot <= van then 0 else"
        " {feest: flatten(for jaar in van.year..tot.year return feestdagen(jaar)),"
        ' aantal: count((for i in 1..(tot - van).days return van + duration("P1D") * i)'
        "[item.weekday < 6 and not(list contains(feest, item))])}.aantal",
        "number",
        "Hoeveel werkdagen er na de eerste dag zijn, tot en met de tweede.",
        ("feestdagen",),
    ),
    "einde_termijn": Addition(
        (("na", "date"), ("duur", "Any"), ("stilstand", "Any")),
        "if na = null or duur = null or stilstand = null then null else {maanden: duur instance of years and months duration,"
        " dagen: if maanden then 0 else duur.days,"
        " in_weken: not(maanden) and dagen > 0 and modulo(dagen, 7) = 0,"
        " gewoon: na + duur, lengte: (gewoon - na).days,"
        " stil: if count(stilstand) = 0 then 0 else"
        " sum(for s in stilstand return max(0, (s.tot - s.van).days + 1)),"
        " einde: if lengte = 0 then na else"
        ' (for i in 1..(lengte + stil) return na + duration("P1D") * i)'
        "[every s in stilstand satisfies item < s.van or item > s.tot][lengte],"
        ' kort: if maanden then duur <= duration("P3M") else if in_weken then dagen <= 84 else dagen <= 90,'
        " ruim: if (einde - na).days >= 3 or maanden or in_weken then max(einde, werkdagen_na(na, 2)) else einde,"
        " laatste: if kort then eerstvolgende_werkdag(ruim) else einde}.laatste",
        "date",
        "De laatste dag van een termijn die de dag na een gebeurtenis begint (Algemene termijnenwet, artikelen 1, 2 en 4).",
        ("eerstvolgende_werkdag", "werkdagen_na"),
    ),
}

# Which conversion a `per_…` of a law file became, by its sign and factor.
_CONVERSIONS: Final = {
    ("per_jaar", "*", 12): "per_jaar_uit_maand",
    ("per_jaar", "*", 4): "per_jaar_uit_kwartaal",
    ("in_een_jaar", "*", 12): "in_een_jaar_uit_maand",
    ("in_een_jaar", "*", 4): "in_een_jaar_uit_kwartaal",
    ("per_kwartaal", "*", 3): "per_kwartaal_uit_maand",
    ("per_kwartaal", "/", 4): "per_kwartaal_uit_jaar",
    ("per_maand", "/", 12): "per_maand_uit_jaar",
    ("per_maand", "/", 3): "per_maand_uit_kwartaal",
}


def conversion(name: str, written_out: tree.Node) -> str | None:
    """The addition for `per_jaar(x)` and the like, from what the checker made of it; None when nothing is converted."""
    if isinstance(written_out, tree.Binary) and isinstance(written_out.right, tree.Number):
        return _CONVERSIONS.get((name, written_out.operator, int(written_out.right.value)))
    return None


def in_law(name: str) -> str:
    """The name in law files of an addition: `per_jaar_uit_maand` is `per_jaar` there."""
    return name.partition("_uit_")[0]


def with_needs(names: set[str]) -> list[str]:
    """These additions and all they call, in the order of the table."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(ADDITIONS[name].needs)
    return [name for name in ADDITIONS if name in found]
