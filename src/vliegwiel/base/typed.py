"""Types that answers and files are decoded into, worked out once while modules are imported.

msgspec works a type out at its first use, and two threads that do so at the same moment crash the process (0.22). Modules are
imported before there are threads, so whoever declares such a type prepares it there.
"""

from __future__ import annotations

import msgspec


def prepare(*types: object) -> None:
    """Let msgspec work these types out now. From here on any thread may decode into them."""
    for type_ in types:
        msgspec.json.Decoder(type_)
