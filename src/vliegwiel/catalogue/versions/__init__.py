"""Versions of definitions: written beside what is live, published by two persons, kept for good, with where they came from."""
