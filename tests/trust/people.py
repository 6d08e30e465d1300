"""Who acts in the tests of this room."""

from __future__ import annotations

from vliegwiel.trust.identity import Anonymous, Citizen, Level, Role, Staff, System

LEIDEN, LEIDERDORP, UTRECHT = "GM0546", "GM0547", "GM0344"
BSN = "999990019"

CITIZEN = Citizen(LEIDEN, BSN, Level.MIDDEN, "P. de Vries")
CLERK = Staff(LEIDEN, "clerk-1", "J. Jansen", frozenset({Role.MEDEWERKER}))
TEAM_LEAD = Staff(LEIDEN, "lead-1", "A. Bakker", frozenset({Role.TEAMLEIDER}))
ADMIN = Staff(LEIDERDORP, "admin-1", "B. Smit", frozenset({Role.FUNCTIONEEL_BEHEERDER}))
PRIVACY = Staff(LEIDEN, "privacy-1", "C. Mulder", frozenset({Role.PRIVACY_OFFICER}))
SYSTEM = System(LEIDEN, "termijnbewaking")
VISITOR = Anonymous(LEIDEN)
