"""The law room is a library: it works in a fresh interpreter that has no Django, as its page shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

import vliegwiel
from tests.law.test_explanations import LAWS, told
from vliegwiel.law.shape import FILE, decision_schema, written

PAGE = Path(__file__).parents[2] / "docs" / "wetten-als-bibliotheek.md"
SOURCE = Path(vliegwiel.__file__).parents[1]

BLOCKED = """\
import sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "psycopg", "ninja"):
            raise ImportError(f"{name} is not here")

sys.meta_path.insert(0, NoDjango())
"""


def _blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def _fresh(code: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", BLOCKED + code],
        cwd=SOURCE / "vliegwiel",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def test_the_page_runs_without_django() -> None:
    said = _fresh("\n".join(_blocks()))
    first = said.splitlines()
    assert first[0].startswith("True €")
    assert "U hebt recht op de individuele inkomenstoeslag." in first
    assert any("['Wat is uw netto inkomen per maand, met vakantiegeld?']" in line for line in first)


def test_to_decide_loads_no_library_for_populations_and_none_for_the_web() -> None:
    code = """
from vliegwiel.law import load, decide, explain
heavy = {"polars", "numpy", "altair", "django", "sqlalchemy", "pandas"} & set(sys.modules)
assert not heavy, heavy
"""
    _fresh(code)


def test_the_published_schema_is_that_of_the_code() -> None:
    assert FILE.read_text() == written()


@pytest.mark.parametrize("law", LAWS)
def test_every_decision_and_explanation_keeps_to_the_published_schema(law: str) -> None:
    schema = decision_schema()
    for name, take in (("Decision", "decision"), ("Explanation", "explanation")):
        validator = Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})
        for item in told(law)[:2]:
            plain = json.loads(getattr(item, take).to_json())
            assert [error.message for error in validator.iter_errors(plain)] == [], item.where


def test_the_page_names_every_key_of_a_decision_and_of_a_step() -> None:
    page = PAGE.read_text()
    schema = decision_schema()
    definitions = msgspec.convert(schema["$defs"], dict[str, dict[str, object]])
    for name in ("Decision", "TraceNode"):
        for key in msgspec.convert(definitions[name]["properties"], dict[str, object]):
            assert f"`{key}`" in page, (name, key)
