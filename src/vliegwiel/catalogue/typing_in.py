"""How people type things, and how they read them back: amounts, dates, plates, addresses.

Each reader takes one text as it was posted and gives the standard form, or raises `CannotRead` with a Dutch sentence that
says what to do. Sources: number plates: the series (sidecodes) of the RDW; IBAN: ISO 13616 (mod 97); postcode: four digits
of which the first is no zero, two letters but SA, SD and SS.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip

_PLATES = frozenset(
    (
        "LLDDDD", "DDDDLL", "DDLLDD", "LLDDLL", "LLLLDD", "DDLLLL", "DDLLLD", "DLLLDD", "LLDDDL", "LDDDLL", "LLLDDL",
        "LDDLLL", "DLLDDD", "DDDLLD",
    )
)  # fmt: skip
# Signs that turn the direction of text around: a text with them reads otherwise than it is.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST = 20_000
EARLIEST_YEAR, LATEST_YEAR = 1850, 2200


class CannotRead(ValueError):
    """The text cannot be what was asked. The message is Dutch and says what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address by postcode and number; the street follows from the BAG."""

    postcode: str
    huisnummer: int
    huisletter: str = ""
    toevoeging: str = ""

    def __str__(self) -> str:
        addition = f"-{self.toevoeging}" if self.toevoeging else ""
        return f"{self.postcode[:4]} {self.postcode[4:]}, huisnummer {self.huisnummer}{self.huisletter}{addition}"

    def as_json(self) -> dict[str, str]:
        """As it is stored."""
        parts = {"postcode": self.postcode, "huisnummer": str(self.huisnummer)}
        if self.huisletter:
            parts["huisletter"] = self.huisletter
        if self.toevoeging:
            parts["toevoeging"] = self.toevoeging
        return parts

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Address:
        """Read what `as_json` wrote."""
        return cls(
            str(data["postcode"]),
            int(str(data["huisnummer"])),
            str(data.get("huisletter", "")),
            str(data.get("toevoeging", "")),
        )

    def as_value(self) -> Mapping[str, str | Decimal]:
        """As law and conditions take it."""
        return {
            "postcode": self.postcode,
            "huisnummer": Decimal(self.huisnummer),
            "huisletter": self.huisletter,
            "toevoeging": self.toevoeging,
        }


def yes_no(typed: str) -> bool:
    """`ja` or `nee`."""
    found = {"ja": True, "nee": False}.get(typed.strip().lower()[:4])
    if found is None:
        raise CannotRead("Kies ja of nee.")
    return found


def text(typed: str, longest: int, *, lines: bool = False) -> str:
    """Text without signs that nobody can see. Raises when it is longer than `longest` characters."""
    if len(typed) > max(LONGEST, longest * 4):
        raise CannotRead(f"Maak het korter: hoogstens {longest} tekens.")
    cleaned = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        cleaned = re.sub(r"\s+", " ", cleaned)
    for sign in cleaned:
        if sign == "\n" or sign == "\t":
            continue
        if unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co") or sign in _TURNING:
            raise CannotRead("Er staat een teken in dat wij niet kunnen lezen. Typ de tekst opnieuw.")
    if len(cleaned) > longest:
        raise CannotRead(f"Maak het korter: hoogstens {longest} tekens. Nu zijn het er {len(cleaned)}.")
    if not cleaned:
        raise CannotRead("Vul dit in.")
    return cleaned


def number(typed: str, decimals: int = 0) -> Decimal:
    """A number as the Dutch write it: `1.234,5`; a single point with one or two digits behind it is a decimal point too."""
    cleaned = _compact(typed)
    say = "Vul een getal in, bijvoorbeeld 3." if decimals == 0 else "Vul een getal in, bijvoorbeeld 1,5."
    if len(cleaned) > 24:
        raise CannotRead(say)
    match = re.fullmatch(r"(-?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,12})(?:,([0-9]{1,6}))?", cleaned)
    if match:
        whole, fraction = match[2].replace(".", ""), match[3] or ""
    else:
        match = re.fullmatch(r"(-?)([0-9]{1,12})\.([0-9]{1,2})", cleaned)
        if not match:
            raise CannotRead(say)
        whole, fraction = match[2], match[3]
    if len(whole) > 12:
        raise CannotRead(say)
    if len(fraction.rstrip("0")) > decimals:
        raise CannotRead(
            "Vul een heel getal in." if decimals == 0 else f"Gebruik hoogstens {decimals} cijfers na de komma."
        )
    value = Decimal(f"{match[1]}{whole}.{fraction or '0'}")
    quantized = value.quantize(Decimal(1).scaleb(-decimals))
    return abs(quantized) if quantized == 0 else quantized


def amount(typed: str) -> Decimal:
    """Euros, two decimals: `€ 1.234,50`, `1234,5`, `12`, `12,-`."""
    cleaned = re.sub(r"^(€|eur(o)?)|(€|eur(o)?)$", "", _compact(typed), flags=re.IGNORECASE)
    cleaned = re.sub(r",[-–—]{1,2}$", "", cleaned)
    try:
        return number(cleaned, 2).quantize(Decimal("0.01"))
    except CannotRead:
        raise CannotRead("Vul een bedrag in euro's in, bijvoorbeeld 1.234,50.") from None


def day(typed: Sequence[str]) -> date:
    """A date: one text (`2026-11-24`, `24-11-2026`, `24 november 2026`) or three (day, month, year)."""
    parts = [part.strip().lower() for part in typed]
    if len(parts) > 3 or any(len(part) > 40 for part in parts):
        raise CannotRead("Vul een datum in, bijvoorbeeld 24-11-2026.")
    if len(parts) == 1:
        parts = _day_parts(parts[0])
    if len(parts) == 3 and not all(parts):
        missing = [name for name, part in zip(("dag", "maand", "jaar"), parts, strict=True) if not part]
        raise CannotRead(f"Vul ook {' en '.join(f'de {m}' if m != 'jaar' else 'het jaar' for m in missing)} in.")
    try:
        numbers = [MONTHS.index(part) + 1 if part in MONTHS else _digits(part) for part in parts]
        found = date(numbers[2], numbers[1], numbers[0])
    except (ValueError, IndexError):
        raise CannotRead("Deze datum bestaat niet. Vul een datum in, bijvoorbeeld 24-11-2026.") from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise CannotRead("Kijk het jaar na. Vul vier cijfers in, bijvoorbeeld 2026.")
    return found


def _day_parts(typed: str) -> list[str]:
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed):
        return [match[3], match[2], match[1]]
    if match := re.fullmatch(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]+)\s*[-/. ]\s*([0-9]{4})", typed):
        return [match[1], match[2], match[3]]
    return [typed]


def _digits(part: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", part):
        raise ValueError(part)
    return int(part)


def clock_time(typed: str) -> str:
    """A time of day as `14:30`. People also write 14.30, 14u30, 14 or 9 uur."""
    cleaned = re.sub(r"\s*(uur|u)$", "", typed[:20].strip().lower())
    match = re.fullmatch(r"([0-9]{1,2})(?:\s*[:.,u]\s*([0-9]{2}))?", cleaned)
    if match:
        hours, minutes = int(match[1]), int(match[2] or 0)
        if hours < 24 and minutes < 60:
            return f"{hours:02}:{minutes:02}"
    raise CannotRead("Vul een tijd in van 0:00 tot en met 23:59, bijvoorbeeld 14:30.")


def email(typed: str) -> str:
    """An e-mail address. Whether it exists only a message can tell."""
    cleaned = typed.strip()
    good = re.fullmatch(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", cleaned
    )
    if (
        len(cleaned) > 254
        or not good
        or ".." in cleaned
        or cleaned.startswith(".")
        or ".@" in cleaned
        or "-." in cleaned
    ):
        raise CannotRead("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
    return cleaned


def phone(typed: str) -> str:
    """A phone number in international form: `+31612345678`."""
    cleaned = re.sub(r"[\s().\-–/]", "", typed[:60])
    if cleaned.startswith("00"):
        cleaned = "+" + cleaned[2:]
    # People write +31 (0)10: the zero between brackets is not dialled.
    cleaned = re.sub(r"^\+310", "+31", cleaned)
    if re.fullmatch(r"0[1-9][0-9]{8}", cleaned):
        return "+31" + cleaned[1:]
    if re.fullmatch(r"\+31[1-9][0-9]{8}", cleaned) or re.fullmatch(r"\+(?!31)[1-9][0-9]{7,14}", cleaned):
        return cleaned
    raise CannotRead("Vul een telefoonnummer met 10 cijfers in, bijvoorbeeld 06 12 34 56 78.")


def plate(typed: str) -> str:
    """A Dutch number plate without dashes, in capitals."""
    cleaned = re.sub(r"[\s\-.]", "", typed[:40]).upper()
    mask = "".join("D" if c in "0123456789" else "L" if c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else "?" for c in cleaned)
    if mask not in _PLATES:
        raise CannotRead("Vul het kenteken in zoals het op de auto staat, bijvoorbeeld 16-RSL-9.")
    return cleaned


def plate_text(plate_: str) -> str:
    """A plate with its dashes: a dash at each change between letters and digits, and in the middle of four."""
    grouped = re.sub(r"(?<=[0-9])(?=[A-Z])|(?<=[A-Z])(?=[0-9])", "-", plate_)
    return re.sub(r"([0-9A-Z]{2})([0-9A-Z]{2})(?=-|$)", r"\1-\2", grouped) if len(grouped) == 7 else grouped


def iban(typed: str) -> str:
    """A bank account by ISO 13616, without spaces; the check digits must be right."""
    cleaned = re.sub(r"\s", "", typed[:60]).upper()
    wrong = CannotRead(
        "Kijk het rekeningnummer na. Een Nederlands nummer heeft 18 tekens, bijvoorbeeld NL91 ABNA 0417 1643 00."
    )
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", cleaned):
        raise wrong
    if cleaned.startswith("NL") and not re.fullmatch(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}", cleaned):
        raise wrong
    turned = cleaned[4:] + cleaned[:4]
    if int("".join(str(int(c, 36)) for c in turned)) % 97 != 1:
        raise wrong
    return cleaned


def iban_text(iban_: str) -> str:
    """A bank account in groups of four."""
    return " ".join(iban_[i : i + 4] for i in range(0, len(iban_), 4))


def address(typed: Sequence[str]) -> Address:
    """Postcode, house number, letter, addition; the last two may be left out."""
    parts = [part.strip() for part in typed[:4]] + [""] * (4 - len(typed[:4]))
    postcode = re.sub(r"\s", "", parts[0][:12]).upper()
    if not re.fullmatch(r"[1-9][0-9]{3}(?!SA|SD|SS)[A-Z]{2}", postcode):
        raise CannotRead("Vul een postcode in, bijvoorbeeld 2312 AB.")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", parts[1]):
        raise CannotRead("Vul een huisnummer in: alleen cijfers.")
    if not re.fullmatch(r"[A-Za-z]?", parts[2]):
        raise CannotRead("De huisletter is één letter. Laat het vak leeg als er geen letter is.")
    if not re.fullmatch(r"[A-Za-z0-9]{0,4}", parts[3]):
        raise CannotRead("De toevoeging heeft hoogstens vier letters of cijfers. Laat het vak leeg als er geen is.")
    return Address(postcode, int(parts[1]), parts[2].upper(), parts[3].upper())


def day_text(day_: date) -> str:
    """`24 november 2026`."""
    return f"{day_.day} {MONTHS[day_.month - 1]} {day_.year}"


def number_text(value: Decimal) -> str:
    """A number as the Dutch write it: point for thousands, comma for decimals, no needless zeros."""
    text_ = f"{value:,f}"
    whole, _, fraction = text_.partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", ".") + (f",{fraction}" if fraction else "")


def amount_text(value: Decimal) -> str:
    """`€ 1.234,50`, with a space that does not break."""
    whole, _, fraction = f"{value:,.2f}".partition(".")
    return f"€\u00a0{whole.replace(',', '.')},{fraction}"


def _compact(typed: str) -> str:
    return re.sub(r"[\s\u00a0\u202f']", "", typed[:200])
