"""`python -m vliegwiel.simulators.registers --port 8011 --data FILE`: the registers of the demonstration, as a process."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from vliegwiel.base.clock import today
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.process import listen, serve

from .app import make_app
from .bag import PREFIX as BAG
from .brp.api import PREFIX as BRP
from .demo import LOADED, load_cast
from .faults import CuttableProtocol
from .rdw.api import PREFIX as RDW
from .store import Store
from .terugmelding import PREFIX as TERUGMELDING


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the registers. VLIEGWIEL_REGISTER_KEY is the key that clients must send; without it none is needed."""
    parser = argparse.ArgumentParser(prog="vliegwiel.simulators.registers", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--data", type=Path, default=Path("var") / "registers.sqlite3", help="file that holds the registers"
    )
    parser.add_argument("--empty", action="store_true", help="do not put the cast of the demonstration in")
    parser.add_argument("--refresh", action="store_true", help="tell the cast again from today, also when it is there")
    parser.add_argument("--control", action="store_true", help="let tests break it on purpose; never on a network")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    given = parser.parse_args(arguments)
    bound = listen(given.host, given.port)
    base_url = f"http://{given.host}:{bound.getsockname()[1]}"
    key = os.environ.get("VLIEGWIEL_REGISTER_KEY", "")
    with Store(given.data) as store:
        if not given.empty and (given.refresh or store.fact(LOADED) is None):
            load_cast(store, read_cast(), today())
        application = make_app(store, base_url, keys=(key,) if key else (), control=given.control)
        ready = {
            "url": base_url,
            "brp": f"{base_url}{BRP}",
            "bag": f"{base_url}{BAG}",
            "rdw": f"{base_url}{RDW}",
            "terugmelding": f"{base_url}{TERUGMELDING}",
        }
        serve(application, bound, ready=ready, stop_with_stdin=given.stop_with_stdin, protocol=CuttableProtocol)


if __name__ == "__main__":
    main()
