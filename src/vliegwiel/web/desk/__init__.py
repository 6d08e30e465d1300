"""The desk: what must be done first, and one case with all a clerk needs to decide. Thin: read, ask casework, show."""
