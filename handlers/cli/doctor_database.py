"""What ``zhendema doctor`` looks at in the database, and whether the secret belongs to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.secret import Secret, unshared
from bot.store import postgres
from bot.store.backup import known_schemas
from handlers.cli.care import secret_file
from handlers.cli.finding import Finding, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.settings import Settings
    from bot.store.health import Probe

WHAT = "database"
CLOCK = "clock"
SKEW = timedelta(seconds=5)
"""Leases are held for a minute and more, and jobs for two."""
_OLD = "not looked at while the database has another schema"
LATE = timedelta(minutes=10)
"""An update that waits longer is not merely in a queue."""


def checks(probe: Probe, settings: Settings, now: datetime) -> list[tuple[str, Callable[[], Awaitable[Finding]]]]:
    """What to look at and how, in order; without a database only the secret."""

    async def own_secret() -> Finding:
        return await secret(probe, settings)

    if probe.file is not None and not probe.file.exists():
        return [(WHAT, lambda: _missing(probe)), ("secret", own_secret)]
    found: list[tuple[str, Callable[[], Awaitable[Finding]]]] = [
        (WHAT, lambda: _schema(probe)),
        (WHAT, lambda: _durable(probe)),
        ("secret", own_secret),
        ("inbox", lambda: _inbox(probe, now)),
        ("poller", lambda: _poller(probe, now)),
    ]
    if probe.file is not None:
        found[:0] = [(WHAT, lambda: _sound(probe)), (WHAT, lambda: _writable(probe))]
    else:
        found[:0] = [(WHAT, lambda: _server(probe)), (CLOCK, lambda: _clock(probe))]
    return found


async def _missing(probe: Probe) -> Finding:
    return warn(WHAT, f"{probe.name} is not there yet: the first start makes it; if it was, restore a backup")


async def _sound(probe: Probe) -> Finding:
    assert probe.file is not None
    probe.check()
    return ok(WHAT, f"{probe.name} is sound, {probe.file.stat().st_size / 1e6:.1f} MB")


async def _writable(probe: Probe) -> Finding:
    probe.try_to_write()
    return ok(WHAT, "can be written")


async def _server(probe: Probe) -> Finding:
    server = await probe.server()
    said = f"{probe.name} is reachable, PostgreSQL {server.version}"
    if server.encoding != postgres.ENCODING:
        return fail(WHAT, f"{said} in the encoding {server.encoding}: {postgres.NO_CHINESE}")
    if not server.writable:
        return fail(WHAT, f"{said}, but read-only, a stand-by perhaps: name the primary in ZHENDEMA_DATABASE_URL")
    if server.number < postgres.OLDEST * 10_000:
        return warn(WHAT, f"{said}, which its makers mend no more: move to a newer one")
    return ok(WHAT, f"{said}, can be written")


async def _clock(probe: Probe) -> Finding:
    ahead = (await probe.server()).ahead
    if abs(ahead) > SKEW:
        which = "behind" if ahead > timedelta(0) else "ahead of"
        seconds = abs(ahead).total_seconds()
        return warn(
            CLOCK,
            f"{seconds:.0f} s {which} the database server's, so other machines may take work that is under way here: "
            "turn on time synchronisation on all of them",
        )
    return ok(CLOCK, "agrees with the database server's")


async def _schema(probe: Probe) -> Finding:
    schema, known = await probe.schema(), known_schemas()
    if schema is None:
        return warn(WHAT, "is empty: the next start makes its tables")
    if schema not in known:
        return fail(WHAT, f"was written by a newer zhendema (schema {schema}): install that version again")
    if schema != max(known):
        return warn(WHAT, f"has schema {schema}: the next start brings it to {max(known)}; make a backup first")
    return ok(WHAT, f"has schema {schema}")


async def _durable(probe: Probe) -> Finding:
    if await probe.durable():
        return ok(WHAT, "commits survive a power cut" + (" (WAL, synchronous FULL)" if probe.file else ""))
    if probe.file is None:
        return warn(WHAT, "may lose commits in a power cut: switch fsync, full_page_writes and synchronous_commit on")
    return fail(WHAT, "is not in WAL mode with synchronous FULL: put it on a local disk that allows WAL")


async def secret(probe: Probe, settings: Settings) -> Finding:
    """Whether the secret in force is the one that the database was written under; none is made."""
    path = secret_file(settings)
    if settings.shares_database and settings.secret is None:
        return fail("secret", unshared(path))
    missing = settings.secret is None and not path.exists()
    there = probe.file is None or probe.file.exists()
    known = await probe.key_id() if there and await probe.schema() is not None else None
    if missing and known is None:
        return ok("secret", "none yet: the first start makes it")
    if missing:
        return fail("secret", f"none, but the database has one (id {known}): put {path} back or set ZHENDEMA_SECRET")
    own = Secret.load(settings.secret, path).key_id
    if known is not None and known != own:
        return fail(
            "secret",
            f"another one (id {own}) than the database's (id {known}): set ZHENDEMA_SECRET or put the secret file back",
        )
    return ok("secret", "belongs to the database" if known else "is well formed")


async def _is_old(probe: Probe) -> bool:
    return await probe.schema() != max(known_schemas())


async def _inbox(probe: Probe, now: datetime) -> Finding:
    if await _is_old(probe):
        return ok("inbox", _OLD)
    found = await probe.backlog()
    said = f"{found.waiting} waiting, {found.dead} given up"
    if found.oldest is not None and now - found.oldest > LATE:
        minutes = (now - found.oldest) // timedelta(minutes=1)
        return warn("inbox", f"{said}, the oldest waits for {minutes} min: start the bot, or look into its log")
    if found.dead:
        return warn("inbox", f"{said}: look for errors in the log of the last days and report them")
    return ok("inbox", said)


async def _poller(probe: Probe, now: datetime) -> Finding:
    if await _is_old(probe):
        return ok("poller", _OLD)
    until = await probe.polled_until()
    if until is None:
        return ok("poller", "no bot is running")
    if until > now:
        return ok("poller", "a bot is running")
    return warn("poller", f"the last bot was cut off about {until:%Y-%m-%d %H:%M} UTC: start it again")
