"""Conditions of a process as questions that people read at a gateway."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..model import Process, find

_PLAIN: Mapping[str, str] = {
    "compleet": "Is alles er?",
    "toegekend": "Toegekend?",
    "automatisch": "Mag de computer beslissen?",
    "oordeel_nodig": "Is een oordeel nodig?",
    "ingetrokken": "Ingetrokken?",
}
_EQUALS = re.compile(r'(kanaal|uitkomst|besluit|wacht) = "([a-z0-9_]+)"')
_DONE = re.compile(r'list contains\((gedaan|verlopen), "([a-z0-9_]+)"\)')
_MENTIONED = re.compile(r'list contains\(\s*(gedaan|verlopen)\s*,\s*"([a-z0-9_]+)"\s*\)')


def mentioned(condition: str, which: str) -> frozenset[str]:
    """The keys of tasks that a condition wants to be done (`gedaan`), or to have passed without an answer (`verlopen`)."""
    return frozenset(key for name, key in _MENTIONED.findall(condition) if name == which)


def question(condition: str, process: Process, outcomes: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """A condition as a question. What has no words of its own stands as it is written."""
    text = " ".join(condition.split())
    if text in _PLAIN:
        return _PLAIN[text]
    joined = re.split(r" (and|or) ", text)
    if len(joined) > 1:
        said = [_said(part, process, outcomes, channels) for part in joined[::2]]
        if all(said) and len(set(joined[1::2])) == 1:
            word = " en " if joined[1] == "and" else " of "
            return _capital(word.join(said)) + "?"
    said_one = _said(text, process, outcomes, channels)
    return f"{_capital(said_one)}?" if said_one else f"Geldt {text}?"


def _said(part: str, process: Process, outcomes: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """A simple condition in a few words; empty where there are none."""
    part = part.strip().removeprefix("(").removesuffix(")") if part.count("(") != part.count(")") else part.strip()
    negated = re.fullmatch(r"not\((.*)\)", part)
    if negated:
        inner = _said(negated[1], process, outcomes, channels)
        return f"niet {inner}" if inner else ""
    plain = _PLAIN.get(part)
    if plain:
        return plain[:1].lower() + plain[1:].rstrip("?")
    equal = _EQUALS.fullmatch(part)
    if equal:
        name, value = equal.groups()
        if name == "kanaal":
            return f"via {channels.get(value, value).lower()}"
        return f"{'de wet zegt' if name == 'uitkomst' else name} {outcomes.get(value, value).lower()}"
    done = _DONE.fullmatch(part)
    if done:
        task = find(process.tasks, done[2])
        called = task.name if task else done[2]
        return f"{called[:1].lower()}{called[1:]} {'klaar' if done[1] == 'gedaan' else 'zonder antwoord'}"
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
