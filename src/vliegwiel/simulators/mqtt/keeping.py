"""amqtt's broker, with the promise of QoS 1 kept.

amqtt 0.12 forgets a QoS 1 message that its subscriber does not acknowledge within five seconds, every message that is on its
way when a connection breaks, and what it acknowledged to a client that left before it was passed on; it answers no request
of a client that comes back before all that waited for it is acknowledged; and a client that comes back at once stays
"disconnected". MQTT 3.1.1 (4.3.2, 4.4) asks otherwise: a message is kept, and sent again in the next connection of the
session, until it is acknowledged. The two classes here do that.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, cast

from amqtt import broker as amqtt_broker
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.contexts import Action, BrokerConfig, ListenerConfig
from amqtt.mqtt.constants import QOS_1
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.puback import PubackPacket
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import (
    OUTGOING,
    ApplicationMessage,
    IncomingApplicationMessage,
    OutgoingApplicationMessage,
    Session,
)

from .journal import Journal

REFUSED = 0x80
"""From here on the answer to a subscription is a refusal."""


class PatientHandler(BrokerProtocolHandler):
    """The side of one client. A message goes from `inflight_out` when it is acknowledged, and not before."""

    keeper: ClassVar[KeepingBroker | None] = None
    """The broker of this process."""

    async def _handle_qos1_message_flow(
        self, app_message: OutgoingApplicationMessage | IncomingApplicationMessage
    ) -> None:
        if app_message.direction != OUTGOING:
            if self.keeper is not None:
                # Written down before it is acknowledged.
                await self.keeper.keep(self.session, app_message.topic, bytes(app_message.data))
            await super()._handle_qos1_message_flow(app_message)
            return
        packet_id = app_message.packet_id
        assert packet_id is not None
        assert self.session is not None
        message = cast(OutgoingApplicationMessage, app_message)
        self.session.inflight_out[packet_id] = message
        packet = message.build_publish_packet(dup=message.publish_packet is not None)
        acknowledged: asyncio.Future[PubackPacket] = asyncio.get_running_loop().create_future()
        # Before sending: an answer may come while the packet is being written.
        self._puback_waiters[packet_id] = acknowledged
        message.publish_packet = packet
        await self._send_packet(packet)
        await acknowledged
        self._puback_waiters.pop(packet_id, None)
        self.session.inflight_out.pop(packet_id, None)
        if self.keeper is not None:
            self.keeper.delivered(self.session, message.topic, bytes(message.data))

    async def _retry_deliveries(self) -> None:
        assert self.session is not None
        waiting = list(itertools.chain(self.session.inflight_in.values(), self.session.inflight_out.values()))
        self._again = {asyncio.ensure_future(self._deliver(message)) for message in waiting}

    async def _deliver(self, message: ApplicationMessage) -> None:
        # A connection that breaks again leaves the message where it is, for the next one.
        flow = self._handle_message_flow(cast("IncomingApplicationMessage | OutgoingApplicationMessage", message))
        await asyncio.gather(flow, return_exceptions=True)


class KeepingBroker(Broker):
    """A broker that loses nothing when a client leaves, and answers one that comes back at once, while what waited for it is
    on its way. With a journal it also remembers sessions and their messages when it is killed."""

    journal: Journal | None = None

    async def keep(self, session: Session | None, topic: str, body: bytes) -> None:
        """Write down a message for the clients whose session lasts and who want it."""
        if self.journal is None or session is None:
            return
        if not await self._topic_filtering(session, topic=topic, action=Action.PUBLISH):
            return
        wanted = {
            subscriber.client_id
            for pattern, subscriptions in self._subscriptions.items()
            if self._matches(topic, pattern)
            for subscriber, qos in subscriptions
            if qos and not subscriber.clean_session and subscriber.client_id
        }
        self.journal.put(sorted(wanted), topic, body)

    def delivered(self, session: Session, topic: str, body: bytes) -> None:
        """A client acknowledged a message."""
        if self.journal is not None and not session.clean_session and session.client_id:
            self.journal.done(session.client_id, topic, body)

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Subscribe, and remember it when the session lasts."""
        granted = await super().add_subscription(subscription, session)
        if self.journal is not None and granted < REFUSED and not session.clean_session and session.client_id:
            self.journal.subscribed(session.client_id, subscription[0], granted, session.username or "")
        return granted

    def _del_subscription(self, a_filter: str, session: Session) -> int:
        if self.journal is not None and session.client_id:
            self.journal.unsubscribed(session.client_id, a_filter)
        return super()._del_subscription(a_filter, session)

    async def _start_listeners(self) -> None:
        if self.journal is not None:
            for client, topic, qos, name in self.journal.subscriptions():
                if client not in self._sessions:
                    handler, session = self.create_offline_session(client)
                    session.clean_session, session.username = False, name
                    self._sessions[client] = (session, handler)
                    for kept, body in self.journal.waiting(client):
                        session.retained_messages.put_nowait(RetainedApplicationMessage(None, kept, body, QOS_1))
                self._subscriptions.setdefault(topic, []).append((self._sessions[client][0], qos))
        await super()._start_listeners()

    async def _handle_disconnect(
        self, client_session: Session, handler: BrokerProtocolHandler, disconnect_waiter: asyncio.Future[object]
    ) -> None:
        sent = client_session.delivered_message_queue
        while not sent.empty():
            message: asyncio.Future[ApplicationMessage] = asyncio.get_running_loop().create_future()
            message.set_result(sent.get_nowait())
            await self._handle_message_delivery(client_session, handler, message)
        if self._get_handler(client_session) is not handler:
            # The client is back already, over another connection: its session goes on.
            await self._stop_handler(handler)
            return
        await super()._handle_disconnect(client_session, handler, disconnect_waiter)

    async def _publish_session_retained_messages(self, session: Session) -> None:
        if not session.transitions.is_connected():
            # The end of the connection before came in between.
            session.transitions.connect()
        handler = self._get_handler(session)
        while handler is not None and not session.retained_messages.empty():
            kept = await session.retained_messages.get()
            task = asyncio.ensure_future(handler.mqtt_publish(kept.topic, kept.data, kept.qos or QOS_1, retain=False))
            self._tasks_queue.append(task)


