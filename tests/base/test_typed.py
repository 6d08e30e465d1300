"""Whatever is decoded into a type can be decoded by many threads at once, from the first moment on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "vliegwiel"
# Types that are decoded into where only one thread is: the simulators and the loaders of files at start.
ALONE = ("simulators",)
DECODES = re.compile(r"msgspec\.(?:json\.decode|yaml\.decode|convert)\(\s*[^\n]*(?:type=|, )(?P<type>[A-Za-z_\[\]]+)\)")

RACE = """
import sys, threading
from vliegwiel.registers import rdw, brpdata
import msgspec
sys.setswitchinterval(1e-6)
kinds = [rdw._RijbewijsAntwoord, rdw._VoertuigAntwoord, brpdata.PersonenAntwoord]
together = threading.Barrier(8)
def work():
    together.wait()
    for kind in kinds:
        try:
            msgspec.json.decode(b'{"rijbewijs": null, "voertuig": null, "personen": []}', type=kind)
        except msgspec.ValidationError:
            pass
threads = [threading.Thread(target=work) for _ in range(8)]
[t.start() for t in threads]
[t.join() for t in threads]
print("heel")
"""


def test_every_type_that_is_decoded_into_is_prepared_where_it_is_imported() -> None:
    prepared = " ".join(
        found for path in SOURCE.rglob("*.py") for found in re.findall(r"^prepare\((.*)\)$", path.read_text(), re.M)
    )
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] in ALONE:
            continue
        for found in DECODES.finditer(path.read_text()):
            kind = found["type"]
            if kind in {"kind", "cls", "list[str]", "str]"} or kind.isupper():
                continue  # given by the caller, who prepares it; with nothing to prepare; or no type at all
            assert kind in prepared, f"{path.name}: {kind} is decoded into, and never prepared"


def test_threads_that_decode_at_once_do_not_crash_the_process() -> None:
    """msgspec 0.22 works a type out at its first use; two threads that do so at once end the process."""
    done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "heel"), done.stderr[-2000:]
