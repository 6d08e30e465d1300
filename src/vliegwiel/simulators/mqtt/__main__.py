"""`python -m vliegwiel.simulators.mqtt --port 8013`: the broker of the demonstration, as its own process."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from vliegwiel.simulators.process import listen

from .journal import Journal
from .keeping import Client, make_broker

PLATFORM, NETWORK, READER = "platform", "netwerk", "lezer"
"""The platform reads all; the network of the sensors writes for municipalities (topics that begin with `GM`). Everyone on this
machine may read what the platform publishes, with the name that is its key."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the broker. VLIEGWIEL_MQTT_PLATFORM_KEY and VLIEGWIEL_MQTT_NETWORK_KEY are the keys of its two clients."""
    parser = argparse.ArgumentParser(prog="vliegwiel.simulators.mqtt", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--data", type=Path, help="file for what was not delivered yet; without it, it is in memory only"
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    clients = (
        Client(PLATFORM, os.environ.get("VLIEGWIEL_MQTT_PLATFORM_KEY", ""), write=("",), read=("",)),
        Client(READER, READER, read=("sensorthings/",)),
        Client(NETWORK, os.environ.get("VLIEGWIEL_MQTT_NETWORK_KEY", ""), write=("GM",), read=("wereld/",)),
    )
    port = given.port or _free(given.host)
    with Journal(given.data) if given.data else nullcontext() as journal:
        asyncio.run(_serve(given.host, port, clients, journal, stop_with_stdin=given.stop_with_stdin))


def _free(host: str) -> int:
    with listen(host, 0) as probe:
        return int(probe.getsockname()[1])


async def _serve(
    host: str, port: int, clients: tuple[Client, ...], journal: Journal | None, *, stop_with_stdin: bool
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    broker = make_broker(host, port, clients, journal)
    await broker.start()
    if stop_with_stdin:
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    print(json.dumps({"url": f"mqtt://{host}:{port}"}), flush=True)
    await stop.wait()
    await broker.shutdown()


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not through sys.stdin: a thread that waits in its buffer does not let the interpreter end.
    while os.read(0, 1024):
        pass
    loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    main()
