"""Drivers of the demonstration: they log in, look at their phone and report what they did, as a real one does."""
