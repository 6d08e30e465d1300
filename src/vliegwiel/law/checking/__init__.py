"""Checking laws: what is wrong, what deserves a look, and what can never happen, each with its line and what to do."""

from vliegwiel.law.checking.checker import Report, check, check_definitions, check_texts
from vliegwiel.law.checking.codes import CODES, Code, advice

__all__ = ["CODES", "Code", "Report", "advice", "check", "check_definitions", "check_texts"]
