"""Messages as network servers send them, and sensors as bytes."""

from __future__ import annotations

import base64
import json

WILSEN = "pepperl-fuchs-wilsen-sonic-level"
EMPTY_WILSEN = bytes.fromhex("040B02096A030B060006020141A0000003510124")


def wilsen(level: int, distance_mm: int = 1000) -> bytes:
    """What a WILSEN.sonic.level sends: distance, level, 20 °C, 3.6 V."""
    return (
        bytes.fromhex("040B02")
        + distance_mm.to_bytes(2)
        + bytes.fromhex("030B06")
        + level.to_bytes(1)
        + bytes.fromhex("06020141A0000003510124")
    )


def things(payload: bytes | None = b"\x00", *, eui: str = "AC1F09FFFE08FBA1", **changes: object) -> bytes:
    """A message as The Things Stack v3 sends it over MQTT (fields of its documentation, Data Formats)."""
    uplink: dict[str, object] = {
        "session_key_id": "AYjRK3cQSDEbmQ8PR0sE+w==",
        "f_port": 1,
        "f_cnt": 16,
        "rx_metadata": [{"gateway_ids": {"gateway_id": "leiden-stadhuis"}, "rssi": -117, "snr": 0.5}],
        "settings": {"data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 9}}, "frequency": "868100000"},
        "received_at": "2026-06-19T01:18:06.959577664Z",
        "consumed_airtime": "0.205824s",
    }
    if payload is not None:
        uplink["frm_payload"] = base64.b64encode(payload).decode()
    uplink |= changes
    return json.dumps(
        {
            "end_device_ids": {
                "device_id": "container-12",
                "application_ids": {"application_id": "leiden-afval"},
                "dev_eui": eui,
                "dev_addr": "260B160B",
            },
            "correlation_ids": ["as:up:01H38KP2A20XXGM395XZK03GNQ"],
            "received_at": "2026-06-19T01:18:07.169568427Z",
            "uplink_message": {k: v for k, v in uplink.items() if v is not ...},
        }
    ).encode()


def chirp(payload: bytes, **changes: object) -> bytes:
    """A message as ChirpStack v4 sends it over MQTT (integration.proto, UplinkEvent, as JSON)."""
    message: dict[str, object] = {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-07-18T09:34:15.775023242+00:00",
        "deviceInfo": {"tenantName": "Leiden", "deviceName": "container-12", "devEui": "ac1f09fffe08fba1"},
        "devAddr": "00189440",
        "dr": 1,
        "fCnt": 10,
        "fPort": 1,
        "data": base64.b64encode(payload).decode(),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -48, "snr": 9}],
    }
    message |= changes
    return json.dumps({k: v for k, v in message.items() if v is not ...}).encode()
