"""A file belongs to one municipality, survives, and is kept the same way in a folder and in an S3-compatible store."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vliegwiel.base import storage
from vliegwiel.base.errors import NotFound

KEY, OTHER = "GM0546", "GM0547"


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3-compatible server in a process of its own; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            address = found[0]
            break
    assert httpx.get(f"{address}/moto-api/", trust_env=False).status_code == 200
    yield address
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The storage of the platform, in each of its forms."""
    backend: dict[str, object]
    if request.param == "folder":
        backend = {"BACKEND": "vliegwiel.base.storage.DurableFolder", "OPTIONS": {"location": str(tmp_path)}}
    else:
        for name, value in (
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
        ):
            monkeypatch.setenv(name, value)
        address = request.getfixturevalue("s3")
        client = boto3.client("s3", endpoint_url=address)
        httpx.post(f"{address}/moto-api/reset", trust_env=False).raise_for_status()
        client.create_bucket(Bucket="stukken", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        backend = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "stukken",
                "endpoint_url": address,
                "file_overwrite": False,
                "default_acl": None,
            },
        }
    with override_settings(
        STORAGES={
            "default": backend,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
    ):
        yield


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(range(256)) * 5000])
def test_what_is_put_can_be_got(kept: None, content: bytes) -> None:
    key = storage.put(KEY, content, suffix=".pdf")
    assert re.fullmatch(r"GM0546/\d{4}/\d{2}/[0-9a-f-]{36}\.pdf", key)
    assert storage.get(KEY, key) == content


def test_two_files_with_the_same_content_are_two_files(kept: None) -> None:
    assert storage.put(KEY, b"x", suffix="") != storage.put(KEY, b"x", suffix="")


def test_another_municipality_cannot_read_or_remove_it(kept: None) -> None:
    key = storage.put(KEY, b"geheim", suffix=".txt")
    with pytest.raises(NotFound):
        storage.get(OTHER, key)
    with pytest.raises(NotFound):
        storage.remove(OTHER, key)
    assert storage.get(KEY, key) == b"geheim"


def test_what_is_removed_is_gone_and_removing_twice_is_no_error(kept: None) -> None:
    key = storage.put(KEY, b"x", suffix=".txt")
    storage.remove(KEY, key)
    storage.remove(KEY, key)
    with pytest.raises(NotFound):
        storage.get(KEY, key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.text(max_size=80)
    | st.sampled_from(["../../etc/passwd", "GM0546/../GM0547/x", "GM0546/2026/11/../../x", "/etc/passwd", "GM0546\\x"])
)
def test_a_hostile_key_finds_nothing(tmp_path: Path, key: str) -> None:
    with pytest.raises(NotFound):
        storage.get(KEY, key)


@pytest.mark.parametrize("suffix", ["pdf", ".PDF", "../x", ".a/b", ".verylongsuffix", "."])
def test_a_strange_suffix_is_refused(suffix: str) -> None:
    with pytest.raises(ValueError, match="suffix"):
        storage.put(KEY, b"x", suffix=suffix)


@pytest.mark.parametrize("municipality", ["", "GM1", "..", "GM0546/.."])
def test_a_strange_municipality_is_refused(municipality: str) -> None:
    with pytest.raises(ValueError, match="municipality"):
        storage.put(municipality, b"x", suffix="")
