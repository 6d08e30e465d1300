"""`python -m vliegwiel.simulators.drivers --address http://leiden.localhost:8000/ --subject lei-chauffeur`: drives the rounds
of today, a stop every so many seconds. Who presses the button first, a person or this driver, does not matter."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence

import httpx
import msgspec

from .phone import Driver

TROUBLE = (httpx.HTTPError, msgspec.DecodeError)


def main(arguments: Sequence[str] | None = None) -> None:
    """Drive until a signal, or until standard input closes."""
    parser = argparse.ArgumentParser(prog="vliegwiel.simulators.drivers", description=__doc__)
    parser.add_argument("--address", required=True, help="the municipality's own pages")
    parser.add_argument("--subject", default="lei-chauffeur", help="who drives, as the provider knows them")
    parser.add_argument("--pace", type=float, default=30.0, help="seconds between two stops of a truck")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    given = parser.parse_args(arguments)
    stop = threading.Event()
    if given.stop_with_stdin:
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    print(json.dumps({"rijdt": given.address}), flush=True)
    driver = Driver.of(given.address, given.subject)
    while not stop.wait(given.pace):
        try:
            drive(driver)
        except TROUBLE as trouble:
            # The platform is not up yet, or just restarts: a driver looks at the phone again later.
            print(f"even niet: {type(trouble).__name__}", file=sys.stderr, flush=True)


def drive(driver: Driver) -> int:
    """One stop of each truck that is on the road; gives how many were done."""
    driver.log_in()
    done = 0
    for truck in driver.trucks():
        coming = driver.round(truck).coming
        if coming is not None:
            driver.do(truck, coming)
            done += 1
    return done


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop.set()


if __name__ == "__main__":
    main()
