"""What the documents say is true: commands and settings exist, links lead somewhere, pictures are there, figures hold."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command

from tests.fixtures_site import ROOT, Site
from vliegwiel.base import settings as base_settings
from vliegwiel.cli.lazy import COMMANDS
from vliegwiel.cli.output import Exit

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md")
    for path in ROOT.glob(pattern)
    if not any(part.startswith(".") or part == "node_modules" for part in path.relative_to(ROOT).parts)
)
HANDBOOK = ROOT / "docs" / "handboek"
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^\$ |`)(vliegwiel(?: [^`\n]+)?)(?:`|$)", re.MULTILINE)
MAKE = re.compile(r"(?:^\$ |`)(?:\w+=\w+ )?make ([a-z]+)", re.MULTILINE)
SETTING = re.compile(r"\b(?:VLIEGWIEL|DATABASE)_[A-Z0-9_]+\b")


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(document.read_text("utf-8"))]
    missing = [t for t in targets if t and "://" not in t and not (document.parent / t).exists()]
    assert missing == []


def test_every_picture_of_the_handbook_is_shown_and_has_words() -> None:
    text = "\n".join(path.read_text("utf-8") for path in HANDBOOK.glob("*.md"))
    shown = dict(re.findall(r"!\[([^\]]+)\]\(beeld/([^)]+)\)", text))
    assert set(shown.values()) == {path.name for path in (HANDBOOK / "beeld").glob("*.png")}


def commands() -> list[tuple[str, str]]:
    found = []
    for path, name in zip(DOCUMENTS, NAMES, strict=True):
        found += [(name, match.strip()) for match in COMMAND.findall(path.read_text("utf-8"))]
    return sorted({(name, command) for name, command in found if command != "vliegwiel"})


@pytest.mark.parametrize(("document", "command"), commands())
def test_a_command_in_a_document_exists_with_its_options(document: str, command: str) -> None:
    """The nouns, verbs and options are real; arguments in capitals stand for what somebody fills in."""
    words = [word for word in shlex.split(command)[1:] if not re.fullmatch(r"[A-Z]{2,}|…|\d+", word)]
    nouns = [word for word in words if not word.startswith("-")]
    if not nouns:
        assert set(words) <= {"--help", "--json"}, f"{document}: {command}"
        return
    assert nouns[0] in COMMANDS, f"{document}: {command}"
    found = get_command(import_module(f"vliegwiel.cli.{COMMANDS[nouns[0]].module}").app)
    if (verbs := getattr(found, "commands", None)) is not None:
        context = found.make_context(nouns[0], ["--help"], resilient_parsing=True)
        assert len(nouns) == 1 or nouns[1] in found.list_commands(context), f"{document}: {command}"
        if len(nouns) > 1:
            # Some nouns read the module of a verb only when it is run.
            found = verbs.get(nouns[1]) or found.resolve_command(context, [nouns[1]])[1]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}, f"{document}: {command}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_a_make_target_in_a_document_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(MAKE.findall(document.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=NAMES)
def test_a_setting_in_a_document_is_read_by_the_code(document: Path) -> None:
    code = "\n".join(
        path.read_text("utf-8") for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")
    )
    known = set(SETTING.findall(code)) | {f"VLIEGWIEL_{name}_URL" for name in ("BRP", "BAG", "RDW")}
    assert set(SETTING.findall(document.read_text("utf-8"))) <= known


def test_the_settings_of_the_module_are_told_in_the_readme() -> None:
    told = set(SETTING.findall((ROOT / "README.md").read_text("utf-8")))
    assert set(SETTING.findall(base_settings.__doc__ or "")) <= told


def test_the_exit_codes_in_the_handbook_are_those_of_the_command_line() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+?) \|$", (HANDBOOK / "beheer.md").read_text("utf-8"), re.MULTILINE)
    assert [int(code) for code, _ in rows] == [int(code) for code in Exit if code is not Exit.INTERRUPTED]


def test_every_noun_of_the_command_line_is_told_in_the_handbook() -> None:
    text = "\n".join(path.read_text("utf-8") for path in HANDBOOK.glob("*.md"))
    assert [noun for noun in COMMANDS if f"vliegwiel {noun}" not in text] == []


def test_the_decisions_are_numbered_and_say_whether_they_hold() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^Date: \d{4}-\d\d-\d\d\. (Holds|Replaced by \d+)\.", text, re.MULTILINE), path.name
        assert "## What it costs" in text, path.name


def test_what_the_handbook_lets_people_run_works_on_a_running_platform(site: Site) -> None:
    for command in (
        "municipalities list --live",
        "jobs list",
        "jobs ticks",
        "ledger seal",
        "ledger verify",
        "registers status",
    ):
        answer = site.command(*command.split())
        assert answer.returncode == 0, f"{command}: {answer.stderr}{answer.stdout[-500:]}"
