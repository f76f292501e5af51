"""What ``zhendema doctor`` looks at on this machine: settings, disk, data files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.datafile import read_toml
from bot.errors import DataError, SettingsError
from bot.knowledge import Knowledge
from bot.paths import DATA
from bot.rescue.schema import load_guide
from bot.settings import Settings
from bot.texts import Texts
from handlers.cli.care import NO_TOKEN
from handlers.cli.finding import Finding, fail, ok, warn

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "ZHENDEMA_"
TOKEN = "ZHENDEMA_TOKEN"  # noqa: S105 - the variable's name
LITTLE = 1_000_000_000
"""Bytes below which a disk wants looking after: months of records, or one runaway log."""
TOO_LITTLE = 100_000_000
"""Bytes with which the bot cannot be expected to get through the day."""
STALE = timedelta(days=365)
"""Numbers and rules change every few years; after a year they want checking again."""
_FIRST_OF_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Given:
    """What could be made of the environment: the malformed variables are left at their defaults."""

    settings: Settings
    has_token: bool
    findings: tuple[Finding, ...]


class _Asked(Mapping[str, str]):
    """An environment that notes which variables are asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def variables() -> list[str]:
    """The variables that :class:`Settings` knows."""
    asked = _Asked({TOKEN: NO_TOKEN, "HOME": "/"})
    Settings.from_env(asked)
    return sorted(name for name in asked.names if name.startswith(PREFIX))


def read_settings(environ: Mapping[str, str]) -> Given:
    """Read every variable by itself, so that one that is malformed hides no other."""
    known = variables()
    sound = {name: value for name, value in environ.items() if not name.startswith(PREFIX)}
    base, findings, set_ones = {**sound, TOKEN: NO_TOKEN}, list[Finding](), list[str]()
    for name in known:
        value = environ.get(name, "")
        if not value.strip() and name != TOKEN:
            continue
        try:
            Settings.from_env({**base, name: value})
        except SettingsError as error:
            findings.append(fail("settings", str(error)))
        else:
            sound[name] = value
            set_ones.append(name)
    findings += [
        warn("settings", f"{name} is no setting of zhendema: check its spelling, or unset it")
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known
    ]
    if set_ones:
        findings.insert(0, ok("settings", f"{', '.join(set_ones)} well formed"))
    return Given(Settings.from_env({TOKEN: NO_TOKEN, **sound}), TOKEN in sound, tuple(findings))


def disk(folder: Path, *, little: int = LITTLE, too_little: int = TOO_LITTLE) -> Finding:
    """The free space where ``folder`` is or will be; the limits are in bytes."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:.1f} GB free for {folder}"
    if free < too_little:
        return fail("disk", f"{said}: free some space at once, or answers stop when it is full")
    if free < little:
        return warn("disk", f"{said}: free some space soon")
    return ok("disk", said)


def rules(overlay: Path | None) -> Finding:
    """Whether all files that judging needs are sound, the overlay among them."""
    knowledge = Knowledge.load(overlay=overlay)
    more = ", with the overlay" if overlay else ""
    return ok("data", f"{len(knowledge.rules)} rule files, {len(knowledge.directory)} institutions{more}")


def guide() -> Finding:
    """Whether the files of the guide for victims are sound."""
    return ok("data", f"guide for victims with {len(load_guide().steps)} steps")


def server(settings: Settings) -> list[Finding]:
    """Whether all is there that serving needs, where something is to be served."""
    needed = ["starlette", "uvicorn"] if settings.front else []
    needed += ["starlette", "uvicorn", "prometheus_client"] if settings.metrics_listen else []
    missing = [name for name in dict.fromkeys(needed) if find_spec(name) is None]
    if missing:
        return [fail("server", f"{', '.join(missing)} is missing: pip install 'zhendema[server]'")]
    return [ok("server", "all that listening needs is installed")] if needed else []


def facts(today: date, data: Path = DATA) -> Iterator[Finding]:
    """How old what the bot tells people is: telephone numbers, and what helps after a scam."""
    said = Texts.load(root=data / "texts")("hotline-checked")
    month = _FIRST_OF_MONTH.search(said)
    hotlines = date(int(month[1]), int(month[2]), 1) if month else None
    yield _age("hotlines", hotlines, today, "data/institutions and the date in data/texts/*/hotline.ftl")
    collected = read_toml(data / "rescue" / "sources.toml").get("collected")
    try:
        guide = date.fromisoformat(str(collected))
    except ValueError:
        guide = None
    yield _age("guide for victims", guide, today, "data/rescue and the date in data/rescue/sources.toml")


def _age(what: str, collected: date | None, today: date, place: str) -> Finding:
    if collected is None:
        raise DataError(f"{place}: there is no date on which the facts were collected; add it")
    said = f"{what} collected {collected:%Y-%m}"
    if today - collected > STALE:
        return warn("facts", f"{said}, more than a year ago: install a newer zhendema, or check {place}")
    return ok("facts", said)
