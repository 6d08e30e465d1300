"""What happened in practice, per product and variant, between municipalities: corrected for the kinds of cases, with uncertainty.

`journey`, `cells`, `pooling` and `associations` are pure. The method is written down in `docs/practice.md`.
"""