# The broker makes its handlers by the name in its own module; it has no other way to be given another class.
vars(amqtt_broker)["BrokerProtocolHandler"] = PatientHandler


class KeyAuth(BaseAuthPlugin):
    """Who knows the key of a name may come in."""

    @dataclass
    class Config:
        """Name to key."""

        keys: dict[str, str] = field(default_factory=dict)

    async def authenticate(self, *, session: Session) -> bool | None:
        """Whether the key is the one of that name, compared in constant time."""
        known: str = self.config.keys.get(session.username or "", "")
        return bool(known) and hmac.compare_digest(known.encode(), (session.password or "").encode())


class OwnTopics(BaseTopicPlugin):
    """Each name may write under its own prefixes only, and read under its own; an empty prefix is everything."""

    @dataclass
    class Config:
        """Name to prefixes."""

        write: dict[str, list[str]] = field(default_factory=dict)
        read: dict[str, list[str]] = field(default_factory=dict)

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        """Whether this session may do this with this topic."""
        name = (session.username if session else "") or ""
        allowed: Mapping[str, list[str]] = self.config.write if action is Action.PUBLISH else self.config.read
        return any((topic or "").startswith(prefix) for prefix in allowed.get(name, ()))


@dataclass(frozen=True, slots=True)
class Client:
    """Who may connect: a name, its key, and the prefixes of topics it may write and read."""

    name: str
    key: str = field(repr=False)
    write: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


def make_broker(host: str, port: int, clients: tuple[Client, ...], journal: Journal | None = None) -> KeepingBroker:
    """The broker of this process, not started yet; call inside a running loop."""
    plugins = {
        f"{__name__}.KeyAuth": {"keys": {client.name: client.key for client in clients}},
        f"{__name__}.OwnTopics": {
            "write": {client.name: list(client.write) for client in clients},
            "read": {client.name: list(client.read) for client in clients},
        },
    }
    broker = KeepingBroker(BrokerConfig(listeners={"default": ListenerConfig(bind=f"{host}:{port}")}, plugins=plugins))
    broker.journal = journal
    PatientHandler.keeper = broker
    return broker
