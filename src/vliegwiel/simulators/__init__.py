"""Processes that play the outside world in demonstration and tests: the registers and the login of the state.

They speak the real protocols over HTTP. No room of the platform imports them, and they import nothing but `base`.
"""
