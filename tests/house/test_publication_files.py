"""The files that let others find and reuse the software: the licence is whole, the metadata is valid."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def _publiccode() -> dict[str, object]:
    read = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def _section(name: str, of: dict[str, object] | None = None) -> dict[str, object]:
    found = (of if of is not None else _publiccode())[name]
    assert isinstance(found, dict)
    return found


def test_the_licence_is_the_whole_EUPL_1_2_with_its_15_articles_and_appendix() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [int(number) for number in re.findall(r"(?m)^(\d+)\. [A-Z]", text)] == list(range(1, 16))
    body, appendix = re.split(r"(?m)^Appendix$", text)
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in appendix
    assert "GNU Affero General Public License (AGPL) v. 3" in appendix
    assert "Licensed under the EUPL" in body
    assert len(re.findall(r"\w+", text)) == 2239


def test_every_file_names_the_same_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == _section("legal")["license"] == "EUPL-1.2"


def test_publiccode_has_what_version_0_4_of_the_standard_demands() -> None:
    file = _publiccode()
    assert file["publiccodeYmlVersion"] == "0.4"
    mandatory = {"name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal"}
    assert mandatory | {"maintenance", "localisation", "categories"} <= set(file)
    assert re.fullmatch(r"https://\S+", str(file["url"]))
    assert file["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert file["softwareType"] == "standalone/web"
    maintenance = _section("maintenance")
    assert maintenance["type"] in {"internal", "contract", "community", "none"}
    assert maintenance["type"] not in {"internal", "community"} or maintenance.get("contacts")
    assert maintenance["type"] != "contract" or maintenance.get("contractors")
    localisation = _section("localisation")
    assert isinstance(localisation["localisationReady"], bool)
    assert localisation["availableLanguages"]


def test_publiccode_describes_the_software_in_dutch_and_english_within_the_limits() -> None:
    description = _section("description")
    assert set(description) == {"nl", "en"}
    for language in description:
        text = _section(language, description)
        short, long, features = text["shortDescription"], text["longDescription"], text["features"]
        assert isinstance(short, str)
        assert 0 < len(short) <= 150
        assert "\n" not in short
        assert isinstance(long, str)
        assert 150 <= len(long) <= 10_000
        assert isinstance(features, list)
        assert 5 <= len(features) <= 20
