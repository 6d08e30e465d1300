"""`python -m vliegwiel.simulators.sensors --broker mqtt://127.0.0.1:8013 --data FILE`: sensors that report, as a process."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from .containers import World, read_world
from .fleet import Fleet
from .sending import Radio, pause

WAIT = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the fleet. VLIEGWIEL_MQTT_NETWORK_KEY is the key of the network at the broker."""
    parser = argparse.ArgumentParser(prog="vliegwiel.simulators.sensors", description=__doc__)
    parser.add_argument("--broker", required=True, help="mqtt://host:port")
    parser.add_argument("--data", type=Path, required=True, help="file with the containers; kept up to date")
    parser.add_argument("--port", type=int, default=0, help="not used: the fleet listens to nobody")
    parser.add_argument("--interval", type=float, default=900.0, help="seconds between two reports of a sensor")
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    given = parser.parse_args(arguments)
    asyncio.run(_run(given))


async def _run(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if given.stop_with_stdin:
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    where = urlsplit(given.broker)
    radio = Radio(
        where.hostname or "127.0.0.1", where.port or 1883, "netwerk", os.environ.get("VLIEGWIEL_MQTT_NETWORK_KEY", "")
    )
    world = await _world(given.data, stop)
    if world is not None:
        fleet = Fleet(world, given.seed, timedelta(seconds=given.interval))
        await radio.run(fleet, stop, state=given.data, ready=lambda: _say(len(world.containers)))


async def _world(path: Path, stop: asyncio.Event) -> World | None:
    """The containers; waits for as long as there are none."""
    while not stop.is_set():
        world = read_world(path)
        if world is not None:
            return world
        await pause(WAIT, stop)
    return None


def _say(sensors: int) -> None:
    print(json.dumps({"sensors": str(sensors)}), flush=True)


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not through sys.stdin: a thread that waits in its buffer does not let the interpreter end.
    while os.read(0, 1024):
        pass
    loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main()
