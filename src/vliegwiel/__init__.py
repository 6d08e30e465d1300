"""Vliegwiel: one platform on which all Dutch municipalities run, measure, improve and share their services."""
