"""Check definitions: everything they name exists, every path ends, every example comes out as it says."""

from .examples import example_findings, run_example
from .report import Report, check_all, check_one

__all__ = ["Report", "check_all", "check_one", "example_findings", "run_example"]
