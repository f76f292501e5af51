"""Structural checks: what words alone do not tell."""
