"""The simulators as processes: ready when they say so, gone when their starter is gone, the same again after a restart."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fixtures_simulators import running_oidc_provider, running_register_simulator, simulator

NOOR = "999998365"


def person(url: str, bsn: str, key: str) -> dict:
    question = {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": [bsn], "fields": ["geboorte.datum"]}
    answer = httpx.post(f"{url}/personen", json=question, headers={"X-API-KEY": key})
    return answer.raise_for_status().json()["personen"][0]


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for module, data in (("oidc", tmp_path), ("registers", tmp_path / "r.sqlite3")):
            port = str(taken.getsockname()[1])
            command = [sys.executable, "-m", f"vliegwiel.simulators.{module}", "--port", port, "--data", str(data)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
            assert done.returncode != 0
            assert "Address already in use" in done.stderr


@pytest.mark.parametrize("module", ["oidc", "registers"])
def test_a_simulator_stops_when_its_starter_is_killed(tmp_path: Path, module: str) -> None:
    starter = textwrap.dedent(
        f"""
        import subprocess, sys, time
        process = subprocess.Popen([sys.executable, "-m", "vliegwiel.simulators.{module}", "--stop-with-stdin",
                                    "--data", {str(tmp_path / "data")!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.readline()
        print(process.pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = psutil.Process(int(process.stdout.readline()))
        process.kill()
        gone, alive = psutil.wait_procs([child], timeout=10)
        assert (gone, alive) == ([child], [])


def test_what_was_reported_survives_a_kill_of_the_registers(tmp_path: Path) -> None:
    data = tmp_path / "registers.sqlite3"
    report = {
        "kenmerk": "01a20cb0-5cde-70cf-973f-698193e73804",
        "register": "BRP",
        "meldendeGemeente": "GM0546",
        "burgerservicenummer": NOOR,
        "rubrieken": ["08.11.20"],
        "toelichting": "Ik woon op nummer 14",
        "datumMelding": "2026-11-24T10:00:00Z",
    }
    with running_register_simulator(data) as first:
        headers = {"X-API-KEY": first.key}
        taken = first.client.post(f"{first.terugmelding_url}/meldingen", json=report, headers=headers)
        port = httpx.URL(first.base_url).port
        (owner,) = {
            c.pid for c in psutil.net_connections("tcp") if c.laddr and c.laddr.port == port and c.status == "LISTEN"
        }
        psutil.Process(owner).kill()
        time.sleep(0.2)
    with running_register_simulator(data) as second:
        again = second.client.post(f"{second.terugmelding_url}/meldingen", json=report, headers=headers)
        assert again.json() == taken.json()
        assert person(second.brp_url, NOOR, second.key)["geboorte"]


def test_the_cast_is_told_from_the_day_it_was_loaded_until_it_is_refreshed(tmp_path: Path) -> None:
    data = tmp_path / "registers.sqlite3"
    with running_register_simulator(data) as simulated:
        first = person(simulated.brp_url, NOOR, simulated.key)
    stamp = data.stat().st_mtime_ns
    with running_register_simulator(data) as simulated:
        assert person(simulated.brp_url, NOOR, simulated.key) == first
    assert data.stat().st_mtime_ns == stamp, "nothing is loaded twice"
    with running_register_simulator(data, "--refresh") as simulated:
        assert person(simulated.brp_url, NOOR, simulated.key) == first
    assert data.stat().st_mtime_ns > stamp


def test_without_a_key_set_nobody_needs_one_and_without_control_nothing_can_be_broken(tmp_path: Path) -> None:
    environment = {"VLIEGWIEL_REGISTER_KEY": ""}
    with simulator("vliegwiel.simulators.registers", ["--data", str(tmp_path / "r.sqlite3")], environment) as ready:
        assert person(ready["brp"], NOOR, "")["geboorte"]
        fault = {"path": "/", "kind": "status", "status": 500}
        assert httpx.post(f"{ready['url']}/_control/faults", json=fault).status_code == 404
        assert httpx.get(f"{ready['url']}/_control/requests").status_code == 404
        assert person(ready["brp"], NOOR, "")["geboorte"]


def test_the_signing_key_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with running_oidc_provider(tmp_path) as provider:
            discovery = httpx.get(f"{provider.citizen_issuer}/.well-known/openid-configuration").json()
            keys.append(
                [
                    {k: v for k, v in key.items() if k in {"kid", "n", "x"}}
                    for key in httpx.get(discovery["jwks_uri"]).json()["keys"]
                ]
            )
    assert keys[0] == keys[1]
    held = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert held
    assert all(path.stat().st_mode & 0o077 == 0 for path in held)


def test_nothing_of_anybody_is_printed(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "vliegwiel.simulators.registers",
        "--stop-with-stdin",
        "--data",
        str(tmp_path / "r"),
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        ready = process.stdout.readline()
        url = ready.split('"brp": "')[1].split('"')[0]
        assert person(url, NOOR, "")["geboorte"]
        httpx.post(f"{url}/personen", content=b"\xff" + NOOR.encode(), headers={"content-type": "application/json"})
        httpx.get(f"{url}/personen/{NOOR}")
        process.stdin.close()
        printed = process.stdout.read() + process.stderr.read()
    assert printed == ""
