"""What can go wrong when a register is asked. No sentence and no log line holds personal data."""

from __future__ import annotations

from vliegwiel.base.errors import Conflict, NotFound, Unavailable, VliegwielError

from .facts import Register
from .needs import register_texts


class RegisterUnavailable(Unavailable):
    """The register does not answer, answers nonsense, or was switched off for a moment because it kept failing."""

    code = "register_unavailable"

    def __init__(self, register: Register, *, retry_after: int = 30) -> None:
        name = register_texts()[register].popular
        super().__init__(
            f"{name[0].upper()}{name[1:]} antwoordt nu niet. Wij proberen het later opnieuw.", retry_after=retry_after
        )
        self.register = register


class RegisterRefused(VliegwielError):
    """The register answers, but does not give what we ask: our key, our rights or our question is not right.

    Trying again does not help; somebody must look at the settings. `reason` is the register's own error code.
    """

    status, code, title = 502, "register_refused", "Het register weigert onze vraag"

    def __init__(self, register: Register, reason: str) -> None:
        name = register_texts()[register].popular
        super().__init__(f"Wij mogen dit nu niet opvragen bij {name}. Wij zoeken uit hoe dat komt.")
        self.register = register
        self.reason = reason


class PersonNotFound(NotFound):
    """The register knows nobody with this number."""

    code = "person_not_found"

    def __init__(self, register: Register) -> None:
        super().__init__(f"Wij vinden deze persoon niet in {register_texts()[register].popular}.")
        self.register = register


class PersonNotUnique(Conflict):
    """The number stands on more than one list, so nobody can say whose data these are."""

    code = "person_not_unique"

    def __init__(self, register: Register) -> None:
        super().__init__(f"Dit burgerservicenummer staat meer dan een keer in {register_texts()[register].popular}.")
        self.register = register
