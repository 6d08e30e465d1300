"""Definitions beside each other: what municipalities and products have in common, what differs, and whether somebody said why.

Pure but for the files of a `Library` and the law: no database, no network. Nothing is guessed: a difference that the tables
cannot place is left to a person (`Aspect.UNSURE`).
"""
