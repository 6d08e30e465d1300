"""The fleet: who reports when, and what then goes over the air."""

from __future__ import annotations

import base64
import heapq
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .containers import Container, World
from .encoding import KINDS, Measured
from .faults import Mishap, Weakness, mishap, weakness

EMPTIED = "wereld/geleegd"
"""The topic on which the sensors hear that a container was emptied: the echo of a truck, in this made-up world."""
NOISE_MM = 12.0
APPLICATION = "containers@nagebootst"


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A message on its way: when it reaches the broker, its topic and body."""

    at: datetime
    topic: str
    body: bytes


@dataclass(slots=True)
class Fleet:
    """Every sensor reports once an interval, spread out, with a little scatter. `step` gives what reaches the broker."""

    world: World
    seed: str
    interval: timedelta = timedelta(minutes=15)
    _turns: list[tuple[datetime, str]] = field(default_factory=list)
    _air: list[Due] = field(default_factory=list)
    _stuck: dict[str, int] = field(default_factory=dict)

    def begin(self, at: datetime) -> None:
        """Spread the first reports over the coming interval."""
        alive = [container for container in self.world.containers if not container.silent]
        for number, container in enumerate(alive):
            heapq.heappush(self._turns, (at + self.interval * (number / max(len(alive), 1)), container.code))

    def next_at(self) -> datetime | None:
        """When something happens next; None when nothing ever will."""
        moments = [turns[0][0] for turns in (self._turns,) if turns] + [due.at for due in self._air[:1]]
        return min(moments, default=None)

    def step(self, until: datetime) -> list[Due]:
        """Let time pass up to a moment; what reached the broker meanwhile, in order."""
        codes = self.world.by_code
        while self._turns and self._turns[0][0] <= until:
            at, code = heapq.heappop(self._turns)
            container = codes[code]
            container.fill(at, self.seed)
            lot = Random(f"{self.seed} {code} {at.isoformat()}")  # noqa: S311  # made-up faults, nothing secret
            for due in self._report(container, at, lot):
                heapq.heappush(self._air, due)
            scatter = self.interval * lot.uniform(0.9, 1.1)
            heapq.heappush(self._turns, (max(at, until - 10 * self.interval) + scatter, code))
        arrived = []
        while self._air and self._air[0].at <= until:
            arrived.append(heapq.heappop(self._air))
        return arrived

    def emptied(self, code: str, at: datetime) -> bool:
        """A truck emptied this container; whether it is one of ours."""
        container = self.world.by_code.get(code)
        if container is None:
            return False
        container.empty(max(at, container.at), self.seed)
        self._stuck.pop(code, None)
        return True

    def _report(self, container: Container, at: datetime, lot: Random) -> list[Due]:
        container.counter += 1
        kind = weakness(container.device, self.seed)
        fate = mishap(kind, lot)
        if fate.lost:
            return []
        measured = self._measure(container, at, kind, fate, lot)
        port, payload = KINDS[container.kind].port, KINDS[container.kind].encode(measured)
        if fate.garbage:
            payload = lot.choice((payload[: len(payload) // 2], lot.randbytes(lot.randint(1, 40)), b"\xff" * 6))
        topic = f"{self.world.municipality}/v3/{APPLICATION}/devices/{container.code.lower()}/up"
        body = _message(container, at + fate.clock, port, payload, lot)
        return [Due(at + fate.delay + timedelta(seconds=copy), topic, body) for copy in range(fate.copies)]

    def _measure(self, container: Container, at: datetime, kind: Weakness, fate: Mishap, lot: Random) -> Measured:
        distance = container.distance_mm() + lot.gauss(0.0, NOISE_MM)
        if fate.echo:
            distance = lot.uniform(container.vol_mm, container.leeg_mm)
        if kind is Weakness.STUCK:
            distance = float(self._stuck.setdefault(container.code, round(distance)))
        depth = container.leeg_mm - container.vol_mm
        level = round(100 * (container.leeg_mm - distance) / depth)
        season = 10.0 - 8.0 * abs(at.month - 7) / 6
        return Measured(
            distance_mm=min(max(round(distance), 0), 65_000),
            level=min(max(level, 0), 100),
            celsius=season + lot.gauss(0.0, 2.0),
            battery=max(5, 97 - container.counter // 400),
        )


def _message(container: Container, at: datetime, port: int, payload: bytes, lot: Random) -> bytes:
    """As The Things Stack v3 sends it; zeros are left out, as it does."""
    moment = at.isoformat().replace("+00:00", "Z")
    uplink = {
        "session_key_id": base64.b64encode(container.device.encode()).decode(),
        "f_port": port,
        "f_cnt": container.counter,
        "frm_payload": base64.b64encode(payload).decode(),
        "rx_metadata": [{"gateway_ids": {"gateway_id": "nagebootst"}, "rssi": lot.randint(-120, -70), "snr": 7.5}],
        "received_at": moment,
    }
    return json.dumps(
        {
            "end_device_ids": {"device_id": container.code.lower(), "dev_eui": container.device},
            "received_at": moment,
            "uplink_message": {name: value for name, value in uplink.items() if value not in (0, "", False)},
        },
        separators=(",", ":"),
    ).encode()
