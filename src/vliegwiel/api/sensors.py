"""Messages of sensors over HTTP: a webhook of a network server, with a token for each source.

`POST /sensoren/v1/berichten` with `Authorization: Bearer <token>` and one message as its network sends it, or several, one a
line (`application/x-ndjson`). The answer comes when all of it is stored; a message that cannot be read is stored too, kept
aside with the reason, and is no error: to send it again would not help.
"""

from __future__ import annotations

import re
from typing import cast

from django.http import HttpRequest, HttpResponse

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, TooLarge, Unavailable
from vliegwiel.rounds.actions.arriving import LOST, Incoming, take_in
from vliegwiel.rounds.sources import Source, webhook_source

from .access import LONGEST_TOKEN, OnOwnHost, TokenWrong, token_of
from .answers import MethodNotAllowed, api, json_response

MOST_BYTES = 1 << 20
MOST_MESSAGES = 2000
LINES = "application/x-ndjson"
_EVENT = re.compile(r"[a-z]{1,20}")


@api
def messages(request: HttpRequest) -> HttpResponse:
    """Take messages in. 401 without a good token, 413 for too much at once, 503 when they must be sent again."""
    if request.method != "POST":
        raise MethodNotAllowed("POST")
    source = _source(request)
    bodies = _bodies(request)
    # ChirpStack tells what kind of event it is in the address; over MQTT it stands in the topic.
    event = request.GET.get("event", "")
    topic = f"webhook/event/{event}" if _EVENT.fullmatch(event) else "webhook"
    moment = now()
    try:
        stored = take_in(source, [Incoming(topic, moment, body) for body in bodies])
    except LOST:
        raise Unavailable("De berichten zijn niet opgeslagen. Stuur ze straks opnieuw.") from None
    return json_response(
        {
            "ontvangen": len(bodies),
            "opgeslagen": stored.observations,
            "dubbel": stored.duplicates,
            "apart": stored.aside,
        }
    )


def _source(request: HttpRequest) -> Source:
    token = token_of(request)
    if token and len(token) <= LONGEST_TOKEN:
        found = webhook_source(cast(OnOwnHost, request).municipality.code, token)
        if found is not None:
            return found
    raise TokenWrong("Zet de sleutel van de bron in de kop Authorization, achter Bearer. Deze is niet (meer) geldig.")


def _bodies(request: HttpRequest) -> list[bytes]:
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > MOST_BYTES:
        raise TooLarge("Dit is te groot: hoogstens 1 MB in één keer.")
    body = request.body
    if request.content_type != LINES:
        if not body.strip():
            raise Invalid("Er staat geen bericht in.")
        return [body]
    lines = [line for line in body.splitlines() if line.strip()]
    if not lines:
        raise Invalid("Er staat geen bericht in.")
    if len(lines) > MOST_MESSAGES:
        raise TooLarge(f"Dit zijn te veel berichten: hoogstens {MOST_MESSAGES} in één keer.")
    return lines
