"""What the soak found: the server's record of what was sent and answered against the bot's database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.soak_victim import SECRET
from bot.secret import Secret
from handlers.callback import Press

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.soak_crowd import Sent
    from sandbox.server import Sandbox

DATABASE = "zhendema.sqlite3"
DOUBLED_SHARE = 0.005
_EXAMPLES = 5


@dataclass(slots=True)
class Counts:
    """The figures; ``examples`` names the first update of each thing that went wrong, by number."""

    updates: int = 0
    dead: int = 0
    refused: int = 0
    lost: int = 0
    unfinished: int = 0
    lost_records: int = 0
    doubled_records: int = 0
    reports: int = 0
    unanswered: int = 0
    order: int = 0
    replies: int = 0
    doubled: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def broken(self) -> list[str]:
        """The bounds that do not hold."""
        zero = {
            "lost updates": self.lost,
            "unfinished updates": self.unfinished,
            "lost records": self.lost_records,
            "doubled records": self.doubled_records,
            "unanswered messages": self.unanswered,
            "order violations": self.order,
        }
        found = [f"{name}: {count}" for name, count in zero.items() if count]
        if self.doubled > DOUBLED_SHARE * self.replies:
            found.append(f"doubled replies: {self.doubled} of {self.replies}")
        return found

    def note(self, what: str, update_id: int) -> None:
        """Keep an example."""
        if len(self.examples[what]) < _EXAMPLES:
            self.examples[what].append(update_id)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the database says."""

    inbox: dict[int, tuple[str, str | None]]
    checks: Counter[str]
    reports: Counter[tuple[str, str]]
    fingerprints: dict[str, str]


def unfinished(folder: Path) -> int:
    """Updates that the inbox has not ended; at least one before there is a database."""
    try:
        return int(_query(folder, "SELECT count(*) FROM inbox WHERE state = 'new'")[0][0])
    except sqlite3.OperationalError:
        return 1


def count(sandbox: Sandbox, sent: Sequence[Sent], folder: Path, *, inbox: bool) -> Counts:
    """Compare."""
    found, tables = Counts(updates=len(sent)), _read(folder)
    answers = _answers(sandbox, found)
    for each in sent:
        state, error = tables.inbox.get(each.update_id, ("missing", None))
        answered = each.query.done() if each.query is not None else (each.chat, each.answers_to) in answers
        found.dead += state == "dead"
        found.refused += error == "refused"
        if error:
            found.errors[f"{state}: {error}"] += 1
        # What is new is late, and counted as such below.
        explained = state in {"dead", "new"} or error == "refused"
        if not answered and not explained:
            found.lost += 1
            found.note("lost", each.update_id)
        if each.private and not answered:
            found.unanswered += 1
            found.note("unanswered", each.update_id)
    if inbox:
        _count_rows(found, sent, tables)
    _count_records(found, sent, tables)
    _count_order(found, sent, answers)
    return found


def _count_rows(found: Counts, sent: Sequence[Sent], tables: _Tables) -> None:
    for number in range(min(each.update_id for each in sent), max(each.update_id for each in sent) + 1):
        if tables.inbox.get(number, ("missing", None))[0] not in {"done", "dead"}:
            found.unfinished += 1
            found.note("unfinished", number)


def _answers(sandbox: Sandbox, found: Counts) -> dict[tuple[int, int], int]:
    """By chat and message the first reply to it; of further ones only how many."""
    first: dict[tuple[int, int], int] = {}
    for chat in sandbox.state.chats.values():
        for message in chat.messages.values():
            if not message.from_bot or message.reply_to is None:
                continue
            found.replies += 1
            if (chat.id, message.reply_to) in first:
                found.doubled += 1
            first.setdefault((chat.id, message.reply_to), message.id)
    return first


def _count_records(found: Counts, sent: Sequence[Sent], tables: _Tables) -> None:
    secret = Secret(SECRET)
    expected = {}
    for each in sent:
        if each.record and tables.inbox.get(each.update_id, ("", None))[0] != "dead":
            expected[secret.text("check", each.record)] = each.update_id
    for check_id, number in expected.items():
        if not tables.checks[check_id]:
            found.lost_records += 1
            found.note("lost record", number)
    # More than one under a source, or one under a source that nobody sent.
    dead = sum(1 for each in sent if each.record) - len(expected)
    found.doubled_records += max(0, tables.checks.total() - len(set(tables.checks) & set(expected)) - dead)
    wanted: dict[tuple[str, str], int] = {}
    for each in sent:
        ended = tables.inbox.get(each.update_id, ("done", None))[0] != "dead"
        if each.press is Press.CONFIRM and ended and each.check_id in tables.fingerprints:
            key = secret.person(f"telegram:{each.person}"), tables.fingerprints[each.check_id]
            wanted[key] = each.update_id
    found.reports = len(wanted)
    for key, number in wanted.items():
        if not tables.reports[key]:
            found.lost_records += 1
            found.note("lost report", number)
    extra = sum(count - 1 for count in tables.reports.values())
    found.doubled_records += extra + len(set(tables.reports) - set(wanted))


def _count_order(found: Counts, sent: Sequence[Sent], answers: dict[tuple[int, int], int]) -> None:
    """Within a chat the first reply to a later message must not stand before that to an earlier one."""
    latest: dict[int, int] = {}
    for each in sorted(sent, key=lambda one: one.update_id):
        reply = answers.get((each.chat, each.answers_to))
        if reply is None or each.query is not None:
            continue
        if reply < latest.get(each.chat, 0):
            found.order += 1
            found.note("order", each.update_id)
        latest[each.chat] = max(reply, latest.get(each.chat, 0))


def _read(folder: Path) -> _Tables:
    checks: Counter[str] = Counter()
    fingerprints: dict[str, str] = {}
    reports: Counter[tuple[str, str]] = Counter()
    for kind, person, check_id, fingerprint in _query(
        folder, "SELECT kind, person, check_id, fingerprint FROM event WHERE kind IN ('check', 'report')"
    ):
        if kind == "check":
            checks[check_id] += 1
            fingerprints[check_id] = fingerprint
        else:
            reports[person, fingerprint] += 1
    rows = _query(folder, "SELECT update_id, state, error FROM inbox")
    inbox = {number: (state, error) for number, state, error in rows}
    return _Tables(inbox, checks, reports, fingerprints)


def _query(folder: Path, statement: str) -> list[Any]:
    # Read-only: the last to close a connection that writes would empty the log that a killed bot left behind.
    address = f"{(folder / DATABASE).as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, timeout=10, uri=True)) as database:
        return database.execute(statement).fetchall()
