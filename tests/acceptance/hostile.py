"""Values, files and requests that nobody sends by accident."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Sequence

NASTY = (
    "", " ", "\t", "\x00", "a\x00b", "\x1b[31m", "\u202e\u0645\u0631\u062d\u0628\u0627", "\ud800", "\udfff\ud800", "\ufeff",
    "\u00ad" * 50, "\u200b\u200d\u2060", "🧨" * 100, "👨‍👩‍👧‍👦", "Z̸̛a̴l̶g̷o̵" * 20, "İıſßŒﬀ", "١٢٣", "①②③", "½",
    "1e999", "-1e999", "NaN", "inf", "-Infinity", "0x10", "1_000", "1.000.000,00,0", "--1", "+", "€", "1" * 400, "0" * 4999,
    "9" * 20_001, "-0", "0,001", "1,5,5", "1e-999", "12,345,678.90", "٣٫١٤",
    "0000-00-00", "31-02-2026", "29-2-2027", "99-99-9999", "2026-13-01", "1-1-1", "12/31/2026", "31-12-99999", "-1-1-2026",
    "24 november 2026", "vandaag", "morgen", "1-1-1900", "1-1-9999", "32", "13", "99999",
    "' OR 1=1 --", "\"; DROP TABLE zaak; --", "%' UNION SELECT bsn FROM casework_zaak --", "${jndi:ldap://x}", "{{ 7*7 }}",
    "{% debug %}", "#{7*7}", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "&#0;",
    "]]>", "<!--", "%00", "%0d%0aSet-Cookie:x=y", "../../etc/passwd", "=HYPERLINK(\"http://x\")", "@SUM(1)", "|cmd",
    "javascript:alert(1)", "a@b", "a@b..nl", "a" * 64 + "@" + "b" * 250 + ".nl", "\"a b\"@voorbeeld.nl", "a@[127.0.0.1]",
    "naam@voorbeeld.nl\nBcc: x@y.nl", "naam@voorbeeld.nl\r\n\r\nx", "naam@voorbeeld.nl", "ünïcødé@vøørbeeld.nl",
    "NL91ABNA0417164301", "NL91ABNA0417164300", "NL00ABNA0417164300", "DE89370400440532013000", "06-", "+31 (0)6", "tel:112",
    "0612345678", "+31612345678", "16-RSL-9", "16-RSL-9'", "ÄÖ-12-34", "1234 SS", "0123 AB", "2312HG", "12a", "12-14",
    "ja ja", "ja", "nee", "JA", "true", "null", "undefined", "None", "[]", "{}", "ja\x00nee", "a" * 20_001, "\n" * 500,
    "\r\n" * 300, "e\u0301" * 3000, "\u0300" * 9000, "A" * 5000, "#set($x=1)", "#import \"/etc/passwd\"", "$ x $",
    "*vet* _schuin_",
)  # fmt: skip
"""Signs, numbers, dates, injections and texts that have broken forms before."""


def values(seed: str, many: int) -> Iterator[str]:
    """At least `many` hostile values: all of `NASTY`, then random ones made of their parts. The same for the same seed."""
    yield from NASTY
    chance = random.Random(seed)
    for _ in range(max(0, many - len(NASTY))):
        yield _random(chance)


def _random(chance: random.Random) -> str:
    match chance.randrange(6):
        case 0:
            return "".join(chance.choice(NASTY)[:20] for _ in range(chance.randrange(1, 5)))
        case 1:
            return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(30)))
        case 2:
            return "".join(chance.choice("0123456789.,-+eE €%") for _ in range(chance.randrange(1, 40)))
        case 3:
            return f"{chance.randrange(-5, 99)}-{chance.randrange(-5, 20)}-{chance.randrange(-1, 99999)}"
        case 4:
            return str(chance.choice([1, -1]) * chance.random() * 10 ** chance.randrange(0, 300))
        case _:
            return chance.choice(NASTY).swapcase()[::-1]


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 40 + b"\xff\xd9"


def packed(*names: str, size: int = 1) -> bytes:
    """A zip file with entries of `size` zeros."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=True) as entry:
                for _ in range(max(1, size >> 20)):
                    entry.write(b"\0" * min(size, 1 << 20))
    return made.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
REFUSED: Sequence[tuple[str, bytes]] = (
    ("leeg.pdf", b""),
    ("virus.pdf", b"MZ\x90\x00" + b"\0" * 200),
    ("plaatje.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("pagina.pdf", b"<html><script>alert(1)</script></html>"),
    ("pagina.html", b"<html></html>"),
    ("foto.jpg", PDF),
    ("brief.pdf", PNG),
    ("brief.pdf.exe", PDF),
    ("shell.php", b"<?php system($_GET['c']);"),
    ("archief.zip", packed("a.txt")),
    ("bom.zip", packed("a", "b", size=64 << 20)),
    ("macro.docx", packed(*WORD, "word/vbaProject.bin")),
    ("half.pdf", b"%PDF-1.4 half"),
    ("gif.gif", b"GIF89a/*<script>*/=1;" + b"\0" * 50),
    ("script.svg", b"<?xml version='1.0'?><svg/>"),
    ("toch.pdf", b"\0" * 5000),
    ("\u202efdp.exe", b"MZ" + b"\0" * 100),
)
"""Files that are not what they say, hold what may run, or are no use: a name and a content."""

TAKEN: Sequence[tuple[str, bytes]] = (
    ("../../../etc/passwd.pdf", PDF),
    ("..\\..\\windows\\system.ini.pdf", PDF),
    ("/etc/cron.d/x.pdf", PDF),
    ("naam\x00.pdf", PDF),
    ("con.pdf", PDF),
    (".pdf", PDF),
    ("a" * 400 + ".pdf", PDF),
    ("\u202efdp.tnemucod.pdf", PDF),
    ("<script>alert(1)</script>.pdf", PDF),
    ("naam\r\nSet-Cookie: x=y.pdf", PDF),
    ("'; rm -rf ~; '.pdf", PDF),
    ("🧨.pdf", PDF),
    # Polyglots: a good file with something else in or behind it. Kept as what it begins as, never run.
    ("veelzijdig.pdf", b"%PDF-1.7\n<script>alert(1)</script>\n<?php system('x'); ?>\n%%EOF\n"),
    ("veelzijdig.jpg", JPG[:-2] + packed("a.txt") + b"\xff\xd9"),
    ("veelzijdig.png", PNG),
)
"""Files that are good, under a name or with a content that must do no harm."""
