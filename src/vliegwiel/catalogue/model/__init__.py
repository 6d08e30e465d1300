"""The typed model of the catalogue: patterns, products, variants, and what they resolve to."""

from .facts import Basis, Condition, Fixed, Source, Span, Term, Text, Unit
from .form import Advice, Choice, Document, Field, FieldKind, PreCheck, Step
from .keyed import by_key, find
from .pattern import PATTERN_HEADER, Pattern, Slot
from .process import STATE, Phase, Process, Role, Status, Task, Timer, Wait
from .product import (
    Appointment,
    Automatic,
    CaseType,
    Channel,
    Difference,
    Entitlement,
    Example,
    Expected,
    Fee,
    FeePart,
    LawFact,
    LawUse,
    LeadTime,
    Need,
    Objection,
    Outcome,
    OutcomeRow,
    Page,
    PatternUse,
    Processing,
    Product,
    Resolved,
    Terms,
    UplName,
    WantedRule,
)
from .variant import Deviation, DeviationKind, Variant

__all__ = [
    "PATTERN_HEADER", "STATE", "Advice", "Appointment", "Automatic", "Basis", "CaseType", "Channel", "Choice", "Condition",
    "Deviation", "DeviationKind", "Difference", "Document", "Entitlement", "Example", "Expected", "Fee", "FeePart", "Field",
    "FieldKind", "Fixed", "LawFact", "LawUse", "LeadTime", "Need", "Objection", "Outcome", "OutcomeRow", "Page", "Pattern",
    "PatternUse", "Phase", "PreCheck", "Process", "Processing", "Product", "Resolved", "Role", "Slot", "Source", "Span",
    "Status", "Step", "Task", "Term", "Terms", "Text", "Timer", "Unit", "UplName", "Variant", "Wait", "WantedRule", "by_key",
    "find",
]  # fmt: skip
