"""A folder for git: as it was written, the same when nothing changed, and back with only what is different."""

from __future__ import annotations

from pathlib import Path

import pytest

from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.catalogue.exchange.folder import INDEX, Change, ChangeKind, Entry, compare, entries_of, read, write
from vliegwiel.catalogue.library import DEFINITIONS, Library
from vliegwiel.catalogue.resolve import library


def states(folder: Path) -> dict[str, ChangeKind]:
    found = compare(read(folder), entries_of(library()))
    return {one.entry.file: one.kind for one in found if one.kind is not ChangeKind.SAME}


def test_a_folder_is_as_it_was_written_and_exporting_twice_changes_nothing(tmp_path: Path) -> None:
    count = write(entries_of(library()), tmp_path / "uit")
    before = {path: path.read_bytes() for path in (tmp_path / "uit").rglob("*") if path.is_file()}
    assert write(entries_of(library()), tmp_path / "uit") == count
    assert before == {path: path.read_bytes() for path in (tmp_path / "uit").rglob("*") if path.is_file()}
    name = "producten/verhuizing-doorgeven.yaml"
    assert (tmp_path / "uit" / name).read_bytes() == (DEFINITIONS / name).read_bytes()
    assert states(tmp_path / "uit") == {}


def test_the_exported_folder_is_a_library_of_its_own(tmp_path: Path) -> None:
    write(entries_of(library()), tmp_path)
    copy = Library(tmp_path)
    assert (copy.products(), copy.patterns(), copy.blocks()) == (
        library().products(),
        library().patterns(),
        library().blocks(),
    )
    assert copy.municipalities() == library().municipalities()


def test_only_what_is_different_is_told_and_layout_and_comments_are_not(tmp_path: Path) -> None:
    write(entries_of(library(), ()), tmp_path)
    product = tmp_path / "producten/verhuizing-doorgeven.yaml"
    product.write_text("# andere uitleg\n" + product.read_text().replace("\n", "\n\n", 1))
    (tmp_path / "blokken/groet.yaml").write_text("teksten: []\n")
    changed = tmp_path / "producten/container-vol.yaml"
    changed.write_text(changed.read_text().replace("naam: Container vol", "naam: Container zit vol"))
    (tmp_path / "producten/kapot.yaml").write_text("a: [")
    (tmp_path / "patronen/klacht.yaml").unlink()
    found = states(tmp_path)
    assert found.pop("blokken/groet.yaml") is ChangeKind.NEW
    assert found.pop("producten/container-vol.yaml") is ChangeKind.CHANGED
    assert found.pop("producten/kapot.yaml") is ChangeKind.WRONG
    assert found.pop("patronen/klacht.yaml") is ChangeKind.ABSENT
    assert all(kind is ChangeKind.ABSENT and name.startswith("varianten/") for name, kind in found.items())


def test_what_an_earlier_export_wrote_and_is_gone_goes_and_nothing_else(tmp_path: Path) -> None:
    one, two = (
        Entry("producten/een.yaml", "product", "een", "", "", "", "a: 1\n"),
        Entry("producten/twee.yaml", "product", "twee", "", "", "", "a: 2\n"),
    )
    write([one, two], tmp_path)
    (tmp_path / "eigen.txt").write_text("van mij")
    write([two], tmp_path)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "twee.yaml",
        "eigen.txt",
        INDEX,
        "LEESMIJ.txt",
    }


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "brief.doc").write_text("van mij")
    with pytest.raises(Conflict, match="staat al iets anders"):
        write([], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["brief.doc"]


def test_an_index_that_points_outside_deletes_nothing(tmp_path: Path) -> None:
    victim = tmp_path / "elders.yaml"
    victim.write_text("x: 1\n")
    write([], tmp_path / "map")
    listed = '{"bestand":"../elders.yaml","hash":"","soort":"product","sleutel":"x"}'
    (tmp_path / "map" / INDEX).write_text(f'{{"formaat":"vliegwiel-map","versie":1,"definities":[{listed}]}}')
    with pytest.raises(Conflict, match="buiten de map"):
        write([], tmp_path / "map")
    assert victim.exists()


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "geheim.yaml").write_text("wachtwoord: x\n")
    (tmp_path / "map/producten").mkdir(parents=True)
    (tmp_path / "map/producten/x.yaml").symlink_to(tmp_path / "geheim.yaml")
    (found,) = read(tmp_path / "map")
    assert isinstance(found, Change)
    assert found.kind is ChangeKind.WRONG


def test_a_folder_without_definitions_and_a_newer_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="geen definities"):
        list(read(tmp_path))
    (tmp_path / INDEX).write_text('{"formaat":"vliegwiel-map","versie":2,"definities":[]}')
    with pytest.raises(Conflict, match="nieuwer formaat"):
        write([], tmp_path)
