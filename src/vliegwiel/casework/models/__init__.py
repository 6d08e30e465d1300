"""Tables of running cases. Names and fields are those of the ZGW standard where it has them (Zaken 1.7.0, Documenten
1.7.1, Besluiten 1.1.0); what the standard does not know (drafts, facts, tasks, terms) has English names.

Types that live in the catalogue (zaaktype, statustype, resultaattype, roltype ...) are stored by their key; the
definition that says what they mean is found by the hash in `Zaak.definition`.
"""

from .besluit import Besluit, BesluitInformatieObject, Entitlement, LawOutcome, Proposal
from .document import EnkelvoudigInformatieObject, InformatieObjectVersie, PendingLetter, ZaakInformatieObject
from .draft import Draft, DraftUpload
from .work import (
    CaseWord,
    Clerk,
    Fact,
    InformationRequest,
    Note,
    RegisterReport,
    SavedView,
    Suspension,
    Task,
    TeamRoute,
)
from .zaak import Resultaat, Rol, Status, Zaak, ZaakEigenschap, ZaakObject

__all__ = [
    "Besluit",
    "BesluitInformatieObject",
    "CaseWord",
    "Clerk",
    "Draft",
    "DraftUpload",
    "EnkelvoudigInformatieObject",
    "Entitlement",
    "Fact",
    "InformatieObjectVersie",
    "InformationRequest",
    "LawOutcome",
    "Note",
    "PendingLetter",
    "Proposal",
    "RegisterReport",
    "Resultaat",
    "Rol",
    "SavedView",
    "Status",
    "Suspension",
    "Task",
    "TeamRoute",
    "Zaak",
    "ZaakEigenschap",
    "ZaakInformatieObject",
    "ZaakObject",
]
