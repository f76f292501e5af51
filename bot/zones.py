"""The time zones that a group can choose, from ``data/zones.toml``. Their names to read stand in the texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.datafile import read_toml
from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from pathlib import Path

_FILE = DATA / "zones.toml"
_ID = re.compile(r"[a-z]{2,12}")


@dataclass(frozen=True, slots=True)
class Zone:
    """One that is offered. ``name`` is an IANA name, ``id`` at most 12 letters."""

    id: str
    name: str

    @property
    def key(self) -> str:
        """The text that names it."""
        return f"zone-{self.id}"


@cache
def offered() -> tuple[Zone, ...]:
    """All that are offered, in the order of the file."""
    return load(_FILE)


def of_name(name: str) -> Zone | None:
    """The offered zone with this IANA name."""
    return next((zone for zone in offered() if zone.name == name), None)


def of_id(zone_id: str) -> Zone | None:
    """The offered zone with this id."""
    return next((zone for zone in offered() if zone.id == zone_id), None)


def load(file: Path) -> tuple[Zone, ...]:
    """Read the file.

    Raises:
        DataError: An id or a name is unfit or there twice.
    """
    zones: list[Zone] = []
    for entry in read_toml(file).get("zone", []):
        zone = Zone(str(entry.get("id")), str(entry.get("name")))
        if not _ID.fullmatch(zone.id):
            raise DataError(f"{file.name}: {zone.id!r} is no id; use 2 to 12 letters a-z")
        try:
            ZoneInfo(zone.name)
        except (ZoneInfoNotFoundError, ValueError):
            raise DataError(f"{file.name}: {zone.name!r} is no time zone; use an IANA name") from None
        if any(zone.id == other.id or zone.name == other.name for other in zones):
            raise DataError(f"{file.name}: {zone.id} ({zone.name}) is there twice; delete one")
        zones.append(zone)
    if not zones:
        raise DataError(f"{file.name}: no zone; add one")
    return tuple(zones)
