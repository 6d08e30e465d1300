"""Every read of this room that a face needs. All take the actor first, open their own scope, and return frozen data."""

from __future__ import annotations

from .citizenqueries import check_answers, draft_page, my_cases, pre_check, status_page
from .deskqueries import (
    case_page,
    letter_preview,
    letter_preview_pdf,
    proposal_preview,
    selection,
    staff_names,
    timeline,
    worklist_rows,
)
from .deskqueries import worklist_page as worklist
from .files import DocumentFile, document, upload

__all__ = [
    "DocumentFile",
    "case_page",
    "check_answers",
    "document",
    "draft_page",
    "letter_preview",
    "letter_preview_pdf",
    "my_cases",
    "pre_check",
    "proposal_preview",
    "selection",
    "staff_names",
    "status_page",
    "timeline",
    "upload",
    "worklist",
    "worklist_rows",
]
