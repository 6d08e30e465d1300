"""What the broker of the demonstration accepted and did not deliver yet, in a file: it survives the broker being killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

_TABLES = """
CREATE TABLE IF NOT EXISTS subscription (client TEXT, topic TEXT, qos INTEGER, name TEXT, PRIMARY KEY (client, topic));
CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, client TEXT, topic TEXT, body BLOB);
CREATE INDEX IF NOT EXISTS message_of ON message (client, topic, id);
"""


class Journal:
    """A file of one broker. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        # Safe when the process dies; a power cut may cost the last moment of a demonstration.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def subscribed(self, client: str, topic: str, qos: int, name: str) -> None:
        """A client whose session lasts wants this; `name` is its account."""
        self._db.execute("INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?)", (client, topic, qos, name))

    def unsubscribed(self, client: str, topic: str) -> None:
        """And no longer."""
        self._db.execute("DELETE FROM subscription WHERE client = ? AND topic = ?", (client, topic))

    def subscriptions(self) -> list[tuple[str, str, int, str]]:
        """Client, topic, quality of service and account of all subscriptions."""
        return self._db.execute("SELECT client, topic, qos, name FROM subscription ORDER BY client, topic").fetchall()

    def put(self, clients: Iterable[str], topic: str, body: bytes) -> None:
        """A message that these clients must get."""
        rows = [(client, topic, body) for client in clients]
        if rows:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO message (client, topic, body) VALUES (?, ?, ?)", rows)
            self._db.execute("COMMIT")

    def done(self, client: str, topic: str, body: bytes) -> None:
        """A client acknowledged such a message."""
        self._db.execute(
            "DELETE FROM message WHERE id = (SELECT min(id) FROM message WHERE client = ? AND topic = ? AND body = ?)",
            (client, topic, body),
        )

    def waiting(self, client: str) -> list[tuple[str, bytes]]:
        """What a client must still get, in order."""
        return self._db.execute("SELECT topic, body FROM message WHERE client = ? ORDER BY id", (client,)).fetchall()
