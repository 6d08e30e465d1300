"""What the demonstration's made-up world must hear, passed on from the database to the broker (`rounds.world`)."""

from __future__ import annotations

import asyncio
import logging
import os

import aiomqtt
import psycopg
from django.conf import settings
from procrastinate.contrib.django.utils import connector_params

from ..sources import BrokerAddress
from ..world import CHANNEL
from .client import QuietClient

TOPIC = "wereld/geleegd"

_log = logging.getLogger(__name__)


async def tell_forever(stop: asyncio.Event) -> None:
    """Pass on to the broker what `tell_emptied` told, until `stop`. Raises when database or broker is away: start again."""
    url = os.environ.get("VLIEGWIEL_MQTT_URL", "")
    if not url or settings.MODE == "production":
        await stop.wait()
        return
    passing = asyncio.ensure_future(_pass_on(BrokerAddress.parse(url)))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait([passing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    passing.cancel()
    (outcome,) = await asyncio.gather(passing, return_exceptions=True)
    if isinstance(outcome, psycopg.Error | aiomqtt.MqttError | OSError):
        _log.warning("the made-up world cannot be told now: %s", type(outcome).__name__)


async def _pass_on(broker: BrokerAddress) -> None:
    async with (
        await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True) as heard,
        QuietClient(broker.host, broker.port, username=broker.username, password=broker.password) as client,
    ):
        await heard.execute(f"LISTEN {CHANNEL}")
        async for notice in heard.notifies():
            await client.publish(TOPIC, notice.payload, qos=1)
