"""Keep what was made of a map on disk: graphs and matrices, as plain arrays in files that carry no code."""

from __future__ import annotations

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from vliegwiel.base.typed import prepare
from vliegwiel.rounds.planning.problem import Matrix
from vliegwiel.rounds.roads.graph import Facts, TruckGraph
from vliegwiel.rounds.roads.heap import Ints, Longs
from vliegwiel.rounds.roads.hierarchy import Arcs, Hierarchy
from vliegwiel.rounds.roads.places import Floats

Arrays = Mapping[str, npt.NDArray[np.generic]]

MATRICES: Final = 12
"""So many matrices are kept; those not used for longest go first."""
_PLAIN: Final = ("start", "lon", "lat", "ms", "dm", "stops", "twin", "used", "street")
_ARCS: Final = ("start", "to", "weight", "extra")

prepare(Facts)


def save_graph(file: Path, graph: TruckGraph) -> None:
    """Keep a graph."""
    arrays = {name: getattr(graph, name) for name in _PLAIN}
    for part, arcs in (("turns", graph.turns), ("up", graph.hierarchy.up), ("down", graph.hierarchy.down)):
        arrays |= {f"{part}_{name}": getattr(arcs, name) for name in _ARCS}
    arrays["facts"] = np.frombuffer(msgspec.json.encode(graph.facts), np.uint8)
    _save(file, arrays)


def load_graph(file: Path) -> TruckGraph | None:
    """A graph that was kept; None if it is not there or cannot be read."""
    found = _load(file)
    if found is None:
        return None
    try:
        turns, up, down = (
            Arcs(
                _longs(found, f"{part}_start"), _ints(found, f"{part}_to"), _longs(found, f"{part}_weight"),
                _longs(found, f"{part}_extra"),
            )
            for part in ("turns", "up", "down")
        )  # fmt: skip
        return TruckGraph(
            _longs(found, "start"), _floats(found, "lon"), _floats(found, "lat"), _longs(found, "ms"), _longs(found, "dm"),
            found["stops"].astype(np.bool_), _ints(found, "twin"), found["used"].astype(np.bool_), _ints(found, "street"),
            turns, Hierarchy(up, down), msgspec.json.decode(found["facts"].tobytes(), type=Facts),
        )  # fmt: skip
    except (KeyError, msgspec.DecodeError):
        return None


def _longs(found: Arrays, name: str) -> Longs:
    return found[name].astype(np.int64, copy=False)


def _ints(found: Arrays, name: str) -> Ints:
    return found[name].astype(np.int32, copy=False)


def _floats(found: Arrays, name: str) -> Floats:
    return found[name].astype(np.float64, copy=False)


def save_matrices(file: Path, metres: Matrix, seconds: Matrix, off_road: npt.NDArray[np.float64]) -> None:
    """Keep a pair of matrices; the oldest beyond `MATRICES` go."""
    _save(file, {"metres": metres.astype(np.int32), "seconds": seconds.astype(np.int32), "off_road": off_road})
    with contextlib.suppress(OSError):  # another process tidies up at the same moment
        kept = sorted(file.parent.glob("tabel-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[MATRICES:]:
            old.unlink(missing_ok=True)


def load_matrices(file: Path) -> tuple[Matrix, Matrix, npt.NDArray[np.float64]] | None:
    """Matrices that were kept; None if they are not there or cannot be read."""
    found = _load(file)
    if found is None or not {"metres", "seconds", "off_road"} <= found.keys():
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return found["metres"].astype(np.int64), found["seconds"].astype(np.int64), found["off_road"].astype(np.float64)


def _save(file: Path, arrays: Arrays) -> None:
    """Whole or not at all. A disk that is full or closed costs only time later."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".deel")
        try:
            with os.fdopen(handle, "wb") as out:
                np.savez(out, allow_pickle=False, **arrays)
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)


def _load(file: Path) -> dict[str, npt.NDArray[np.generic]] | None:
    try:
        with np.load(file, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
