"""A fleet of simulated sensors in containers that really fill: they report as real types do, through a network that is
sometimes late, and with the faults that real sensors have. Seeded: the same seed and moments give the same messages.
"""
