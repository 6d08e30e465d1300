"""What smart collection saves, simulated honestly: the same deposits, trucks, breaks and solver for every policy. Pure.

weighings -> district (what is known of each location) -> streams (what may have been deposited, day by day)
          -> policies (whom to empty today) -> routing (how the trucks drive) -> measures -> report
"""
