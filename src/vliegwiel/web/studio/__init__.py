"""The studio: read a law, try it, see what a lawyer still has to check and what a change would mean. Thin: asks the catalogue."""
