"""Versions of definitions: written beside what is live, published by two persons, kept for good, traced to where they came from."""
