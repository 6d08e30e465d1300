"""`python -m vliegwiel.simulators.oidc --port 8010 --data FOLDER`: the login of the demonstration, as its own process."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.process import listen, serve

from .app import make_app
from .clients import Client, RedirectPattern
from .keys import signing_key


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the provider. The client secret comes from VLIEGWIEL_OIDC_CLIENT_SECRET; without it the client is public."""
    parser = argparse.ArgumentParser(prog="vliegwiel.simulators.oidc", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--data", type=Path, default=Path("var") / "oidc", help="folder for the signing key")
    parser.add_argument("--public-url", default="", help="address by which browsers reach it; default http://HOST:PORT")
    parser.add_argument("--client-id", default="vliegwiel")
    parser.add_argument(
        "--redirect",
        action="append",
        default=[],
        help="address that answers may go to; 'http://*.localhost:8000/*' leaves the municipality and the end free",
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input closes")
    given = parser.parse_args(arguments)
    redirects = given.redirect or ["http://*.localhost:8000/*", "http://localhost:8000/*"]
    client = Client(
        given.client_id,
        tuple(RedirectPattern(text) for text in redirects),
        os.environ.get("VLIEGWIEL_OIDC_CLIENT_SECRET") or None,
    )
    bound = listen(given.host, given.port)
    base_url = given.public_url.rstrip("/") or f"http://{given.host}:{bound.getsockname()[1]}"
    application = make_app(base_url, signing_key(given.data), (client,), read_cast())
    ready = {"url": base_url, "burger": f"{base_url}/burger", "medewerker": f"{base_url}/medewerker"}
    serve(application, bound, ready=ready, stop_with_stdin=given.stop_with_stdin)


if __name__ == "__main__":
    main()
