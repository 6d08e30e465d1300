"""Definitions between installations: signed bundles, a feed, folders for git. Nothing that comes in runs by itself."""
