"""The JSON Schema of a decision and of its explanation: what others may rely on when they read one.

The file `beslissing.schema.json` holds it; `python -m vliegwiel.law.shape` writes it again after a change on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import msgspec

from vliegwiel.law.decision import Decision
from vliegwiel.law.explaining import Explanation

FILE: Final = Path(__file__).with_name("beslissing.schema.json")
_PLAIN: Final = (
    "een waarde in platte vorm: tekst (ook getallen en datums), ja of nee als true of false, lijst, groep of null"
)
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def decision_schema() -> dict[str, object]:
    """The schema. A decision is `$defs/Decision`, an explanation `$defs/Explanation`; a value in plain form may be anything."""
    (decision, explanation), definitions = msgspec.json.schema_components(
        (Decision, Explanation), schema_hook=lambda type_: {"description": _PLAIN}, ref_template="#/$defs/{name}"
    )
    return {"$schema": _DRAFT, "title": "Beslissing", "anyOf": [decision, explanation], "$defs": definitions}


def written() -> str:
    """The schema as the file holds it."""
    return json.dumps(decision_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(written())
