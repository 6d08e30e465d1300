"""Two commands on a running platform, for the test of survival: `python -m tests.house.applications prepare 200` and `… count`.

`prepare` fills in applications up to "controleren" and prints, as JSON, who may send which one. `count` reads the tables
themselves and prints what became of them.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from vliegwiel.base import bootstrap
from vliegwiel.cli import places

places.find_running()
bootstrap.configure(log_level="WARNING")

from django.db import connection  # noqa: E402  # Django's settings must be known first

from vliegwiel.base import queries as base  # noqa: E402
from vliegwiel.base.errors import VliegwielError  # noqa: E402
from vliegwiel.base.tenancy import scope  # noqa: E402
from vliegwiel.casework import queries  # noqa: E402
from vliegwiel.casework.actions import drafts  # noqa: E402
from vliegwiel.cli.democases import Part, typed_by  # noqa: E402
from vliegwiel.simulators.cast.people import Persoon, read_cast  # noqa: E402
from vliegwiel.trust.identity import Citizen, Level  # noqa: E402
from vliegwiel.trust.sessions import open_session  # noqa: E402

# A person gives a move through to the municipality where the new home is, so each can do so in seven municipalities.
PRODUCT = "verhuizing-doorgeven"


def prepare_one(person: Persoon, served: base.Served) -> dict[str, object] | None:
    citizen = Citizen(served.code, person.bsn, Level.HOOG, person.naam)
    try:
        draft = drafts.start_draft(citizen, PRODUCT)
        step: str | None = None
        while True:
            shown = queries.draft_page(citizen, draft, step)
            typed = {field.key: typed_by(Part(person, served.code, "verhuizing"), field) for field in shown.fields}
            step = drafts.answer(citizen, draft, shown.step.key, typed, version=shown.version)
            if step is None:
                break
        page = queries.check_answers(citizen, draft)
        if page.missing or (page.indication is not None and page.indication.outcome == "balie"):
            return None  # the law sends this person to the counter
        token = open_session(citizen, "")
    except VliegwielError:
        return None  # some of the cast cannot move: that is their story
    finally:
        connection.close()
    return {"gemeente": served.code, "slug": served.slug, "draft": str(draft), "version": page.version, "token": token}


def prepare(count: int) -> None:
    cast = read_cast()
    people = [person for person in cast.personen if person.can_log_in]
    pairs = [(person, served) for served in base.served() for person in people]
    found: list[dict[str, object]] = []
    with ThreadPoolExecutor(4) as pool:
        for start in range(0, len(pairs), 20):
            chunk = pairs[start : start + 20]
            found += [row for row in pool.map(lambda pair: prepare_one(*pair), chunk) if row]
            if len(found) >= count:
                break
    print(json.dumps(found[:count]))


CASES = """
SELECT z.id, z.draft,
  (SELECT count(*) FROM casework_status s WHERE s.municipality_id = z.municipality_id AND s.zaak_id = z.id),
  (SELECT count(*) FROM casework_rol r WHERE r.municipality_id = z.municipality_id AND r.zaak_id = z.id),
  (SELECT count(*) FROM casework_fact f WHERE f.municipality_id = z.municipality_id AND f.zaak_id = z.id),
  (SELECT count(*) FROM casework_task t WHERE t.municipality_id = z.municipality_id AND t.zaak_id = z.id),
  (SELECT count(*) FROM trust_event e
    WHERE e.municipality_id = z.municipality_id AND e.zaak_id = z.id AND e.kind = 'zaak.geopend'),
  (SELECT d.zaak = z.id AND d.ended IS NOT NULL FROM casework_draft d
    WHERE d.municipality_id = z.municipality_id AND d.id = z.draft)
FROM casework_zaak z"""


def count() -> None:
    codes = [served.code for served in base.served()]
    with bootstrap.database(), scope(*codes), connection.cursor() as cursor:
        cursor.execute(CASES)
        names = ("zaak", "draft", "statuses", "roles", "facts", "tasks", "opened", "draft_ended")
        cases = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        cursor.execute("SELECT id, zaak FROM casework_draft")
        applications = {str(id_): _plain(zaak) for id_, zaak in cursor.fetchall()}
        cursor.execute(
            "SELECT count(*) FROM trust_event e WHERE e.kind = 'zaak.geopend' AND NOT EXISTS"
            " (SELECT 1 FROM casework_zaak z WHERE z.municipality_id = e.municipality_id AND z.id = e.zaak_id)"
        )
        homeless = cursor.fetchone()[0]
    print(json.dumps({"cases": cases, "drafts": applications, "events_without_case": homeless}))


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        count()
