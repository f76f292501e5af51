"""What a reply needs to know besides the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Category(Protocol):
    """A scam category."""

    @property
    def name(self) -> str:
        """Its name in plain Chinese."""


class Lines(Protocol):
    """A region's general lines, as ids of institutions."""

    @property
    def advice(self) -> str:
        """Whom to ask before acting."""

    @property
    def emergency(self) -> str | None:
        """Whom to call where money may have moved."""

    @property
    def complaints(self) -> str | None:
        """Who takes complaints about a collector."""


class Knows(Protocol):
    """The part of :class:`bot.knowledge.Knowledge` that replies use."""

    @property
    def categories(self) -> Mapping[str, Category]:
        """Scam categories by id."""

    @property
    def general_lines(self) -> Mapping[str, Lines]:
        """General lines by region."""
