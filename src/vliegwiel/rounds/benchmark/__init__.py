"""Waste-collection instances of Kim, Kim and Sahoo (Computers & Operations Research 33, 2006): read, solve, and check.

`reading` makes a problem for our planner of them. `validator` reads them for itself and shares no code with the planner.
"""
