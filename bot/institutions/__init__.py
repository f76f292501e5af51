"""The institutions that an SMS may claim to be, and the official numbers to check with.

Data: ``data/institutions/``; what its files mean and how to correct a number: ``docs/institutions.md``.
"""

from __future__ import annotations

from bot.institutions.directory import Directory
from bot.institutions.types import (
    Institution,
    Kind,
    Line,
    Mention,
    Other,
    Place,
    Scope,
    SearchResult,
    Use,
)

__all__ = [
    "Directory",
    "Institution",
    "Kind",
    "Line",
    "Mention",
    "Other",
    "Place",
    "Scope",
    "SearchResult",
    "Use",
]
