"""An MQTT client that acknowledges a message when it is told to."""

from __future__ import annotations

import asyncio
import ssl
from types import TracebackType

import aiomqtt

from ..sources import BrokerAddress

WAITING = 20_000
"""Messages that may wait in this process. A good broker stops long before: it holds back what is not acknowledged."""
KEEPALIVE = 30


class Inbox(asyncio.Queue[aiomqtt.Message]):
    """Messages that wait. `overflowed` when one did not fit: the broker has it still, and sends it in the next connection."""

    overflowed = False

    def put_nowait(self, item: aiomqtt.Message) -> None:
        """Add a message. Raises `QueueFull`, which the client takes."""
        try:
            super().put_nowait(item)
        except asyncio.QueueFull:
            self.overflowed = True
            raise


class QuietClient(aiomqtt.Client):
    """A client of which a broken connection is told once: to who was reading or writing, and not again to the log."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._disconnected.done() and not self._disconnected.cancelled():
            self._disconnected.exception()
        await super().__aexit__(kind, error, trace)


class Reader(QuietClient):
    """A connection of a session that lasts. Use as an asynchronous context manager."""

    def __init__(self, broker: BrokerAddress, identifier: str, *, waiting: int = WAITING) -> None:
        super().__init__(
            broker.host,
            broker.port,
            username=broker.username or None,
            password=broker.password or None,
            identifier=identifier,
            clean_session=False,
            keepalive=KEEPALIVE,
            tls_context=ssl.create_default_context() if broker.tls else None,
            queue_type=Inbox,
            max_queued_incoming_messages=waiting,
        )
        # aiomqtt has no word for this; the paho client below it acknowledges by itself otherwise.
        self._client.manual_ack_set(True)

    @property
    def overflowed(self) -> bool:
        """Whether a message did not fit and must be asked for again, by connecting anew."""
        return isinstance(self._queue, Inbox) and self._queue.overflowed

    def acknowledge(self, message: aiomqtt.Message) -> None:
        """Tell the broker that it may forget this message. Without effect when the connection is gone."""
        self._client.ack(message.mid, message.qos)
