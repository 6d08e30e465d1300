"""What a law is asked for when nobody says: its outcomes."""

from __future__ import annotations

from vliegwiel.law.program import NO_SAYINGS, Program, needed_by


def outcomes_of(program: Program) -> tuple[str, ...]:
    """What the law itself says (`uitkomsten`); else its rules that nothing else in it uses, in the order of the file.

    A rule that others build on is a step; what remains is what a person gets to hear. So a rule that the text gives words to
    (`uitleg`) goes before one without, which may be a step that this municipality does not need. A law in which every rule
    serves another (a general law, used by special ones) gives all its rules.
    """
    said = next((text.outcomes for text in program.texts if text.id == program.law and not text.fills), ())
    if said:
        return said
    own = [unit for unit in program.units.values() if unit.kind == "regel" and unit.key == f"{program.law}.{unit.name}"]
    used = {key for unit in program.units.values() for key in needed_by(unit.anatomy)}
    ordinances = {text.file for text in program.texts if text.fills}
    national = [unit for unit in own if unit.definition.file not in ordinances] or own
    last = [unit for unit in national if unit.key not in used] or national
    told = [unit for unit in last if unit.says != NO_SAYINGS] or last
    return tuple(unit.name for unit in told)
