"""What the documents say of readings is what the code does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from vliegwiel.cli.rounds_import import What
from vliegwiel.rounds.actions import import_containers, import_evidence, imported
from vliegwiel.rounds.ingest import emptying, faults, judging, rows, storing
from vliegwiel.rounds.models import USABLE, FaultKind, Quality
from vliegwiel.rounds.queries import SAME_EMPTYING

DOCS = Path(__file__).resolve().parents[2] / "docs"
READINGS = (DOCS / "rounds-readings.md").read_text("utf-8")
HANDBOOK = (DOCS / "handboek" / "inlezen.md").read_text("utf-8")


def days(span: timedelta) -> str:
    return f"{span.days} days"


@pytest.mark.parametrize(
    "said",
    [
        f"for {days(judging.STUCK_AFTER)} and {judging.STUCK_READINGS} readings; {days(judging.STUCK_AT_BOUND)} at 0 or 100",
        f"more than {judging.AHEAD.seconds // 60} minutes ahead, or {days(judging.BEHIND)} behind",
        f"at least {faults.DEAD_AT_LEAST.total_seconds() / 3600:.0f} hours silent",
        f"not seen for {faults.OVER_AFTER.total_seconds() / 3600:.0f} hours",
        f"| duplicates | {storing.MANY} or more, and half",
        f"| late | {storing.MANY // 3} or more, and half",
        f"falls {emptying.FALL:.0f} points or more, to half or less",
        f"within {emptying.UNDONE_WITHIN.seconds // 3600} hours ({emptying.UNDONE_SHARE:.0%}".replace("%", " %"),
        f"tell within {SAME_EMPTYING.seconds // 3600} hours",
        f"pg_notify('{rows.CHANNEL}'",
    ],
)
def test_the_bounds_in_the_document_are_those_of_the_code(said: str) -> None:
    assert said in READINGS.replace("\n", " ")


def test_the_other_bounds_too() -> None:
    assert (timedelta(hours=1), 0.5, 6) == (judging.LATE, emptying.SHARE_LEFT, faults.DEAD_INTERVALS)


def test_every_quality_and_fault_has_its_line() -> None:
    lines = {int(m[1]): m[2] for m in re.finditer(r"^\| (\d) \w+ \|.*\| (yes|no) \|$", READINGS, re.MULTILINE)}
    assert lines == {q.value: "yes" if q in USABLE else "no" for q in Quality}
    for kind in FaultKind:
        assert re.search(rf"^\| [\w, ]*{kind.value}", READINGS, re.MULTILINE)


def test_the_handbook_names_what_can_be_read_and_every_column() -> None:
    table = re.findall(r"^\| `(\w+)` \|(.*)$", HANDBOOK, re.MULTILINE)
    assert [name for name, _ in table] == [what.value for what in What]
    told = dict(table)
    for column in (*import_containers._COLUMNS, imported.CONTAINER):
        assert f"`{column.name}`" in told["containers"]
    for name, column in (("wegingen", "kilogram"), ("stortingen", "aantal")):
        assert {"`container`", "`tijd`", f"`{column}`", "`nummer`"} <= set(re.findall(r"`\w+`", told[name]))
    assert import_evidence._TOO_HEAVY == 1.5
    assert "anderhalf keer" in HANDBOOK
