"""Tables of the catalogue: definitions and their versions, what a municipality offers of them, and what it calculated."""

from .exchange import Direction, Peer, Proposal, ProposalState, Received, ReceivedState, ZgwImport
from .offering import Adoption, AdoptionMode, AdoptionStep, Notice, NoticeEffect, NoticeState, ResolvedDefinition
from .practice import PracticeFigure
from .simulation import Simulation, SimulationState
from .versions import CatalogueRevision, Draft, DraftState, Kind, PackagedText, Publication

__all__ = [
    "Adoption",
    "AdoptionMode",
    "AdoptionStep",
    "CatalogueRevision",
    "Direction",
    "Draft",
    "DraftState",
    "Kind",
    "Notice",
    "NoticeEffect",
    "NoticeState",
    "PackagedText",
    "Peer",
    "PracticeFigure",
    "Proposal",
    "ProposalState",
    "Publication",
    "Received",
    "ReceivedState",
    "ResolvedDefinition",
    "Simulation",
    "SimulationState",
    "ZgwImport",
]
