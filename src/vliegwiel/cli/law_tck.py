"""`vliegwiel law tck`: how much of the public DMN test kit this engine gets right."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer

from vliegwiel.law.dmn.tck import Outcome, run_directory, score

from .output import Exit, Json, Refused, finish, show, show_json, table

SECONDS: Final = 10.0
"""What one result node may take. The longest of the kit takes a hundredth of it."""


class _TooLong(BaseException):
    """The alarm went off. No `Exception`, so that nothing on the way takes it for a mistake in the test."""


def tck(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Map met de testkit.")],
    seconds: Annotated[float, typer.Option(min=0.01, help="Hoeveel seconden een test mag duren.")] = SECONDS,
    as_json: Json = False,
) -> None:
    """Voer de testbestanden van de DMN-testkit (TCK) uit. Uitkomst 3 als er iets niet klopt.

    Externe functies (Java, PMML) voert Vliegwiel niet uit; die testen staan apart vermeld.
    """
    outcomes = run_directory(folder, lambda test: _limited(test, seconds))
    if not outcomes:
        raise Refused(f"In {folder} staan geen testbestanden van de DMN-testkit.")
    failed = [outcome for outcome in outcomes if outcome.failure]
    if as_json:
        show_json(_as_json(outcomes, failed))
    else:
        _tell(outcomes, failed)
    if failed:
        finish(Exit.FOUND)


def _limited(test: Callable[[], str], seconds: float) -> str:
    try:
        with _alarm(seconds):
            return test()
    except _TooLong:
        return f"duurde langer dan {seconds:g} seconden"


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Stop what runs after so many seconds. Only where the system can: elsewhere the limit on steps must do."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _as_json(outcomes: list[Outcome], failed: list[Outcome]) -> dict[str, object]:
    return {
        "passed": len(outcomes) - len(failed),
        "failed": len(failed),
        "directories": {name: {"passed": s.passed, "failed": s.failed} for name, s in score(outcomes).items()},
        "failures": [
            {
                "directory": o.directory, "file": o.file, "case": o.case, "node": o.node, "reason": o.failure,
                "external": o.external,
            }
            for o in failed
        ],
    }  # fmt: skip


def _tell(outcomes: list[Outcome], failed: list[Outcome]) -> None:
    rows = [(name, s.passed, s.failed or "") for name, s in score(outcomes).items()]
    show(table(("map", "goed", "fout"), rows))
    own = [outcome for outcome in failed if not outcome.external]
    for heading, group in (
        ("Niet goed:", own),
        ("Externe functies (Java, PMML), met opzet niet uitgevoerd:", [o for o in failed if o.external]),
    ):
        if group:
            show()
            show(heading)
            for o in group:
                show(f"  {o.directory}/{o.file} {o.case} {o.node}: {o.failure}")
    show()
    total = len(outcomes)
    show(f"{total - len(failed)} van {total} goed ({(total - len(failed)) * 100 / total:.2f} %), {len(failed)} fout.")
