"""The signing key, made once and kept in the data folder, so that tokens survive a restart."""

from __future__ import annotations

import json
import os
from pathlib import Path

from joserfc.jwk import RSAKey

ALGORITHM = "RS256"  # the one algorithm every OpenID Connect client must know (OpenID Connect Core, 15.1)


def signing_key(folder: Path) -> RSAKey:
    """The key from `folder/oidc-key.json`, made when it is not there. Only we can read the file."""
    path = folder / "oidc-key.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)
        # Two processes that start at once must agree: the first to link its file wins.
        temporary = folder / f".oidc-key-{os.getpid()}.json"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(made.as_dict(private=True), handle)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return RSAKey.import_key(json.loads(path.read_text()))
