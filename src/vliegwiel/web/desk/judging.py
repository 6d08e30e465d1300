"""What a clerk fills in to decide: answers to what the law leaves open, why, and where needed another outcome than the law's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vliegwiel.base.errors import InvalidParam
from vliegwiel.casework.actions.decisions import DecisionInput, Judgement
from vliegwiel.casework.deskpages import DecidePart, JudgementView
from vliegwiel.casework.pages import Choice
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.faults import Fault
from vliegwiel.web.request import PageRequest

MOST_JUDGEMENTS = 40
_KEY = re.compile(r"(?:oordeel|reden):[\w.-]{1,120}")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was filled in, as it will be filled in again when the page comes back."""

    answers: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    deviation: str = ""

    def as_input(self, version: int) -> DecisionInput:
        """The same for casework."""
        keys = dict.fromkeys([*self.answers, *self.reasons])
        judgements = {key: Judgement(self.answers.get(key, ""), self.reasons.get(key, "")) for key in keys}
        return DecisionInput(version, judgements, outcome=self.outcome, deviation=self.deviation)

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Names and values, to send along from a page that shows something else."""
        pairs = [(f"oordeel:{key}", value) for key, value in self.answers.items()]
        pairs += [(f"reden:{key}", value) for key, value in self.reasons.items()]
        return (*pairs, ("uitkomst", self.outcome), ("afwijking", self.deviation))


def read(request: PageRequest) -> Judged:
    """What was posted. Names that cannot be a question of a definition are skipped."""
    names = [name for name in request.POST if _KEY.fullmatch(name)][: 2 * MOST_JUDGEMENTS]
    answers = {
        name.partition(":")[2]: posted.one(request, name).strip() for name in names if name.startswith("oordeel:")
    }
    reasons = {name.partition(":")[2]: posted.one(request, name).strip() for name in names if name.startswith("reden:")}
    return Judged(answers, reasons, posted.one(request, "uitkomst").strip(), posted.one(request, "afwijking").strip())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question left to judgement, with what was filled in and what is wrong with it."""

    view: JudgementView
    choices: tuple[Choice, ...]
    reason: str
    wrong_answer: str
    wrong_reason: str


def questions(part: DecidePart, judged: Judged | None, wrong: Mapping[str, str]) -> tuple[Asked, ...]:
    """The questions of the panel. What was just typed wins from what was kept before."""
    made = []
    for view in part.judgements:
        answer = view.answered if judged is None else judged.answers.get(view.key, "")
        choices = tuple(Choice(c.value, c.label, c.hint, c.value == answer) for c in view.choices)
        reason = view.reason if judged is None else judged.reasons.get(view.key, "")
        made.append(
            Asked(view, choices, reason, wrong.get(f"oordeel:{view.key}", ""), wrong.get(f"reden:{view.key}", ""))
        )
    return tuple(made)


def problems(invalid: Sequence[InvalidParam]) -> tuple[Fault, ...]:
    """The summary of what is wrong, each line a link to its field."""
    return tuple(Fault(f"#veld-{param.name}", param.reason) for param in invalid)


def wrongs(invalid: Sequence[InvalidParam]) -> dict[str, str]:
    """What is wrong, by field; of two faults in one field the first."""
    found: dict[str, str] = {}
    for param in invalid:
        found.setdefault(param.name, param.reason)
    return found
