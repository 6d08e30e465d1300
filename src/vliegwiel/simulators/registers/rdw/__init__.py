"""Registers of licences and vehicles, as the RDW keeps them. There is no public specification: `openapi.yaml` is ours."""
