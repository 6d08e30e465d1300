"""DMN models run as the public compatibility kit says, and a hostile file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from vliegwiel.law.dmn.reading import NotDmn, read
from vliegwiel.law.dmn.tck import run_directory


@pytest.mark.shared
def test_level_2_of_the_kit_passes_whole(shared: Path) -> None:
    outcomes = run_directory(shared / "standards" / "dmn-tck" / "compliance-level-2")
    assert len(outcomes) > 100
    assert [o for o in outcomes if o.failure] == []


@pytest.mark.shared
def test_level_3_of_the_kit(shared: Path) -> None:
    outcomes = run_directory(shared / "standards" / "dmn-tck" / "compliance-level-3")
    failed = [o for o in outcomes if o.failure]
    assert len(outcomes) > 1_300
    assert failed == []


DMN = b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">%s</definitions>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE d [<!ENTITY a "x">]>' + DMN % b"&a;",
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + DMN % b"",
        DMN % (b"<decision>" * 100 + b"</decision>" * 100),
        DMN % b'<decision name="d"><decisionTable hitPolicy="BEST"/></decision>',
    ],
)
def test_a_file_that_is_no_plain_dmn_is_refused(data: bytes) -> None:
    with pytest.raises(NotDmn):
        read(data)
