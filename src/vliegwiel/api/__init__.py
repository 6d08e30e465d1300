"""Standards that other programs speak: each package translates one standard to actions and queries."""
