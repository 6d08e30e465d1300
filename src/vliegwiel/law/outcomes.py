"""What a law is asked for when nobody says: its outcomes."""

from __future__ import annotations

from vliegwiel.law.program import Program, needed_by


def outcomes_of(program: Program) -> tuple[str, ...]:
    """The rules of the law itself that nothing else in it uses, in the order of the file.

    A rule that others build on is a step; what remains is what a person gets to hear. A law in which every rule serves
    another (a general law, used by special ones) gives all its rules.
    """
    own = [unit for unit in program.units.values() if unit.kind == "regel" and unit.key == f"{program.law}.{unit.name}"]
    used = {key for unit in program.units.values() for key in needed_by(unit.anatomy)}
    ordinances = {text.file for text in program.texts if text.fills}
    national = [unit for unit in own if unit.definition.file not in ordinances] or own
    return tuple(unit.name for unit in national if unit.key not in used) or tuple(unit.name for unit in national)
