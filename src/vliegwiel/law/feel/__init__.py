"""FEEL, the expression language of DMN: parse, check, run.

`parse_expression` and `parse_unary_tests` give a tree; `compile_expression` turns a tree into a function. An expression
has no way to reach Python, files or the network, and every run has limits on depth, steps and size.
"""
