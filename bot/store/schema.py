"""What is kept. docs/architecture.md and /privacy say the same in words; migrations make it so.

``event`` is append-only. Only /forget changes rows: it takes the person out of them (and so their votes: a
vote without a person counts nowhere) and deletes the texts, indicators and bands that hung on those votes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole microseconds from 1970 on, as a moment is kept."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(sa.TypeDecorator[datetime]):
    """A moment as whole microseconds since 1970 UTC: the same on every database, exact, cheap to index."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To the database; a moment without a time zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database, in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Kind(StrEnum):
    """What an event says."""

    CHECK = "check"
    REPORT = "report"
    """确认是诈骗."""
    CORRECTION = "correction"
    """不是诈骗."""
    UNDO = "undo"
    """An owner took back the event that ``target`` names."""
    COMPLAINT = "complaint"
    """号码不对: the hotline shown for ``institution`` is said to be wrong."""


class IndicatorKind(StrEnum):
    """What a scam asks people to use."""

    DOMAIN = "domain"
    NUMBER = "number"


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)

_HASH = sa.String(22)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers rows only by an INTEGER key

IS_WORD = "kind IN ('report', 'correction')"
"""Of a hundred events about twelve are words; whoever asks with just these literals is answered from their indexes."""


def _of_some(name: str, rows: str, *columns: str) -> sa.Index:
    """An index of some rows alone."""
    return sa.Index(name, *columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


event = sa.Table(
    "event",
    metadata,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("at", Moment, nullable=False),
    # Keyed hash of what caused it (an update's id): the same cause twice has its effect once.
    sa.Column("source", _HASH, nullable=False),
    # Keyed hash; null once the person was forgotten.
    sa.Column("person", _HASH),
    # A group's id; a private chat's id is its user's id and is never kept.
    sa.Column("chat_id", sa.BigInteger),
    # Keyed hash of any chat, to count distinct ones; null for a private chat once its person was forgotten.
    sa.Column("place", _HASH),
    # True where the person was an admin of the group at that moment.
    sa.Column("admin", sa.Boolean, nullable=False),
    # The public id of a check; the other kinds say to which check they belong.
    sa.Column("check_id", _HASH),
    sa.Column("fingerprint", _HASH),
    sa.Column("level", sa.String(16)),
    sa.Column("score", sa.Float),
    sa.Column("category", sa.String(64)),
    sa.Column("institution", sa.String(64)),
    # Rule ids as a JSON list.
    sa.Column("rules", sa.Text),
    # "This person's nth word on this text in this chat": unique, so that two racing presses make one vote.
    sa.Column("claim", _HASH),
    # The event that an undo takes back.
    sa.Column("target", _ID, sa.ForeignKey("event.id")),
    # Of a report: true where the text looks like a genuine notice and leads to no stranger (``bot.checks.likeness``).
    # However many people report it, that confirms nothing for everybody; null means false.
    sa.Column("guarded", sa.Boolean),
    sa.UniqueConstraint("source"),
    sa.UniqueConstraint("claim"),
    sa.Index(None, "check_id", "kind"),
    sa.Index(None, "fingerprint", "kind", "person"),
    sa.Index(None, "person", "kind", "at"),
    sa.Index(None, "chat_id", "kind", "at"),
    sa.Index(None, "kind", "level", "id"),  # what waits for an owner, in order
    sa.Index(None, "at"),  # the last days of everybody
    _of_some("ix_event_undone", "target IS NOT NULL", "target"),
    # A group's report reads its words of some weeks, and all words on their texts: from the indexes alone, since the
    # rows lie scattered over all that everybody did meanwhile.
    _of_some("ix_event_word_at", IS_WORD, "chat_id", "kind", "at", "fingerprint"),
    _of_some("ix_event_word_on", IS_WORD, "chat_id", "fingerprint", "at", "kind", "person", "admin", "level"),
    sqlite_autoincrement=True,  # the number of a deleted row is never given again
)

# The redacted text of a report. Checks and corrections keep no text at all.
report_text = sa.Table(
    "report_text",
    metadata,
    sa.Column("event_id", _ID, sa.ForeignKey("event.id"), primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
)

# Registrable domains and call-back numbers of reported scams, one row for each report that names one, so that
# a withdrawn report takes away its own support and no one else's.
indicator = sa.Table(
    "indicator",
    metadata,
    sa.Column("event_id", _ID, sa.ForeignKey("event.id"), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("value", sa.String(255), primary_key=True),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Index(None, "kind", "value"),
)

# What near copies of a reported text share (``bot.likeness``), as short keyed hashes, one set for each report.
likeness = sa.Table(
    "likeness",
    metadata,
    sa.Column("event_id", _ID, sa.ForeignKey("event.id"), primary_key=True, autoincrement=False),
    sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Index(None, "band", "event_id"),
    sqlite_with_rowid=False,
)

# What a victim chose and ticked off in /rescue, one row a person, as the JSON of ``state``.
rescue_case = sa.Table(
    "rescue_case",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index(None, "updated_at"),
)

# A half-filled sheet for the police. A table of its own: it is gone an hour later, the case is not.
rescue_draft = sa.Table(
    "rescue_draft",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index(None, "expires_at"),
)

# What is to be done at a later moment (``bot.service.jobs``). Deleted once it is done.
job = sa.Table(
    "job",
    metadata,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(32), nullable=False),
    # Of one kind and key there is one job: asking for it twice, or in two processes, makes one.
    sa.Column("key", sa.String(64), nullable=False),
    # Whose it is, for /forget; null where it is nobody's.
    sa.Column("person", _HASH),
    # Where to send what it says; raw, since a hash reaches nobody, and gone with the job.
    sa.Column("chat_id", sa.BigInteger),
    sa.Column("due_at", Moment, nullable=False),
    # JSON of the kind's own making; never a message's text.
    sa.Column("payload", sa.Text, nullable=False),
    # How often it was taken up, the attempt under way included.
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    # Who is at it and until when at the latest; both null while nobody is.
    sa.Column("lease", _HASH),
    sa.Column("leased_until", Moment),
    sa.UniqueConstraint("kind", "key"),
    sa.Index(None, "due_at"),
    sa.Index(None, "person"),
    sqlite_autoincrement=True,  # a late word on a finished job never meets another job of the same number
)

# Updates that a messenger handed over: stored before they are acknowledged (``bot.store.inbox``). A row that is done
# keeps its number alone for a while, so that a second delivery is known; one that is dead keeps its text for 72 hours.
inbox = sa.Table(
    "inbox",
    metadata,
    # The messenger's own number of the update.
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    # What keeps its order: a chat, or a user where there is no chat; raw, since the update names it anyway.
    sa.Column("queue", sa.BigInteger, nullable=False),
    # Whose it is, for bounds; null where nobody wrote it.
    sa.Column("user_id", sa.BigInteger),
    # The update as JSON; null once it is done, and when a dead one's time is over.
    sa.Column("body", sa.Text),
    # new, done or dead.
    sa.Column("state", sa.String(4), nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    # Set when it is done or dead.
    sa.Column("ended_at", Moment),
    # How often it was begun without coming to any end: what the process died of, or was near.
    sa.Column("starts", sa.Integer, nullable=False),
    # How often it ended in an error; counted apart, so that no innocent update is taken for a killer.
    sa.Column("errors", sa.Integer, nullable=False),
    # The type of the last error; never its text.
    sa.Column("error", sa.String(64)),
    sa.Index(None, "state", "update_id"),
    sa.Index(None, "ended_at"),
)

# Who alone may do a thing at a time, such as asking the messenger for updates.
lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("holder", _HASH, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

# Processes that handle updates beside each other (``bot.service.claims``), each until a moment by the database's clock.
replica = sa.Table(
    "replica",
    metadata,
    sa.Column("holder", _HASH, primary_key=True),
    sa.Column("until", Moment, nullable=False),
)

# Which of them handles a chat, numbered as in the inbox; without its process a claim is gone.
chat_claim = sa.Table(
    "chat_claim",
    metadata,
    sa.Column("queue", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("holder", _HASH, sa.ForeignKey("replica.holder", ondelete="CASCADE"), nullable=False),
    sa.Index(None, "holder"),
)

# What an owner decided about a correction, a complaint or a report (``bot.service.review``).
review = sa.Table(
    "review",
    metadata,
    sa.Column("event_id", _ID, sa.ForeignKey("event.id"), primary_key=True, autoincrement=False),
    # confirm, reject or mute.
    sa.Column("decision", sa.String(8), nullable=False),
    # Keyed hash of the owner.
    sa.Column("person", _HASH, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# People whose votes count nowhere and open no review any more, by keyed hash.
mute = sa.Table(
    "mute",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# What is left of events after twelve months: how many there were. Empty strings and 0 stand for "none", since a key
# holds no nulls.
event_count = sa.Table(
    "event_count",
    metadata,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("level", sa.String(16), primary_key=True),
    sa.Column("category", sa.String(64), primary_key=True),
    sa.Column("institution", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

# What a group's admins chose, one row for each group the bot was ever in; without one the defaults hold.
group_settings = sa.Table(
    "group_settings",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    # The bot in the group: present, silenced (it may not write) or gone.
    sa.Column("state", sa.String(8), nullable=False),
    # An IANA name: when the group's weeks begin.
    sa.Column("time_zone", sa.String(64), nullable=False),
    # The language of what is said in the group, as a folder of ``data/texts``.
    sa.Column("language", sa.String(16), nullable=False),
    # Whether scams are pointed out unasked.
    sa.Column("auto_check", sa.Boolean, nullable=False),
    # Whether the summary is sent each Monday.
    sa.Column("weekly", sa.Boolean, nullable=False),
    # Whose reports confirm a scam here: all or admins.
    sa.Column("confirmers", sa.String(8), nullable=False),
    # When a choice or the state changed last.
    sa.Column("updated_at", Moment, nullable=False),
    # The id under which the group goes on since it was made a supergroup; what still comes in under this one follows.
    sa.Column("moved_to", sa.BigInteger),
)

# Where a person was seen as an admin, so that they can choose among their groups in a private chat. Whether they
# still are is asked of the messenger each time; /forget deletes it.
group_admin = sa.Table(
    "group_admin",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Index(None, "chat_id"),
)

# Who agreed that reports from their private chat join what everybody is shown in /trends.
consent = sa.Table(
    "consent",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# How many reports of the last 24 hours /forget took out of the record, so that forgetting gives nobody a new day's
# worth. The person's hash is one of its own kind: nothing else in the database has it.
spent = sa.Table(
    "spent",
    metadata,
    sa.Column("person", _HASH, primary_key=True),
    sa.Column("reports", sa.Integer, nullable=False),
    # Then the row is deleted.
    sa.Column("until", Moment, nullable=False),
    sa.Index(None, "until"),
)

# Facts about the database itself.
meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
