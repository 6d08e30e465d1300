"""The command line: text or JSON on stdout, one line on stderr when it cannot be done, codes that mean something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures_site import ROOT, environment
from vliegwiel import cli
from vliegwiel.base.postgres import Urls
from vliegwiel.cli.lazy import COMMANDS
from vliegwiel.cli.output import Exit, in_dutch, table

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def vliegwiel(tmp_path: Path) -> Run:
    """Runs a command in a process of its own, with a data folder of its own and no database unless given."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "vliegwiel", *arguments],
            env={**environment(tmp_path), **variables}, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


def one_line(answer: subprocess.CompletedProcess[str]) -> str:
    lines = answer.stderr.splitlines()
    assert len(lines) == 1, answer.stderr
    assert "Traceback" not in lines[0]
    assert lines[0].startswith("vliegwiel: ")
    return lines[0]


def test_without_arguments_it_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute([]) == Exit.GOOD
    said = capsys.readouterr().out
    for noun in COMMANDS:
        assert noun in said


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["vliegwiel"], "bestaat niet"),
        (["--nee"], "--nee"),
        (["run", "--port", "veel"], "--port"),
        (["run", "--port", "99999"], "65533"),
        (["run", "extra"], "extra"),
        (["web"], "wat er moet gebeuren"),
        (["web", "serve", "--threads"], "--threads"),
        (["web", "serve", "--threads", "0"], "minstens 1"),
    ],
)
def test_a_wrong_command_is_one_line_that_names_what_is_wrong(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.execute(arguments) == Exit.WRONG_INPUT
    said = capsys.readouterr()
    assert word in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    arguments=st.lists(st.text(max_size=30).filter(lambda t: t not in {"--help", *COMMANDS}), min_size=1, max_size=4)
)
def test_whatever_is_typed_gives_one_line_and_no_trace(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.execute(arguments)
    said = capsys.readouterr()
    assert code == Exit.WRONG_INPUT
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://a:b@localhost:pp/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://niemand@127.0.0.1:1/x"}, "Controleer DATABASE_URL"),
        ({"VLIEGWIEL_MODE": "feest"}, "VLIEGWIEL_MODE"),
        ({"VLIEGWIEL_MODE": "production"}, "VLIEGWIEL_SECRET"),
        ({"VLIEGWIEL_MODE": "production", "VLIEGWIEL_SECRET": "kort"}, "VLIEGWIEL_SECRET"),
        ({"VLIEGWIEL_LOG_LEVEL": "LUID"}, "VLIEGWIEL_LOG_LEVEL"),
        ({"VLIEGWIEL_LOG": "xml"}, "VLIEGWIEL_LOG"),
        ({"VLIEGWIEL_DATA": "/proc/vliegwiel"}, "VLIEGWIEL_DATA"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_setting(
    vliegwiel: Run, variables: dict[str, str], word: str
) -> None:
    answer = vliegwiel("jobs", "list", **variables)
    assert answer.returncode == Exit.MISSING
    assert word in one_line(answer)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["municipalities", "show", "Leiden"], "GM0546"),
        (["municipalities", "list", "--on", "31-12-2020"], "2026-01-31"),
        (["jobs", "list", "--status", "bezig"], "--status"),
        (["ledger", "verify", "--checkpoint", "/bestaat/niet"], "bestaat niet"),
        (["ledger", "verify", "--checkpoint", __file__], "--municipality"),
    ],
)
def test_a_wrong_value_is_one_line_that_says_what_is_right(vliegwiel: Run, arguments: list[str], word: str) -> None:
    answer = vliegwiel(*arguments)
    assert answer.returncode == Exit.WRONG_INPUT
    assert word in one_line(answer)


def test_the_municipalities_of_a_day(vliegwiel: Run) -> None:
    for day, count in (("2015-01-01", 393), ("2026-01-01", 342)):
        answer = json.loads(vliegwiel("municipalities", "list", "--on", day, "--json").stdout)
        assert (answer["count"], len(answer["municipalities"])) == (count, count)


def test_a_database_that_is_not_there_is_a_finding_of_doctor(vliegwiel: Run) -> None:
    answer = vliegwiel("doctor", "--json", DATABASE_URL="postgresql://niemand@127.0.0.1:1/x")
    assert answer.returncode == Exit.FOUND
    found = {row["name"]: row for row in json.loads(answer.stdout)}
    assert found["database"]["verdict"] == "fout"
    assert "DATABASE_URL" in found["database"]["todo"]


@pytest.mark.parametrize(("role", "word"), [("owner", "eigenaar"), ("superuser", "superuser")])
def test_production_does_not_start_as_a_role_that_escapes_row_level_security(
    vliegwiel: Run, fresh_database: Urls, role: str, word: str
) -> None:
    url = fresh_database.owner if role == "owner" else fresh_database.superuser
    settings_ = {"VLIEGWIEL_MODE": "production", "VLIEGWIEL_SECRET": "x" * 40}
    answer = vliegwiel("jobs", "list", DATABASE_URL=url, **settings_)
    assert answer.returncode == Exit.MISSING
    assert word in one_line(answer)
    assert vliegwiel("jobs", "list", DATABASE_URL=fresh_database.app, **settings_).returncode == Exit.GOOD


def test_a_failed_job_is_listed_and_can_be_tried_again(vliegwiel: Run, fresh_database: Urls) -> None:
    import psycopg

    with psycopg.connect(fresh_database.app) as db:
        db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', 'tests.x', '{\"municipality\": \"GM0546\"}', 'failed')"
        )
    rows = json.loads(vliegwiel("jobs", "list", "--json", DATABASE_URL=fresh_database.app).stdout)
    assert [(row["job"], row["municipality"], row["status"]) for row in rows] == [("tests.x", "GM0546", "failed")]
    number = str(rows[0]["id"])
    assert vliegwiel("jobs", "retry", number, DATABASE_URL=fresh_database.app).returncode == Exit.GOOD
    again = vliegwiel("jobs", "retry", number, DATABASE_URL=fresh_database.app)
    assert (again.returncode, "niet mislukt" in one_line(again)) == (Exit.BUSY, True)


def test_output_that_nobody_reads_on_is_no_error(vliegwiel: Run, tmp_path: Path) -> None:
    command = f"{sys.executable} -m vliegwiel municipalities list | head -1; exit ${{PIPESTATUS[0]}}"
    answer = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, **environment(tmp_path)}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in answer.stderr
    assert answer.stdout.startswith("code")


def test_sentences_of_the_library_are_dutch() -> None:
    assert in_dutch("No such option: --foo") == "De optie --foo bestaat niet."
    assert in_dutch("Missing argument 'FILE'.") == "Er ontbreekt iets: FILE."
    assert in_dutch("iets anders") == "iets anders"


def test_a_table_lines_up_and_an_empty_one_says_so() -> None:
    assert table(("a", "bb"), []) == "(niets)"
    lines = table(("a", "bb"), [("xxxx", 1), ("y", 22)]).splitlines()
    assert {lines[0].index("bb"), lines[2].index("1"), lines[3].index("22")} == {6}
