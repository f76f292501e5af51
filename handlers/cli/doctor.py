"""``zhendema doctor``: looks for what keeps the bot from working, each thing by itself, and says the mend."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import ZhendemaError
from bot.store.health import Probe
from handlers.cli import doctor_database, doctor_local, doctor_network
from handlers.cli.finding import Finding, Level, fail, ok

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from bot.settings import Settings
    from handlers.cli.doctor_local import Given

    Found = Finding | Iterable[Finding]
    Check = Callable[[], Awaitable[Found]]


def run(environ: Mapping[str, str], *, offline: bool) -> int:
    """Print every finding; 1 if anything fails, else 0."""
    # What libraries would log is not for this list, and may name what must not be shown.
    logging.disable(logging.CRITICAL)
    return asyncio.run(_print(environ, offline=offline))


async def _print(environ: Mapping[str, str], *, offline: bool) -> int:
    worst = 0
    async for finding in examine(environ, offline=offline):
        print(finding, flush=True)  # noqa: T201
        worst = max(worst, int(finding.level is Level.FAIL))
    return worst


async def examine(environ: Mapping[str, str], *, offline: bool, now: datetime | None = None) -> AsyncIterator[Finding]:
    """Look at everything, in order.

    Args:
        environ: The environment.
        offline: True leaves out what needs the network.
        now: The time (UTC) that this machine should have.
    """
    now = now or datetime.now(UTC)
    given = doctor_local.read_settings(environ)
    hidden = _Hidden(environ, given.settings)
    async for finding in _findings(given, now, offline=offline):
        yield Finding(finding.level, finding.what, hidden(finding.said))


async def _findings(given: Given, now: datetime, *, offline: bool) -> AsyncIterator[Finding]:
    for finding in given.findings:
        yield finding
    async for finding in _each(_local(given.settings, now)):
        yield finding
    async for finding in _database(given.settings, now):
        yield finding
    if offline:
        yield ok("network", "not looked at")
        return
    async for finding in _each(_remote(given)):
        yield finding


async def _database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        async with Probe.opened(settings.database_url) as probe:
            async for finding in _each([("disk", _awaited(lambda: _disks(settings, probe)))]):
                yield finding
            if probe.file is None:
                await probe.server()  # one that cannot be reached is told of once, and waited for once
            async for finding in _each(doctor_database.checks(probe, settings, now)):
                yield finding
    except ZhendemaError as error:
        yield fail("database", str(error))


async def _each(checks: Iterable[tuple[str, Check]]) -> AsyncIterator[Finding]:
    for what, check in checks:
        for finding in await _guarded(what, check):
            yield finding


def _local(settings: Settings, now: datetime) -> list[tuple[str, Check]]:
    found: list[tuple[str, Callable[[], Found]]] = [
        ("data", lambda: doctor_local.rules(settings.institutions_overlay)),
        ("data", doctor_local.guide),
        ("facts", lambda: doctor_local.facts(now.date())),
        ("server", lambda: doctor_local.server(settings)),
    ]
    return [(what, _awaited(check)) for what, check in found]


def _disks(settings: Settings, probe: Probe) -> list[Finding]:
    folders = [settings.state_dir] + ([probe.file.parent] if probe.file else [])
    return [doctor_local.disk(folder) for folder in dict.fromkeys(folders)]


def _remote(given: Given) -> list[tuple[str, Check]]:
    settings = given.settings
    found: list[tuple[str, Check]] = [
        ("proxy", lambda: doctor_network.proxy(settings)),
        ("clock", lambda: doctor_network.clock(settings)),
    ]
    if given.has_token:
        found.insert(1, ("token", lambda: doctor_network.token(settings)))
    return found


def _awaited(check: Callable[[], Found]) -> Check:
    async def look() -> Found:
        return check()

    return look


async def _guarded(what: str, check: Check) -> list[Finding]:
    """What a check finds; one that fails itself is a finding, and the others go on."""
    try:
        found = await check()
        return [found] if isinstance(found, Finding) else list(found)
    except ZhendemaError as error:
        return [fail(what, str(error))]
    except Exception as error:  # noqa: BLE001 - whatever is broken here, the rest is to be looked at too
        return [fail(what, f"could not be looked at ({type(error).__name__}): please report this")]


_SHORTEST = 6
"""Characters; what is shorter is no key to anything, but may be part of a word."""


class _Hidden:
    """Takes out of a line what must not be shown, should it ever be in there."""

    _NAMES = ("ZHENDEMA_TOKEN", "ZHENDEMA_SECRET", "ZHENDEMA_PROXY", "ZHENDEMA_WEBHOOK_SECRET", "ZHENDEMA_API_KEYS")

    def __init__(self, environ: Mapping[str, str], settings: Settings) -> None:
        values = (*(environ.get(name, "").strip() for name in self._NAMES), settings.token, settings.webhook_url or "")
        self._values = [value for value in values if len(value) >= _SHORTEST]

    def __call__(self, said: str) -> str:
        for value in self._values:
            said = said.replace(value, "…")
        return " ".join(said.split())
