"""DMN 1.1 to 1.5: read a model, evaluate it, and write a law as one (OMG, Decision Model and Notation).

A model from a stranger is data: XML without entities or network, FEEL without Python, external functions refused.
"""
