"""Rounds: containers that tell how full they are, and trucks that skip those that can wait."""
