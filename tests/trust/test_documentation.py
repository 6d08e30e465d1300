"""What docs/trust.md says is what the code does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from vliegwiel.trust.identity import ActorKind, Role
from vliegwiel.trust.leaves import leaf_bytes
from vliegwiel.trust.logins import PATIENCE
from vliegwiel.trust.oidc import ALGORITHMS
from vliegwiel.trust.rights import MANDATABLE, RIGHTS_OF_ROLE, RIGHTS_OF_SYSTEM, Right
from vliegwiel.trust.sessions import LIMITS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "trust.md").read_text()


def rows(first_cell: str) -> list[list[str]]:
    """The rows of the table whose head begins with this cell."""
    lines = TEXT.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_cell}"))
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return [found[0], *found[2:]]


def test_the_table_of_rights_is_the_one_in_the_code() -> None:
    head, *body = rows("right")
    assert head[1:] == [*(role.value for role in Role), "systeem"]
    assert [row[0] for row in body] == [right.value for right in Right]
    for name, *cells in body:
        has = [Right(name) in RIGHTS_OF_ROLE[role] for role in Role] + [Right(name) in RIGHTS_OF_SYSTEM]
        assert [cell == "x" for cell in cells] == has, name


def test_what_can_be_mandated_is_named() -> None:
    part = TEXT.split("A **mandate**")[1].split("for the products")[0]
    assert {right for right in Right if right.value in part} == set(MANDATABLE)


def test_the_limits_of_sessions_are_those_in_the_code() -> None:
    kinds = {"citizen": ActorKind.BURGER, "staff": ActorKind.MEDEWERKER}
    for name, idle, most, _ in rows("who")[1:]:
        limits = LIMITS[kinds[name]]
        assert timedelta(minutes=int(idle.split()[0])) == limits.idle
        assert timedelta(minutes=int(most.split()[0])) == limits.absolute


def test_the_rest_of_what_is_promised() -> None:
    assert timedelta(minutes=10) == PATIENCE
    assert "for ten minutes" in TEXT
    assert all(algorithm in TEXT for algorithm in ALGORITHMS)
    for member in (
        "v",
        "id",
        "municipality",
        "recorded_at",
        "xid",
        "kind",
        "zaak",
        "actor",
        "payload",
        "key",
        "personal",
    ):
        assert f"`{member}`" in TEXT
        assert f"`{member}`" in (leaf_bytes.__globals__["__doc__"] or "")
