"""What a clerk fills in to decide is read whole and comes back whole; hostile names and values do no harm."""

from __future__ import annotations

from typing import cast

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import InvalidParam
from vliegwiel.casework.deskpages import DecidePart, JudgementView
from vliegwiel.casework.pages import Choice
from vliegwiel.web.desk import judging
from vliegwiel.web.request import PageRequest

CHOICES = (Choice("ja", "Ja", "", False), Choice("nee", "Nee", "Wet: toekennen", False))
VIEW = JudgementView("uitzicht", "Is er uitzicht?", "artikel 36", (), CHOICES, "nee", "Eerder gezegd.", "Waarom?")
PART = DecidePart(True, "", (VIEW,), (), True, False, None, "Brief nakijken")


def posting(fields: dict[str, str]) -> PageRequest:
    """A request with these fields."""
    return cast(PageRequest, RequestFactory().post("/", fields))


def test_answers_reasons_outcome_and_deviation_are_read() -> None:
    judged = judging.read(
        posting(
            {"oordeel:uitzicht": "nee", "reden:uitzicht": " Geen werk. ", "uitkomst": "toekennen", "afwijking": "Want"}
        )
    )
    given_input = judged.as_input(7)
    assert given_input.version == 7
    assert given_input.judgements["uitzicht"].answer == "nee"
    assert given_input.judgements["uitzicht"].reason == "Geen werk."
    assert (given_input.outcome, given_input.deviation) == ("toekennen", "Want")


def test_all_of_it_travels_along_hidden_and_reads_the_same() -> None:
    judged = judging.Judged({"a.b": "ja", "c": "nee"}, {"a.b": "Daarom"}, "weigeren", "Anders\nregel twee")
    assert judging.read(posting(dict(judged.hidden))) == judged


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=60), max_size=12))
def test_whatever_is_posted_only_names_of_questions_are_kept(fields: dict[str, str]) -> None:
    judged = judging.read(posting({key: value for key, value in fields.items() if key}))
    assert all(key and len(key) <= 120 for key in [*judged.answers, *judged.reasons])
    assert "\x00" not in "".join([*judged.answers.values(), *judged.reasons.values(), judged.outcome, judged.deviation])


def test_a_flood_of_questions_is_cut() -> None:
    judged = judging.read(posting({f"oordeel:k{n}": "ja" for n in range(400)}))
    assert len(judged.answers) == 2 * judging.MOST_JUDGEMENTS


def test_what_was_kept_before_is_shown_until_something_else_is_typed() -> None:
    before = judging.questions(PART, None, {})[0]
    assert (before.reason, [c.chosen for c in before.choices]) == ("Eerder gezegd.", [False, True])
    after = judging.questions(PART, judging.Judged({"uitzicht": "ja"}, {"uitzicht": ""}), {})[0]
    assert (after.reason, [c.chosen for c in after.choices]) == ("", [True, False])


def test_a_fault_stands_at_its_field_and_in_the_summary() -> None:
    invalid = [
        InvalidParam("reden:uitzicht", "empty", "Schrijf op waarom."),
        InvalidParam("reden:uitzicht", "x", "Tweede."),
    ]
    assert judging.questions(PART, None, judging.wrongs(invalid))[0].wrong_reason == "Schrijf op waarom."
    assert judging.problems(invalid)[0].link == "#veld-reden:uitzicht"
