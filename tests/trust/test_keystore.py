"""Secrets are made once, for their owner only; each use has its own key, and an old master still opens what it closed."""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from vliegwiel.trust.keystore import Keystore, Unreadable, keystore, open_bytes, seal_bytes

ONE, TWO = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    keystore.cache_clear()
    yield
    keystore.cache_clear()


def test_the_master_key_is_made_once_and_only_we_can_read_it(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    first = keystore()
    path = tmp_path / "keys" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keystore.cache_clear()
    assert keystore() == first
    assert "\\x" not in repr(first)


def test_processes_that_start_together_agree(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: keystore.__wrapped__(), range(8)))
    assert len({store.masters for store in found}) == 1


def test_production_never_makes_a_key_by_itself(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, settings.MODE = tmp_path, "production"
    with pytest.raises(ImproperlyConfigured, match="VLIEGWIEL_MASTER_KEY"):
        keystore()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_text(base64.b64encode(ONE).decode())
    assert keystore().masters == (ONE,)


def test_a_key_from_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLIEGWIEL_MASTER_KEY", ",".join(base64.b64encode(k).decode() for k in (TWO, ONE)))
    assert keystore().masters == (TWO, ONE)


@pytest.mark.parametrize("given", ["x", "AAAA", base64.b64encode(ONE).decode() + ",AAAA", ","])
def test_what_is_no_key_is_refused_at_once(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("VLIEGWIEL_MASTER_KEY", given)
    with pytest.raises(ValueError, match="32 bytes"):
        keystore()


def test_what_an_old_master_closed_still_opens_and_new_things_use_the_new_one() -> None:
    old, rotated = Keystore((ONE,)), Keystore((TWO, ONE))
    wrapped = old.wrap(b"k" * 32, b"context")
    assert rotated.unwrap(wrapped, b"context") == b"k" * 32
    with pytest.raises(Unreadable):
        old.unwrap(rotated.wrap(b"k" * 32, b"context"), b"context")
    assert rotated.pseudonyms("GM0546", "999990019")[1] == old.pseudonym("GM0546", "999990019")
    assert rotated.pseudonym("GM0546", "999990019") != old.pseudonym("GM0546", "999990019")


def test_each_use_and_each_municipality_has_its_own_key() -> None:
    store = Keystore((ONE,))
    keys = {store.signers(code)[0].private_bytes_raw() for code in ("GM0546", "GM0344")}
    assert len(keys) == 2
    assert store.pseudonym("GM0546", "999990019") != store.pseudonym("GM0344", "999990019")


def test_what_was_closed_opens_only_whole_and_in_its_place() -> None:
    sealed = seal_bytes(ONE, b"secret", b"here")
    assert open_bytes(ONE, sealed, b"here") == b"secret"
    assert seal_bytes(ONE, b"secret", b"here") != sealed
    for changed in (b"", sealed[:-1], b"\x02" + sealed[1:], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(Unreadable):
            open_bytes(ONE, changed, b"here")
    for key, context in ((TWO, b"here"), (ONE, b"there")):
        with pytest.raises(Unreadable):
            open_bytes(key, sealed, context)
